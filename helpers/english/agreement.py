"""Next word of a small English: what is asked for is the number of a subject that is long gone."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from helpers.engine import arguments
from helpers.english.language import KINDS, NOUNS, VERBS, chain
from helpers.tasks.base import Batch, Task, at_least, one_hot
from helpers.training import log_softmax


class Verb(NamedTuple):
    """A main verb in a run of words.

    Attributes
    ----------
    step, b : int
        Where it stands: word `step` (from 0) of sequence b.
    right, wrong : int
        Numbers of the word itself, and of its other form: *are*, and *is*.
    attractors : int
        How many nouns between subject and verb have the other number.
    distance : int
        How many words after its subject it comes: 1 for the next.
    """

    step: int
    b: int
    right: int
    wrong: int
    attractors: int
    distance: int


@dataclass(frozen=True)
class Agreement(Task):
    """Name the next word of a small English, at every step.

    Verbs agree with a subject that may be far away, with nouns of the other number in between, and quotes
    close (after Elman 1991; measured as Linzen, Dupoux and Goldberg 2016 do, by the number of those nouns
    and by distance). The language is a Markov chain, so the probability of each next word is exact: see
    `helpers.english.language`.

    Parameters
    ----------
    T : int
        Words of a batch, 2 or more. They begin with a sentence, and may end in the middle of one.
    """

    T: int = 40
    D: ClassVar[int] = 36
    K: ClassVar[int] = 36
    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = True
    chance: ClassVar[float] = 1 / 2  # one who knows the grammar and forgot the subject

    def __post_init__(self):
        at_least(self.T, "T", 2)

    @property
    def best(self):
        """Nats a word of one who knows the chain: its entropy rate, 1.3935."""
        return chain().entropy_rate

    @property
    def baseline(self):
        """Nats a word of one who knows the place in the sentence, but no subject and no open quote."""
        seen = {}
        for n, state in enumerate(chain().states):
            seen.setdefault((state.place, state.noun), []).append(n)
        return float(sum(_entropy_of_mixture(states) for states in seen.values()))

    def batch(self, rng, B):
        """B new streams; the target is (T, B)."""
        words = chain().sample(rng, self.T + 1, B)
        return Batch(one_hot(words[:-1], self.D), words[1:])

    def accuracy(self, y, batch):
        """The share of main verbs whose right form scores higher than the other, for scores y (T, K, B)."""
        right, _ = agreement(y, words_of(batch))
        return float(right.mean())

    def divergence(self, y, batch):
        """Mean Kullback-Leibler divergence of softmax(y) from the exact probabilities, nats a word.

        Cross-entropy is this and the entropy of the words that came; the divergence alone is what is left
        to learn, 0 for a perfect reader.
        """
        states = chain().walk(words_of(batch))[1:-1]
        P = chain().P[states].swapaxes(1, 2)
        log_p = log_softmax(y)
        return float((P * (np.log(np.where(P > 0, P, 1)) - log_p)).sum(1).mean())


def words_of(batch):
    """The words of a batch, (T+1, B): those that are read, and the last target."""
    return np.concatenate([batch.x[:1].argmax(1), batch.target])


def agreement(y, words):
    """Whether each main verb agrees with its subject.

    Parameters
    ----------
    y : numpy.ndarray
        Scores of the word after each step, (T, K, B).
    words : numpy.ndarray
        Numbers of words, (T+1, B).

    Returns
    -------
    right : numpy.ndarray
        Whether the form that came scores higher than its other form, (n,).
    verbs : list of Verb
        The n main verbs they are of.
    """
    verbs = main_verbs(words)
    step, b, right, wrong = np.array([v[:4] for v in verbs], int).reshape(-1, 4).T
    return y[step - 1, right, b] > y[step - 1, wrong, b], verbs


def main_verbs(words):
    """The main verbs in words of the language, (T, B), as a list of `Verb`."""
    table, found = chain(), []
    states = table.walk(words)
    for b in range(words.shape[1]):
        subject, attractors, number = 0, 0, 0
        for t, (word, n) in enumerate(zip(words[:, b], states[:, b], strict=False)):
            place = table.states[n].place
            if table.words[word] in _NUMBER:
                noun = _NUMBER[table.words[word]]
                if place in ("the subject", "old subject"):
                    subject, attractors, number = t, 0, noun
                attractors += noun != number
            elif int(word) in (other := _other_form()) and place in ("noun", "clause"):
                found.append(Verb(t, b, int(word), other[int(word)], attractors, t - subject))
    return found


_NUMBER = {noun: number for number, nouns in enumerate(NOUNS) for noun in nouns}


def _other_form():
    """From the number of a main verb's form to that of its other form."""
    index, other = chain().index, {}
    for kind in ("is", "falls"):
        (one,), (many,) = VERBS[kind]
        other |= {index[one]: index[many], index[many]: index[one]}
    return other


def long_subjects(rng, B, phrases):
    """Subjects, half of them plural, each with phrases whose nouns have the other number: no verb yet.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        Where the words are drawn from.
    B : int
        How many.
    phrases : int
        Prepositional phrases of each, 0 or more.

    Returns
    -------
    words : numpy.ndarray
        Numbers of words, (2 + 3 phrases, B): *the key near the doors with the men*. A verb may come after
        the subject, and after each phrase: 1, 4, 7 ... words after the subject.
    numbers : numpy.ndarray
        Of each subject, (B,): 0 for singular, 1 for plural.
    """
    rng, B, index = arguments.generator(rng), arguments.size(B, "B"), chain().index
    numbers = np.arange(B) % 2
    nouns = np.array([[index[noun] for noun in row] for row in NOUNS])
    prepositions = np.array([index[word] for word in KINDS["preposition"]])
    the = np.full(B, index["the"])
    rows = [the, nouns[numbers, rng.integers(0, nouns.shape[1], B)]]
    for _ in range(phrases):
        rows += [rng.choice(prepositions, B), the, nouns[1 - numbers, rng.integers(0, nouns.shape[1], B)]]
    return np.array(rows), numbers


def _entropy_of_mixture(states):
    """The share of some states in a long run, times the entropy of the next word if all look the same."""
    weights = chain().stationary[states]
    p = weights @ chain().P[states]
    p = p[p > 0]
    return -(p * np.log(p / weights.sum())).sum()
