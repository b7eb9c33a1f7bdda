"""Next year's sunspots, and a walk without a plan, with the naive forecast as the line to beat."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks import data
from helpers.tasks.base import Batch, Task, at_least

SCALE = 100.0  # sunspots; the mean of the years to learn from is about half of it
WARM = 10  # years that are read, at the start of a piece, before a forecast counts
FIRST_HELD = 1921  # the first year whose number is never learnt from
LONGEST = FIRST_HELD - 1701


@dataclass(frozen=True)
class Sunspots(Task):
    """Forecast next year's sunspot number, at every step.

    Inputs and answers are yearly numbers divided by 100, from 1700 to 2008. Batches are pieces of the years
    before 1921; held out are 1921 to 2008, read as one piece with the ten years before. The first ten
    forecasts of a piece do not count. (Yule 1927 invented autoregression for these numbers.)

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
        """The naive forecast: next year is as this year. Its mean squared error on the years held out."""
        return naive_error()

    @property
    def solved(self):
        """There is no perfect forecast to compare with: to beat the naive one is what counts."""
        return self.baseline

    def batch(self, rng, B):
        """B pieces at random; target (T, 1, B), weight (T, B)."""
        last = FIRST_HELD - 1700 - self.T
        return _pieces(arguments.generator(rng).integers(0, last, arguments.size(B, "B")), self.T)

    def held_out(self, rng=None, B=1):
        """The years held out, as one piece; `rng` and `B` are not needed."""
        first = FIRST_HELD - 1700 - 1 - WARM
        return _pieces(np.array([first]), len(_numbers()) - 1 - first)

    def accuracy(self, y, batch):
        """The share of the forecasts that count which are nearer than the naive one."""
        return nearer_than_naive(y, batch)


@dataclass(frozen=True)
class RandomWalk(Task):
    """Forecast the next place of a walk that takes a random step each time.

    Each number is the one before, plus 0.3 times a standard normal one. What comes is new, so the best
    forecast is the last number: the naive one, which cannot be beaten (Pearson 1905 named the walk).

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
        """B walks that begin at a standard normal number; target (T, 1, B), weight (T, B)."""
        steps = self.STEP * arguments.generator(rng).standard_normal((self.T + 1, 1, arguments.size(B, "B")))
        steps[0] /= self.STEP
        return _asked_after_warm(steps.cumsum(axis=0))

    def accuracy(self, y, batch):
        """The share of the forecasts that count which are nearer than the naive one."""
        return nearer_than_naive(y, batch)


def nearer_than_naive(y, batch):
    """The share of the forecasts that count, for y (T, 1, B), which are nearer than "as last time"."""
    nearer = np.abs(y - batch.target) < np.abs(batch.x - batch.target)
    return float(nearer[:, 0][batch.weight > 0].mean())


def naive_error():
    """Mean squared error of "as last year" from 1921 on, in (100 sunspots)**2."""
    held = _numbers()[FIRST_HELD - 1700 - 1 :]
    return float((np.diff(held) ** 2).mean())


def _pieces(starts, T):
    return _asked_after_warm(_numbers()[starts + np.arange(T + 1)[:, None]][:, None])


def _asked_after_warm(numbers):
    """A batch from rows of numbers, (T+1, 1, B)."""
    T, _, B = numbers[1:].shape
    weight = np.repeat(np.arange(T)[:, None] >= WARM, B, axis=1) * 1.0
    return Batch(numbers[:-1], numbers[1:], weight, weight > 0)


@functools.cache
def _numbers():
    return data.load_sunspots()[1] / SCALE
