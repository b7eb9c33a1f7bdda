"""Make data/race.csv: which cell learns which task at which length and learning rate, with several seeds.

`python tools/measure_race.py` runs what the lab `Race` of lesson 8 runs, lane by lane. It writes each row as
soon as it has it and goes on where it was stopped; on a quiet core all of it takes about an hour. Seeds come
outermost, so what is there at any moment is complete for the seeds that are done. `--seeds`, `--rates`,
`--lanes` and `--only` (a task, or "long run") measure a part of it. Parts that were written with `--out` are
put together with `--join`, which sorts the rows: parts may be measured in any order.
"""

import argparse
import csv
import itertools
import os
import pathlib
import time

OUT = pathlib.Path(__file__).resolve().parents[1] / "data" / "race.csv"
SEEDS = (1, 2, 3, 4, 5)
FIELDS = (
    "task", "length", "T", "lane", "H", "B", "lr", "n_steps", "kernel", "seed",
    "updates", "seconds", "accuracy", "left",
)  # fmt: skip
KEY = FIELDS[:10]
RATE, OTHERS = 0.01, (0.003, 0.03)
EXPLAINED = ("adding", "temporal order", "agreement")  # the tasks that the lesson explains in full
# Digits pixel by pixel as the lab `ReadsDigits` learns them.
LONG_RUN = {"task": "digits", "length": "long", "T": 64, "H": 64, "B": 50, "n_steps": 600}


def arms():
    """What is run with each seed: settings, without kernel and seed."""
    from helpers.labs.race.setup import LENGTHS, MEASURED, N_STEPS, TRACKS

    for name, track in TRACKS.items():
        for (length, T), lr in itertools.product(zip(LENGTHS, track.lengths, strict=True), (RATE, *OTHERS)):
            if is_measured(name, track, length, lr):
                shared = {"task": name, "length": length, "T": T, "H": track.H, "B": track.B, "lr": lr}
                yield from (shared | {"lane": lane, "n_steps": N_STEPS} for lane in MEASURED)
    for lane, lr in itertools.product(("RNN", "LSTM, b_f = 1", "GRU"), (RATE, *OTHERS)):
        yield LONG_RUN | {"lane": lane, "lr": lr}


def is_measured(name, track, length, lr):
    """All lengths at one rate; at the others the middle one, and the long one of a few tasks."""
    if len(set(track.lengths)) == 1:
        return length == "short"
    return lr == RATE or length == "middle" or (length == "long" and name in EXPLAINED)


def run(arm, seed):
    """The result of one seed."""
    from helpers.labs.race.setup import TRACKS, learn, new_model

    track = TRACKS[arm["task"]]
    task = track.task(arm["length"])
    model, last, solved = new_model(task, arm["lane"], seed, arm["H"]), None, 0
    began = time.process_time()
    for seen in itertools.islice(learn(model, task, seed, B=arm["B"], lr=arm["lr"]), arm["n_steps"]):
        if seen is None:
            continue
        last = seen
        solved = solved or (seen.update if track.is_solved(task, seen) else 0)
        if solved and track.rests and arm["H"] < LONG_RUN["H"]:
            break
    seconds = time.process_time() - began
    return {
        "updates": solved, "seconds": f"{seconds:.2f}", "accuracy": f"{last.accuracy:.4f}",
        "left": f"{min(track.left(task, last), 99):.4f}",
    }  # fmt: skip


def is_wanted(arm, options):
    """Whether an arm belongs to the part that was asked for."""
    kind = "long run" if arm["H"] == LONG_RUN["H"] else arm["task"]
    asked = ((options.only, kind), (options.rates, arm["lr"]), (options.lanes, arm["lane"]))
    return all(not some or own in some for some, own in asked)


def read(path):
    """The rows of a file, as text; none if there is no such file."""
    if not path.exists():
        return []
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def key(row):
    """What tells one run from another, as text."""
    return tuple(str(row[name]) for name in KEY)


def measure(options):
    """Run what was asked for and is not there yet."""
    done = {key(row) for row in read(options.out)}
    kernel = os.environ.get("OPENBLAS_CORETYPE", "native")
    with options.out.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not done:
            writer.writeheader()
        for seed, arm in itertools.product(options.seeds, list(arms())):
            row = arm | {"kernel": kernel, "seed": seed}
            if is_wanted(arm, options) and key(row) not in done:
                writer.writerow(row | run(arm, seed))
                file.flush()


def join(options):
    """Put parts together, in the order in which one process would have measured them."""
    rows = {key(row): row for path in options.join for row in read(path)}
    places = {}
    for place, arm in enumerate(arms()):
        places[tuple(str(arm[name]) for name in KEY[:-2])] = place
    with options.out.open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        for row in sorted(rows.values(), key=lambda row: (int(row["seed"]), places[key(row)[:-2]])):
            writer.writerow({name: row[name] for name in FIELDS})


def main():
    """Measure, or put parts together."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--out", type=pathlib.Path, default=OUT)
    options.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    options.add_argument("--rates", type=float, nargs="+")
    options.add_argument("--lanes", nargs="+")
    options.add_argument("--only", nargs="+")
    options.add_argument("--join", type=pathlib.Path, nargs="+")
    options = options.parse_args()
    (join if options.join else measure)(options)


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
