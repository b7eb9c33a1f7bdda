import { stopsOf } from "./panel/stops.js";
import { unpack } from "./unpack.js";

// Stored frames as a source of the panel (see panel.js): positions.py says which, record.py makes the files.

const ROOM = 40; // packs of a lab that are kept unpacked
const BEAT = 60; // ms between two pictures of a run that is played
const SILENCE = "This position could not be loaded: is the page still online? Move a control to try again.";

const fetched = new Map(); // a promise for each file, for the whole page

export async function bytesAt(address) {
  if (!fetched.has(address)) fetched.set(address, load(address));
  return fetched.get(address);
}

async function load(address) {
  try {
    const reply = await fetch(address);
    if (!reply.ok) throw new Error(`${address}: ${reply.status}`);
    return new Uint8Array(await reply.arrayBuffer());
  } catch (error) {
    fetched.delete(address); // the next one who asks tries again
    throw error;
  }
}

// A lab's source, once it can show its first frame. `start` is the state that an address asks for: texts by the
// names of controls. `moved(labels)` is told which controls had to move along with the one under the hand, since
// the page does not hold all combinations; none: all is as the hand has it.
export async function storedSource(folder, fonts, start = {}, moved = () => {}) {
  const file = (name) => bytesAt(`${folder}/${name}`);
  const [lab, beneath, above] = await Promise.all(["lab.json", "beneath.png", "above.png"].map(file));
  const { values: opening, about, ...rest } = JSON.parse(new TextDecoder().decode(lab)), { controls } = about;
  const positions = new Positions(controls, rest.packs), frames = new Packs(rest.packs, file);
  const { values, missed } = Object.keys(start).length ? asked(start, controls, positions) : { values: opening, missed: [] };
  const at = (position) => frames.of(position.pack).then((snapshots) => snapshots[position.k]);
  const first = await at(positions.find(values));
  const run = new StoredRun(positions, frames, controls);

  return {
    ...rest,
    about,
    missed,
    stills: { beneath, above },
    shown: { values, ...first },
    silence: SILENCE,
    has: (list) => Boolean(positions.find(list)),
    near(i, list) {
      run.stop();
      const near = positions.nearest(i, list);
      moved(near ? controls.filter((_, k) => near[k] !== list[k]).map((c) => c.label) : []);
      return near;
    },
    ask: async (lists) => ({ snapshots: await Promise.all(lists.map((list) => at(positions.find(list)))), ms: 0.1 }),
    async rest(list) {
      run.at(list);
      for (const pack of positions.around(list)) await frames.of(pack); // what the hand may want next
    },
    press: async (name) => (name === "start" ? run.play() : run.stop()),
    font: async (name) => (await bytesAt(`${fonts}/${name}.woff`)).slice().buffer,
    listen: (tell) => run.listen(tell, values, rest.runs),
  };
}

// The held position that is nearest to what an address asks for, and what of that is not to be had, as it is there.
function asked(start, controls, positions) {
  const wanted = controls.map((control) => read(control, start[control.name]) ?? control.default);
  const values = positions.closest(wanted);
  const had = (name, text) => controls.some((control, i) => control.name === name && values[i] === read(control, text));
  return { values, missed: Object.entries(start).filter(([name, text]) => !had(name, text)).map((pair) => pair.join("=")) };
}

// A text as a value of a control; undefined where it is none.
function read({ kind, choices }, text) {
  if (kind === "choice") return choices.find((choice) => choice === text);
  if (kind === "toggle") return { True: true, False: false }[text];
  return text?.trim() && Number.isFinite(+text) ? +text : undefined;
}

// Where a position lies: { pack, k }, the k-th frame of a pack.
class Positions {
  constructor(controls, packs) {
    this.controls = controls;
    this.stops = controls.map(stopsOf);
    this.moves = packs.map(([, , , i]) => i);
    this.at = packs.map(([, , , , places]) => places.map((k, i) => this.stops[i].at(k)));
    this.index = new Map(packs.map((_, n) => [this.key(this.moves[n], this.at[n]), n]));
  }

  key(i, values) {
    return JSON.stringify([i, ...values.map((value, k) => (k === i ? null : value))]);
  }

  find(values) {
    for (const i of new Set(this.moves)) {
      const pack = this.index.get(this.key(i, values)), k = i < 0 ? 0 : this.stops[i].index(values[i]);
      if (pack !== undefined && (i < 0 || this.stops[i].at(k) === values[i])) return { pack, k };
    }
    return null;
  }

  // The packs of all sweeps that lead through a position.
  around(values) {
    return [...new Set(this.moves)].map((i) => this.index.get(this.key(i, values))).filter((pack) => pack !== undefined);
  }

  // The held position that is nearest to these values and has control i as they have it; null if they are held.
  nearest(i, values) {
    return this.find(values) ? null : this.closest(values, (there) => there[i] === values[i]);
  }

  // The held position that is nearest to these values, of those that will do; null if none will.
  closest(values, willDo = () => true) {
    let [best, least] = [null, Infinity];
    for (let n = 0; n < this.at.length; n++) {
      const there = this.onSweep(n, values);
      const far = willDo(there) ? this.distance(there, values) : Infinity;
      if (far < least) [best, least] = [there, far];
    }
    return best;
  }

  // The position of a sweep that is nearest to these values.
  onSweep(n, values) {
    const j = this.moves[n];
    return j < 0 ? this.at[n] : this.at[n].with(j, this.stops[j].at(Math.max(0, this.stops[j].index(values[j]))));
  }

  // Few controls should move, and not far.
  distance(there, values) {
    return there.reduce((sum, value, k) => {
      if (value === values[k]) return sum;
      const { last, index } = this.stops[k];
      return sum + 1 + (this.controls[k].kind === "slider" ? Math.abs(index(value) - index(values[k])) / last : 1);
    }, 0);
  }
}

// Packs, unpacked when they are wanted.
class Packs {
  constructor(index, file) {
    Object.assign(this, { index, file, open: new Map() });
  }

  of(n) {
    const snapshots = this.open.get(n) ?? this.unpack(n);
    this.open.delete(n);
    this.open.set(n, snapshots); // used just now
    snapshots.catch(() => this.open.delete(n));
    if (this.open.size > ROOM) this.open.delete(this.open.keys().next().value);
    return snapshots;
  }

  async unpack(n) {
    const [name, start, length] = this.index[n];
    return unpack((await this.file(`${name}.bin`)).subarray(start, start + length));
  }
}

// Plays the stored run of the position on show, as the kernel would show one that goes on.
class StoredRun {
  constructor(positions, frames, controls) {
    Object.assign(this, { positions, frames, controls, turn: null });
  }

  listen(tell, values, runs) {
    [this.tell, this.values] = [tell, values];
    if (runs) this.report(0, 1, false);
    return () => this.stop();
  }

  at(values) {
    if (String(values) !== String(this.values)) this.stop();
    this.values = values;
  }

  report(done, all, running) {
    this.tell.progress([done, all]);
    this.tell.disabled([running ? "start" : "stop"]);
  }

  stop() {
    if (this.turn) this.report(0, 1, false);
    this.turn = null;
  }

  async play() {
    const turn = this.turn = {}, values = [...this.values];
    const snapshots = await this.frames.of(this.positions.find(values).pack), last = snapshots.length - 1;
    for (let k = 1; k <= last && this.turn === turn; k++) {
      this.tell.shown({ ...snapshots[k], values });
      this.report(k, last, true);
      await new Promise((done) => setTimeout(done, BEAT));
    }
    if (this.turn === turn) [this.turn] = [null, this.report(last, last, false)];
  }
}
