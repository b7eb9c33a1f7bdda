import { stopsOf } from "./stops.js";

// The controls are the platform's own. Each is { row, set(value) }: `row` is what the page shows, `set`
// moves it without telling; `moved(value)` is called when the hand moves it, `rested()` when the hand
// lets go.

let made = 0; // for ids, which a label needs to name its input

export function makeControl(control, moved, rested) {
  const made = MAKERS[control.kind](control, moved);
  made.row.dataset.kind = control.kind;
  made.row.dataset.name = control.name;
  made.row.addEventListener("change", rested); // the mouse lets go, or a choice is made
  made.row.addEventListener("keyup", rested);
  return made;
}

const MAKERS = { slider, choice, toggle, text };

export function element(tag, className, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), { className, ...properties });
  made.append(...children);
  return made;
}

function labelled(control, input, ...more) {
  input.id = `live-control-${++made}-${Math.random().toString(36).slice(2, 8)}`;
  return element("div", "live-control", {}, element("label", "live-label", { htmlFor: input.id, textContent: control.label }), ...more, input);
}

// The input counts stops, so that the platform's rounding cannot miss one; what is shown and spoken is the
// value.
function slider(control, moved) {
  const stops = stopsOf(control), shown = element("span", "live-value", { ariaHidden: "true" });
  const input = element("input", "", { type: "range", min: 0, max: stops.last, step: 1 });
  const write = (value) => {
    const words = written(value, control.places);
    shown.textContent = words;
    input.setAttribute("aria-valuetext", words);
    input.style.setProperty("--done", `${100 * input.value / stops.last}%`);
  };
  input.addEventListener("input", () => {
    write(stops.at(+input.value));
    moved(stops.at(+input.value));
  });
  return { row: labelled(control, input, shown), set: (value) => { input.value = stops.index(value); write(value); } };
}

// As many places as the step has, and those that Python set beyond them.
function written(value, places) {
  const most = Math.max(places, Math.min(4, (String(value).split(".")[1] ?? "").length));
  return value.toFixed(most).replace("-", "\u2212");
}

function choice(control, moved) {
  const input = element("select", "", {}, ...control.choices.map((words) => new Option(words || "—", words)));
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
  let pause = 0;
  const send = () => { clearTimeout(pause); moved(input.value); };
  input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(send, PAUSE); });
  input.addEventListener("change", send);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") send(); });
  return { row: labelled(control, input), set: (value) => { if (input.value !== value) input.value = value; } };
}
