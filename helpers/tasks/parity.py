"""Parity: whether the number of ones so far is odd. One bit of memory, which every step may flip."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks.base import Batch, Task, at_least


@dataclass(frozen=True)
class Parity(Task):
    """Say at every step whether the number of ones read so far is odd (Minsky and Papert 1969).

    The input is a bit, as 1 or -1. Keeping is not enough: each 1 must flip the memory, so the state has to go
    through something non-linear at every step.

    Parameters
    ----------
    T : int
        Steps, 2 or more.
    """

    T: int = 20
    D: ClassVar[int] = 1
    K: ClassVar[int] = 2
    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = True
    chance: ClassVar[float] = 1 / 2

    def __post_init__(self):
        at_least(self.T, "T", 2)

    @property
    def baseline(self):
        """At step 1 the bit is the answer; at each later step, without memory, the loss is ln 2."""
        return (self.T - 1) / self.T * math.log(2)

    def batch(self, rng, B):
        """B new sequences; the target is (T, B), 1 for odd. Only the last step counts in the accuracy."""
        rng = arguments.generator(rng)
        bits = rng.integers(0, 2, (self.T, arguments.size(B, "B")))
        asked = np.zeros(bits.shape, bool)
        asked[-1] = True
        return Batch((2.0 * bits - 1)[:, None], bits.cumsum(axis=0) % 2, asked=asked)
