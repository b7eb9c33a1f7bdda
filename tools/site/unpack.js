import { BLOCKS } from "./panel/blocks.js";

// The other half of pack.py: frames out of a pack.

const QUANTUM = 16, GAP = -(2 ** 31);
const padded = (length) => length + (-length & 3);

// From the bytes of a pack (zipped) a promise of its frames: [{ frame, words, error, verdicts }].
export async function unpack(zipped) {
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const about = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const numbers = deltas(bytes.subarray(4 + length), about);
  const changes = bytes.subarray(4 + length + 4 * numbers.length);
  let [at, from, places, step, others] = [0, 0, new Int32Array(0), new Uint8Array(0), new Uint8Array(0)];
  return about.keys.map((key, k) => {
    places = added(numbers.subarray(at, at += about.numbers[k]), places);
    step = summed(changes.subarray(from, from += about.bytes[k]), step);
    others = summed(step, others);
    const frame = framed(key, about.heads[about.head[k]], places, others);
    return { frame, words: about.words[k], error: "", verdicts: about.verdicts[k] ?? null };
  });
}

// The four planes as numbers with a sign: the zigzag undone.
function deltas(planes, about) {
  const all = about.numbers.reduce((a, b) => a + b, 0), numbers = new Int32Array(all);
  for (let i = 0; i < all; i++) {
    const zigzag = planes[i] | (planes[i + all] << 8) | (planes[i + 2 * all] << 16) | (planes[i + 3 * all] << 24);
    numbers[i] = (zigzag >>> 1) ^ -(zigzag & 1);
  }
  return numbers;
}

function added(change, before) {
  const now = new Int32Array(change);
  if (now.length === before.length) for (let i = 0; i < now.length; i++) now[i] += before[i];
  else for (let i = 2; i < now.length; i++) now[i] += now[i - 2];
  return now;
}

function summed(change, before) {
  const now = new Uint8Array(change);
  if (now.length === before.length) for (let i = 0; i < now.length; i++) now[i] += before[i];
  return now;
}

// A frame as paint.js reads it.
function framed(key, ops, places, others) {
  const header = new TextEncoder().encode(JSON.stringify({ key, ops }));
  const blocks = ops.flatMap((op) => Object.keys(BLOCKS[op.kind]).filter((name) => op[name] !== undefined).map((name) => [op, name]));
  let at = 4 + padded(header.length), [i, j] = [0, 0];
  const frame = new Uint8Array(blocks.reduce((sum, [op, name]) => sum + padded(op[name]), at)), view = new DataView(frame.buffer);
  view.setUint32(0, header.length, true);
  frame.set(header, 4);
  for (const [op, name] of blocks) {
    const length = op[name];
    if (BLOCKS[op.kind][name] === "places") {
      for (let w = 0; w < length; w += 4, i++) view.setFloat32(at + w, places[i] === GAP ? NaN : places[i] / QUANTUM, true);
    } else {
      frame.set(others.subarray(j, j + length), at);
      j += length;
    }
    at += padded(length);
  }
  return frame;
}
