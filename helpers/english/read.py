"""A network reads words: what it expects after each, and how gates can be moved by hand meanwhile.

A lever is one more input of the network, with weight 1 onto the pre-activation of one gate of one unit. So
the engine needs no change to shut a gate or force it open at one word, or to move a bias at all of them:
the sigmoid of -1000 is 0, and that of 1000 is 1.
"""

from dataclasses import dataclass

import numpy as np

from helpers.engine.bptt import Tape, unroll
from helpers.english.language import chain
from helpers.tasks import one_hot
from helpers.training import softmax

SHUT, OPEN = -1000.0, 1000.0


@dataclass(frozen=True)
class Reading:
    """The record of a network that read some words.

    Attributes
    ----------
    words : numpy.ndarray
        Numbers of the words it read, (T, B).
    tape : helpers.engine.bptt.Tape
        Gates and states. Levers, if there are any, are the last of its inputs.
    y : numpy.ndarray
        Scores of the next word, after each word, (T, K, B).
    """

    words: np.ndarray
    tape: Tape
    y: np.ndarray

    @property
    def p(self):
        """The probability of each next word, after each word, (T, K, B)."""
        return softmax(self.y)

    def odds(self, word, other):
        """By how much the score of one word exceeds that of another, after each word, (T, B).

        That is the logarithm of how many times more likely the one is than the other.

        Parameters
        ----------
        word, other : str
            From the vocabulary, such as "are" and "is".
        """
        index = chain().index
        return self.y[:, index[word]] - self.y[:, index[other]]


def read(network, words, levers=None, start=None):
    """Let a network read.

    Parameters
    ----------
    network : Network
        The reader.
    words : array_like
        Word numbers, (T,) or (T, B).
    levers : dict, optional
        From (gate, unit) to what is added to the pre-activation of that gate: one number for all words, or an
        array that broadcasts to (T, B). The gate is the letter of a block, such as "f"; "" for an RNN. `SHUT`
        makes a sigmoid 0 and `OPEN` makes it 1. Units are counted from 0.
    start : array_like, optional
        States before the first word, (S, H, B); zeros if left out.

    Returns
    -------
    Reading
    """
    words = np.asarray(words)
    words = words[:, None] if words.ndim == 1 else words
    x = one_hot(words, len(chain().words))
    cell = network.cell
    if levers:
        cell = with_levers(cell, levers)
        x = np.concatenate(
            [x, *(np.broadcast_to(push, words.shape)[:, None] for push in levers.values())], axis=1
        )
    tape = unroll(cell, x, *(() if start is None else start))
    return Reading(words, tape, network.model.readout(tape.h))


def with_levers(cell, levers):
    """A copy of a cell with one more input for each (gate, unit), with weight 1 onto that gate."""
    pulled = cell.like(D=cell.D + len(levers))
    for j, (gate, unit) in enumerate(levers):
        pulled[f"W_{gate}" if gate else "W"][unit, cell.D + j] = 1
    return pulled
