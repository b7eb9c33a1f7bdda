import { element } from "./element.js";
import { Player } from "./play.js";
import { stopsOf } from "./stops.js";

// The controls are the platform's own. Each is { row, set(value), player }: `row` is what the page shows,
// `set` moves it without telling, `player` walks it where it is one of time. The hand is told of:
// `hand.moved(value)` when it moves the control, `hand.rested()` when it lets go, `hand.plays(player)` when
// it starts a player.

let made = 0; // for ids, which a label needs to name its input

export function makeControl(control, hand) {
  const made = MAKERS[control.kind](control, hand.moved, hand);
  made.row.dataset.kind = control.kind;
  made.row.dataset.name = control.name;
  made.row.addEventListener("change", hand.rested); // the mouse lets go, or a choice is made
  made.row.addEventListener("keyup", hand.rested);
  return made;
}

const MAKERS = { slider, choice, toggle, text };

function labelled(control, input, ...more) {
  input.id = `live-control-${++made}-${Math.random().toString(36).slice(2, 8)}`;
  return element("div", "live-control", {}, element("label", "live-label", { htmlFor: input.id, textContent: control.label }), ...more, input);
}

// The input counts stops, so that the platform's rounding cannot miss one; what is shown and spoken is the
// value.
function slider(control, moved, { rested, plays }) {
  const stops = stopsOf(control), shown = element("span", "live-value", { ariaHidden: "true" });
  const input = element("input", "", { type: "range", min: 0, max: stops.last, step: 1 });
  const write = (value) => {
    const words = written(value, control.decimals);
    shown.textContent = words;
    input.setAttribute("aria-valuetext", words);
    input.style.setProperty("--done", `${100 * input.value / stops.last}%`);
  };
  input.addEventListener("input", () => {
    write(stops.at(+input.value));
    moved(stops.at(+input.value));
  });
  const set = (value) => { input.value = stops.index(value); write(value); };
  const row = labelled(control, input, shown);
  if (!control.time) return { row, set };
  const go = (k) => { set(stops.at(k)); moved(stops.at(k)); };
  const player = new Player({ label: control.label, stops, at: () => +input.value, go, starts: () => plays(player), rested });
  input.before(player.button);
  row.classList.add("live-timed");
  return { row, set, player };
}

// As many decimals as the step has, and those that Python set beyond them.
function written(value, decimals) {
  const most = Math.max(decimals, Math.min(4, (String(value).split(".")[1] ?? "").length));
  return value.toFixed(most).replace("-", "\u2212");
}

function choice(control, moved) {
  const words = control.words ?? control.choices;
  const input = element("select", "", {}, ...control.choices.map((value, k) => new Option(words[k] || "—", value)));
  input.addEventListener("input", () => moved(input.value));
  return { row: labelled(control, input), set: (value) => { input.value = value; } };
}

function toggle(control, moved) {
  const input = element("input", "", { type: "checkbox" });
  input.addEventListener("input", () => moved(input.checked));
  return { row: labelled(control, input), set: (value) => { input.checked = value; } };
}

const PAUSE = 500; // ms after which a text that is being written is taken as it is

function text(control, moved) {
  const input = element("input", "", { type: "text", autocomplete: "off", spellcheck: false });
  let pause = 0; // while it lasts, what is being written is not replaced
  const send = () => { clearTimeout(pause); pause = 0; moved(input.value); };
  input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(send, PAUSE); });
  input.addEventListener("change", send);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") send(); });
  return { row: labelled(control, input), set: (value) => { if (!pause && input.value !== value) input.value = value; } };
}
