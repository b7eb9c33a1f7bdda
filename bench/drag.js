// The hand: moves a lab's first slider from inside the page, up to sixty times a second, and watches what the
// page shows. Asked from drag.py; works with the panel's sliders and with those of ipywidgets. A picture counts
// as painted at the end of the browser frame that shows it.
window.hand = (() => {
  const live = document.querySelector(".live-figure");
  const native = document.querySelector(".jp-OutputArea input[type=range]");
  const foreign = document.querySelector(".jp-OutputArea .noUi-target")?.noUiSlider;
  const slider = native ? ofPanel(native) : ofWidgets(foreign);

  // Both: `last` place, `go(k)` to a place, `value(k)` of it, `here()` the value it stands at.
  function ofPanel(input) {
    const [low, high, step] = window.range;
    return {
      last: +input.max,
      value: (k) => low + k * step,
      here: () => low + input.value * step,
      go(k) { input.value = k; input.dispatchEvent(new Event("input", { bubbles: true })); },
    };
  }
  function ofWidgets(it) {
    const [low, high, step] = window.range;
    const value = (k) => low + k * step;
    return { last: Math.round((high - low) / step), value, here: () => +it.get(), go: (k) => it.set(value(k)) };
  }

  const shown = () => live
    ? parseFloat(live.dataset.key.split("=")[1])
    : +document.querySelector(".jp-OutputArea").textContent.match(/forget bias (-?[\d.]+)\s*$/)?.[1];
  const same = (a, b) => Math.abs(a - b) < 1e-6;
  const endOfFrame = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(0);
  }));
  const place = (share) => Math.round(share * slider.last);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  async function until(value, ms) {
    const start = performance.now();
    while (!same(shown(), value) && performance.now() - start < ms) await endOfFrame();
    return same(shown(), value);
  }

  // To and fro, a move at each browser frame; returns moves, pictures and browser frames a second.
  async function sweep(seconds) {
    const start = performance.now();
    let [moves, pictures, ticks, last, before] = [0, 0, 0, null, shown()];
    for (let now = 0; now < seconds; now = (performance.now() - start) / 1000) {
      const k = place(0.5 + 0.45 * Math.sin(Math.PI * now));
      if (k !== last) { slider.go(k); moves++; }
      last = k;
      await endOfFrame();
      ticks++;
      if (shown() !== before) pictures++;
      before = shown();
    }
    const took = (performance.now() - start) / 1000;
    return { moves: moves / took, pictures: pictures / took, ticks: ticks / took };
  }

  // One move at a time, each from rest: ms until its picture is painted.
  async function singles(count) {
    const waits = [];
    for (let k = 0; k < count; k++) {
      await pause(60 + 40 * ((0.618 * k) % 1)); // does not keep step with the screen
      const to = place(0.1 + 0.8 * ((7 * k) % 40) / 40), start = performance.now();
      slider.go(to);
      await endOfFrame();
      await until(slider.value(to), 5000);
      waits.push(performance.now() - start);
    }
    return waits;
  }

  // Whether the page ends on the slider's value, and the kernel too (once the hand has rested).
  const settled = () => until(slider.here(), 5000);

  async function run(code) {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const asked = kernel.requestExecute({ code });
    let text = "";
    asked.onIOPub = (message) => { text += message.content.text ?? ""; };
    await asked.done;
    return text;
  }
  return { sweep, singles, settled, run, here: slider.here };
})();
