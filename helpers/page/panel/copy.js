import { element } from "./element.js";

// The lab as it stands, as one line of Python: only what is not at its default.

export function lineOf([name, needs], controls, values) {
  const moved = controls.map((control, i) => [control, values[i]]).filter(([control, value]) => value !== control.default);
  return `${name}(${moved.map(([control, value]) => `${control.name}=${python(value)}`).join(", ")})  # ${needs}`;
}

function python(value) {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

// A button that puts the line on the clipboard. Where that is refused, the line is shown, selected.
export function copyButton(line) {
  const said = element("span", "live-copied", { role: "status" });
  const button = element("button", "live-icon", { type: "button", ariaLabel: "Copy as Python", title: "Copy as Python" });
  button.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5.5 5.5h8v8h-8zM3 10.5H2.5v-8h8V3"/></svg>';
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(line());
      said.replaceChildren("Copied");
    } catch {
      const shown = element("input", "live-line", { readOnly: true, value: line(), ariaLabel: "The lab as Python" });
      said.replaceChildren(shown);
      shown.select();
    }
  });
  return [button, said];
}
