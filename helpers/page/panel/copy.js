import { element } from "./element.js";

// The lab as it stands, as one line of Python and as an address: only what is not at its default.

export function lineOf([name, needs], controls, values) {
  return `${name}(${moved(controls, values, python).join(", ")})  # ${needs}`;
}

export function addressOf(place, controls, values) {
  const set = moved(controls, values, (value) => encodeURIComponent(python(value, String))).join(",");
  return set ? `${place}:${set}` : place;
}

function moved(controls, values, write) {
  const pairs = controls.map((control, i) => [control, values[i]]).filter(([control, value]) => value !== control.default);
  return pairs.map(([control, value]) => `${control.name}=${write(value)}`);
}

function python(value, quoted = JSON.stringify) {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? quoted(value) : String(value);
}

const ICONS = {
  "as Python": "M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3",
  "a link": "M7 9.5l3-3M8 4.5l1.5-1.5a2.5 2.5 0 0 1 3.5 3.5L11.5 8M8.5 11.5L7 13a2.5 2.5 0 0 1-3.5-3.5L5 8",
};

// Buttons that each put a line on the clipboard, and the place where that is said. Where it is refused, the line
// is shown there, selected. lines: from what is copied to a function that returns the line.
export function copyButtons(lines) {
  const said = element("span", "live-copied", { role: "status" });
  const buttons = Object.entries(lines).map(([what, line]) => {
    const button = element("button", "live-icon", { type: "button", ariaLabel: `Copy ${what}`, title: `Copy ${what}` });
    button.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[what]}"/></svg>`;
    button.addEventListener("click", () => copy(line(), what, said));
    return button;
  });
  return [buttons, said];
}

async function copy(line, what, said) {
  try {
    await navigator.clipboard.writeText(line);
    said.replaceChildren("Copied");
  } catch {
    const shown = element("input", "live-line", { readOnly: true, value: line, ariaLabel: `The lab ${what}` });
    said.replaceChildren(shown);
    shown.select();
  }
}
