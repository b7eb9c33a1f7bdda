import { element } from "./element.js";

// A button that walks a slider through time: at a steady pace to its end, where it pauses.

const [SHORT, LONG] = [200, 8000]; // ms for a stop of a short range; for the whole of a long one
const LATE = 100; // ms: where the screen is drawn more seldom than that, the walk waits for it
const SHAPES = { play: "M4 2.5v11l9-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z" };

export class Player {
  // stops: where the slider can stand (stops.js); at(): at which stop it is; go(k): moves it there;
  // starts(): is told before the first stop; rested(): after the last
  constructor({ label, stops, at, go, starts, rested }) {
    Object.assign(this, { label, stops, at, go, starts, rested, playing: false });
    this.button = element("button", "live-play", { type: "button" });
    this.button.addEventListener("click", () => this.press());
    this.look();
  }

  press() {
    if (this.playing) return this.stop();
    this.starts();
    const over = this.at() >= this.stops.last;
    if (!calm()) return this.walk(over ? 0 : this.at());
    this.go(over ? 0 : this.at() + 1);
    this.rested();
  }

  stop() {
    if (!this.playing) return;
    cancelAnimationFrame(this.next);
    this.playing = false;
    this.look();
    this.rested();
  }

  walk(from) {
    const pace = Math.min(SHORT, LONG / this.stops.last);
    let [place, before] = [from, performance.now()];
    this.playing = true;
    this.look();
    this.go(from);
    const step = (now) => {
      place += Math.min(LATE, Math.max(0, now - before)) / pace;
      before = now;
      const k = Math.min(this.stops.last, Math.floor(place));
      if (k !== this.at()) this.go(k);
      if (k >= this.stops.last) this.stop();
      else this.next = requestAnimationFrame(step);
    };
    this.next = requestAnimationFrame(step);
  }

  look() {
    const shape = this.playing ? "pause" : "play";
    this.button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${SHAPES[shape]}"/></svg>`;
    const does = this.playing ? "Pause" : calm() ? "Step on" : "Play";
    this.button.setAttribute("aria-label", `${does}: ${this.label}`);
    this.button.title = does;
  }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
