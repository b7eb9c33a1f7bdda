"""What all tasks share.

A task makes batches and says how good an answer is. It is deterministic for a given `rng`. Each has a
`baseline`: the loss of the best answer without the memory that the task requires, which a network must beat
to show that it remembers. Baselines are exact, not measured.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments


@dataclass(frozen=True)
class Batch:
    """Sequences, and the right answers.

    Attributes
    ----------
    x : numpy.ndarray
        Inputs, (T, D, B).
    target : numpy.ndarray
        What y should be. After the last step: numbers (K, B) or classes (B,). At every step: numbers
        (T, K, B) or classes (T, B).
    weight : numpy.ndarray or None
        How much each answer counts in the loss, (T, B); None if all count the same.
    asked : numpy.ndarray or None
        Which answers need memory, (T, B), and so count in the accuracy; None if all do.
    """

    x: np.ndarray
    target: np.ndarray
    weight: np.ndarray | None = None
    asked: np.ndarray | None = None


class Task:
    """What all tasks share.

    Attributes
    ----------
    D, K : int
        Sizes of an input and of an answer.
    loss : {"mse", "cross_entropy"}
        The loss in which the baseline is given; `helpers.training` has both.
    every_step : bool
        Whether an answer is due at every step, or after the last step only.
    baseline : float
        The loss of the best answer without that memory.
    best : float
        The loss of the best answer with perfect memory.
    chance : float
        The accuracy of that answer.
    """

    best: ClassVar[float] = 0.0
    every_step: ClassVar[bool] = False

    def batch(self, rng, B):
        """B new sequences."""
        raise NotImplementedError

    def held_out(self, rng, B):
        """B sequences to judge by, which are in no batch: new ones, if the task draws its sequences."""
        return self.batch(rng, B)

    def batches(self, rng, B=32):
        """An endless stream of new batches, all drawn from one `rng`."""
        rng = arguments.generator(rng)
        while True:
            yield self.batch(rng, B)

    def accuracy(self, y, batch):
        """The share of right answers among those asked, for scores y (K, B) or (T, K, B)."""
        right = y.argmax(axis=-2) == batch.target
        return float(right.mean() if batch.asked is None else right[batch.asked].mean())

    @property
    def solved(self):
        """The loss below which the task counts as solved: a twentieth of the way from best to baseline."""
        return self.best + 0.05 * (self.baseline - self.best)


def one_hot(symbols, D):
    """Symbols (T, B) as inputs (T, D, B)."""
    return (symbols[:, None] == np.arange(D)[:, None]).astype(float)


def at_least(value, name, least):
    """Raise a ValueError that names the argument if it is not a whole number of `least` or more."""
    if arguments.size(value, name) < least:
        raise ValueError(f"{name} must be {least} or more; got {value}.")
