"""The next character of a text, with the bigram as the line to beat."""

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks import data
from helpers.tasks.base import Batch, Task, at_least, one_hot

SHARE = 0.85  # of the text is there to learn from; the rest, its end, is held out


@dataclass(frozen=True)
class NextCharacter(Task):
    """Name the next character of a text, at every step (after Elman 1990; Karpathy 2015).

    Parameters
    ----------
    T : int
        Characters of a piece, 2 or more, and few enough to fit into what is held out.
    text : str, optional
        The text, whose characters are the alphabet; if left out, the project's own (`data.load_text`).

    Raises
    ------
    ValueError
        If the text is empty, or too short for T.
    """

    T: int = 40
    text: str | None = None
    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = True

    def __post_init__(self):
        at_least(self.T, "T", 2)
        if self.text is not None and (not isinstance(self.text, str) or not self.text.strip()):
            raise ValueError(
                f"text must be a string with something in it; got {arguments.quoted(self.text)}."
            )
        held = len(self.codes[1]) - 1
        if held < self.T:
            raise ValueError(
                f"T must be at most {max(held, 0)} for this text of {len(self.whole)} characters: what is "
                f"held out, its last {1 - SHARE:.0%}, must hold a piece; got {self.T}."
            )

    @property
    def whole(self):
        """The text itself."""
        return _own() if self.text is None else self.text

    @property
    def alphabet(self):
        """The characters of the text, each once, sorted."""
        return _alphabet(self.whole)

    @property
    def codes(self):
        """The characters to learn from and those held out, as two arrays of their numbers in the alphabet."""
        return _codes(self.whole)

    @property
    def D(self):
        """Number of characters in the alphabet."""
        return len(self.alphabet)

    K = D

    @property
    def baseline(self):
        """Nats per character of the bigram, which knows the last character and nothing else.

        It is counted on the text for training, with one of each pair added (Laplace), and scored on
        what is held out.
        """
        return bigram(*self.codes, self.D)

    @property
    def chance(self):
        """How often the bigram's likeliest character is right on what is held out."""
        learnt, held = self.codes
        best = pairs(learnt, self.D).argmax(axis=1)
        return float((best[held[:-1]] == held[1:]).mean())

    @property
    def solved(self):
        """The baseline: there is no perfect answer to compare with, only the bigram to beat."""
        return self.baseline

    def batch(self, rng, B):
        """B random pieces of the text for training; the target is (T, B)."""
        learnt = self.codes[0]
        starts = arguments.generator(rng).integers(0, len(learnt) - self.T, arguments.size(B, "B"))
        return self._pieces(learnt, starts)

    def held_out(self, rng, B):
        """At most B pieces of what is held out, one after the other."""
        held = self.codes[1]
        starts = np.arange(0, len(held) - self.T, self.T)
        return self._pieces(held, starts[: arguments.size(B, "B")])

    def _pieces(self, codes, starts):
        symbols = codes[starts + np.arange(self.T + 1)[:, None]]
        return Batch(one_hot(symbols[:-1], self.D), symbols[1:])


def pairs(codes, D):
    """The probability of each character after each other, from counts plus one, (D, D); rows sum to 1."""
    counts = np.ones((D, D))
    np.add.at(counts, (codes[:-1], codes[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)


def bigram(learnt, held, D):
    """Nats per character on what is held out, from the pairs in what was learnt from."""
    P = pairs(learnt, D)
    return float(-np.log(P[held[:-1], held[1:]]).mean())


@functools.cache
def _own():
    return data.load_text()


@functools.lru_cache(maxsize=8)
def _alphabet(text):
    return "".join(sorted(set(text)))


@functools.lru_cache(maxsize=8)
def _codes(text):
    codes = data.encode(text, _alphabet(text))[:, :, 0].argmax(axis=1)
    first = round(SHARE * len(codes))
    return codes[:first], codes[first:]
