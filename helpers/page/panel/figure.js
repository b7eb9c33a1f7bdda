import { element } from "./element.js";
import { markChanges } from "./marks.js";
import { loadFont, paintFrame } from "./paint.js";

// The figure of a lab: the still pictures, and between them a canvas on which frames are painted.

export class FigureOnPage {
  // font(name): promises the bytes of a font; painted(): is told when a frame stands on the canvas
  constructor(size, font, painted) {
    Object.assign(this, { size, font, painted, ...layers(size) });
    this.context = this.canvas.getContext("2d");
    this.sizes = new ResizeObserver(() => { this.reach(); this.paint(); });
    this.sizes.observe(this.box);
    this.deaf = onSharpness(() => this.paint());
  }

  close() {
    this.sizes.disconnect();
    this.deaf();
    for (const image of [this.beneath, this.above]) URL.revokeObjectURL(image.src);
  }

  still(pictures) {
    for (const name of ["beneath", "above"]) {
      const image = this[name], bytes = pictures[name];
      URL.revokeObjectURL(image.src);
      image.hidden = !bytes.length;
      if (bytes.length) image.src = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    }
  }

  show(frame) {
    this.frame = frame;
    this.paint();
  }

  // A control begins to move: what is different in the next picture will be marked for a moment.
  beginsToMove() {
    this.before = this.frame;
  }

  // Where the figure is wider than its place, the arrow keys can push it sideways.
  reach() {
    const paper = this.box.parentElement;
    if (paper.scrollWidth > paper.clientWidth) paper.tabIndex = 0;
    else paper.removeAttribute("tabindex");
  }

  // At most one picture for each time the screen is drawn: of several, the newest.
  paint() {
    this.due = true;
    if (this.drawing) return;
    [this.drawing, this.due] = [true, false];
    this.draw();
    requestAnimationFrame(() => {
      this.drawing = false;
      if (this.due) this.paint();
    });
  }

  draw() {
    if (!this.frame) return;
    const { box, context } = this;
    this.fit(this.canvas, context);
    const awaited = [];
    box.dataset.key = paintFrame(context, this.frame, (name) => awaited.push(loadFont(name, this.font)));
    box.dataset.painted = 1 + (+box.dataset.painted || 0);
    this.mark();
    this.painted();
    this.letters(awaited.filter(Boolean));
  }

  // Makes a canvas as sharp as the screen, and empty.
  fit(canvas, context) {
    const sharpness = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth || this.size[0], canvas.clientHeight || this.size[1]].map((v) => Math.round(v * sharpness));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(width / this.size[0], 0, 0, height / this.size[1], 0, 0);
    context.clearRect(0, 0, ...this.size);
  }

  // Painted once; that the marks fade is left to the style, so the pictures that follow cost no more.
  mark() {
    if (!this.before || this.before === this.frame) return;
    const context = this.marks.getContext("2d");
    this.fit(this.marks, context);
    const marked = markChanges(context, this.before, this.frame);
    if (!marked) return;
    this.before = null;
    this.box.dataset.marked = marked;
    this.marks.classList.remove("live-fading");
    requestAnimationFrame(() => this.marks.classList.add("live-fading"));
  }

  // A frame with text is painted again once its fonts are here.
  letters(awaited) {
    this.box.dataset.fonts = awaited.length ? "awaited" : "here";
    if (!awaited.length || this.reading) return;
    this.reading = true;
    const done = () => { this.reading = false; this.paint(); };
    Promise.all(awaited).then(done, done);
  }
}

// Tells when the page is shown at another sharpness: it is zoomed, or its window goes to another screen. A query
// asks about one sharpness, so each change needs a new one. Returns how to stop.
function onSharpness(act) {
  let query;
  const ask = () => {
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", hear, { once: true });
  };
  const hear = () => { ask(); act(); };
  ask();
  return () => query.removeEventListener("change", hear);
}

// One picture over another, all of the same size; they shrink and grow together.
function layers([width, height]) {
  const image = (className) => element("img", className, { alt: "", hidden: true });
  const [beneath, canvas, above] = [image("live-layer"), element("canvas", "live-layer"), image("live-layer")];
  const marks = element("canvas", "live-layer live-marks", { ariaHidden: "true" });
  canvas.setAttribute("role", "img");
  const box = element("div", "live-figure", {}, beneath, canvas, above, marks);
  box.style.setProperty("--width", width);
  box.style.setProperty("--height", height);
  return { box, beneath, canvas, above, marks };
}
