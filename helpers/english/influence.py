"""The influence of each word on a verb that comes later: by the gradient, and by swapping the word.

The two need not agree. A gradient says what a very small change would do. A swap of words is no small change,
and a saturated unit hardly responds to a small one.
"""

from dataclasses import dataclass

import numpy as np

from helpers.engine.bptt import backprop, unroll
from helpers.english.grammatical_number import other_number
from helpers.english.language import PARTS_OF_SPEECH, chain
from helpers.english.read import read
from helpers.tasks import one_hot


@dataclass(frozen=True)
class Influence:
    """The influence of each of T words on the log-odds m of two forms of a verb after the last word.

    Attributes
    ----------
    odds : float
        m, by how much the score of the one form exceeds that of the other.
    partners : tuple of (str or None)
        What each word is swapped for: its other number, or another word of its kind; *the* and *that* have
        none.
    dx, dh : numpy.ndarray
        Norms of dm/dx_t and dm/dh_t, (T,). With p = sigmoid(m), the loss -ln p of the choice between the two
        forms has the same gradients times 1 - p, so the ratios between words are the same.
    promised : numpy.ndarray
        The change of m if m were linear: dm/dx_t times the change of x_t, (T,); nan without a partner.
    moved : numpy.ndarray
        The change of m that the swap really makes, (T,); nan without a partner.
    """

    odds: float
    partners: tuple
    dx: np.ndarray
    dh: np.ndarray
    promised: np.ndarray
    moved: np.ndarray


def influence(network, words, form="are", other="is"):
    """The influence of each word on the choice between two forms of a verb.

    Parameters
    ----------
    network : Network
        The reader.
    words : numpy.ndarray
        Word numbers, (T,): a sentence up to the verb.
    form, other : str
        The two forms.

    Returns
    -------
    Influence
    """
    index, T = chain().index, len(words)
    reading = read(network, words)
    partners = tuple(partner(chain().words[word]) for word in words)
    V = network.model.readout.V
    grads = backprop(reading.tape, (V[index[form]] - V[index[other]])[:, None])
    dx = grads.dx[:, :, 0]
    swapped = np.array([words[t] if p is None else index[p] for t, p in enumerate(partners)])
    none = np.array([p is None for p in partners])
    m = reading.odds(form, other)[-1, 0]
    moved = read(network, np.where(np.eye(T, dtype=bool), swapped, words[:, None])).odds(form, other)[-1] - m
    promised = dx[range(T), swapped] - dx[range(T), words]
    return Influence(
        float(m),
        partners,
        np.linalg.norm(dx, axis=1),
        np.linalg.norm(grads.dh[1:, :, 0], axis=1),
        np.where(none, np.nan, promised),
        np.where(none, np.nan, moved),
    )


def gradual_swap(network, words, t, form="are", other="is", n=21):
    """The log-odds of two forms of a verb while one word is gradually turned into its partner.

    The input of that step moves in a straight line from the vector of the word to that of its partner. The
    gradient in `influence` is the slope of this curve at its start.

    Parameters
    ----------
    network, words, form, other
        As in `influence`.
    t : int
        Which word, from 0; it must have a partner.
    n : int
        How many points the curve has.

    Returns
    -------
    shares, odds : numpy.ndarray
        (n,) each: the share of the way, from 0 to 1, and m there.
    """
    index, shares = chain().index, np.linspace(0, 1, n)
    x = np.repeat(one_hot(words[:, None], len(index)), n, axis=2)
    x[t] *= 1 - shares
    x[t, index[partner(chain().words[words[t]])]] += shares
    y = network.model.readout(unroll(network.cell, x).h[-1])
    return shares, y[index[form]] - y[index[other]]


def partner(word):
    """What a word is swapped for: its other number, or else the next word of its kind, if there is one."""
    other = other_number(word)
    if other:
        return other
    kind = next(words for words in PARTS_OF_SPEECH.values() if word in words)
    return kind[(kind.index(word) + 1) % len(kind)] if len(kind) > 1 else None
