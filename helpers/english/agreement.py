"""The next word of a small English: the verb must agree with a subject that may be far back."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from helpers.engine import arguments
from helpers.english.language import NOUNS, PARTS_OF_SPEECH, VERBS, chain
from helpers.tasks.base import Batch, Task, at_least, one_hot
from helpers.training import log_softmax


class Verb(NamedTuple):
    """A main verb in a stream of words.

    Attributes
    ----------
    step, b : int
        Its place: word `step` (from 0) of sequence b.
    right, wrong : int
        Word numbers of the verb itself and of its other form: *are* and *is*.
    attractors : int
        How many nouns between subject and verb have the other number.
    distance : int
        How many words it comes after its subject: 1 for the next.
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

    Verbs agree with a subject that may be far back, with nouns of the other number in between, and quotes
    close (after Elman 1991; measured as in Linzen, Dupoux and Goldberg 2016, by the number of those nouns
    and by distance). The language is a Markov chain, so the probability of each next word is known exactly:
    see `helpers.english.language`.

    Parameters
    ----------
    T : int
        Words in a sequence, 2 or more. It begins with a sentence, and may end in the middle of one.
    """

    T: int = 40
    D: ClassVar[int] = 36
    K: ClassVar[int] = 36
    loss: ClassVar[str] = "cross_entropy"
    every_step: ClassVar[bool] = True
    chance: ClassVar[float] = 1 / 2  # for a reader who knows the grammar and has forgotten the subject

    def __post_init__(self):
        at_least(self.T, "T", 2)

    @property
    def best(self):
        """Nats per word for a reader who knows the chain: its entropy rate, 1.3935."""
        return chain().entropy_rate

    @property
    def baseline(self):
        """Nats per word for a reader who knows the place in the sentence, but not subject or quotes."""
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
        """Mean Kullback-Leibler divergence of softmax(y) from the exact probabilities, in nats per word.

        On average, the cross-entropy is the entropy rate plus this divergence, which is what is left to
        learn: 0 for a perfect reader.
        """
        states = chain().walk(words_of(batch))[1:-1]
        P = chain().P[states].swapaxes(1, 2)
        log_p = log_softmax(y)
        return float((P * (np.log(np.where(P > 0, P, 1)) - log_p)).sum(1).mean())


def words_of(batch):
    """The words of a batch, (T+1, B): those that are read, and then the last target."""
    return np.concatenate([batch.x[:1].argmax(1), batch.target])


def agreement(y, words):
    """Whether each main verb agrees with its subject.

    Parameters
    ----------
    y : numpy.ndarray
        Scores of the word after each step, (T, K, B).
    words : numpy.ndarray
        Word numbers, (T+1, B).

    Returns
    -------
    right : numpy.ndarray
        Whether the right form scores higher than the other one, for each main verb, (n,).
    verbs : list of Verb
        These n main verbs.
    """
    verbs = main_verbs(words)
    step, b, right, wrong = np.array([v[:4] for v in verbs], int).reshape(-1, 4).T
    return y[step - 1, right, b] > y[step - 1, wrong, b], verbs


def main_verbs(words):
    """The main verbs in words (T, B) of the language, as a list of `Verb`."""
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
    """From the word number of each form of a main verb to that of its other form."""
    index, other = chain().index, {}
    for kind in ("is", "falls"):
        (one,), (many,) = VERBS[kind]
        other |= {index[one]: index[many], index[many]: index[one]}
    return other


def long_subjects(rng, B, phrases):
    """Beginnings of sentences, up to the verb: subjects followed by phrases with nouns of the other number.

    Parameters
    ----------
    rng : numpy.random.Generator or int
        Where the words are drawn from.
    B : int
        How many; half of the subjects are plural.
    phrases : int
        Prepositional phrases after each subject, 0 or more.

    Returns
    -------
    words : numpy.ndarray
        Word numbers, (2 + 3 phrases, B): *the key near the doors with the men*. A verb may come after the
        subject and after each phrase: 1, 4, 7 ... words after the subject.
    numbers : numpy.ndarray
        The number of each subject, (B,): 0 for singular, 1 for plural.
    """
    rng, B, index = arguments.generator(rng), arguments.size(B, "B"), chain().index
    numbers = np.arange(B) % 2
    nouns = np.array([[index[noun] for noun in row] for row in NOUNS])
    prepositions = np.array([index[word] for word in PARTS_OF_SPEECH["preposition"]])
    the = np.full(B, index["the"])
    rows = [the, nouns[numbers, rng.integers(0, nouns.shape[1], B)]]
    for _ in range(phrases):
        rows += [rng.choice(prepositions, B), the, nouns[1 - numbers, rng.integers(0, nouns.shape[1], B)]]
    return np.array(rows), numbers


def _entropy_of_mixture(states):
    """The share of some states in the long run, times the entropy of the next word if they look the same."""
    weights = chain().stationary[states]
    p = weights @ chain().P[states]
    p = p[p > 0]
    return -(p * np.log(p / weights.sum())).sum()
