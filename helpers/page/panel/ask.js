import { element } from "./element.js";

// The question that a lab asks before it can be moved, and what is said to the guess.

export class Question {
  // about: { question, choices, unit, setting }; done(): is told when there is a guess, or none is wanted
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
    const input = element("input", "live-number", { type: "number", step: "any", ariaLabel: "Your guess" });
    const give = () => (input.value === "" ? input.focus() : this.answer(+input.value));
    input.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey) give(); });
    return [input, element("span", "", { textContent: this.about.unit }), this.button("guess", give)];
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

function verdict(verdicts, guess) {
  if (typeof guess !== "number") return verdicts[guess];
  const near = verdicts.low <= guess && guess <= verdicts.high;
  return verdicts[near ? "near" : "far"].replace("{guess}", String(guess).replace("-", "\u2212"));
}
