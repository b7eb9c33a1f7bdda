"""Next year's sunspots and a random walk, with the naive forecast as the line to beat."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks import data
from helpers.tasks.base import Batch, Task, at_least

SCALE = 100.0  # sunspots: about twice their mean over the years to learn from
WARM = 10  # years at the start of a piece that are read before a forecast counts
FIRST_HELD = 1921  # the first year that is held out
LONGEST = FIRST_HELD - 1701


@dataclass(frozen=True)
class Sunspots(Task):
    """Forecast next year's sunspot number, at every step.

    Inputs and answers are the yearly numbers from 1700 to 2008, divided by 100. Batches are pieces of the
    years before 1921. The years 1921 to 2008 are held out, and read as one piece together with the ten
    years before. The first ten forecasts of a piece do not count. (Yule 1927 invented autoregression for
    these numbers.)

    Parameters
    ----------
    T : int
        Years of a piece, more than ten and at most 220.
    """

    T: int = 40
    D: ClassVar[int] = 1
    K: ClassVar[int] = 1
    loss: ClassVar[str] = "mse"
    every_step: ClassVar[bool] = True
    chance: ClassVar[float] = 0.0  # no forecast is nearer than itself

    def __post_init__(self):
        at_least(self.T, "T", WARM + 1)
        if self.T > LONGEST:
            raise ValueError(f"T must be at most {LONGEST}, the years before {FIRST_HELD}; got {self.T}.")

    @property
    def baseline(self):
        """Mean squared error of the naive forecast, the number of this year, on the years held out."""
        return naive_error()

    @property
    def solved(self):
        """The baseline: there is no perfect forecast to compare with, only the naive one to beat."""
        return self.baseline

    def batch(self, rng, B):
        """B random pieces; the target is (T, 1, B), the weight (T, B)."""
        last = FIRST_HELD - 1700 - self.T
        return _pieces(arguments.generator(rng).integers(0, last, arguments.size(B, "B")), self.T)

    def held_out(self, rng=None, B=1):
        """The years held out, as one piece; `rng` and `B` are not needed."""
        first = FIRST_HELD - 1700 - 1 - WARM
        return _pieces(np.array([first]), len(_numbers()) - 1 - first)

    def accuracy(self, y, batch):
        """The share of forecasts nearer than the naive one, among those that count."""
        return nearer_than_naive(y, batch)


@dataclass(frozen=True)
class RandomWalk(Task):
    """Forecast the next place of a walk that takes a random step each time (named by Pearson 1905).

    Each number is the one before plus 0.3 times a standard normal number. The step is new each time, so the
    best forecast is the last number: the naive forecast, which cannot be beaten.

    Parameters
    ----------
    T : int
        Steps of a piece, more than ten. The first ten forecasts do not count.
    """

    T: int = 40
    STEP: ClassVar[float] = 0.3
    D: ClassVar[int] = 1
    K: ClassVar[int] = 1
    loss: ClassVar[str] = "mse"
    every_step: ClassVar[bool] = True
    baseline: ClassVar[float] = STEP**2
    best: ClassVar[float] = STEP**2
    chance: ClassVar[float] = 0.0

    def __post_init__(self):
        at_least(self.T, "T", WARM + 1)

    def batch(self, rng, B):
        """B walks that begin at a standard normal number; the target is (T, 1, B), the weight (T, B)."""
        steps = self.STEP * arguments.generator(rng).standard_normal((self.T + 1, 1, arguments.size(B, "B")))
        steps[0] /= self.STEP
        return _batch_of(steps.cumsum(axis=0))

    def accuracy(self, y, batch):
        """The share of forecasts nearer than the naive one, among those that count."""
        return nearer_than_naive(y, batch)


def nearer_than_naive(y, batch):
    """The share of forecasts y (T, 1, B) nearer than the naive one, among those that count."""
    nearer = np.abs(y - batch.target) < np.abs(batch.x - batch.target)
    return float(nearer[:, 0][batch.weight > 0].mean())


def naive_error():
    """Mean squared error of the naive forecast from 1921 on, in (100 sunspots)**2."""
    held = _numbers()[FIRST_HELD - 1700 - 1 :]
    return float((np.diff(held) ** 2).mean())


def _pieces(starts, T):
    return _batch_of(_numbers()[starts + np.arange(T + 1)[:, None]][:, None])


def _batch_of(numbers):
    """A batch from numbers (T+1, 1, B): each must be forecast from those before it."""
    T, _, B = numbers[1:].shape
    weight = np.repeat(np.arange(T)[:, None] >= WARM, B, axis=1) * 1.0
    return Batch(numbers[:-1], numbers[1:], weight, weight > 0)


@functools.cache
def _numbers():
    return data.load_sunspots()[1] / SCALE
