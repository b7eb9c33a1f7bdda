import { operationsOf, trace } from "./paint.js";

// Marks what a control changes: a halo round every artist whose part of the frame has changed.

const HALO = "rgba(255, 176, 0, 0.5)", WIDER = 9; // CSS pixels wider than the line itself

// Paints the marks of what differs between two frames; returns how many artists do.
export function markChanges(context, before, after) {
  const old = byArtist(before), changed = new Set();
  for (const [of, ops] of byArtist(after)) {
    const before = old.get(of) ?? [];
    if (same(ops, before)) continue;
    changed.add(of);
    const stood = new Set(before.flatMap(spotsOf)); // of many dots, those that have not moved get no halo
    for (const op of ops) halo(context, op, stood);
  }
  return changed.size;
}

function byArtist(frame) {
  const artists = new Map();
  for (const op of operationsOf(frame)) artists.set(op.of, [...(artists.get(op.of) ?? []), op]);
  return artists;
}

function same(ops, others) {
  return ops.length === others.length && ops.every((op, k) => {
    const other = others[k];
    return Object.keys(op).every((name) => alike(op[name], other[name]));
  });
}

function alike(a, b) {
  if (!ArrayBuffer.isView(a)) return JSON.stringify(a) === JSON.stringify(b);
  return a.length === b?.length && a.every((value, i) => value === b[i] || (value !== value && b[i] !== b[i]));
}

// Each dot of an operation by place, size and colour, in words.
function spotsOf({ spots = [], sizes = [], faces = [] }) {
  return Array.from({ length: spots.length / 2 }, (_, i) => [...spots.slice(2 * i, 2 * i + 2), sizes[i], ...faces.slice(4 * i, 4 * i + 4)].join());
}

function halo(context, op, stood) {
  context.save();
  if (op.clip) { context.beginPath(); context.rect(...op.clip); context.clip(); }
  Object.assign(context, { strokeStyle: HALO, fillStyle: HALO, lineJoin: "round", lineCap: op.width > WIDER ? "butt" : "round", lineWidth: (op.stroke ? op.width : 0) + WIDER });
  ROUND[op.kind](context, op, stood);
  context.restore();
}

const ROUND = {
  path: (context, op) => context.stroke(trace(op)),
  stamp: (context, op, stood) => dots(context, op, () => 1, stood),
  stamps: (context, op, stood) => dots(context, op, (i) => op.sizes[i], stood),
  image(context, op) {
    const [x, y, width, height] = op.place;
    context.lineWidth = 6;
    context.strokeRect(x, y, width, height);
  },
  text(context, op) {
    context.font = `${op.size}px "${op.font}", "DejaVu Sans", Verdana, sans-serif`;
    const width = context.measureText(op.text).width;
    const left = op.x - { left: 0, center: width / 2, right: width }[op.align];
    context.fillRect(left, op.y + 0.15 * op.size, width, 4);
  },
};

function dots(context, op, size, stood) {
  const shape = trace(op), names = spotsOf(op);
  for (let i = 0; i < names.length; i++) {
    if (stood.has(names[i])) continue;
    const [x, y] = [op.spots[2 * i], op.spots[2 * i + 1]];
    if (Number.isNaN(x + y)) continue;
    const path = new Path2D();
    path.addPath(shape, new DOMMatrix([size(i), 0, 0, size(i), x, y]));
    context.stroke(path);
  }
}
