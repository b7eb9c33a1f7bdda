import { operationsOf, trace } from "./paint.js";

// Marks what a control changes: a halo round every artist whose share of the frame is not what it was.

const HALO = "rgba(255, 176, 0, 0.55)", WIDER = 9; // CSS pixels wider than the line itself

// Paints the marks of what differs between two frames; returns how many artists do.
export function markChanges(context, before, after) {
  const old = byArtist(before), changed = new Set();
  for (const [of, ops] of byArtist(after)) {
    if (same(ops, old.get(of) ?? [])) continue;
    changed.add(of);
    for (const op of ops) halo(context, op);
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

function halo(context, op) {
  context.save();
  if (op.clip) { context.beginPath(); context.rect(...op.clip); context.clip(); }
  Object.assign(context, { strokeStyle: HALO, fillStyle: HALO, lineJoin: "round", lineCap: "round", lineWidth: (op.stroke ? op.width : 0) + WIDER });
  ROUND[op.kind](context, op);
  context.restore();
}

const ROUND = {
  path: (context, op) => context.stroke(trace(op)),
  stamp: (context, op) => spots(context, op, () => 1),
  stamps: (context, op) => spots(context, op, (i) => op.sizes[i]),
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

function spots(context, op, size) {
  const shape = trace(op);
  for (let i = 0; 2 * i < op.spots.length; i++) {
    const [x, y] = [op.spots[2 * i], op.spots[2 * i + 1]];
    if (Number.isNaN(x + y)) continue;
    const path = new Path2D();
    path.addPath(shape, new DOMMatrix([size(i), 0, 0, size(i), x, y]));
    context.stroke(path);
  }
}
