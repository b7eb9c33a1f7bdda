"""Make data/start_race.csv: which start of an LSTM learns temporal order, for many seeds and BLAS kernels.

`python tools/measure_start.py` takes about half an hour of one core. Training is chaotic: another kernel of
the BLAS rounds the last bit differently, and some updates later the run is another one. So each start is run
with 8 seeds under 2 kernels (OPENBLAS_CORETYPE), as the lab `StartRace` runs it.
"""

import csv
import itertools
import os
import pathlib
import subprocess
import sys

OUT = pathlib.Path(__file__).resolve().parents[1] / "data" / "start_race.csv"
KERNELS, LENGTHS, SEEDS = ("Nehalem", "Haswell"), (60, 120), range(1, 9)
FIELDS = ("T", "b_f", "b_i", "units", "U", "kernel", "seed", "updates")


def updates(T, seed, start):
    """After how many updates a seed has solved it; 0 if not within those of the lab."""
    from helpers.labs.lstm_memory.start import StartRace, train

    lab, losses = StartRace(T=T), []
    for step in itertools.islice(train(seed, T, start), lab.n_steps):
        losses.append(step.loss)
        if lab.is_solved(losses):
            return step.step
    return 0


def measure(kernel):
    """Write the rows of one kernel, the one this process was started with."""
    from helpers.labs.lstm_memory.start import starts

    writer = csv.writer(sys.stdout, lineterminator="\n")
    for T, seed in itertools.product(LENGTHS, SEEDS):
        for start in starts(T).values():
            b_f, b_i, spread, U = start
            units = "spread" if spread else "all alike"
            writer.writerow([T, b_f, b_i, units, U, kernel, seed, updates(T, seed, start)])
            sys.stdout.flush()


def main():
    """One process for each kernel, one after the other: the kernel is chosen when NumPy is loaded."""
    rows = []
    for kernel in KERNELS:
        setting = os.environ | {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, __file__, kernel]
        rows.append(subprocess.run(command, env=setting, check=True, capture_output=True, text=True).stdout)
    OUT.write_bytes((",".join(FIELDS) + "\n" + "".join(rows)).encode())


if __name__ == "__main__":
    measure(sys.argv[1]) if len(sys.argv) > 1 else main()
