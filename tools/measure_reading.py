"""Measure the networks that read, five seeds of each cell: data/reading_results.json.

    python -m tools.measure_reading [folder]

The networks of all seeds are trained as tools/make_reading.py trains them, and kept in the folder (a
temporary one if none is given), so that a second run only measures. Training takes a few minutes.
"""

import json
import pathlib
import sys
import tempfile

import numpy as np

from helpers import english
from helpers.english.agreement import Agreement, agreement, long_subjects, words_of
from helpers.english.grammatical_number import KEEP
from tools.make_reading import DATA, SETTINGS, SIZES, train

SEEDS = 5
TEST = {"seed": 99, "T": 100, "B": 400}
EXCHANGE = {"rng": 3, "B": 100, "phrases": 2}
NOUN = 4  # the exchange is made after the noun of the first phrase
DISTANCES = {"1-3": (1, 3), "4-7": (4, 7), "8-12": (8, 12), "13-20": (13, 20)}
ATTRACTORS = {"0": (0, 0), "1": (1, 1), "2": (2, 2), "3 or more": (3, 99)}


def main(folder):
    """Train what is missing, measure, write."""
    results = {"training": SETTINGS, "sizes": SIZES, "test": TEST, "exchange": EXCHANGE, "networks": {}}
    for kind in SIZES:
        results["networks"][kind] = [measure(network(kind, seed, folder)) for seed in range(SEEDS)]
    text = json.dumps(rounded(results), indent=1)
    (DATA / "reading_results.json").write_bytes((text + "\n").encode())


def network(kind, seed, folder):
    """The trained network of a seed: from the folder, or trained now and kept there."""
    path = folder / f"{kind}_{seed}.npz"
    if not path.exists():
        english.save(path, train(kind, seed, bar=True))
    return english.load(path)


def measure(network):
    """All that is said of one network, as a dict."""
    found = {"seed": network.settings["seed"], "n_parameters": network.model.n_parameters}
    found |= natural(network)
    found |= exchanges(network)
    found["gradient and swap"] = gradient_and_swap(network)
    found["subject swapped little by little"] = gradual_swap(network)
    if network.kind in KEEP:
        unit, gate = int(next(iter(found["exchange of one unit"]))), KEEP[network.kind]
        found["keeping gate of that unit"] = mean_gate(network, unit)
        for shift in (-2.0, -4.0):
            found[f"b_{gate} {shift:+.0f}"] = natural(network, {(gate, unit): shift})
        found["shut at one noun"] = after_a_lever(network, (gate, unit), english.SHUT)
    if network.kind == "lstm":
        found["input gate open at one noun"] = after_a_lever(network, ("i", unit), english.OPEN)
    return found


def exchanges(network):
    """How often the exchange of one unit flips the verb, for the best three; and the units that carry it."""
    words, twins, numbers = english.of_long_subjects(**EXCHANGE)
    alone = english.odds_after_exchange(network, words, twins, NOUN, np.eye(network.H, dtype=bool))
    odds = alone * (2 * numbers - 1)
    best = [int(k) for k in odds.mean(1).argsort()[:3]]
    return {
        "exchange of one unit": {str(k): float((odds[k] < 0).mean()) for k in best},
        "units that carry the number": english.carriers(network, words, twins, NOUN),
    }


def natural(network, levers=None):
    """Divergence, and agreement by attractors and by distance, on sampled sentences."""
    batch = judged_batch()
    return quality(english.read(network, words_of(batch)[:-1], levers).y, batch)


def judged_batch(task=Agreement):
    """The sentences on which all networks are judged."""
    return task(TEST["T"]).batch(np.random.default_rng(TEST["seed"]), TEST["B"])


def quality(y, batch):
    """Divergence, and agreement by attractors and by distance, of scores y (T, K, B)."""
    right, verbs = agreement(y, words_of(batch))
    attractors, distance = np.array([(v.attractors, v.distance) for v in verbs]).T
    return {
        "divergence": Agreement().divergence(y, batch),
        "agreement by attractors": shares(right, attractors, ATTRACTORS),
        "agreement by distance": shares(right, distance, DISTANCES),
    }


def shares(right, by, parts):
    """The share of right verbs in each part."""
    return {name: float(right[(by >= low) & (by <= high)].mean()) for name, (low, high) in parts.items()}


def mean_gate(network, unit):
    """The mean of the gate that keeps, at the words between subject and verb."""
    words, _ = long_subjects(**EXCHANGE)
    tape = english.read(network, words).tape
    return float(getattr(tape, KEEP[network.kind])[2:, unit].mean())


def after_a_lever(network, lever, push):
    """The shares of right verbs if a lever is pulled at the noun of the first of two phrases."""
    words, numbers = long_subjects(**EXCHANGE)
    at = np.where(np.arange(len(words)) == 4, push, 0.0)[:, None]
    right = english.right_odds(english.read(network, words, {lever: at}), numbers)[-1] > 0
    return {"singular": float(right[numbers == 0].mean()), "plural": float(right[numbers == 1].mean())}


def gradient_and_swap(network):
    """Of the subject and of the last noun: what the gradient promises of a swap, and what the swap does.

    Medians of the sizes over the sentences, in log-odds of *are* against *is*; and the median share of the
    gradient's norm at the subject in the largest of its sentence.
    """
    words, _ = long_subjects(**EXCHANGE)
    found = [english.influence(network, w) for w in words.T]
    median = {
        f"{what} {place}": float(np.median([abs(getattr(i, what)[t]) for i in found]))
        for what in ("promised", "moved")
        for place, t in (("subject", 1), ("last noun", len(words) - 1))
    }
    for name in ("dx", "dh"):
        norms = np.array([getattr(i, name) for i in found])
        median[f"{name} subject over largest"] = float(np.median(norms[:, 1] / norms.max(1)))
    return median


def gradual_swap(network):
    """How much of the way to the other number each part of a gradual swap of the subject goes: medians."""
    words, _ = long_subjects(**EXCHANGE)
    odds = np.array([english.gradual_swap(network, w, 1)[1] for w in words.T])
    gone = (odds - odds[:, :1]) / (odds[:, -1:] - odds[:, :1])  # at 0, 1/20 ... 1
    fifths = gone[:, 4:] - gone[:, :-4]
    parts = {"first tenth": gone[:, 2], "last tenth": 1 - gone[:, -3], "steepest fifth": fifths.max(1)}
    return {name: float(np.median(part)) for name, part in parts.items()}


def rounded(value):
    """The same with five decimals."""
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return round(value, 5) if isinstance(value, float) else value


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary))
