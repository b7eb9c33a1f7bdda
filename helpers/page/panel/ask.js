import { element } from "./element.js";

// The question that a lab asks before it can be moved, and the answer to the guess.

export class Question {
  // about: { question, choices, unit, range, setting }: of each choice its value and its words, none for a number; a
  // range is [low, high] or empty; setting says how to get there. done() is called when there is a guess, or when
  // none is wanted
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
    return this.about.choices.map(([value, words]) => this.button(words, () => this.answer(value, words)));
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
    if (high === undefined) return "Please write a number, such as 12.5.";
    return `Please write a number from ${low} to ${high}, such as 12.5.`;
  }

  answer(guess, words = "") {
    Object.assign(this, { guess, words });
    this.row.remove();
    this.done();
  }

  // What a frame says about the guess. Until the setting has been reached: how to get there.
  hear(verdicts) {
    if (this.guess === null) return;
    this.met ||= Boolean(verdicts);
    if (verdicts) this.say([verdict(verdicts, this.guess)]);
    else this.say(this.met ? [] : [`Your guess: ${this.written()}. `, ...labelsIn(this.about.setting)]);
  }

  say(parts) {
    const made = element("div", "", {}, ...parts);
    this.said.hidden = !made.textContent;
    if (this.said.textContent !== made.textContent) this.said.replaceChildren(...made.childNodes);
  }

  written() {
    return typeof this.guess === "number" ? `${minus(this.guess)}${this.about.unit}` : `\u201c${this.words}\u201d`;
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
  return verdicts[near ? "near" : "far"].replace("{guess}", minus(guess));
}

const minus = (number) => String(number).replace("-", "\u2212");

// A sentence in which the labels of controls stand between asterisks, in parts: the odd ones are the labels.
const labelsIn = (sentence) => sentence.split("*").map((part, k) => (k % 2 ? element("em", "", { textContent: part }) : part));
