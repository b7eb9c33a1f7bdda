// Paints a LiveFigure: a still picture, the live artists on a canvas, a still picture above them, and
// a line of words. The format of a frame is told in frame.py.

const CAPS = { butt: "butt", round: "round", projecting: "square" };
const fonts = new Map(); // name -> a promise, once for the whole page

function headerOf(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { ...JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), length };
}

// The header says how many bytes of numbers each operation has; they follow in the same order.
function* operations(header, bytes) {
  let at = 4 + header.length + (-header.length & 3);
  const take = (length) => {
    const block = bytes.slice(at, at + length); // a copy: so that floats begin where floats may begin
    at += length + (-length & 3);
    return block;
  };
  for (const op of header.ops) {
    for (const name of BLOCKS[op.kind]) {
      if (op[name] === undefined) continue;
      const block = take(op[name]);
      op[name] = FLOATS.has(name) ? new Float32Array(block.buffer) : block;
    }
    yield op;
  }
}

// The order in which each kind of operation writes its blocks.
const BLOCKS = {
  path: ["points", "codes"],
  stamp: ["points", "codes", "spots"],
  stamps: ["points", "codes", "spots", "sizes", "faces", "edges"],
  image: ["palette", "cells"],
  text: [],
};
const FLOATS = new Set(["points", "spots", "sizes"]);

// Codes are matplotlib's: 1 move, 2 line, 3 quadratic, 4 cubic, 79 close. Without codes a path is a
// line through all its points, broken where a point is missing (nan).
function trace({ points: p, codes }) {
  const path = new Path2D();
  if (!codes) {
    let pen = false;
    for (let i = 0; i < p.length; i += 2) {
      const there = p[i] === p[i] && p[i + 1] === p[i + 1];
      if (there) pen ? path.lineTo(p[i], p[i + 1]) : path.moveTo(p[i], p[i + 1]);
      pen = there;
    }
    return path;
  }
  for (let i = 0, k = 0; k < codes.length; i = 2 * k) {
    const code = codes[k];
    if (code === 1) path.moveTo(p[i], p[i + 1]);
    else if (code === 2) path.lineTo(p[i], p[i + 1]);
    else if (code === 3) path.quadraticCurveTo(p[i], p[i + 1], p[i + 2], p[i + 3]);
    else if (code === 4) path.bezierCurveTo(p[i], p[i + 1], p[i + 2], p[i + 3], p[i + 4], p[i + 5]);
    else if (code === 79) path.closePath();
    k += code === 3 ? 2 : code === 4 ? 3 : 1;
  }
  return path;
}

function ink(context, op, path) {
  if (op.fill) context.fill(path);
  if (op.stroke) context.stroke(path);
}

// Where an image is laid out, a pixel for each cell, before it is drawn at its size: one for all of them.
const cells = document.createElement("canvas");
const inside = cells.getContext("2d", { willReadFrequently: true }); // kept where pixels are cheap to write

const colour = (rgba, i) => `rgba(${rgba[4 * i]},${rgba[4 * i + 1]},${rgba[4 * i + 2]},${rgba[4 * i + 3] / 255})`;

const paint = {
  path: (context, op) => ink(context, op, trace(op)),

  stamp(context, op) {
    const shape = trace(op);
    for (let i = 0; i < op.spots.length; i += 2) {
      if (Number.isNaN(op.spots[i] + op.spots[i + 1])) continue;
      context.save();
      context.translate(op.spots[i], op.spots[i + 1]);
      ink(context, op, shape);
      context.restore();
    }
  },

  stamps(context, op) {
    const shape = trace(op);
    for (let i = 0; i < op.sizes.length; i++) {
      const [x, y] = [op.spots[2 * i], op.spots[2 * i + 1]];
      if (Number.isNaN(x + y)) continue;
      const path = new Path2D();
      path.addPath(shape, new DOMMatrix([op.sizes[i], 0, 0, op.sizes[i], x, y]));
      if (op.faces) { context.fillStyle = colour(op.faces, i); context.fill(path); }
      if (op.edges && op.stroke) { context.strokeStyle = colour(op.edges, i); context.stroke(path); }
    }
  },

  image(context, op) {
    if (cells.width !== op.columns || cells.height !== op.rows) Object.assign(cells, { width: op.columns, height: op.rows });
    const data = inside.createImageData(op.columns, op.rows);
    if (op.palette) {
      const palette = new Uint32Array(op.palette.buffer), pixels = new Uint32Array(data.data.buffer);
      for (let i = 0; i < pixels.length; i++) pixels[i] = palette[op.cells[i]];
    } else data.data.set(op.cells);
    inside.putImageData(data, 0, 0);
    const [x, y, width, height] = op.place; // a negative size: the image is mirrored
    context.translate(x, y);
    context.scale(width / op.columns, height / op.rows);
    context.imageSmoothingEnabled = false;
    context.globalAlpha = op.alpha;
    context.drawImage(cells, 0, 0);
  },

  text(context, op) {
    context.font = `${op.size}px "${op.font}", "DejaVu Sans", Verdana, sans-serif`;
    context.textAlign = op.align;
    context.fillText(op.text, op.x, op.y);
  },
};

// Paints a frame; returns its key.
function paintFrame(context, bytes, needFont) {
  const header = headerOf(bytes);
  for (const op of operations(header, bytes)) {
    if (op.font) needFont(op.font);
    context.save();
    if (op.clip) { context.beginPath(); context.rect(...op.clip); context.clip(); }
    if (op.fill) context.fillStyle = op.fill;
    if (op.stroke) {
      Object.assign(context, { strokeStyle: op.stroke, lineWidth: op.width, lineJoin: op.join, lineCap: CAPS[op.cap] });
      if (op.dash) { context.setLineDash(op.dash); context.lineDashOffset = op.dash_offset; }
    }
    paint[op.kind](context, op);
    context.restore();
  }
  return header.key;
}

const asBytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

// One picture over another, all of the same size; on a narrow page they shrink together.
function layers(size) {
  const box = document.createElement("div");
  box.className = "live-figure";
  box.style.cssText = `position:relative;width:${size[0]}px;max-width:100%;aspect-ratio:${size[0]}/${size[1]};background:#fff`;
  const [beneath, canvas, above] = ["img", "canvas", "img"].map((tag) => {
    const layer = document.createElement(tag);
    layer.style.cssText = "position:absolute;inset:0;width:100%;height:100%;max-width:none;margin:0";
    box.append(layer);
    return layer;
  });
  beneath.alt = above.alt = "";
  canvas.setAttribute("role", "img");
  return { box, beneath, canvas, above };
}

function words() {
  const line = document.createElement("div");
  line.style.cssText = "font-size:1.1em;line-height:1.4;padding:.3em .5em;min-height:2.8em;max-width:62em";
  return line;
}

// A line of words of a height of its own, so that new words have nothing else on the page laid out anew. It
// grows where they need more, and does not shrink again: nothing jumps under the hand.
function steadyWords() {
  const line = words();
  line.style.cssText += ";contain:strict;box-sizing:border-box;height:3.4em";
  line.fit = () => {
    if (line.scrollHeight > line.clientHeight) line.style.height = `${line.scrollHeight}px`;
  };
  new ResizeObserver(line.fit).observe(line); // also tells when it is first laid out
  return line;
}

// ipywidgets writes a slider's label beside it but does not tie the two together: a screen reader
// would say "slider, 5". So the sliders of the panel around the figure are given their names here.
function nameSliders(el) {
  for (const slider of el.closest(".live-panel")?.querySelectorAll(".widget-slider") ?? []) {
    const handle = slider.querySelector("[role=slider]:not([aria-label])");
    handle?.setAttribute("aria-label", slider.querySelector(".widget-label")?.textContent);
  }
}

function render({ model, el }) {
  const size = model.get("size"), { box, beneath, canvas, above } = layers(size);
  const readout = steadyWords(), error = words(), context = canvas.getContext("2d");
  readout.className = "live-readout";
  readout.setAttribute("aria-live", "polite");
  error.className = "live-error";
  error.setAttribute("role", "alert");
  error.style.cssText += ";color:var(--jp-error-color1,#b00020)";
  el.append(box, readout, error);

  let painted = 0;
  function show() {
    const bytes = asBytes(model.get("frame")), sharpness = window.devicePixelRatio || 1;
    const [width, height] = size.map((v) => Math.round(v * sharpness));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(width / size[0], 0, 0, height / size[1], 0, 0);
    context.clearRect(0, 0, ...size);
    box.dataset.key = paintFrame(context, bytes, needFont);
    box.dataset.painted = ++painted;
  }

  // A frame is painted as it arrives, to be on the screen the next time that is drawn. What arrives before
  // then has to wait, and is dropped if something newer comes: the newest is painted.
  let drawn = true, due = false;
  function schedule() {
    due = true;
    if (!drawn) return;
    [drawn, due] = [false, false];
    show();
    requestAnimationFrame(() => {
      drawn = true;
      nameSliders(el);
      if (due) schedule();
    });
  }

  function needFont(name) {
    if (fonts.has(name)) return;
    fonts.set(name, new Promise((done) => {
      const receive = (content, [data]) => {
        if (content.font !== name) return;
        model.off("msg:custom", receive);
        new FontFace(name, data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)).load()
          .then((face) => { document.fonts.add(face); done(); });
      };
      model.on("msg:custom", receive);
      model.send({ font: name });
    }));
    fonts.get(name).then(schedule);
  }

  const urls = new Map();
  function still(image, name) {
    const bytes = asBytes(model.get(name));
    URL.revokeObjectURL(urls.get(image));
    urls.set(image, URL.createObjectURL(new Blob([bytes], { type: "image/png" })));
    image.style.visibility = bytes.length ? "visible" : "hidden";
    if (bytes.length) image.src = urls.get(image);
  }
  function speak() {
    const wrong = model.get("error");
    error.textContent = wrong;
    error.style.display = wrong ? "" : "none";
    readout.style.display = wrong ? "none" : "";
    readout.textContent = model.get("readout");
    requestAnimationFrame(readout.fit); // when the page is about to be laid out in any case
    canvas.setAttribute("aria-label", model.get("readout"));
  }
  const listen = {
    "change:frame": schedule,
    "change:beneath": () => still(beneath, "beneath"),
    "change:above": () => still(above, "above"),
    "change:readout": speak,
    "change:error": speak,
  };
  for (const [event, act] of Object.entries(listen)) { model.on(event, act); act(); }
  window.addEventListener("resize", schedule); // also fires when the zoom, and so the sharpness, changes

  return () => {
    for (const [event, act] of Object.entries(listen)) model.off(event, act);
    window.removeEventListener("resize", schedule);
    for (const url of urls.values()) URL.revokeObjectURL(url);
  };
}

export default { render };
