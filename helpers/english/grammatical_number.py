"""Where a network keeps the number of the subject, singular or plural."""

import numpy as np

from helpers.engine import arguments
from helpers.english.agreement import long_subjects
from helpers.english.language import NOUNS, chain
from helpers.english.read import SHUT, interchange, read

KEEP = {"lstm": "f", "gru": "z"}  # the gate that keeps what a unit holds
PHRASES = 2  # between subject and verb, in the sentences of an exchange


def other_number(word):
    """The word in the other number, *key* for *keys*; None if it has none."""
    for one, many in _PAIRS:
        if word in (one, many):
            return many if word == one else one
    return None


_PAIRS = (
    *zip(*NOUNS, strict=True), ("sees", "see"), ("holds", "hold"), ("is", "are"), ("falls", "fall"),
)  # fmt: skip


def twin(words, step):
    """Words (T, B) with the word at one step in its other number."""
    table, twins = chain(), words.copy()
    for b, word in enumerate(words[step]):
        twins[step, b] = table.index[other_number(table.words[word])]
    return twins


def right_odds(reading, numbers):
    """By how much the right one of *is* and *are* leads the other, after each word, (T, B)."""
    return reading.odds("are", "is") * (2 * np.asarray(numbers) - 1)


def flip_rate(network, units, rng=3, B=100, phrases=PHRASES):
    """How often the verb flips if some units are given the values that they have in the twin sentence.

    The sentences are those of `long_subjects`; the twin has the subject in the other number and all other
    words the same. The exchange is made after the noun of the first phrase, and the verb is read off after
    the last.

    Parameters
    ----------
    network : Network
        The reader.
    units : sequence of int
        The units that are exchanged together, counted from 0.
    rng : numpy.random.Generator or int
        Where the words are drawn from.
    B, phrases : int
        Number of sentences, and of phrases in each.

    Returns
    -------
    float
        The share of the sentences, 0 to 1.
    """
    words, numbers = long_subjects(rng, B, phrases)
    changed = interchange(network, words, twin(words, 1), 4, units)
    return float((right_odds(changed, numbers)[-1] < 0).mean())


def odds_after_exchange(network, rng=3, B=100, phrases=PHRASES):
    """`right_odds` at the verb if one unit is given its twin's value, for each unit alone, (H, B).

    The parameters are those of `flip_rate`, which counts how often this is below 0.
    """
    words, numbers = long_subjects(rng, B, phrases)
    H = network.H
    many, mask = np.tile(words, H), np.repeat(np.eye(H, dtype=bool), B, axis=1)
    changed = interchange(network, many, np.tile(twin(words, 1), H), 4, mask)
    return right_odds(changed, np.tile(numbers, H))[-1].reshape(H, B)


def carriers(network, share=0.9, **options):
    """The units that carry the number: a small set whose exchange flips the verb in most sentences.

    Units are added in the order of their effect alone, so a smaller set may exist.

    Parameters
    ----------
    network : Network
        The reader.
    share : float
        In how many of the sentences the verb must flip, 0 to 1.
    **options
        As in `flip_rate`.

    Returns
    -------
    list of int
        The unit with the largest effect first.
    """
    order = [int(k) for k in odds_after_exchange(network, **options).mean(1).argsort()]
    for n in range(1, len(order)):
        if flip_rate(network, order[:n], **options) >= share:
            return order[:n]
    return order


def agreement_by_distance(network, levers=None, rng=7, B=40, phrases=6):
    """The share of right verbs by distance from the subject, with nouns of the other number in between.

    Parameters
    ----------
    network : Network
        The reader.
    levers : dict, optional
        As in `read`.
    rng : numpy.random.Generator or int
        Where the words are drawn from.
    B, phrases : int
        Number of subjects, half of them plural, and of phrases after each.

    Returns
    -------
    distances : numpy.ndarray
        Words from the subject to the verb, (phrases + 1,): 1, 4, 7 ...
    singular, plural : numpy.ndarray
        The shares, (phrases + 1,) each.
    """
    words, numbers = long_subjects(rng, arguments.size(B, "B"), phrases)
    right = right_odds(read(network, words, levers), numbers)[1::3] > 0
    distances = np.arange(1, len(words), 3)
    return distances, right[:, numbers == 0].mean(1), right[:, numbers == 1].mean(1)


def shut_at(network, unit, step, T):
    """The lever, as `read` takes it, that shuts the keeping gate of a unit at one word of T."""
    return {(KEEP[network.kind], unit): np.where(np.arange(T) == step, SHUT, 0.0)[:, None]}
