"""A small English in which verbs agree and quotes close: a Markov chain, with exact probabilities.

The keys to the old cabinet that the man sees are on the table.

A sentence has a subject, then a random number of prepositional phrases and relative clauses, and then a
verb that agrees with the subject, however far back that is, and not with the nouns in between. Some
sentences are in quotes, which close after the full stop.
"""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from helpers.engine import arguments

SINGULAR, PLURAL = 0, 1
NOUNS = (
    ("key", "door", "cabinet", "book", "man", "dog", "table", "cat"),
    ("keys", "doors", "cabinets", "books", "men", "dogs", "tables", "cats"),
)
# The words of each kind; where there are two rows, the first is singular and the second plural.
PARTS_OF_SPEECH = {
    '"': ('"',), "the": ("the",), "that": ("that",), "on": ("on",), ".": (".",),
    "adjective": ("old", "red", "small"), "preposition": ("near", "behind", "with", "to"),
    "subject": (*NOUNS[SINGULAR], *NOUNS[PLURAL]), "noun": (*NOUNS[SINGULAR], *NOUNS[PLURAL]),
}  # fmt: skip
VERBS = {
    "sees": (("sees", "holds"), ("see", "hold")), "is": (("is",), ("are",)), "falls": (("falls",), ("fall",)),
}  # fmt: skip
MAIN_VERBS = ("is", "falls")

# For each place in a sentence: the probability of each kind of next word (within a kind, all are equally
# likely), and the place after it.
GRAMMAR = {
    "start": ((1 / 4, '"', "quote"), (3 / 4, "the", "the subject")),
    "quote": ((1, "the", "the subject"),),
    "the subject": ((1 / 4, "adjective", "old subject"), (3 / 4, "subject", "noun")),
    "old subject": ((1, "subject", "noun"),),
    "noun": (
        (0.3, "preposition", "preposition"), (0.2, "that", "that"),
        (0.3, "is", "is"), (0.2, "falls", "last word"),
    ),
    "preposition": ((1, "the", "the noun"),),
    "the noun": ((1 / 4, "adjective", "old noun"), (3 / 4, "noun", "noun")),
    "old noun": ((1, "noun", "noun"),),
    "that": ((1 / 2, "sees", "preposition"), (1 / 2, "the", "that the")),
    "that the": ((1, "noun", "that the noun"),),
    "that the noun": ((1, "sees", "clause"),),
    "clause": ((0.5, "preposition", "preposition"), (0.3, "is", "is"), (0.2, "falls", "last word")),
    "is": ((1 / 2, "adjective", "last word"), (1 / 2, "on", "on")),
    "on": ((1, "the", "on the"),),
    "on the": ((1, "noun", "last word"),),
    "last word": ((1, ".", "full stop"),),
    "full stop": ((1, '"', "start"),),
}  # fmt: skip
# The places where the number of the subject, or of the last noun, can still matter. Elsewhere it is dropped,
# so that no two states of the chain have the same future.
SUBJECT_MATTERS = {
    "noun", "preposition", "the noun", "old noun", "that", "that the", "that the noun", "clause",
}  # fmt: skip
NOUN_MATTERS = {"noun", "that", "that the noun"}


class State(NamedTuple):
    """A state of the chain: all that matters for the next word.

    Attributes
    ----------
    place : str
        A key of `GRAMMAR`.
    subject, noun : int
        The number of the subject and of the last noun: 0 for singular, 1 for plural; 0 where it cannot
        matter.
    quoted : bool
        Whether a quote is open.
    """

    place: str = "start"
    subject: int = SINGULAR
    noun: int = SINGULAR
    quoted: bool = False


def ways_out(state):
    """The possible next words: (probability, word, state after it) for each."""
    for share, kind, place in GRAMMAR[state.place]:
        if kind in VERBS:
            number = state.subject if kind in MAIN_VERBS else state.noun
            words = VERBS[kind][number]
        else:
            words = PARTS_OF_SPEECH[kind]
        for word in words:
            yield share / len(words), word, _after(state, kind, word, place)


def _after(state, kind, word, place):
    number = int(word in NOUNS[PLURAL])
    subject = number if kind == "subject" else state.subject
    noun = number if kind in ("subject", "noun") else state.noun
    quoted = (place == "quote") or (state.quoted and kind != '"')
    if place == "full stop" and not quoted:
        place = "start"
    return State(place, subject * (place in SUBJECT_MATTERS), noun * (place in NOUN_MATTERS), quoted)


@dataclass(frozen=True)
class Chain:
    """The language as tables, with N states and K words.

    Attributes
    ----------
    states : tuple of State
        All reachable states, the start first.
    words : tuple of str
        The vocabulary.
    P : numpy.ndarray
        (N, K): the probability of each word, from each state.
    after : numpy.ndarray
        (N, K): the index of the state after each word; -1 where the word cannot come.
    """

    states: tuple
    words: tuple
    P: np.ndarray
    after: np.ndarray

    @functools.cached_property
    def index(self):
        """From each word to its number, 0 to K-1."""
        return {word: k for k, word in enumerate(self.words)}

    @functools.cached_property
    def entropy(self):
        """Entropy of the next word in nats, for each state, (N,)."""
        return -np.where(self.P > 0, self.P * np.log(np.where(self.P > 0, self.P, 1)), 0).sum(1)

    @functools.cached_property
    def transitions(self):
        """(N, N): from each state, the probability of each next state."""
        steps = np.zeros((len(self.states), len(self.states)))
        n, k = np.nonzero(self.P)
        np.add.at(steps, (n, self.after[n, k]), self.P[n, k])
        return steps

    @functools.cached_property
    def stationary(self):
        """The share of time that the chain spends in each state, (N,): p = p @ transitions, with sum 1."""
        N = len(self.states)
        equations = np.vstack([self.transitions.T - np.eye(N), np.ones(N)])
        return np.linalg.lstsq(equations, np.eye(N + 1)[-1], rcond=None)[0]

    @property
    def entropy_rate(self):
        """Nats per word: no reader can do better on average."""
        return float(self.stationary @ self.entropy)

    def sample(self, rng, T, B):
        """Word numbers (T, B): B streams of T words, sentence after sentence, each from the start of one."""
        rng = arguments.generator(rng)
        T, B = arguments.size(T, "T"), arguments.size(B, "B")
        draws, limits = rng.random((T, B, 1)), self.P.cumsum(1)[:, :-1]
        words, state = np.empty((T, B), int), np.zeros(B, int)
        for t in range(T):
            words[t] = (limits[state] <= draws[t]).sum(1)
            state = self.after[state, words[t]]
        return words

    def walk(self, words):
        """The states that a sequence of words passes through.

        Parameters
        ----------
        words : array_like
            Word numbers, (T,) or (T, B), from the start of a sentence.

        Returns
        -------
        numpy.ndarray
            Indices of states, (T+1,) or (T+1, B): before the first word, and after each word. -1 from the
            first word on that the language does not allow there.
        """
        words = np.asarray(words)
        states = np.zeros((len(words) + 1, *words.shape[1:]), int)
        for t, word in enumerate(words):
            states[t + 1] = np.where(states[t] < 0, -1, self.after[states[t], word])
        return states


@functools.cache
def chain():
    """The language as a `Chain`, made once."""
    words = tuple(dict.fromkeys([*_words_of(PARTS_OF_SPEECH.values()), *_words_of(VERBS.values())]))
    index = {word: k for k, word in enumerate(words)}
    states, rows = [State()], []
    for state in states:  # the list grows during the loop
        ways = list(ways_out(state))
        states += dict.fromkeys(new for _, _, new in ways if new not in states)
        rows.append(ways)
    P = np.zeros((len(states), len(words)))
    after = np.full(P.shape, -1)
    for n, ways in enumerate(rows):
        for share, word, new in ways:
            P[n, index[word]], after[n, index[word]] = share, states.index(new)
    return Chain(tuple(states), words, P, after)


def _words_of(kinds):
    for words in kinds:
        yield from (words if isinstance(words[0], str) else _words_of(words))
