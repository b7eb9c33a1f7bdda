"""Handwritten digits, read pixel by pixel: what was at the top must still be known at the bottom."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks import data
from helpers.tasks.base import Batch, Task

HELD_OUT = 397  # images kept for the test: the last ones, most of them by other writers than the first 1,400


@dataclass(frozen=True)
class Digits(Task):
    """Name a digit after its last pixel.

    An 8 by 8 image is read from left to right and from top to bottom, 64/T pixels per step; the answer is
    due after the last (Le, Jaitly and Hinton 2015 do it with 28 by 28). The images are those of
    `data.load_digits` (Alpaydin and Kaynak 1998). Batches come from the first 1,400, `held_out` from the
    other 397.

    Parameters
    ----------
    T : {64, 32, 16, 8}
        Steps: pixel by pixel, or 2, 4 or 8 pixels per step.
    """

    T: int = 64
    K: ClassVar[int] = 10
    loss: ClassVar[str] = "cross_entropy"

    def __post_init__(self):
        arguments.choice(self.T, "T", (64, 32, 16, 8))

    @property
    def D(self):
        """Pixels per step."""
        return 64 // self.T

    @property
    def baseline(self):
        """The entropy of the labels: the loss of knowing how frequent each digit is, and nothing else."""
        share = np.bincount(_labels()) / len(_labels())
        return float(-(share * np.log(share)).sum())

    @property
    def chance(self):
        """The share of the most frequent digit."""
        return float(np.bincount(_labels()).max() / len(_labels()))

    def batch(self, rng, B):
        """B random images of those to learn from; the target is (B,)."""
        places = arguments.generator(rng).integers(0, len(_labels()) - HELD_OUT, arguments.size(B, "B"))
        return self._batch_of(places)

    def held_out(self, rng, B):
        """B random images of the others, none of them twice (all 397 if B is more)."""
        places = len(_labels()) - HELD_OUT + arguments.generator(rng).permutation(HELD_OUT)
        return self._batch_of(places[: arguments.size(B, "B")])

    def _batch_of(self, places):
        x = _pixels()[places].reshape(len(places), self.T, self.D)
        return Batch(x.transpose(1, 2, 0), _labels()[places])


@functools.cache
def _pixels():
    return data.digit_sequences(data.load_digits()[0])[:, 0].T


@functools.cache
def _labels():
    return data.load_digits()[1].astype(int)
