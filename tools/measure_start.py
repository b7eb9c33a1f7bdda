"""Make data/start_race.csv: which start of an LSTM learns temporal order, for many seeds and BLAS kernels.

`python tools/measure_start.py` takes some half an hour of one core. Training is chaotic: another kernel of
the BLAS rounds otherwise in the last bit, and some updates later the run is another one. So each start is
run from 8 seeds under 2 kernels (OPENBLAS_CORETYPE), as the lab `StartRace` runs it.
"""

import csv
import itertools
import math
import os
import pathlib
import subprocess
import sys

OUT = pathlib.Path(__file__).resolve().parents[1] / "data" / "start_race.csv"
KERNELS, LENGTHS, SEEDS = ("Nehalem", "Haswell"), (60, 120), range(1, 9)
FIELDS = ("T", "b_f", "b_i", "units", "U", "kernel", "seed", "updates")


def arms(T):
    """The starts, each a dict of b_f, b_i, units and U, what the recurrent weights are multiplied by.

    ln T is rounded to the step of the lab's slider.
    """
    keep = round(math.log(T), 1)
    alike = [(0.0, 0.0), (1.0, 0.0), (0.0, -keep), (keep, 0.0), (keep, -keep)]
    starts = [(*biases, "all alike", 1) for biases in alike]
    starts += [(keep, 0.0, "spread", 1), (keep, -keep, "spread", 1)]
    starts += [(1.0, 0.0, "all alike", 0), (keep, -keep, "all alike", 0)]
    return [dict(zip(("b_f", "b_i", "units", "U"), start, strict=True)) for start in starts]


def updates(T, seed, b_f, b_i, units, U):
    """After how many updates a seed has solved it; 0 if not within those of the lab."""
    from helpers.labs.lstm_memory.start import StartRace

    lab, losses = StartRace(T=T, b_f=b_f, b_i=b_i, units=units), []
    for step in itertools.islice(lab.train(seed, U), lab.n_steps):
        losses.append(step.loss)
        if lab.is_solved(losses):
            return step.step
    return 0


def measure(kernel):
    """Write the rows of one kernel, the one this process was started with."""
    writer = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    for T, seed in itertools.product(LENGTHS, SEEDS):
        for arm in arms(T):
            row = {"T": T, **arm, "kernel": kernel, "seed": seed}
            writer.writerow(row | {"updates": updates(T, seed, **arm)})
            sys.stdout.flush()


def main():
    """One process for each kernel, one after the other, since the kernel is chosen when NumPy is loaded."""
    rows = []
    for kernel in KERNELS:
        setting = os.environ | {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, kernel]
        rows.append(subprocess.run(command, env=setting, check=True, capture_output=True, text=True).stdout)
    OUT.write_bytes((",".join(FIELDS) + "\n" + "".join(rows)).encode())


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
