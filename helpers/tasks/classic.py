"""Adding, temporal order, copy: three classic tasks of any length."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks.base import Batch, Task, at_least, one_hot


@dataclass(frozen=True)
class Adding(Task):
    """Add the two marked numbers in a long row of numbers.

    Input 1 is a row of numbers, uniform in 0..1. Input 2 is a mark: 1 at one step of the first half and at
    one step of the second half, else 0. The answer is the sum of the two marked numbers (after Hochreiter and
    Schmidhuber 1997, experiment 4; this form: Arjovsky et al. 2016, section 4.2).

    Parameters
    ----------
    T : int
        Steps, 2 or more.
    """

    T: int = 100
    D: ClassVar[int] = 2
    K: ClassVar[int] = 1
    loss: ClassVar[str] = "mse"
    # The constant answer 1, the mean, leaves the variance of the sum of two uniform numbers, 2/12.
    baseline: ClassVar[float] = 1 / 6
    tolerance: ClassVar[float] = 0.04
    # The sum of two uniform numbers is within e of 1 with probability 2 e - e**2.
    chance: ClassVar[float] = 2 * tolerance - tolerance**2

    def __post_init__(self):
        at_least(self.T, "T", 2)

    def batch(self, rng, B):
        """B new sequences; the target is (1, B)."""
        rng, b = arguments.generator(rng), np.arange(arguments.size(B, "B"))
        x = np.zeros((self.T, 2, B))
        x[:, 0] = rng.random((self.T, B))
        first = rng.integers(0, self.T // 2, B)
        second = rng.integers(self.T // 2, self.T, B)
        x[first, 1, b] = x[second, 1, b] = 1
        return Batch(x, (x[first, 0, b] + x[second, 0, b])[None])

    def accuracy(self, y, batch):
        """The share of answers y (1, B) that are less than 0.04 off: Hochreiter and Schmidhuber's measure."""
        return float((np.abs(y - batch.target) < self.tolerance).mean())


@dataclass(frozen=True)
class TemporalOrder(Task):
    """Say which of X and Y came first, and which came second.

    Six symbols as one-hot inputs: a, b, c, d mean nothing; X or Y comes once between T/10 and 2T/10 and
    once between T/2 and 6T/10. The classes are XX, XY, YX, YY (Hochreiter and Schmidhuber 1997,
    experiment 6a, without its symbols for start and end).

    Parameters
    ----------
    T : int
        Steps, 2 or more.
    """

    T: int = 100
    D: ClassVar[int] = 6
    K: ClassVar[int] = 4
    loss: ClassVar[str] = "cross_entropy"
    baseline: ClassVar[float] = math.log(4)
    chance: ClassVar[float] = 1 / 4

    def __post_init__(self):
        at_least(self.T, "T", 2)

    def batch(self, rng, B):
        """B new sequences; the target is (B,)."""
        rng, T, b = arguments.generator(rng), self.T, np.arange(arguments.size(B, "B"))
        symbols = rng.integers(0, 4, (T, B))
        first, second = rng.integers(0, 2, (2, B))
        symbols[rng.integers(T // 10, 2 * T // 10 + 1, B), b] = 4 + first
        symbols[rng.integers(T // 2, 6 * T // 10 + 1, B), b] = 4 + second
        return Batch(one_hot(symbols, self.D), 2 * first + second)


@dataclass(frozen=True)
class Copy(Task):
    """Repeat ten symbols after a long pause.

    The input is ten symbols, each one of eight, then blanks, then a sign to begin, and ten more blanks.
    During these the ten symbols are due in order; until then the answer is blank (Arjovsky et al. 2016,
    section 4.1, where the delay is called T).

    Parameters
    ----------
    delay : int
        Steps from the last symbol to the sign that asks for them, 1 or more. T = delay + 20.
    """

    delay: int = 100
    D: ClassVar[int] = 10
    K: ClassVar[int] = 9  # the eight symbols and the blank
    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = True
    chance: ClassVar[float] = 1 / 8
    BLANK: ClassVar[int] = 8
    SIGN: ClassVar[int] = 9

    def __post_init__(self):
        at_least(self.delay, "delay", 1)

    @property
    def T(self):
        """Steps."""
        return self.delay + 20

    @property
    def baseline(self):
        """The blanks are certain, and each of the ten symbols is one of eight: 10 ln 8 / T per step."""
        return 10 * math.log(8) / self.T

    def batch(self, rng, B):
        """B new sequences; the target is (T, B)."""
        rng, B = arguments.generator(rng), arguments.size(B, "B")
        words = rng.integers(0, 8, (10, B))
        symbols = np.full((self.T, B), self.BLANK)
        symbols[:10], symbols[-11] = words, self.SIGN
        target = np.full((self.T, B), self.BLANK)
        target[-10:] = words
        asked = np.zeros((self.T, B), bool)
        asked[-10:] = True
        return Batch(one_hot(symbols, self.D), target, asked=asked)
