"""Make data/race.csv: which cell learns which task at which length, from several seeds.

`python tools/measure_race.py` runs what the lab `Race` of notebook 06 runs, lane by lane. It writes each row
as soon as it has it and goes on where it was stopped; of a quiet core it takes about half an hour. Seeds come
outermost, so that what is there at any moment is whole for the seeds that are done. `--out`, `--seeds` and
`--only` (a task, or "long run") make a share of it, and shares can be put together with `cat`.
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
    "updates", "seconds", "loss", "best_loss", "accuracy", "best_accuracy", "left",
)  # fmt: skip
KEY = FIELDS[:10]
LANES = ("RNN", "LSTM, b_f = 0", "LSTM, b_f = 1", "LSTM, keep long", "LSTM, chrono", "GRU", "GRU, chrono")
# Digits pixel by pixel as the lab `ReadsDigits` learns them, at two learning rates.
LONG_RUN = {"task": "digits", "length": "long", "H": 64, "B": 50, "n_steps": 600}


def arms():
    """What is run from each seed: settings, without kernel and seed."""
    from helpers.labs.race.setup import LENGTHS, N_STEPS, TRACKS

    for name, track in TRACKS.items():
        shared = {"task": name, "H": track.H, "B": track.B, "lr": 0.01, "n_steps": N_STEPS}
        for length, T in dict(zip(LENGTHS, track.lengths, strict=True)).items():
            if length == "short" or len(set(track.lengths)) > 1:
                yield from (shared | {"length": length, "T": T, "lane": lane} for lane in LANES)
    for lane, lr in itertools.product(("RNN", "LSTM, b_f = 1", "GRU"), (0.003, 0.01)):
        yield LONG_RUN | {"T": 64, "lane": lane, "lr": lr}


def run(arm, seed):
    """What became of one seed."""
    from helpers.labs.race.setup import TRACKS, learn, new_model

    track = TRACKS[arm["task"]]
    task = track.task(arm["length"])
    model, looks, solved = new_model(task, arm["lane"], seed, arm["H"]), [], 0
    began = time.process_time()
    for seen in itertools.islice(learn(model, task, seed, B=arm["B"], lr=arm["lr"]), arm["n_steps"]):
        if seen is None:
            continue
        looks.append(seen)
        solved = solved or (seen.update if track.is_solved(task, seen) else 0)
        if solved and track.rests and arm["H"] < LONG_RUN["H"]:
            break
    last, seconds = looks[-1], time.process_time() - began
    return {
        "updates": solved, "seconds": f"{seconds:.2f}", "loss": f"{last.loss:.4f}",
        "best_loss": f"{min(seen.loss for seen in looks):.4f}", "accuracy": f"{last.accuracy:.4f}",
        "best_accuracy": f"{max(seen.accuracy for seen in looks):.4f}",
        "left": f"{min(track.left(task, last), 99):.4f}",
    }  # fmt: skip


def is_wanted(arm, only):
    """Whether an arm belongs to the share that was asked for."""
    kind = "long run" if arm["H"] == LONG_RUN["H"] else arm["task"]
    return not only or kind in only


def main():
    """Run what is not there yet."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--out", type=pathlib.Path, default=OUT)
    options.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    options.add_argument("--only", nargs="+")
    options = options.parse_args()
    kernel = os.environ.get("OPENBLAS_CORETYPE", "native")
    done = set()
    if options.out.exists():
        with options.out.open(newline="") as file:
            done = {tuple(row[name] for name in KEY) for row in csv.DictReader(file)}
    with options.out.open("a", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if not done:
            writer.writeheader()
        for seed, arm in itertools.product(options.seeds, list(arms())):
            row = arm | {"kernel": kernel, "seed": seed}
            if is_wanted(arm, options.only) and tuple(str(row[name]) for name in KEY) not in done:
                writer.writerow(row | run(arm, seed))
                file.flush()


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
