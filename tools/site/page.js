import { showPanel } from "./panel/panel.js";
import { bytesAt, storedSource } from "./stored.js";

// A lesson's page: each lab takes the place of its still picture before it comes into view, and a few
// seconds after the page has come everything else is loaded too, so that it can be read without a network.

const NEAR = "1200px"; // above and below what is seen
const REST = 2000; // ms after the page has come
const FILES = ["lab.json", "beneath.png", "above.png", "first.bin", "more.bin"];
const { fonts, how } = document.body.dataset; // how: the words on where to get all positions
const closers = new Map();

// start: the state that the address asks for (see stored.js)
async function open(figure, start) {
  const note = document.createElement("p"), { lab, page, name, asks } = figure.dataset;
  note.className = "held";
  note.setAttribute("aria-live", "polite");
  const source = await storedSource(lab, fonts, start, (labels) => { note.textContent = held(source, labels); });
  source.place = `${new URL(page, location.href).href.split("#")[0]}#${name}`;
  if (asks === "no") source.about.prediction = {};
  note.textContent = missing(source.missed) + held(source, []);
  closers.get(figure)?.();
  figure.replaceChildren();
  closers.set(figure, showPanel(figure, source));
  figure.append(note);
  figure.dataset.ready = "";
  source.rest(source.shown.values);
  return source;
}

const missing = (missed) => (missed.length ? `This page does not hold ${missed.join(" and ")}; this is the nearest that it holds. ` : "");

function held({ positions, runs, measured }, labels) {
  const along = labels.length ? `This combination is not held, so ${labels.join(" and ")} moved along. ` : "";
  const count = runs ? `${positions} runs of this lab` : `${positions.toLocaleString("en")} positions of this lab`;
  const when = measured ? " Whatever was trained or measured dates from when the page was made." : "";
  return `${along}This page holds ${count}, computed beforehand.${when} ${how}`;
}

const figures = [...document.querySelectorAll("figure[data-lab]")], opened = new Map();
const opening = (figure) => {
  if (!opened.has(figure)) opened.set(figure, open(figure).catch(() => opened.delete(figure))); // the picture stays
  return opened.get(figure);
};

// An address such as `#GateMaps:b_f=6,T=100` leads to a lab, and has it open in that state.
async function goToLab() {
  const [, name, state = ""] = location.hash.match(/^#(\w+)(?::(.*))?$/) ?? [];
  const figure = figures.find(({ dataset }) => dataset.name === name);
  if (!figure) return;
  const start = Object.fromEntries(state.split(",").filter(Boolean).map((pair) => decoded(pair).split(/=(.*)/s, 2)));
  if (state) {
    const before = opened.get(figure); // two must not open at once
    opened.set(figure, Promise.resolve(before).then(() => open(figure, start)).catch(() => opened.delete(figure)));
  }
  await opening(figure);
  figure.scrollIntoView({ block: "start" });
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign that encodes nothing
  }
}

const watch = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { watch.unobserve(target); opening(target); }
}, { rootMargin: NEAR });
for (const figure of figures) watch.observe(figure);
window.addEventListener("hashchange", goToLab);
goToLab();

// Everything that a reader without a network might still want.
async function loadRest() {
  const files = figures.flatMap(({ dataset }) => FILES.map((name) => `${dataset.lab}/${name}`));
  const letters = JSON.parse(document.body.dataset.letters).map((name) => `${fonts}/${name}.woff`);
  for (const file of [...letters, ...files]) await bytesAt(file).catch(() => {});
  document.body.dataset.offline = "";
}
// A browser need not call a page idle, even one in which nothing moves; then it is loaded after as long again.
const whenIdle = () => (window.requestIdleCallback ? requestIdleCallback(loadRest, { timeout: REST }) : loadRest());
const atRest = () => setTimeout(whenIdle, REST);
if (document.readyState === "complete") atRest();
else window.addEventListener("load", atRest);
