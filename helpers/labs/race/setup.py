"""What runs in the memory race: the tasks with their lengths, the cells and their starts, how they learn.

There is no lab here: the labs of lesson 8 and `tools/measure_race.py` share it, so that the lesson's table
and its labs are one experiment. A task is an entry in `TRACKS`, a cell with its start an entry in `LANES`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from helpers.engine.cells import GRU, LRU, LSTM, RNN, MinGRU
from helpers.english.agreement import Agreement
from helpers.tasks import (
    Adding,
    Copy,
    Digits,
    EmbeddedReber,
    NextCharacter,
    Parity,
    SpokenDigits,
    Sunspots,
    TemporalOrder,
)
from helpers.training import LOSSES, Adam, Model, Readout, fit

N_STEPS = 600  # updates at the most
EVERY = 10  # updates from one score on the sequences held out to the next
HELD_OUT = 200  # of them, the same for every score and for every cell
LENGTHS = ("short", "middle", "long")
SOLVED = 0.05


@dataclass(frozen=True)
class Track:
    """A task of the race and its three lengths.

    Attributes
    ----------
    make : callable
        From a length to the `Task`.
    lengths : tuple of int
        The short, the middle and the long one.
    H, B : int
        Hidden units and sequences of a batch.
    by : {"accuracy", "loss"}
        What is measured on the sequences held out.
    goal : float
        It is solved when less than this fraction of the way from the line to beat to a perfect answer is
        left. At 1, where a perfect answer is not known, it is enough to beat the line.
    """

    make: Callable
    lengths: tuple
    H: int = 16
    B: int = 32
    by: str = "accuracy"
    goal: float = SOLVED

    def task(self, length):
        """The `Task` of a length, "short", "middle" or "long"."""
        return self.make(self.lengths[LENGTHS.index(length)])

    def left(self, task, score):
        """The fraction that a `Score` leaves to learn: 1 on the line to beat, 0 where all is right."""
        if self.by == "loss":
            return (score.loss - task.best) / (task.baseline - task.best)
        return (1 - score.accuracy) / (1 - task.chance)

    def is_solved(self, task, score):
        """Whether that is little enough."""
        return not score.diverged and self.left(task, score) < self.goal

    @property
    def rests(self):
        """Whether a network that has solved it stops; where it is enough to beat the line, it goes on."""
        return self.goal < 1


TRACKS = {
    "adding": Track(Adding, (20, 50, 100), by="loss"),
    "temporal order": Track(TemporalOrder, (20, 60, 120)),
    "copy": Track(Copy, (1, 10, 30)),
    "embedded Reber": Track(lambda _: EmbeddedReber(), (11, 11, 11)),  # the mean: its strings differ
    "parity": Track(Parity, (5, 10, 20)),
    "agreement": Track(Agreement, (10, 20, 40)),
    "digits": Track(Digits, (8, 16, 64), H=32),
    "spoken digits": Track(SpokenDigits, (25, 50, 100)),
    "next character": Track(NextCharacter, (10, 20, 40), H=32, by="loss", goal=1),
    "sunspots": Track(Sunspots, (20, 40, 80), by="loss", goal=1),
}


def _lstm_keep(D, H, T, **options):
    cell = LSTM(D, H, forget_bias=math.log(T), **options)
    cell["b_i"] = -math.log(T)
    return cell


# From D, H, the number T of steps to remember, and what all share, to a cell.
LANES = {
    "RNN": lambda D, H, T, **options: RNN(D, H, **options),
    "LSTM, b_f = 0": lambda D, H, T, **options: LSTM(D, H, forget_bias=0, **options),
    "LSTM, b_f = 1": lambda D, H, T, **options: LSTM(D, H, forget_bias=1, **options),
    "LSTM, keep long": _lstm_keep,
    "LSTM, chrono": lambda D, H, T, **options: LSTM(D, H, chrono=T, **options),
    "GRU": lambda D, H, T, **options: GRU(D, H, **options),
    "GRU, chrono": lambda D, H, T, **options: GRU(D, H, chrono=T, **options),
    "linear RNN": lambda D, H, T, **options: RNN(D, H, activation="linear", **options),
    # Lesson 9's: no gate sees the state, and there is no U to start as an orthogonal matrix.
    "minGRU": lambda D, H, T, init, **options: MinGRU(D, H, **options),
    "LRU": lambda D, H, T, init, **options: LRU(D, H, **options),
}
UNMEASURED = ("linear RNN", "minGRU", "LRU")  # the others are in data/race.csv
MEASURED = tuple(lane for lane in LANES if lane not in UNMEASURED)


@dataclass(frozen=True)
class Score:
    """How a network does on the sequences that are held out.

    Attributes
    ----------
    update : int
        After so many updates.
    loss, accuracy : float
    diverged : bool
        Whether the run has ended here, because its numbers left all bounds.
    """

    update: int
    loss: float
    accuracy: float
    diverged: bool = False


def new_model(task, lane, seed, H):
    """The network of a seed before it learns, in float32; recurrent weights are orthogonal, gate by gate."""
    rng, T = np.random.default_rng(seed), getattr(task, "T", TRACKS["embedded Reber"].lengths[0])
    cell = LANES[lane](task.D, H, T, rng=rng, init="orthogonal", dtype=np.float32)
    readout = Readout(H, task.K, rng=np.random.default_rng(seed), dtype=np.float32)
    return Model(cell, readout, every_step=task.every_step)


def held_out(task):
    """The sequences that all are judged by."""
    return task.held_out(np.random.default_rng(10**6), HELD_OUT)


def score(model, task, batch, update=0, diverged=False):
    """The `Score` on what is held out."""
    y = model.forward(batch.x)[1]
    return Score(
        update, LOSSES[task.loss](y, batch.target, batch.weight)[0], task.accuracy(y, batch), diverged
    )


def learn(model, task, seed, *, B=32, lr=0.01, clip=1.0, cut=None):
    """A network that learns; a seed gives all lanes the same batches.

    Yields
    ------
    Score or None
        After each update; a `Score` after every tenth, and where a run diverges.
    """
    batches, judged = task.batches(np.random.default_rng(seed), B), held_out(task)
    for step in fit(model, batches, LOSSES[task.loss], Adam(lr), clip, cut=cut):
        if step.diverged or step.step % EVERY == 0:
            yield score(model, task, judged, step.step, step.diverged)
        else:
            yield None
