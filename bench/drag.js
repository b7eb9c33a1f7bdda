// Watches a slider and the picture it moves; `drag` is asked from drag.py. A picture counts as painted at
// the end of the browser frame that shows it, for both kinds of picture. Nothing is polled while a move is
// timed: that would keep the page busy.
window.drag = (() => {
  const state = { waits: [], painted: 0, moved: null, pending: false, tell: () => {} };
  const endOfFrame = (then) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = then;
    channel.port2.postMessage(0);
  };
  const painted = () => requestAnimationFrame(() => endOfFrame(() => {
    state.painted++;
    if (!state.pending) return;
    state.waits.push(performance.now() - state.moved);
    state.pending = false;
    state.tell();
  }));

  let last = 0;
  window.addEventListener("pointermove", (event) => { last = event.timeStamp; }, true);
  window.addEventListener("mousemove", (event) => { last = event.timeStamp; }, true);
  const handle = document.querySelector(".noUi-handle");
  new MutationObserver(() => {
    if (!state.pending) { state.pending = true; state.moved = last; }
  }).observe(handle, { attributeFilter: ["aria-valuenow"] });

  const live = document.querySelector(".live-figure");
  if (live) new MutationObserver(painted).observe(live, { attributeFilter: ["data-painted"] });
  else document.addEventListener("load", (event) => {
    if (event.target.tagName === "IMG") painted(); // it is decoded; the next frame shows it
  }, true);

  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => endOfFrame(() => done(performance.now()))));
  const slider = () => +document.querySelector(".widget-readout").textContent.replace("\u2212", "-");
  const shown = () => live
    ? +live.dataset.key.split("=")[1]
    : +document.querySelector(".jp-OutputArea").textContent.match(/forget bias (-?[\d.]+)\s*$/)?.[1];

  async function settle(until) {
    const start = performance.now();
    while (!until() && performance.now() - start < 5000) await nextFrame();
    return until();
  }
  return Object.assign(state, {
    idle: () => new Promise((done) => state.pending ? (state.tell = done) : done()),
    atRest: () => settle(() => Math.abs(shown() - slider()) < 0.001),
    run: (code) => new Promise((done) => {
      const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
      const asked = kernel.requestExecute({ code });
      let text = "";
      asked.onIOPub = (message) => { text += message.content.text ?? ""; };
      asked.done.then(() => done(text));
    }),
  });
})();
