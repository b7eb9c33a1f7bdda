"""Where a network keeps the number of the subject, singular or plural."""

import numpy as np

from helpers.engine import arguments
from helpers.english.agreement import long_subjects
from helpers.english.language import NOUNS, chain
from helpers.english.read import SHUT, read

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


def scores_after_exchange(network, words, twins, step, masks):
    """The scores of the next word at the end, if some units are given their twin's state after one word.

    Parameters
    ----------
    network : Network
        The reader.
    words, twins : numpy.ndarray
        Word numbers of beginnings of sentences and of their twins, (T, B).
    step : int
        After which word the states are exchanged, from 0 to T - 1.
    masks : array_like
        Sets of units, (n, H) of True and False: each set is exchanged by itself.

    Returns
    -------
    numpy.ndarray
        Scores after the last word, (K, n, B).
    """
    masks = np.atleast_2d(masks)
    n, B = len(masks), words.shape[1]
    own, other = (np.tile(read(network, w[: step + 1]).tape.states[-1], n) for w in (words, twins))
    states = np.where(np.repeat(masks.T, B, axis=1), other, own)
    if step + 1 < len(words):
        y = read(network, np.tile(words[step + 1 :], n), start=states).y[-1]
    else:
        y = network.model.readout(states[0])
    return y.reshape(-1, n, B)


def odds_after_exchange(network, words, twins, step, masks):
    """By how much *are* leads *is* at the end, (n, B); all else as in `scores_after_exchange`."""
    y, index = scores_after_exchange(network, words, twins, step, masks), chain().index
    return y[index["are"]] - y[index["is"]]


def carriers(network, words=None, twins=None, step=4, share=0.9, most=10):
    """Units that carry singular or plural after one word: exchanged together, they flip the verb.

    They are found greedily, the unit that helps most first, so a smaller set may exist.

    Parameters
    ----------
    network, words, twins, step
        As in `scores_after_exchange`. Words and twins are those of `of_long_subjects` if they are left out.
    share : float
        In what fraction of the sentences the verb must flip, 0 to 1.
    most : int
        How many units are tried at the most.

    Returns
    -------
    list of int
        The unit with the largest effect first.
    """
    if words is None:
        words, twins, _ = of_long_subjects()
    other = 1 - 2 * (read(network, words).odds("are", "is")[-1] > 0)  # the sign of the other verb
    units, found = np.arange(network.H), []
    while len(found) < most:
        sets = np.isin(units, found) | (units == units[:, None])  # each unit besides those that were found
        odds = other * odds_after_exchange(network, words, twins, step, sets)
        odds[found] = -np.inf
        best = int(odds.mean(1).argmax())
        found.append(best)
        if (odds[best] > 0).mean() >= share:
            break
    return found


def of_long_subjects(rng=3, B=100, phrases=PHRASES):
    """Sentences for an exchange: words and twins (T, B), and the numbers (B,) of the subjects.

    The sentences are those of `long_subjects`; a twin has the subject in the other number and all other
    words the same.
    """
    words, numbers = long_subjects(rng, B, phrases)
    return words, twin(words, 1), numbers


def flip_rate(network, units, step=4, **options):
    """How often the verb is wrong if some units are given the state that they have in the twin sentence.

    Parameters
    ----------
    network : Network
        The reader.
    units : sequence of int
        The units that are exchanged together, counted from 0.
    step : int
        After which word, from 0; 4 is the noun of the first phrase.
    **options
        Of the sentences, as in `of_long_subjects`.

    Returns
    -------
    float
        The fraction of the sentences, 0 to 1.
    """
    words, twins, numbers = of_long_subjects(**options)
    mask = np.isin(np.arange(network.H), units)
    odds = odds_after_exchange(network, words, twins, step, mask)[0]
    return float((odds * (2 * numbers - 1) < 0).mean())


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
