"""Embedded Reber: the next symbol of a string from a small grammar."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from helpers.engine import arguments
from helpers.tasks.base import Batch, Task, one_hot

SYMBOLS = "BTPSXVE"
# Reber's grammar (Reber 1967), drawn in Hochreiter and Schmidhuber 1997, figure 3: from each node, the
# ways out of it, one symbol each, all equally likely. Node 7 is the end.
GRAMMAR = {
    0: {"B": 1},
    1: {"T": 2, "P": 3},
    2: {"S": 2, "X": 4},
    3: {"T": 3, "V": 5},
    4: {"X": 3, "S": 6},
    5: {"P": 4, "V": 6},
    6: {"E": 7},
}
END = 7


def reber(rng):
    """A string of Reber's grammar, such as "BTXSE"."""
    node, string = 0, ""
    while node != END:
        ways = list(GRAMMAR[node])
        symbol = ways[rng.integers(len(ways))]
        string, node = string + symbol, GRAMMAR[node][symbol]
    return string


def embedded_reber(rng):
    """A Reber string inside B T ... T E or B P ... P E: the last but one repeats the second."""
    outer = "TP"[rng.integers(2)]
    return f"B{outer}{reber(rng)}{outer}E"


@dataclass(frozen=True)
class EmbeddedReber(Task):
    """Name the next symbol of an embedded Reber string, at every step.

    Most symbols follow from the one or two before them. Only the last but one requires memory: it repeats
    the second (Hochreiter and Schmidhuber 1997, experiment 1). Strings differ in length; the shorter ones
    in a batch are padded with zeros of weight 0.
    """

    D: ClassVar[int] = len(SYMBOLS)
    K: ClassVar[int] = len(SYMBOLS)
    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = True
    chance: ClassVar[float] = 1 / 2  # the grammar leaves T and P

    @property
    def best(self):
        """Nats per step with perfect memory: ln 2 at each choice of the grammar and for the second symbol."""
        choices, steps = choices_and_steps()
        return (choices + 1) * math.log(2) / (steps + 3)

    @property
    def baseline(self):
        """Nats per step if the second symbol is forgotten: ln 2 more per string."""
        choices, steps = choices_and_steps()
        return (choices + 2) * math.log(2) / (steps + 3)

    def batch(self, rng, B):
        """B new strings; target, weight and asked are (T, B), with T the length of the longest minus 1."""
        rng = arguments.generator(rng)
        strings = [embedded_reber(rng) for _ in range(arguments.size(B, "B"))]
        symbols = np.full((max(map(len, strings)), B), -1)
        for b, string in enumerate(strings):
            symbols[: len(string), b] = [SYMBOLS.index(symbol) for symbol in string]
        seen, target = symbols[:-1], symbols[1:]
        last = np.array([len(string) - 1 for string in strings])
        asked = np.arange(len(target))[:, None] == last - 2
        real = target >= 0
        return Batch(one_hot(np.where(real, seen, -1), self.D), np.maximum(target, 0), real * 1.0, asked)


def choices_and_steps():
    """How many nodes with a choice a Reber string visits on average, and how many nodes in all.

    The visits v solve v = start + P.T v, where P holds the probabilities to go from one node to another.
    """
    P = np.zeros((END, END + 1))
    for node, ways in GRAMMAR.items():
        for target in ways.values():
            P[node, target] += 1 / len(ways)
    visits = np.linalg.solve(np.eye(END) - P[:, :END].T, np.eye(END)[0])
    choices = sum(visits[node] for node, ways in GRAMMAR.items() if len(ways) == 2)
    return float(choices), float(visits.sum())
