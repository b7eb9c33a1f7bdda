import { showPanel } from "./panel.js";

// The kernel as a source: the widget's state says what is shown, its messages ask and answer.

const bytesOf = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice(); // not the whole message

function kernelSource(model) {
  const view = Math.random().toString(36).slice(2), waiting = new Map(), fonts = new Map(), stops = [];
  let sent = 0;
  const shown = () => {
    const { frame, heard, ...rest } = model.get("shown");
    return { ...rest, frame: bytesOf(frame), heard: heard[view] ?? 0 };
  };
  const stills = () => Object.fromEntries(Object.entries(model.get("stills")).map(([name, picture]) => [name, bytesOf(picture)]));
  const hear = (content, buffers = []) => {
    if (content.font) fonts.get(content.font)?.(buffers[0] && bytesOf(buffers[0]).buffer);
    if (content.view !== view || !waiting.has(content.n)) return; // asked by another view of this lab
    const { n, ms, words, errors, verdicts } = content;
    waiting.get(n)({ ms, snapshots: buffers.map((frame, k) => ({ frame: bytesOf(frame), words: words[k], error: errors[k], verdicts: verdicts[k] })) });
    waiting.delete(n);
  };
  const named = (values, controls) => Object.fromEntries(controls.map((i) => [model.get("controls")[i].name, values[i]]));
  const on = (event, act) => { model.on(event, act); stops.push(() => model.off(event, act)); };
  on("msg:custom", hear);
  const names = ["question", "controls", "size", "buttons", "prediction", "colours", "code", "clickable"];
  return {
    about: { ...Object.fromEntries(names.map((name) => [name, model.get(name)])), keeps: model.get("keeps_frames") },
    stills: stills(),
    shown: shown(),
    // Where there is no kernel any more, sending throws: then these promises fail.
    ask: (list) => new Promise((done) => { waiting.set(++sent, done); model.send({ ask: list, n: sent, view }); }),
    rest: async (values, { number, controls }) => model.send({ rest: named(values, controls), n: number, view }),
    press: async (name) => model.send({ press: name }),
    font: (name) => new Promise((done) => { fonts.set(name, done); model.send({ font: name }); }),
    listen(tell) {
      const told = { keeps: "keeps_frames", progress: "progress", disabled: "disabled" };
      for (const [event, name] of Object.entries(told)) on(`change:${name}`, () => tell[event](model.get(name)));
      on("comm_live_update", tell.gone); // the kernel was restarted, or died
      const { kernel } = model.widget_manager ?? {};
      kernel?.disposed?.connect?.(tell.gone); // it was shut down, or another one was chosen
      stops.push(() => kernel?.disposed?.disconnect?.(tell.gone));
      on("change:stills", () => tell.stills(stills()));
      on("change:shown", () => tell.shown(shown()));
      on("msg:custom", ({ refused, view: asker, error }) => { if (refused && asker === view) tell.refused(refused, error); });
      tell.progress(model.get("progress"));
      tell.disabled(model.get("disabled"));
      return () => stops.forEach((stop) => stop());
    },
  };
}

// JupyterLab has widgets answered in a thread of their own in the kernel, a subshell. Where the computer is
// busy, messages wait there for half a second to a second for nothing, with both requests in flight (ipykernel
// 7.4, measured by their time of sending and of being heard). So they go in line with the cells, as everywhere
// else; and a cell that is run after a drag comes after it.
async function goInLine(model) {
  const kernel = model.widget_manager?.kernel;
  if (!kernel?.commsOverSubshells || kernel.commsOverSubshells === "disabled") return;
  kernel.commsOverSubshells = "disabled";
  if (!kernel.supportsSubshells) return;
  // Widgets that came with this one or before may be waiting for their subshell. JupyterLab (4.6) closes it, yet
  // still gives it to them when it comes, and then what they send is soon lost. The kernel answers in order: after
  // this answer each has what it waited for, and JupyterLab takes that away on the way from one setting to the next.
  await kernel.requestListSubshell({}).done;
  kernel.commsOverSubshells = "perComm";
  kernel.commsOverSubshells = "disabled";
}

export default {
  initialize: ({ model }) => { goInLine(model).catch(() => {}); }, // the kernel went: there is nothing to set right
  render: ({ model, el }) => showPanel(el, kernelSource(model)),
};
