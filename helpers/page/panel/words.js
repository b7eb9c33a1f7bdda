import { element } from "./element.js";

// The sentence under the picture: quantities that it names are marked with the colour of their curve.

export function wordsIn(colours) {
  const names = Object.keys(colours).sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!names.length) return (line, words) => { line.textContent = words; };
  const named = new RegExp(`(?<![\\p{L}\\p{N}_])(${names.join("|")})(?![\\p{L}\\p{N}_])`, "u");
  const part = (text, k) => {
    if (k % 2 === 0) return text;
    const made = element("span", "live-named", { textContent: text });
    made.style.setProperty("--colour", colours[text]);
    return made;
  };
  return (line, words) => line.replaceChildren(...words.split(named).map(part)); // the odd parts are the names
}

// A place for words that grows where they need more and does not shrink again: nothing jumps under the hand.
export function steady(line) {
  let height = 0, width = 0;
  new ResizeObserver(() => {
    if (line.clientWidth !== width) {
      [width, height] = [line.clientWidth, 0];
      line.style.minHeight = "";
    }
    if (line.offsetHeight > height) height = line.offsetHeight;
    line.style.minHeight = `${height}px`;
  }).observe(line);
}
