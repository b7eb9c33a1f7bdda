// A page with one lab and nothing else: the real panel, and a model whose kernel is the Python of the test.
import widget from "./kernel.js";

const bytesOf = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

// JSON knows no bytes: Python sends them as { bytes: text }.
const read = (what) => {
  if (Array.isArray(what)) return what.map(read);
  if (what === null || typeof what !== "object") return what;
  if ("bytes" in what) return bytesOf(what.bytes);
  return Object.fromEntries(Object.entries(what).map(([name, part]) => [name, read(part)]));
};

class Model {
  constructor(state, number) { Object.assign(this, { state: read(state), number, acts: new Map() }); }
  get(name) { return this.state[name]; }
  on(event, act) { this.acts.set(event, [...(this.acts.get(event) ?? []), act]); }
  off(event, act) { this.acts.set(event, (this.acts.get(event) ?? []).filter((other) => other !== act)); }
  tell(event, ...what) { this.acts.get(event)?.forEach((act) => act(...what)); }

  async send(content) {
    for (const { state, custom, buffers } of read(await window.toPython(this.number, content))) {
      if (custom) this.tell("msg:custom", custom, buffers);
      Object.assign(this.state, state);
      for (const name of Object.keys(state ?? {})) this.tell(`change:${name}`);
    }
  }
}

let close = () => {};
window.showLab = (state, number) => {
  close();
  close = widget.render({ model: new Model(state, number), el: document.querySelector("main") });
};
