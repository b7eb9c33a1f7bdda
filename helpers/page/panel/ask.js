import { element } from "./element.js";

// The question that a lab asks before it can be moved, and what is said to the guess.

export class Question {
  // about: { question, choices, unit, range, setting }, where a range is [low, high] or empty; done(): is told when
  // there is a guess, or none is wanted
  constructor(about, done) {
    Object.assign(this, { about, done, guess: null, met: false });
    this.row = element("div", "live-ask", {},
      element("div", "live-asked", { textContent: about.question }),
      element("div", "live-choices", {}, ...(about.choices.length ? this.choices() : this.number()),
        this.button("just show me", () => this.answer(null), "live-skip")));
    this.row.setAttribute("role", "group");
    this.row.setAttribute("aria-label", "Your prediction");
    this.said = element("div", "live-verdict", { hidden: true });
    this.said.setAttribute("aria-live", "polite");
  }

  button(words, act, className = "") {
    const made = element("button", className, { type: "button", textContent: words });
    made.addEventListener("click", act);
    return made;
  }

  choices() {
    return this.about.choices.map((words) => this.button(words, () => this.answer(words)));
  }

  number() {
    const input = element("input", "live-number", { type: "text", inputMode: "decimal", autocomplete: "off", ariaLabel: "Your guess" });
    const fault = element("div", "live-fault", { hidden: true, textContent: this.wanted() });
    fault.setAttribute("role", "alert");
    const give = () => {
      const guess = numberIn(input.value, this.about.unit), written = input.value.trim() !== "";
      if (written && this.takes(guess)) return this.answer(guess);
      fault.hidden = !written;
      input.focus();
    };
    input.addEventListener("input", () => { fault.hidden = true; });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey) give(); });
    return [input, element("span", "", { textContent: this.about.unit }), this.button("guess", give), fault];
  }

  takes(guess) {
    const [low = -Infinity, high = Infinity] = this.about.range ?? [];
    return Number.isFinite(guess) && low <= guess && guess <= high;
  }

  wanted() {
    const [low, high] = this.about.range ?? [];
    return `Please write a number${high === undefined ? "" : ` from ${low} to ${high}`}, such as 12.5.`;
  }

  answer(guess) {
    this.guess = guess;
    this.row.remove();
    this.done();
  }

  // What a frame has to say to the guess. Until the setting has been reached: how to get there.
  hear(verdicts) {
    if (this.guess === null) return;
    this.met ||= Boolean(verdicts);
    const said = verdicts ? verdict(verdicts, this.guess) : this.met ? "" : `Your guess: ${this.written()}. To see it, ${this.about.setting}.`;
    this.said.hidden = !said;
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  written() {
    return typeof this.guess === "number" ? `${String(this.guess).replace("-", "\u2212")}${this.about.unit}` : `\u201c${this.guess}\u201d`;
  }
}

// A number as people write one: with a comma or a point, a hyphen or a real minus sign, the unit behind it or not.
// NaN if it is none.
export function numberIn(text, unit = "") {
  const plain = text.normalize("NFKC").replace(/\s/g, "").replace(/^[\u2212\u2013]/, "-").replace(",", ".");
  const digits = unit && plain.endsWith(unit.trim()) ? plain.slice(0, -unit.trim().length) : plain;
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(digits) ? +digits : NaN;
}

function verdict(verdicts, guess) {
  if (typeof guess !== "number") return verdicts[guess];
  const near = verdicts.low <= guess && guess <= verdicts.high;
  return verdicts[near ? "near" : "far"].replace("{guess}", String(guess).replace("-", "\u2212"));
}
