// The hand on a page without a kernel: moves a lab's first slider to and fro, a move at each browser frame, and
// notes for each move how many milliseconds went by until its picture was painted. Asked from site.py.
window.sweep = async (box, seconds) => {
  const input = box.querySelector("input[type=range]"), live = box.querySelector(".live-figure");
  const endOfFrame = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  const waits = [], start = performance.now();
  let painted = 0, last = +input.value;
  for (let now = 0; now < seconds; now = (performance.now() - start) / 1000) {
    await new Promise((done) => setTimeout(done, 4 * Math.random())); // does not keep step with the screen
    const k = Math.round(input.max * (0.5 + 0.5 * Math.sin(Math.PI * now)));
    if (k !== last) {
      const [before, moved] = [live.dataset.painted, performance.now()];
      input.value = last = k;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      await endOfFrame();
      painted += live.dataset.painted !== before;
      for (let n = 0; live.dataset.painted === before && n < 60; n++) await endOfFrame();
      waits.push(performance.now() - moved);
    } else await endOfFrame();
  }
  return { waits, painted };
};
