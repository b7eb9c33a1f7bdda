// Watches a lab on a page without a kernel while a mouse drags its slider: for each move, the milliseconds from
// its event, which the browser hands out at the beginning of a frame, to the end of the frame that paints it.
// Asked from site.py.
window.watch = (box) => {
  const live = box.querySelector(".live-figure"), seen = { waits: [], late: 0 };
  const endOfFrame = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  box.addEventListener("input", async () => {
    const [before, moved] = [live.dataset.painted, performance.now()];
    await endOfFrame();
    seen.late += live.dataset.painted === before;
    for (let n = 0; live.dataset.painted === before && n < 60; n++) await endOfFrame();
    seen.waits.push(performance.now() - moved);
  }, { capture: true });
  window.seen = seen;
};
