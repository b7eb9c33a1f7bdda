"""A network reads words: what it expects after each, and its gates moved by hand while it reads.

A lever is one more input of the network, with the weight 1 onto the pre-activation of one gate of one unit.
So a gate is shut or forced open at one word, or a bias dragged at all of them, with the engine as it is: a
sigmoid of -1000 is 0, and of 1000 it is 1.
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
    """What happened while a network read.

    Attributes
    ----------
    words : numpy.ndarray
        Numbers of the words it read, (T, B).
    tape : helpers.engine.bptt.Tape
        All gates and states; without the levers among its inputs, it is that of an ordinary run.
    y : numpy.ndarray
        Scores of the next word, after each word, (T, K, B).
    """

    words: np.ndarray
    tape: Tape
    y: np.ndarray

    @property
    def p(self):
        """Probability of each next word, after each word, (T, K, B)."""
        return softmax(self.y)

    def odds(self, word, other):
        """By how much the score of one word exceeds that of another, after each word, (T, B).

        Their difference is the logarithm of how many times likelier the one is than the other.

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
        Who reads.
    words : array_like
        Numbers of words, (T,) or (T, B).
    levers : dict, optional
        From (gate, unit) to what is added to the pre-activation of that gate: a number for every word, or
        an array that broadcasts to (T, B). The gate is a block's letter, such as "f"; "" for an RNN. `SHUT`
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
    """A copy of a cell that has one more input for each (gate, unit), with weight 1 onto that gate."""
    pulled = cell.like(D=cell.D + len(levers))
    for j, (gate, unit) in enumerate(levers):
        pulled[f"W_{gate}" if gate else "W"][unit, cell.D + j] = 1
    return pulled


def interchange(network, words, twins, step, units):
    """Read, and after one word give some units the values they have in a twin sentence at that word.

    Parameters
    ----------
    network : Network
        Who reads.
    words, twins : numpy.ndarray
        Numbers of words, (T, B).
    step : int
        After which word, from 0.
    units : array_like
        Which units, of all sequences (n,); or for each sequence, as a mask (H, B).

    Returns
    -------
    Reading
        Of the words after that step, with the states before them changed.
    """
    own, other = (read(network, w[: step + 1]).tape.states[-1] for w in (words, twins))
    units = np.asarray(units)
    mask = units if units.dtype == bool else np.isin(np.arange(network.H), units)[:, None]
    return read(network, words[step + 1 :], start=np.where(mask, other, own))
