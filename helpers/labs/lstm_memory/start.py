"""A lab of the lesson on memory: from which biases a training should start. And what was measured of it."""

import math
from typing import NamedTuple

import numpy as np

from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.lab import Choice, Slider
from helpers.labs.shared.training import TrainingLab
from helpers.tasks import TemporalOrder, data
from helpers.training import Adam, Model, Readout, cross_entropy, fit

UNITS = 16
FIRST_MARKS = (4, 5)  # the symbols X and Y of the task


class Start(NamedTuple):
    """A start of a training: the forget and the input bias; whether they are spread; a factor of U."""

    b_f: float
    b_i: float
    spread: bool = False
    U: float = 1


def starts(T):
    """The starts that were measured, by name, for a task of T steps; ln T is rounded to one digit."""
    keep = round(math.log(T), 1)
    a, b, c = Start(1.0, 0.0), Start(keep, 0.0), Start(keep, -keep)
    return {
        "zero": Start(0.0, 0.0), "A": a, "write little": Start(0.0, -keep), "B": b, "C": c,
        "B spread": b._replace(spread=True), "C spread": c._replace(spread=True),
        "A without U": a._replace(U=0), "C without U": c._replace(U=0),
    }  # fmt: skip


# Three of them, as the learner reads them.
CHOICES = {"A": "A: b_f = 1", "B": "B: b_f = ln T", "C": "C: b_f = ln T, b_i = −ln T"}


class StartRace(TrainingLab):
    """Which start lets an LSTM learn a long task?

    Temporal order: two marks, each X or Y, stand among noise. After the last step the network has to say
    which came first and which second. An LSTM of 16 units learns it with Adam at learning rate 0.01, from
    batches of 32 new sequences. A given seed has the same weights and the same batches with every start;
    only the biases differ. All units have the same biases, and ln T is taken of the sequence length.
    """

    start = Choice(CHOICES, label="start")
    T = Slider(20, 120, step=10, default=120, label="sequence length T")
    anchors = tuple({"start": start, "T": T} for T in (60, 120) for start in CHOICES)
    n_steps, widest = 500, "T = 120, start B"
    chance, chance_label, solved = TemporalOrder().baseline, "chance: ln 4", TemporalOrder().solved

    def setting(self):
        """The length and the start."""
        return f"T = {self.T}, start {self.start}"

    def train(self, seed):
        """The network of a seed, learning."""
        return train(seed, self.T, starts(self.T)[self.start])


def train(seed, T, start):
    """The network of a seed, learning temporal order.

    Parameters
    ----------
    seed : int
        The same seed gives the same weights and the same sequences with every start.
    T : int
        Steps of the task.
    start : Start
        Where its biases begin.

    Returns
    -------
    iterable of helpers.training.Step
    """
    task, cell = TemporalOrder(T), network(np.random.default_rng(seed), start)
    readout = Readout(cell.H, task.K, rng=np.random.default_rng(seed), dtype=cell.dtype)
    batches = task.batches(np.random.default_rng(seed))
    return fit(Model(cell, readout), batches, cross_entropy, Adam(0.01), metric=task.accuracy)


def network(rng, start, dtype=np.float32):
    """The LSTM of the race before it learns. Its weights are drawn first, so the biases do not move them.

    Where they are spread, the forget biases of the units are ln u, with u drawn uniformly from 1 to exp(b_f),
    and each unit's input bias is its forget bias times b_i / b_f. With b_i = -b_f that is chrono
    initialisation.
    """
    b_f, b_i, spread, U = start
    biases = {"chrono": np.exp(b_f) + 1} if spread else {"forget_bias": b_f}
    cell = LSTM(TemporalOrder.D, UNITS, rng=rng, init="orthogonal", dtype=dtype, **biases)
    cell["b_i"] = cell["b_f"] * (b_i / b_f) if spread else b_i
    cell.U *= U
    return cell


def before_training(T, start, seeds=8, B=200):
    """What the networks of the race are like before the first update, on average over seeds.

    Parameters
    ----------
    T : int
        Steps of the task.
    start : str
        Its name, as in `starts`.
    seeds, B : int
        How many seeds, and how many sequences for each.

    Returns
    -------
    dict
        `direct` and `all paths`: log10 of what is left of the gradient at the last cell state when it has
        come back to the first mark, by the product of the forget gates and as measured (of the first sequence
        of a seed; Frobenius norms, divided by the square root of H). `c`: mean |c_T|. `slope`: mean slope of
        tanh at c_T. `effect`: how far X instead of Y as the first mark moves c_T, on average over the
        sequences, in units of the standard deviation of c_T.
    """
    found = []
    for seed in range(1, seeds + 1):
        cell = network(np.random.default_rng(seed), starts(T)[start], dtype=np.float64)
        x = TemporalOrder(T).batch(np.random.default_rng(seed), B).x
        tape = unroll(cell, x)
        roads = probes.log_norms_forget(tape), probes.log_norms_dh_T(tape, state="c")
        c, first = tape.c[-1], 3 * T // 20  # the middle of where the first mark can stand
        moved = np.subtract(*(unroll(cell, with_first_mark(x, mark)).c[-1] for mark in FIRST_MARKS))
        effect = (np.abs(moved.mean(1)) / c.std(1)).mean()
        sizes = np.abs(c).mean(), (1 - np.tanh(c) ** 2).mean(), effect
        found.append([*(road[first] for road in roads), *sizes])
    names = "direct", "all paths", "c", "slope", "effect"
    return dict(zip(names, np.mean(found, axis=0).tolist(), strict=True))


def with_first_mark(x, mark):
    """The same sequences (T, D, B), with this symbol as the first mark."""
    changed = x.copy()
    for b, at in enumerate((x[:, 4:].sum(1) > 0).argmax(0)):  # the first step of each that holds a mark
        changed[at, :, b] = np.eye(x.shape[1])[mark]
    return changed


def measured(T):
    """What `tools/measure_start.py` has found.

    Parameters
    ----------
    T : int
        Steps of the task: 60 or 120.

    Returns
    -------
    dict
        From the name of each start to a dict: `solved`, how many runs have solved the task within 500
        updates, of how many `runs`; `updates`, how many these took, in order.
    """
    found = {}
    for row in data.load_start_race():
        start = Start(row["b_f"], row["b_i"], row["units"] == "spread", row["U"])
        found.setdefault((row["T"], start), []).append(row["updates"])
    return {
        name: {
            "solved": np.count_nonzero(found[T, start]), "runs": len(found[T, start]),
            "updates": sorted(filter(None, found[T, start])),
        }
        for name, start in starts(T).items()
    }  # fmt: skip
