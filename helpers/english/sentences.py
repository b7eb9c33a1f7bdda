"""From typed sentences to word numbers and back, and the exact probabilities after each word."""

import difflib
import re

import numpy as np

from helpers.engine import arguments
from helpers.english.language import chain

EXAMPLE = "The keys to the old cabinet are on the table."


def parse(text):
    """The words of a typed sentence, as word numbers.

    Parameters
    ----------
    text : str
        Words in any order. Capital letters do not matter; full stops and quotes are words of their own.

    Returns
    -------
    numpy.ndarray
        Word numbers, (T,).

    Raises
    ------
    ValueError
        If there is no word, or one that is not in the vocabulary; the message names the nearest ones that
        are.
    """
    if not isinstance(text, str):
        raise ValueError(f"A sentence must be a string; got {arguments.quoted(text)}.")
    words = re.findall(r'[^\s".]+|[".]', re.sub("[“”„«»]", '"', text.lower()))
    if not words:
        raise ValueError(f"A sentence needs one word or more, such as: {EXAMPLE}")
    index = chain().index
    for word in words:
        if word not in index:
            raise ValueError(f"The network has never read {arguments.quoted(word)}; {_nearest(word)}.")
    return np.array([index[word] for word in words])


def _nearest(word):
    near = difflib.get_close_matches(word, [w for w in chain().words if w.isalpha()], n=2, cutoff=0.5)
    if not near:
        return f"none of its {len(chain().words)} words is near, such as key, men, old, with, sees or are"
    return "the nearest word it knows is " + near[0] if len(near) == 1 else "it knows " + " and ".join(near)


def exact_probabilities(words):
    """The exact probability of each next word, after words of the language.

    Parameters
    ----------
    words : array_like
        Word numbers, (T,), from the start of a sentence.

    Returns
    -------
    numpy.ndarray
        (T+1, K): before the first word, and after each word.

    Raises
    ------
    ValueError
        If the words are not a sentence of the language; the message says from which word on.
    """
    table = chain()
    states = table.walk(words)
    if (states < 0).any():
        t = int((states < 0).argmax()) - 1
        before = " ".join(table.words[k] for k in words[:t]) or "the start"
        raise ValueError(
            "Exact probabilities exist only for sentences of the language, and there"
            f" {arguments.quoted(before)} is never followed by {table.words[words[t]]!r}."
        )
    return table.P[states]


def as_text(words):
    """Word numbers (T,) as a string, with spaces between the words."""
    return " ".join(chain().words[k] for k in words)
