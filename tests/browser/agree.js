// Plays histories of one page (test_agree.py): its own moves, with and without letting go, and what comes to it
// from the kernel. Returns of each how the page ends, what it has sent, and what was wrong on the way.
async ({ state, told, snapshots, mine, histories }) => {
  const { default: widget } = await import("./kernel.js");
  window.requestAnimationFrame = (act) => queueMicrotask(() => act(performance.now())); // nobody looks at it

  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const settled = async () => { for (let k = 0; k < 8; k++) await null; }; // longer than any chain of promises here

  // The widget's model, as a front end has it: the kernel's end of the wire is in the hands of the history.
  class Model {
    constructor() {
      Object.assign(this, { view: null, moves: [], asked: [], acts: new Map() });
      this.state = { ...state, shown: this.read(told[0]), stills: { beneath: bytes(""), above: bytes("") } };
    }

    get(name) { return this.state[name]; }
    on(event, act) { this.acts.set(event, [...(this.acts.get(event) ?? []), act]); }
    off() {}
    tell(event, ...what) { this.acts.get(event)?.forEach((act) => act(...what)); }

    send(content) {
      this.view = content.view;
      if (content.ask) this.asked.push(content);
      if (content.rest) this.moves.push([content.rest, content.n]);
    }

    // In Python this page was called by the name `mine`.
    read(shown) {
      const heard = Object.entries(shown.heard).map(([who, n]) => [who === mine ? this.view : who, n]);
      return { ...shown, frame: bytes(shown.frame), heard: Object.fromEntries(heard) };
    }

    comes(n) {
      this.state.shown = this.read(told[n]);
      this.tell("change:shown");
    }

    answer() {
      for (const { ask, n, view } of this.asked.splice(0)) {
        const list = state.keeps_frames ? ask.map((values) => snapshots[JSON.stringify(values)]) : [];
        const of = (name) => list.map((snapshot) => snapshot[name]);
        const content = { n, view, ms: 1, words: of("words"), errors: of("error"), verdicts: of("verdicts") };
        this.tell("msg:custom", content, of("frame").map(bytes));
      }
    }
  }

  async function play(steps, late) {
    const model = new Model(), el = document.body.appendChild(document.createElement("div"));
    const close = widget.render({ model, el }), box = el.querySelector(".live-panel");
    const input = (name) => box.querySelector(`[data-name=${name}] input`), fire = (name, kind) => input(name).dispatchEvent(new Event(kind, { bubbles: true }));
    const values = () => ["w", "b"].map((name) => Math.round(10 * (0.1 * input(name).value - 2)) / 10);
    const words = () => box.querySelector(".live-readout").textContent;
    const own = new Map(), wrong = []; // own: what the hand has moved, and the kernel has not heard yet
    const held = () => {
      for (const [name, { place, before }] of own) {
        const [, number] = model.moves.slice(before).find(([move]) => name in move) ?? [null, Infinity];
        if (number <= (model.state.shown.heard[model.view] ?? 0)) own.delete(name);
        else if (input(name).value !== place) wrong.push(`${name} is thrown back`);
      }
    };
    const act = {
      moves(name, value) {
        const place = String(Math.round((value + 2) / 0.1));
        own.set(name, { place, before: model.moves.length });
        input(name).value = place;
        fire(name, "input");
      },
      "lets go": (name) => fire(name, "change"),
      comes: (n) => model.comes(n),
    };
    box.frames.ahead = () => [];
    for (const [what, ...about] of steps) {
      act[what](...about);
      held();
      if (!late) model.answer();
      await settled();
      const others = words() !== snapshots[JSON.stringify(values())].words;
      if (others && !late && state.keeps_frames) wrong.push(`at ${values()} it says: ${words()}`);
    }
    for (let k = 0; k < 9; k++) { model.answer(); await settled(); }
    const seen = { values: values(), inside: box.frames.values, words: words(), moves: model.moves, wrong };
    close();
    el.remove();
    return seen;
  }

  const seen = [];
  for (const [steps, late] of histories) seen.push(await play(steps, late));
  return seen;
}
