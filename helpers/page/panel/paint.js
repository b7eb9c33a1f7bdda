import { BLOCKS } from "./blocks.js";

// Paints a frame on a canvas. The format is told in helpers/page/live/frame.py.

const CAPS = { butt: "butt", round: "round", projecting: "square" };
const fonts = new Map(); // name -> a promise, once for the whole page

function headerOf(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return { ...JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))), length };
}

// The header says how many bytes of numbers each operation has; they follow in the same order.
export function* operationsOf(bytes, header = headerOf(bytes)) {
  let at = 4 + header.length + (-header.length & 3);
  const take = (length) => {
    const block = bytes.slice(at, at + length); // a copy: so that floats begin where floats may begin
    at += length + (-length & 3);
    return block;
  };
  for (const op of header.ops) {
    const blocks = BLOCKS[op.kind];
    for (const name in blocks) {
      if (op[name] === undefined) continue;
      const block = take(op[name]);
      op[name] = blocks[name] === "bytes" ? block : new Float32Array(block.buffer);
    }
    yield op;
  }
}

// Codes are matplotlib's: 1 move, 2 line, 3 quadratic, 4 cubic, 79 close. Without codes a path is a
// line through all its points, broken where a point is missing (nan).
export function trace({ points: p, codes }) {
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

// A font that the text of a frame needs, from `fetch(name)`: a promise the first time, nothing later.
export function loadFont(name, fetch) {
  if (!fetch || fonts.has(name)) return fonts.get(name);
  const loaded = fetch(name).then((bytes) => bytes && new FontFace(name, bytes).load()).then((face) => face && document.fonts.add(face));
  fonts.set(name, loaded);
  loaded.then(() => fonts.set(name, null), () => fonts.delete(name)); // if it failed, the next frame tries again
  return loaded;
}

// Paints a frame; returns its key.
export function paintFrame(context, bytes, needFont) {
  const header = headerOf(bytes);
  for (const op of operationsOf(bytes, header)) {
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
