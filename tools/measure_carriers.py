"""Measure which units carry singular or plural at each word, five seeds of two cells: data/carriers.csv.

    python -m tools.measure_carriers [folder]

The networks are those of tools/measure_reading.py: the stored one for seed 0, the others trained now and kept
in the folder (a temporary one if none is given). Training takes some minutes, measuring less than one.
"""

import csv
import pathlib
import sys
import tempfile

import numpy as np

from helpers import english
from tools.make_reading import DATA
from tools.measure_reading import EXCHANGE, SEEDS, network

STEPS = range(1, 8)  # from the subject's noun, the second word, to the last word before the verb
FIELDS = ("cell", "seed", "word", "units", *(f"after_{step + 1}" for step in STEPS))


def main(folder):
    """Measure all networks and write the table."""
    with (DATA / "carriers.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        for kind in ("lstm", "gru"):
            for seed in range(SEEDS):
                stored = english.load(kind)
                own = stored if stored.settings["seed"] == seed else network(kind, seed, folder)
                writer.writerows({"cell": kind.upper(), "seed": seed} | row for row in measure(own))


def measure(network):
    """A row for each word: the units that carry it there, and how often they flip the verb after each word.

    An exchange gives these units the state that they have in the twin sentence, after one word.
    """
    words, twins, numbers = english.of_long_subjects(**EXCHANGE)
    sets = [english.carriers(network, words, twins, step) for step in STEPS]
    masks = np.array([np.isin(np.arange(network.H), units) for units in sets])
    odds = [english.odds_after_exchange(network, words, twins, step, masks) for step in STEPS]
    flips = [(found * (2 * numbers - 1) < 0).mean(axis=1) for found in odds]  # (steps, sets)
    for k, units in enumerate(sets):
        after = {f"after_{step + 1}": f"{flips[j][k]:.2f}" for j, step in enumerate(STEPS)}
        yield {"word": STEPS[k] + 1, "units": " ".join(map(str, units))} | after


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary))
