"""Measure what the lesson on gates without h speaks of: data/without_h.json.

    python -m tools.measure_without_h parity | reading | arms | scan ...

Each part is measured anew and put into the file; the others stay as they are. `reading` trains five minGRUs
as tools/make_reading.py trains the other networks, and `arms` the networks of tools/reading_arms.py, with
the same sentences, updates and rate.
"""

import functools
import itertools
import json
import sys
import time

import numpy as np

from helpers import english
from helpers.engine.cells import GRU, LRU, LSTM, MinGRU, MinLSTM
from helpers.engine.scan import depth, linear
from helpers.english.agreement import Agreement, agreement, words_of
from helpers.english.language import NOUNS, chain
from helpers.tasks import Parity
from helpers.training import Adam, Model, Readout, cross_entropy, fit
from tools.make_reading import DATA, SETTINGS, learn, train
from tools.measure_reading import exchanges, judged_batch, natural, quality, rounded
from tools.reading_arms import BITS, Told, ToldGate, TwoLayers

FILE = DATA / "without_h.json"
SEEDS = (1, 2, 3, 4, 5)
CELLS = {"GRU": GRU, "LSTM": LSTM, "minGRU": MinGRU, "minLSTM": MinLSTM, "LRU": LRU}
LENGTHS, UPDATES, H, B, LR, HELD_OUT = (5, 10, 20), 2000, 16, 32, 0.01, 1000


def parity():
    """Right answers of sequences held out, at the last step, after 2000 updates."""
    rows = []
    for T, name, seed in itertools.product(LENGTHS, CELLS, SEEDS):
        task, rng = Parity(T), np.random.default_rng(seed)
        model = Model(CELLS[name](1, H, rng=rng), Readout(H, 2, rng=rng), every_step=True)
        batches = itertools.islice(task.batches(np.random.default_rng(seed), B), UPDATES)
        for _ in fit(model, batches, cross_entropy, Adam(LR)):
            pass
        judged = task.batch(np.random.default_rng(10**6), HELD_OUT)
        right = task.accuracy(model.forward(judged.x)[1], judged)
        rows.append({"cell": name, "T": T, "seed": seed, "right": float(right)})
        print(rows[-1], flush=True)
    return {"updates": UPDATES, "H": H, "B": B, "lr": LR, "held out": HELD_OUT, "rows": rows}


def reading():
    """Agreement by distance, and the units that carry the number, of five minGRUs."""
    rows = []
    for seed in range(5):
        network = train("mingru", seed)
        rows.append({
            "seed": seed, "n_parameters": network.model.n_parameters, **natural(network),
            **exchanges(network), "not as the last noun": not_as_the_last_noun(network),
        })  # fmt: skip
        print(rounded(rows[-1]), flush=True)
    return rounded(rows)


def not_as_the_last_noun(network):
    """Of the verbs after nouns of both numbers: the fraction that has not the number of the last noun.

    The nouns are those from the subject to the verb, the subject included.
    """
    batch = judged_batch()
    words = words_of(batch)
    right, verbs = agreement(english.read(network, words[:-1]).y, words)
    number = {chain().index[noun]: n for n, row in enumerate(NOUNS) for noun in row}
    found = []
    for verb, is_right in zip(verbs, right, strict=True):
        between = words[verb.step - verb.distance : verb.step, verb.b]
        subject, *nouns = [number[word] for word in between if word in number]
        if 1 - subject in nouns:
            found.append(is_right == (nouns[-1] != subject))
    return float(np.mean(found))


def arms():
    """Agreement of the networks beside the minGRU: five of each, with the seeds of `reading`."""
    makers = {f"bit: {bit}": (ToldGate, functools.partial(Told, bit=bit)) for bit in BITS}
    makers["two layers"] = (TwoLayers, Agreement)
    rows = []
    for (arm, (make, task)), seed in itertools.product(makers.items(), range(5)):
        draw_weights, draw_words = np.random.default_rng(seed).spawn(2)
        model = make(draw_weights)
        learn(model, task(SETTINGS["T"]), draw_words, f"{arm}, seed {seed}")
        batch = judged_batch(task)
        found = quality(model.forward(batch.x)[1], batch)
        rows.append({"arm": arm, "seed": seed, "n_parameters": model.n_parameters, **found})
        print(rounded(rows[-1]), flush=True)
    return rounded(rows)


def scan():
    """Milliseconds of the loop and of the scan in NumPy, on one processor: the best of five."""
    rows = []
    for T in (64, 512, 4096):
        rng = np.random.default_rng(0)
        a, b = rng.uniform(0.5, 1, (T, 64, 1)), rng.standard_normal((T, 64, 1))
        rows.append({
            "T": T, "rounds": depth(T),
            "loop ms": best(lambda a=a, b=b: loop(a, b)), "scan ms": best(lambda a=a, b=b: linear(a, b)),
        })  # fmt: skip
        print(rows[-1], flush=True)
    return rounded(rows)


def loop(a, b):
    """The recurrence, step by step."""
    h, found = np.zeros_like(b[0]), np.empty_like(b)
    for t in range(len(b)):
        found[t] = h = a[t] * h + b[t]
    return found


def best(run):
    """Milliseconds of the fastest of five runs."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return 1e3 * min(times)


def main(parts):
    """Measure these parts and store them."""
    for part in parts:
        found = {"parity": parity, "reading": reading, "arms": arms, "scan": scan}[part]()
        stored = json.loads(FILE.read_text()) if FILE.exists() else {}
        FILE.write_bytes((json.dumps(stored | {part: found}, indent=1) + "\n").encode())


if __name__ == "__main__":
    main(sys.argv[1:])
