import { rounded, stopsOf } from "./stops.js";

// Frames in front of a source. What came once is kept; while the hand moves along a control, the places
// ahead of it are asked for, coarse ones first. Nothing is asked for that is here or on its way. Of the
// source it knows one function: `ask(list of control values)` promises { snapshots, ms }, a snapshot being
// { frame, words, error } and ms the time that making them took. A source that has not everything says so:
// `has(values)`.

const ROOM = 32e6; // bytes of frames kept for one panel: some thousand; the least recently used go
const SILENCE = 4000; // ms without an answer, after which the panel says so
const STRIDES = [32, 16, 8, 4, 2, 1];
const MOST = 8; // frames in one request
const NEAR = 64; // steps: what is further off than this is no stand-in

// How long the source may work on a request, in ms. A request costs the page some 20 ms whatever is in it,
// so a few frames ride together; but what the hand wants next has to wait for the one that is under way.
const [WORK, WORK_AT_REST, REST_AFTER] = [20, 45, 300];
const SLOW_WIRE = 40; // ms there and back: then guesses travel with what is wanted, and two requests fly

export class Frames {
  // keeps: whether a frame may be kept; show(snapshot): paints it; silent(yes): the source does not answer
  constructor({ source, controls, values, keeps, show, silent = () => {} }) {
    Object.assign(this, { source, controls, keeps, show, silent });
    this.stops = controls.map(stopsOf);
    this.values = [...values];
    [this.kept, this.bytes] = [new Map(), 0]; // key -> snapshot, least recently used first
    [this.flying, this.coming] = [new Set(), new Set()]; // requests; the keys they will bring
    [this.want, this.shown] = [null, null]; // values to ask for first; the key on show
    [this.control, this.way, this.movedAt] = [0, 1, -Infinity];
    [this.cost, this.trip] = [10, 0]; // ms to make a frame; ms on the way
    [this.fetched, this.complete] = [0, null]; // bytes asked ahead since the hand moved; the sweep that is all here
    this.count = { asked: 0, received: 0, hits: 0, misses: 0, standIns: 0 };
  }

  // The hand moves control i.
  move(i, value) {
    if (rounded(value) === rounded(this.values[i])) return;
    const stops = this.stops[i];
    if (stops) this.way = stops.index(value) >= stops.index(this.values[i]) ? 1 : -1;
    this.values[i] = value;
    [this.control, this.movedAt, this.fetched] = [i, performance.now(), 0];
    this.follow();
  }

  // All controls at once: the Reset button, or Python.
  jump(values) {
    this.values = [...values];
    this.follow();
  }

  // The hand is over control i: it may be moved next.
  hover(i) {
    [this.control, this.fetched] = [i, 0];
    this.pump();
  }

  // What came without being asked for, at these values: here is where it goes on.
  came(values, snapshot) {
    [this.values, this.want] = [[...values], null];
    this.paint(keyOf(values), snapshot);
  }

  forget() {
    this.kept.clear();
    [this.bytes, this.complete] = [0, null];
  }

  follow() {
    const key = keyOf(this.values), snapshot = this.kept.get(key);
    this.want = null;
    if (snapshot) {
      this.count.hits++;
      this.keep(key, snapshot); // used just now
      this.paint(key, snapshot);
    } else {
      this.count.misses++;
      this.wish(key);
      this.standIn();
    }
    this.pump();
  }

  wish(key) {
    if (!this.coming.has(key)) this.want = [...this.values];
  }

  paint(key, snapshot) {
    this.shown = key;
    this.show(snapshot);
  }

  keep(key, snapshot) {
    this.bytes += size(snapshot) - (this.kept.has(key) ? size(this.kept.get(key)) : 0);
    this.kept.delete(key);
    this.kept.set(key, snapshot);
    for (const [old, other] of this.kept) {
      if (this.bytes <= ROOM) break;
      this.kept.delete(old);
      this.bytes -= size(other);
      this.complete = null;
    }
  }

  // Until the exact frame is here, the nearest kept one stands in, if it is nearer than what is on show.
  standIn() {
    const sweep = this.sweep();
    if (!sweep || this.controls[this.control].kind !== "slider") return;
    const here = sweep.index(this.values[this.control]);
    for (let d = 1; d < NEAR; d++) {
      for (const k of [here + this.way * d, here - this.way * d]) {
        const key = k >= 0 && k <= sweep.last ? sweep.key(k) : null;
        if (key === null) continue;
        if (key === this.shown) return;
        const snapshot = this.kept.get(key);
        if (!snapshot || snapshot.error) continue;
        this.count.standIns++;
        this.paint(key, snapshot);
        return;
      }
    }
  }

  // The places of the control under the hand, all others as they are.
  sweep() {
    const stops = this.stops[this.control], parts = this.values.map(part);
    if (!stops) return null;
    const before = [...parts.slice(0, this.control), ""].join("|"), after = ["", ...parts.slice(this.control + 1)].join("|");
    const values = (k) => this.values.map((value, i) => (i === this.control ? stops.at(k) : value));
    return { ...stops, name: `${before}…${after}`, key: (k) => before + part(stops.at(k)) + after, values };
  }

  // Up to `most` places of the sweep that are neither here nor coming.
  ahead(most) {
    const sweep = this.keeps && most > 0 && this.fetched < ROOM / 2 ? this.sweep() : null, list = [];
    if (!sweep || this.complete === sweep.name) return list;
    const here = sweep.index(this.values[this.control]), chosen = new Set();
    for (const stride of STRIDES) {
      for (const k of inOrder(here, stride, this.way, sweep.last)) {
        const key = sweep.key(k);
        if (chosen.has(key) || this.kept.has(key) || this.coming.has(key)) continue;
        chosen.add(key);
        if (this.source.has?.(sweep.values(k)) === false) continue;
        list.push(sweep.values(k));
        if (list.length === most) return list;
      }
    }
    if (!list.length && !this.coming.size) this.complete = sweep.name;
    return list;
  }

  // Ask for what is wanted, and for what may be.
  pump() {
    while (this.flying.size < (this.keeps ? 2 : 1)) {
      const list = this.want ? [this.want, ...this.ahead(this.companions())] : this.ahead(this.guesses());
      if (!list.length) return;
      this.want = null;
      this.ask(list);
    }
  }

  companions() {
    return this.trip > SLOW_WIRE ? Math.min(MOST, Math.floor(this.trip / 2 / this.cost)) - 1 : Math.min(2, Math.floor(WORK / this.cost));
  }

  guesses() {
    const slow = this.trip > SLOW_WIRE;
    if (this.flying.size && !slow) return 0; // the second place is for what the hand will want
    const work = slow ? this.trip / 2 : performance.now() - this.movedAt > REST_AFTER ? WORK_AT_REST : WORK;
    return Math.max(1, Math.min(MOST, Math.floor(work / this.cost)));
  }

  ask(list) {
    const request = { keys: list.map(keyOf), at: performance.now() };
    request.watch = setTimeout(() => this.lose(request), SILENCE);
    this.flying.add(request);
    request.keys.forEach((key) => this.coming.add(key));
    this.count.asked += list.length;
    // What is wrong shows itself: a snapshot that cannot be painted is no silence of the source.
    this.source.ask(list).then((reply) => this.receive(request, reply), () => this.lose(request));
  }

  land(request) {
    clearTimeout(request.watch);
    this.flying.delete(request);
    request.keys.forEach((key) => this.coming.delete(key));
  }

  // No answer: it may still come, and is welcome then. Meanwhile ask again, seldom.
  lose(request) {
    this.land(request);
    this.silent(true);
    clearTimeout(this.again);
    this.again = setTimeout(() => {
      if (this.shown !== keyOf(this.values) && !this.kept.has(keyOf(this.values))) this.ask([[...this.values]]);
    }, SILENCE / 2);
  }

  receive(request, { snapshots, ms }) {
    this.land(request);
    this.silent(false);
    this.measure(snapshots, ms, performance.now() - request.at);
    const now = keyOf(this.values);
    if (!this.keeps) {
      if (snapshots[0]) this.paint(request.keys[0], snapshots[0]);
      if (request.keys[0] !== now) this.want = [...this.values];
    } else {
      snapshots.forEach((snapshot, k) => { this.fetched += size(snapshot); this.keep(request.keys[k], snapshot); });
      if (this.shown !== now) this.settle(now);
    }
    this.pump();
  }

  settle(now) {
    if (this.kept.has(now)) this.paint(now, this.kept.get(now));
    else {
      this.wish(now);
      this.standIn();
    }
  }

  // Running means; the wire's delay is the least of late, since a request may have waited for another.
  measure(snapshots, ms, took) {
    this.count.received += snapshots.length;
    if (snapshots.length) this.cost = Math.max(0.1, 0.7 * this.cost + 0.3 * ms / snapshots.length);
    this.trip = this.trip ? Math.min(1.03 * this.trip + 0.3, Math.max(1, took - ms)) : took - ms;
  }
}

const part = (value) => JSON.stringify(rounded(value));
export const keyOf = (values) => values.map(part).join("|");
const size = ({ frame, words }) => frame.length + words.length + 200;

// Every stride-th place: those ahead, nearest first, then those behind.
function* inOrder(here, stride, way, last) {
  const start = Math.round(here / stride) * stride;
  for (let k = start; k >= 0 && k <= last; k += way * stride) yield k;
  for (let k = start - way * stride; k >= 0 && k <= last; k -= way * stride) yield k;
}
