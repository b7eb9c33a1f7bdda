"""Train the networks that read: data/reading_rnn.npz, and the same for lstm, gru and mingru.

Each gets about 10,000 parameters and the same number of sentences, always new ones: a network that sees
a few hundred sentences again and again learns those by heart. Training takes some 10 to 15 s each.

It is a long computation whose last bits grow: another processor or another NumPy ends at other weights of
about the same quality. What is stored is what came out once; tools/measure_reading.py measures other seeds.
"""

import itertools
import math
import pathlib

import numpy as np
from tqdm import tqdm

from helpers.english import Network, make, save
from helpers.english.agreement import Agreement
from helpers.training import Adam, cross_entropy, fit

DATA = pathlib.Path(__file__).resolve().parents[1] / "data"
SIZES = {"rnn": 70, "lstm": 32, "gru": 40}  # 10,046, 10,020 and 10,716 parameters
WITHOUT_H = {"mingru": 91}  # 10,046 parameters; tools/measure_without_h.py trains it with other seeds
SETTINGS = {"seed": 0, "steps": 2500, "T": 40, "B": 32, "lr": 6e-3, "lr_last": 1.2e-4, "clip": 1.0}


def train(kind, seed, bar=False):
    """A network trained on fresh sentences."""
    settings = SETTINGS | {"seed": seed}
    draw_weights, draw_words = np.random.default_rng(seed).spawn(2)
    model = make(kind, (SIZES | WITHOUT_H)[kind], rng=draw_weights, dtype=np.float32)
    learn(model, Agreement(settings["T"]), draw_words, f"{kind}, seed {seed}", bar)
    return Network(kind, model, settings)


def learn(model, task, rng, name, bar=False):
    """Train a model on new batches of a task; the learning rate falls along half a cosine."""
    steps, lr, last = (SETTINGS[key] for key in ("steps", "lr", "lr_last"))
    optimizer = Adam(lr)
    batches = itertools.islice(task.batches(rng, SETTINGS["B"]), steps)
    run = fit(model, batches, cross_entropy, optimizer, SETTINGS["clip"])
    for step in tqdm(run, total=steps, desc=name, disable=not bar):
        if step.diverged:
            raise RuntimeError(f"{name} diverged at step {step.step}.")
        optimizer.lr = last + (lr - last) * (1 + math.cos(math.pi * step.step / steps)) / 2


def main():
    """Write one file per cell."""
    for kind in SIZES | WITHOUT_H:
        save(DATA / f"reading_{kind}.npz", train(kind, SETTINGS["seed"], bar=True))


if __name__ == "__main__":
    main()
