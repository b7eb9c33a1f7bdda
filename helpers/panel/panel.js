import { element, makeControl } from "./controls.js";
import { Frames, keyOf } from "./frames.js";
import { loadFont, paintFrame } from "./paint.js";

// The panel: question, controls, figure and words of a lab. It asks a source and does not know where frames
// come from. A source has
//   about    { question, controls, size, keeps, buttons }, as the widget has them
//   stills   { beneath, above }: the still pictures, bytes of PNG (above may be empty)
//   shown    { values, frame, words, error }: where it starts
//   ask(list of control values)  promises { answers: [{ frame, words, error }], ms }
// and may have
//   rest(values)   is told where the hand has come to rest; promises that it has been sent
//   press(name)    is told which button was pressed; likewise
//   font(name)     promises the bytes of a font
//   listen(hear)   calls hear[event](...) when something comes without being asked for; returns how to stop
// and, where it has not all positions,
//   has(values)         whether it has these
//   near(i, values)     the nearest values that it has with control i as it is here; null if it has these
//   silence             the line to show when it does not answer

const REST = 150; // ms without a move, after which the hand rests, even if it has not let go
const SILENT = "No answer from the kernel: it is busy, or was restarted. After a restart, run the cells again (Run All).";

export function showPanel(el, source) {
  const panel = new Panel(source);
  el.append(panel.root);
  return () => panel.close();
}

class Panel {
  constructor(source) {
    const { about, shown } = source;
    this.source = source;
    this.controls = about.controls.map((control, i) => makeControl(control, (value) => this.moved(i, value), () => this.rest()));
    this.frames = new Frames({
      source, controls: about.controls, values: shown.values, keeps: about.keeps,
      show: (answer) => this.show(answer), silent: (yes) => this.silent(yes),
    });
    this.told = keyOf(shown.values); // where the source has been told that the hand is
    this.build(about);
    this.canvas = this.figure.canvas.getContext("2d");
    this.still(source.stills);
    this.setControls(shown.values);
    this.frames.came(shown.values, shown);
    this.watch();
  }

  // The page -------------------------------------------------------------------------------------

  build({ question, controls, size, buttons = {} }) {
    this.size = size;
    this.figure = layers(size);
    this.words = element("div", "live-readout");
    this.words.setAttribute("aria-live", "polite");
    this.error = element("div", "live-error", { hidden: true });
    this.error.setAttribute("role", "alert");
    this.buttons = Object.entries(buttons).map(([name, words]) => this.button(words, () => this.tell(this.source.press(name)), { name }));
    this.bar = element("progress", "live-progress", { hidden: true, ariaLabel: "progress" });
    this.root = element("div", "live-panel", {}, element("div", "live-body", {},
      element("div", "live-question", { textContent: question }),
      this.controlRows(controls),
      this.buttonRow(),
      element("div", "live-paper", { role: "group", ariaLabel: "figure" }, this.figure.box),
      element("div", "live-words", {}, this.words, this.error)));
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", question);
    this.root.dataset.lmSuppressShortcuts = "true"; // no key pressed here is a command of JupyterLab
    this.root.frames = this.frames; // for who measures
    steady(this.words);
  }

  controlRows(controls) {
    const rows = (more) => this.controls.filter((_, i) => Boolean(controls[i].more) === more).map(({ row }) => row);
    const area = element("div", "live-controls", {}, ...rows(false));
    if (rows(true).length) area.append(element("details", "live-more", {}, element("summary", "", { textContent: "more" }), ...rows(true)));
    return area;
  }

  buttonRow() {
    const reset = this.button("Reset", () => this.reset(), { title: "Put the controls back where they started" });
    const full = this.button("", () => this.fullScreen(), { className: "live-full", ariaLabel: "Full screen", title: "Full screen" });
    full.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>';
    return element("div", "live-buttons", {}, ...this.buttons, this.bar, reset, full);
  }

  button(words, act, properties = {}) {
    const made = element("button", "", { type: "button", textContent: words, ...properties });
    made.addEventListener("click", act);
    return made;
  }

  watch() {
    const stop = (event) => event.stopPropagation();
    const over = (event) => {
      const i = this.controls.findIndex(({ row }) => row.contains(event.target));
      if (i >= 0) this.frames.hover(i);
    };
    for (const kind of ["keydown", "keypress", "keyup"]) this.root.addEventListener(kind, stop);
    for (const kind of ["pointerover", "focusin"]) this.root.addEventListener(kind, over);
    this.sizes = new ResizeObserver(() => { this.reach(); this.paint(); });
    this.sizes.observe(this.figure.box);
    this.zoomed = () => this.paint(); // a change of the zoom is one of the sharpness
    window.addEventListener("resize", this.zoomed);
    this.deaf = this.source.listen?.({
      shown: (shown) => this.came(shown),
      stills: (stills) => { this.frames.forget(); this.still(stills); },
      keeps: (yes) => { this.frames.keeps = yes; this.frames.forget(); },
      progress: (steps) => this.progress(steps),
      disabled: (names) => { for (const button of this.buttons) button.disabled = names.includes(button.name); },
    });
  }

  // Where the figure is wider than its place, the arrow keys can push it sideways.
  reach() {
    const paper = this.figure.box.parentElement;
    if (paper.scrollWidth > paper.clientWidth) paper.tabIndex = 0;
    else paper.removeAttribute("tabindex");
  }

  close() {
    this.rest();
    this.deaf?.();
    this.sizes.disconnect();
    window.removeEventListener("resize", this.zoomed);
    for (const image of [this.figure.beneath, this.figure.above]) URL.revokeObjectURL(image.src);
    this.root.remove();
  }

  // The hand -------------------------------------------------------------------------------------

  moved(i, value) {
    const before = this.frames.values, near = this.source.near?.(i, before.with(i, value));
    if (near) {
      this.frames.values = near.with(i, before[i]);
      this.setControls(near);
    }
    this.frames.move(i, value);
    this.soon();
  }

  reset() {
    const start = this.source.about.controls.map((control) => control.default);
    this.setControls(start);
    this.frames.jump(start);
    this.rest();
  }

  soon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
  }

  // Once for each place: whoever asks the lab in the next cell gets what is on show.
  rest() {
    clearTimeout(this.resting);
    const key = keyOf(this.frames.values);
    if (key === this.told) return;
    this.told = key;
    if (this.frames.keeps) this.tell(this.source.rest?.([...this.frames.values])); // else asking has told it
  }

  // What is told without waiting for an answer can fail too: where there is no kernel any more.
  tell(sent) {
    sent?.catch(() => this.silent(true));
  }

  setControls(values) {
    values.forEach((value, i) => this.controls[i].set(value));
  }

  // What came of itself. Where this page had asked for it, the hand may have gone on: then it is just kept.
  came(shown) {
    if (shown.mine) {
      if (this.frames.keeps && !shown.error) this.frames.keep(keyOf(shown.values), shown);
      return;
    }
    this.told = keyOf(shown.values);
    this.frames.values = [...shown.values];
    this.setControls(shown.values);
    this.frames.came(shown.values, shown);
  }

  // What is shown --------------------------------------------------------------------------------

  // Frame and words appear together, when the frame is painted. Beside an error the picture before stays.
  show(answer) {
    if (answer.error) this.say(answer.words, answer.error);
    else this.next = answer;
    if (answer.frame.length) this.frame = answer.frame;
    this.paint();
  }

  say(words, error) {
    this.error.textContent = error;
    this.error.hidden = !error;
    this.words.hidden = Boolean(error);
    if (error) this.next = null;
    if (error || this.words.textContent === words) return;
    this.words.textContent = words;
    this.figure.canvas.setAttribute("aria-label", words);
  }

  silent(yes) {
    const { silence = SILENT } = this.source;
    if (yes) this.say("", silence);
    else if (this.error.textContent === silence) this.say(this.words.textContent, "");
  }

  progress([done, all]) {
    this.bar.hidden = all === undefined;
    if (all !== undefined) Object.assign(this.bar, { max: all, value: done });
  }

  still(pictures) {
    for (const name of ["beneath", "above"]) {
      const image = this.figure[name], bytes = pictures[name];
      URL.revokeObjectURL(image.src);
      image.hidden = !bytes.length;
      if (bytes.length) image.src = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    }
  }

  // At most one picture for each time the screen is drawn: of several, the newest.
  paint() {
    this.due = true;
    if (this.drawing) return;
    [this.drawing, this.due] = [true, false];
    this.draw();
    requestAnimationFrame(() => {
      this.drawing = false;
      if (this.due) this.paint();
    });
  }

  draw() {
    const { canvas, box } = this.figure, sharpness = window.devicePixelRatio || 1;
    if (!this.frame) return;
    const [width, height] = [canvas.clientWidth || this.size[0], canvas.clientHeight || this.size[1]].map((v) => Math.round(v * sharpness));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    this.canvas.setTransform(width / this.size[0], 0, 0, height / this.size[1], 0, 0);
    this.canvas.clearRect(0, 0, ...this.size);
    const awaited = [];
    box.dataset.key = paintFrame(this.canvas, this.frame, (name) => awaited.push(loadFont(name, this.source.font)));
    box.dataset.painted = 1 + (+box.dataset.painted || 0);
    if (this.next) this.say(this.next.words, "");
    this.letters(awaited.filter(Boolean));
  }

  // A frame with text is painted again once its fonts are here.
  letters(awaited) {
    this.figure.box.dataset.fonts = awaited.length ? "awaited" : "here";
    if (!awaited.length || this.reading) return;
    this.reading = true;
    const done = () => { this.reading = false; this.paint(); };
    Promise.all(awaited).then(done, done);
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen();
  }
}

// One picture over another, all of the same size; they shrink and grow together.
function layers([width, height]) {
  const image = (className) => element("img", className, { alt: "", hidden: true });
  const [beneath, canvas, above] = [image("live-layer"), element("canvas", "live-layer"), image("live-layer")];
  canvas.setAttribute("role", "img");
  const box = element("div", "live-figure", {}, beneath, canvas, above);
  box.style.setProperty("--width", width);
  box.style.setProperty("--height", height);
  return { box, beneath, canvas, above };
}

// A place for words that grows where they need more and does not shrink again: nothing jumps under the hand.
function steady(line) {
  let height = 0, width = 0;
  new ResizeObserver(() => {
    if (line.clientWidth !== width) [width, height] = [line.clientWidth, 0];
    if (line.offsetHeight > height) height = line.offsetHeight;
    line.style.minHeight = `${height}px`;
  }).observe(line);
}
