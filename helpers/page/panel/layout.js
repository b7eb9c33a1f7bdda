import { copyButtons } from "./copy.js";
import { element } from "./element.js";

// The parts of a panel and how they lie in each other; where they stand on the page is told in panel.css.

// act: what the buttons do, { press(name), jump(controls), reset() }; lines: what can be copied (see copy.js)
export function layout({ question, controls, buttons = {}, clickable = [] }, made, figure, act, lines) {
  const words = spoken("live-readout", "aria-live", "polite");
  const error = spoken("live-error", "role", "alert", { hidden: true });
  const said = element("div", "live-words", {}, words, error);
  const bar = element("progress", "live-progress", { hidden: true, ariaLabel: "progress" });
  const own = Object.entries(buttons).map(([name, text]) => button(text, () => act.press(name), { name }));
  const resetButton = button("Reset", act.reset, { title: "Put the controls back where they started" });
  figure.box.append(...clickable.map((place) => spot(...place, act.jump)));
  const hands = [rowsOf(controls, made), element("div", "live-buttons", {}, ...own, bar, resetButton)];
  const root = element("div", "live-panel", {}, element("div", "live-body", {},
    element("div", "live-question", { textContent: question }),
    ...hands,
    element("div", "live-paper", { role: "group", ariaLabel: "figure" }, figure.box),
    said));
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", question);
  const [copies, copied] = copyButtons(lines);
  hands[1].append(...copies, fullScreenButton(root), copied);
  return { root, words, error, said, bar, hands, buttons: own, resetButton };
}

function spoken(className, name, value, properties) {
  const made = element("div", className, properties);
  made.setAttribute(name, value);
  return made;
}

function rowsOf(controls, made) {
  const rows = (more) => made.filter((_, i) => Boolean(controls[i].more) === more).map(({ row }) => row);
  const area = element("div", "live-controls", {}, ...rows(false));
  if (rows(true).length) area.append(element("details", "live-more", {}, element("summary", "", { textContent: "more" }), ...rows(true)));
  return area;
}

// A part of the figure that sets controls when it is clicked.
function spot(label, [left, bottom, right, top], set, jump) {
  const made = button("", () => jump(set), { className: "live-place", ariaLabel: label, title: label });
  const percent = (share) => `${100 * share}%`;
  Object.assign(made.style, { left: percent(left), bottom: percent(bottom), width: percent(right - left), height: percent(top - bottom) });
  return made;
}

function fullScreenButton(root) {
  const toggle = () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  const made = button("", toggle, { className: "live-icon", ariaLabel: "Full screen", title: "Full screen" });
  made.innerHTML = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4"/></svg>';
  return made;
}

function button(words, act, properties = {}) {
  const made = element("button", "", { type: "button", textContent: words, ...properties });
  made.addEventListener("click", act);
  return made;
}
