import { Agreement, equal } from "./agree.js";
import { Question } from "./ask.js";
import { makeControl } from "./controls.js";
import { addressOf, lineOf } from "./copy.js";
import { FigureOnPage } from "./figure.js";
import { Frames, keyOf } from "./frames.js";
import { guardKeys } from "./keys.js";
import { layout } from "./layout.js";
import { steady, wordsIn } from "./words.js";

// The panel: question, controls, figure and words of a lab. It asks a source and does not know where frames
// come from. A source has
//   about    { question, controls, size, keeps, buttons, prediction, colours, code, clickable }, as the widget
//            has them; the last five may be left out
//   stills   { beneath, above }: the still pictures, bytes of PNG (above may be empty)
//   shown    { values, frame, words, error, verdicts }: where it starts
//   ask(list of control values)  promises { snapshots: [{ frame, words, error, verdicts }], ms }; verdicts may
//            be left out, and belong to the setting that the prediction speaks of
// and may have
//   rest(values, { number, controls })  is told where the hand has come to rest, and which controls have moved
//                  since it was last told, by index; or, where frames cannot be kept, of each move before it is
//                  asked for a frame. It promises that this has been sent
//   press(name)    is told which button was pressed; likewise
//   font(name)     promises the bytes of a font
//   place          the address of the lab, to which a state can be added
//   listen(hear)   calls hear[event](...) when something comes without being asked for; returns how to stop.
//                  hear.shown({ values, ..., heard }): heard is the number of the last move of this page that it
//                  had heard by then (see agree.js), and may be left out where nothing else moves the lab;
//                  hear.refused(number, error): that move led nowhere; hear.gone(): there will be no more answers
// and, where it has not all positions,
//   has(values)         whether it has these
//   near(i, values)     the nearest values that it has with control i as it is here; null if it has these
//   silence             the line to show when it does not answer

const REST = 150; // ms without a move, after which the hand rests, even if it has not let go
const STILL = 600; // ms after which a move is a new one
const SILENT = "No answer from the kernel: it is busy, or was restarted. After a restart, run the cells again (Run All).";
const GONE = "The kernel was restarted or shut down, and this lab went with it. Run the cells again (Run All).";

export function showPanel(el, source) {
  const panel = new Panel(source);
  el.append(panel.root);
  return () => panel.close();
}

class Panel {
  constructor(source) {
    const { about, shown } = source;
    Object.assign(this, { source, about, off: [], movedAt: -Infinity, silence: source.silence ?? SILENT });
    this.start = about.controls.map((control) => control.default);
    this.controls = about.controls.map((control, i) => makeControl(control, {
      moved: (value) => this.moved(i, value), rested: () => this.rest(), plays: (player) => this.plays(player, i),
    }));
    this.frames = new Frames({
      source: { ...source, ask: (list) => this.askFor(list) },
      controls: about.controls, values: shown.values, keeps: about.keeps,
      show: (snapshot) => this.show(snapshot), silent: (yes) => this.silent(yes),
    });
    this.agreement = new Agreement(shown.values);
    this.figure = new FigureOnPage(about.size, source.font, () => this.next && this.say(this.next, ""));
    this.build();
    this.figure.still(source.stills);
    this.setControls(shown.values);
    this.keep(shown);
    this.frames.came(shown.values, shown);
    this.watch();
    if (about.prediction?.question && keyOf(shown.values) === keyOf(this.start)) this.ask(about.prediction);
  }

  // The page -------------------------------------------------------------------------------------

  build() {
    Object.assign(this, layout(this.about, this.controls, this.figure, {
      press: (name) => this.tell(this.source.press(name)), jump: (set) => this.jump(set), reset: () => this.reset(),
    }, this.lines()));
    this.root.frames = this.frames; // for who measures
    this.write = wordsIn(this.about.colours ?? {});
    steady(this.words);
  }

  // What can be copied of the lab as it stands.
  lines() {
    const { about: { code, controls }, source: { place } } = this, lines = {};
    if (code?.length) lines["as Python"] = () => lineOf(code, controls, this.frames.values);
    if (place) lines["a link"] = () => addressOf(place, controls, this.frames.values);
    return lines;
  }

  watch() {
    const over = (event) => {
      const i = this.controls.findIndex(({ row }) => row.contains(event.target));
      if (i >= 0) this.frames.hover(i);
    };
    for (const kind of ["pointerover", "focusin"]) this.root.addEventListener(kind, over);
    const takesOver = (event) => { if (!event.target.closest(".live-play")) this.pause(); };
    for (const kind of ["input", "pointerdown"]) for (const area of this.hands) area.addEventListener(kind, takesOver);
    this.unguard = guardKeys(this.root);
    this.deaf = this.source.listen?.({
      shown: (shown) => this.came(shown),
      refused: (number, error) => { if (number === this.agreement.number) this.say(null, error); },
      stills: (stills) => { this.frames.forget(); this.figure.still(stills); },
      keeps: (yes) => { this.frames.keeps = yes; this.frames.forget(); },
      progress: (steps) => this.progress(steps),
      disabled: (names) => { this.off = names; this.enable(); },
      gone: () => this.gone(),
    });
  }

  close() {
    this.pause();
    this.rest();
    this.deaf?.();
    this.unguard();
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

  // Once for each place, so that the lab, when it is asked in the next cell, has what is on show.
  rest() {
    clearTimeout(this.resting);
    const { values } = this.frames, move = this.agreement.tell(values);
    if (move) this.tell(this.source.rest?.([...values], move));
  }

  // A source whose frames cannot be kept shows where it has been told to go.
  askFor(list) {
    if (!this.frames.keeps) this.rest();
    return this.source.ask(list);
  }

  // What is told without waiting for an answer can fail too: where there is no kernel any more.
  tell(sent) {
    sent?.catch(() => this.silent(true));
  }

  setControls(values, before = []) {
    values.forEach((value, i) => equal(value, before[i]) || this.controls[i].set(value));
  }

  // What came unasked: because the hand had moved here, or something else has moved the lab.
  came(shown) {
    const { agreement, frames } = this, { heard = Infinity } = shown;
    const own = heard > agreement.heard && heard < Infinity; // a move of this page
    const playing = this.controls.some(({ player }) => player?.playing);
    const values = agreement.hear(shown.values, heard, frames.values, playing);
    const [there, key] = [keyOf(shown.values), keyOf(values)], moves = key !== keyOf(frames.values);
    this.keep(shown);
    if (moves) this.follow(values);
    if (key !== there && moves) frames.jump(values);
    else if (key !== there && own && !frames.keeps) frames.paint(there, shown); // where the hand was just now
    else if (key === there && !(own && frames.shown === there && !shown.error)) frames.came(values, shown);
  }

  // Something else has moved the lab. One that slept need not wait any more.
  follow(values) {
    this.setControls(values, this.frames.values);
    this.frames.values = values;
    this.pause();
    this.wake();
  }

  keep(shown) {
    if (this.frames.keeps && !shown.error) this.frames.keep(keyOf(shown.values), shown);
  }

  // What is shown --------------------------------------------------------------------------------

  // Frame and words appear together, when the frame is painted. Beside an error the picture before stays.
  show(snapshot) {
    if (snapshot.error) this.say(null, snapshot.error);
    else this.next = snapshot;
    if (snapshot.frame.length) this.figure.show(snapshot.frame);
  }

  say(snapshot, error) {
    this.error.textContent = error;
    this.error.hidden = !error;
    this.words.hidden = Boolean(error || this.asleep);
    if (error) this.next = null;
    if (error || !snapshot) return;
    this.question?.hear(snapshot.verdicts);
    if (this.words.textContent === snapshot.words) return;
    this.write(this.words, snapshot.words);
    this.figure.canvas.setAttribute("aria-label", snapshot.words);
  }

  silent(yes) {
    if (yes) this.say(null, this.silence);
    else if (this.error.textContent === this.silence) this.say(null, "");
  }

  // There is no kernel any more to run anything, or to answer. What is kept here can still be moved.
  gone() {
    this.silence = GONE;
    this.off = this.buttons.map(({ name }) => name);
    this.enable();
    this.progress([]);
    this.silent(true);
  }

  progress([done, all]) {
    this.bar.hidden = all === undefined;
    if (all !== undefined) Object.assign(this.bar, { max: all, value: done });
  }
}
