import { Question } from "./ask.js";
import { makeControl } from "./controls.js";
import { addressOf, copyButtons, lineOf } from "./copy.js";
import { element } from "./element.js";
import { FigureOnPage } from "./figure.js";
import { Frames, keyOf } from "./frames.js";
import { steady, wordsIn } from "./words.js";

// The panel: question, controls, figure and words of a lab. It asks a source and does not know where frames
// come from. A source has
//   about    { question, controls, size, keeps, buttons, prediction, colours, code, places }, as the widget
//            has them; the last five may be left out
//   stills   { beneath, above }: the still pictures, bytes of PNG (above may be empty)
//   shown    { values, frame, words, error, verdicts }: where it starts
//   ask(list of control values)  promises { answers: [{ frame, words, error, verdicts }], ms }; verdicts may
//            be left out, and belong to the setting that the prediction speaks of
// and may have
//   rest(values)   is told where the hand has come to rest; promises that it has been sent
//   press(name)    is told which button was pressed; likewise
//   font(name)     promises the bytes of a font
//   place          the address of the lab, to which a state can be added
//   listen(hear)   calls hear[event](...) when something comes without being asked for; returns how to stop
// and, where it has not all positions,
//   has(values)         whether it has these
//   near(i, values)     the nearest values that it has with control i as it is here; null if it has these
//   silence             the line to show when it does not answer

const REST = 150; // ms without a move, after which the hand rests, even if it has not let go
const STILL = 600; // ms after which a move is a new one
const SILENT = "No answer from the kernel: it is busy, or was restarted. After a restart, run the cells again (Run All).";

export function showPanel(el, source) {
  const panel = new Panel(source);
  el.append(panel.root);
  return () => panel.close();
}

class Panel {
  constructor(source) {
    const { about, shown } = source;
    Object.assign(this, { source, about, off: [], movedAt: -Infinity });
    this.start = about.controls.map((control) => control.default);
    this.controls = about.controls.map((control, i) => makeControl(control, {
      moved: (value) => this.moved(i, value), rested: () => this.rest(), plays: (player) => this.plays(player, i),
    }));
    this.frames = new Frames({
      source, controls: about.controls, values: shown.values, keeps: about.keeps,
      show: (answer) => this.show(answer), silent: (yes) => this.silent(yes),
    });
    this.told = keyOf(shown.values); // where the source has been told that the hand is
    this.figure = new FigureOnPage(about.size, source.font, () => this.next && this.say(this.next, ""));
    this.build(about);
    this.figure.still(source.stills);
    this.setControls(shown.values);
    this.frames.came(shown.values, shown);
    this.watch();
    if (about.prediction?.question && this.told === keyOf(this.start)) this.ask(about.prediction);
  }

  // The page -------------------------------------------------------------------------------------

  build({ question, controls, buttons = {}, colours = {}, places = [] }) {
    this.write = wordsIn(colours);
    this.words = element("div", "live-readout");
    this.words.setAttribute("aria-live", "polite");
    this.error = element("div", "live-error", { hidden: true });
    this.error.setAttribute("role", "alert");
    this.buttons = Object.entries(buttons).map(([name, words]) => this.button(words, () => this.tell(this.source.press(name)), { name }));
    this.bar = element("progress", "live-progress", { hidden: true, ariaLabel: "progress" });
    this.said = element("div", "live-words", {}, this.words, this.error);
    this.hands = [this.controlRows(controls), this.buttonRow()];
    this.root = element("div", "live-panel", {}, element("div", "live-body", {},
      element("div", "live-question", { textContent: question }),
      ...this.hands,
      element("div", "live-paper", { role: "group", ariaLabel: "figure" }, this.figure.box),
      this.said));
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", question);
    this.root.frames = this.frames; // for who measures
    steady(this.words);
    this.figure.box.append(...places.map((place) => this.place(...place)));
  }

  // A part of the figure that can be clicked: it sets controls.
  place(label, [left, bottom, right, top], set) {
    const made = this.button("", () => this.jump(set), { className: "live-place", ariaLabel: label, title: label });
    const percent = (share) => `${100 * share}%`;
    Object.assign(made.style, { left: percent(left), bottom: percent(bottom), width: percent(right - left), height: percent(top - bottom) });
    return made;
  }

  controlRows(controls) {
    const rows = (more) => this.controls.filter((_, i) => Boolean(controls[i].more) === more).map(({ row }) => row);
    const area = element("div", "live-controls", {}, ...rows(false));
    if (rows(true).length) area.append(element("details", "live-more", {}, element("summary", "", { textContent: "more" }), ...rows(true)));
    return area;
  }

  buttonRow() {
    const { code, controls } = this.about;
    this.resetButton = this.button("Reset", () => this.reset(), { title: "Put the controls back where they started" });
    const { place } = this.source, lines = {};
    if (code?.length) lines["as Python"] = () => lineOf(code, controls, this.frames.values);
    if (place) lines["a link"] = () => addressOf(place, controls, this.frames.values);
    const [copies, said] = copyButtons(lines);
    const full = this.button("", () => this.fullScreen(), { className: "live-icon", ariaLabel: "Full screen", title: "Full screen" });
    full.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>';
    return element("div", "live-buttons", {}, ...this.buttons, this.bar, this.resetButton, ...copies, full, said);
  }

  button(words, act, properties = {}) {
    const made = element("button", "", { type: "button", textContent: words, ...properties });
    made.addEventListener("click", act);
    return made;
  }

  watch() {
    // No key pressed here is a command of JupyterLab. Notebook 7 hears keys on their way in, before any of ours
    // can stop them, and asks what has the focus for this attribute.
    this.root.addEventListener("focusin", ({ target }) => { target.dataset.lmSuppressShortcuts = "true"; });
    const stop = (event) => event.stopPropagation();
    const over = (event) => {
      const i = this.controls.findIndex(({ row }) => row.contains(event.target));
      if (i >= 0) this.frames.hover(i);
    };
    for (const kind of ["keydown", "keypress", "keyup"]) this.root.addEventListener(kind, stop);
    for (const kind of ["pointerover", "focusin"]) this.root.addEventListener(kind, over);
    const takesOver = (event) => { if (!event.target.closest(".live-play")) this.pause(); };
    for (const kind of ["input", "pointerdown"]) for (const area of this.hands) area.addEventListener(kind, takesOver);
    this.deaf = this.source.listen?.({
      shown: (shown) => this.came(shown),
      stills: (stills) => { this.frames.forget(); this.figure.still(stills); },
      keeps: (yes) => { this.frames.keeps = yes; this.frames.forget(); },
      progress: (steps) => this.progress(steps),
      disabled: (names) => { this.off = names; this.enable(); },
    });
  }

  close() {
    this.pause();
    this.rest();
    this.deaf?.();
    this.figure.close();
    this.root.remove();
  }

  // The prediction -------------------------------------------------------------------------------

  // The lab sleeps until there is a guess, or none is wanted.
  ask(prediction) {
    this.question = new Question(prediction, () => this.wake());
    this.said.prepend(this.question.row, this.question.said);
    this.asleep = true;
    this.root.dataset.asleep = "true";
    this.say(this.next, "");
    this.enable();
  }

  wake() {
    if (!this.asleep) return;
    this.asleep = false;
    this.question.row.remove();
    delete this.root.dataset.asleep;
    this.enable();
    this.say(this.next, this.error.textContent);
  }

  // What can be moved and pressed: nothing while the lab sleeps, and not what the source has switched off.
  enable() {
    for (const input of this.hands[0].querySelectorAll("input, select, button")) input.disabled = this.asleep;
    for (const button of this.buttons) button.disabled = this.asleep || this.off.includes(button.name);
    for (const button of [this.resetButton, ...this.figure.box.querySelectorAll("button")]) button.disabled = Boolean(this.asleep);
  }

  // The hand -------------------------------------------------------------------------------------

  moved(i, value) {
    const now = performance.now();
    if (now - this.movedAt > STILL) this.figure.beginsToMove();
    this.movedAt = now;
    const before = this.frames.values, near = this.source.near?.(i, before.with(i, value));
    if (near) {
      this.frames.values = near.with(i, before[i]);
      this.setControls(near);
    }
    this.frames.move(i, value);
    this.soon();
  }

  plays(player, i) {
    this.pause(player);
    this.frames.hover(i);
  }

  pause(besides) {
    for (const { player } of this.controls) if (player !== besides) player?.stop();
  }

  reset() {
    this.jump(Object.fromEntries(this.about.controls.map((control) => [control.name, control.default])));
  }

  // Some controls at once, by name.
  jump(set) {
    this.pause();
    const values = this.about.controls.map((control, i) => set[control.name] ?? this.frames.values[i]);
    this.setControls(values);
    this.frames.jump(values);
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
  // A picture of a run that had left before the hand moved is late: the answer to the hand is on its way.
  came(shown) {
    if (shown.mine) {
      if (this.frames.keeps && !shown.error) this.frames.keep(keyOf(shown.values), shown);
      return;
    }
    if (this.frames.waits && keyOf(shown.values) !== keyOf(this.frames.values)) return;
    this.told = keyOf(shown.values);
    if (this.told !== keyOf(this.frames.values)) {
      this.pause();
      this.wake(); // Python has moved it: then it need not wait
    }
    this.frames.values = [...shown.values];
    this.setControls(shown.values);
    this.frames.came(shown.values, shown);
  }

  // What is shown --------------------------------------------------------------------------------

  // Frame and words appear together, when the frame is painted. Beside an error the picture before stays.
  show(answer) {
    if (answer.error) this.say(null, answer.error);
    else this.next = answer;
    if (answer.frame.length) this.figure.show(answer.frame);
  }

  say(answer, error) {
    this.error.textContent = error;
    this.error.hidden = !error;
    this.words.hidden = Boolean(error || this.asleep);
    if (error) this.next = null;
    if (error || !answer) return;
    this.question?.hear(answer.verdicts);
    if (this.words.textContent === answer.words) return;
    this.write(this.words, answer.words);
    this.figure.canvas.setAttribute("aria-label", answer.words);
  }

  silent(yes) {
    const { silence = SILENT } = this.source;
    if (yes) this.say(null, silence);
    else if (this.error.textContent === silence) this.say(null, "");
  }

  progress([done, all]) {
    this.bar.hidden = all === undefined;
    if (all !== undefined) Object.assign(this.bar, { max: all, value: done });
  }

  fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen();
  }
}
