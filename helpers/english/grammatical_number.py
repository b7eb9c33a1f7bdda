"""Where a network keeps the number of the subject: units sought by exchange, and tried by levers."""

import numpy as np

from helpers.engine import arguments
from helpers.english.agreement import long_subjects
from helpers.english.language import NOUNS, chain
from helpers.english.read import SHUT, interchange, read

KEEP = {"lstm": "f", "gru": "z"}  # the gate that keeps what a unit holds
PHRASES = 2  # between subject and verb, where units are sought


def other_number(word):
    """The same word in the other number, *key* for *keys*; None if it has none."""
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
    """By how much *is* leads *are* where the subject is singular, *are* leads *is* where plural, (T, B)."""
    return reading.odds("are", "is") * (2 * np.asarray(numbers) - 1)


def flip_rate(network, units, rng=3, B=100, phrases=PHRASES):
    """How often the verb turns round if some units get the value they have in the twin sentence.

    The subjects are those of `long_subjects`; the twin has the subject in the other number and all other
    words the same. The exchange is made after the noun of the first phrase; the verb is asked for after
    the last.

    Parameters
    ----------
    network : Network
        Who reads.
    units : sequence of int
        Exchanged together, from 0.
    rng : numpy.random.Generator or int
        Where the words are drawn from.
    B, phrases : int
        How many sentences; phrases in each.

    Returns
    -------
    float
        A share, 0 to 1.
    """
    words, numbers = long_subjects(rng, B, phrases)
    changed = interchange(network, words, twin(words, 1), 4, units)
    return float((right_odds(changed, numbers)[-1] < 0).mean())


def odds_after_exchange(network, rng=3, B=100, phrases=PHRASES):
    """`right_odds` at the verb if one unit gets its twin's value, for each unit alone, (H, B).

    The parameters are those of `flip_rate`, which counts where this is below 0.
    """
    words, numbers = long_subjects(rng, B, phrases)
    H = network.H
    many, mask = np.tile(words, H), np.repeat(np.eye(H, dtype=bool), B, axis=1)
    changed = interchange(network, many, np.tile(twin(words, 1), H), 4, mask)
    return right_odds(changed, np.tile(numbers, H))[-1].reshape(H, B)


def carriers(network, share=0.9, **options):
    """The units that carry the number: as few as turn the verb round in a share of the sentences.

    They join in the order of what each does alone; a better choice of as many may exist.

    Parameters
    ----------
    network : Network
        Who reads.
    share : float
        Of the sentences, 0 to 1.
    **options
        As in `flip_rate`.

    Returns
    -------
    list of int
        The unit that does most first.
    """
    order = [int(k) for k in odds_after_exchange(network, **options).mean(1).argsort()]
    for n in range(1, len(order)):
        if flip_rate(network, order[:n], **options) >= share:
            return order[:n]
    return order


def agreement_by_distance(network, levers=None, rng=7, B=40, phrases=6):
    """The share of right verbs after subjects that are ever further away, nouns of the other number between.

    Parameters
    ----------
    network : Network
        Who reads.
    levers : dict, optional
        As in `read`.
    rng : numpy.random.Generator or int
        Where the words are drawn from.
    B, phrases : int
        How many subjects, half of them plural; how many phrases follow each.

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
    """The lever that shuts the keeping gate of a unit at one word of T, as `read` takes it."""
    return {(KEEP[network.kind], unit): np.where(np.arange(T) == step, SHUT, 0.0)[:, None]}
