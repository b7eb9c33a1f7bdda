"""The sequences that the lab on order reads: 64 steps each, with all inputs between 0 and 1."""

import functools
from typing import NamedTuple

import numpy as np

from helpers.tasks import data, sound

T = 64


class Recording(NamedTuple):
    """One sequence.

    Attributes
    ----------
    kind : {"letters", "spectrum", "curve", "image"}
        What it is drawn as.
    x : numpy.ndarray
        Its inputs, (T, D, 1).
    names : list of str
        What each step is called: the letter, the time, the year.
    """

    kind: str
    x: np.ndarray
    names: list


def _letters(text):
    alphabet = "".join(sorted(set(data.load_text())))
    return Recording("letters", data.encode(text, alphabet), ["space" if c == " " else c for c in text])


def _text():
    return _letters(data.load_text()[:T])


def _mirrored_text():
    half = data.load_text()[: T // 2]
    return _letters(half + half[::-1])


def _speech():
    x = sound.spectrum(*data.load_speech()["three"])[:T]
    return Recording("spectrum", (x - x.min()) / np.ptp(x), [f"{8 * step} ms" for step in range(T)])


def _sunspots():
    years, numbers = (values[-T:] for values in data.load_sunspots())
    return Recording("curve", (numbers / numbers.max()).reshape(T, 1, 1), [f"{year:.0f}" for year in years])


def _digit():
    return Recording("image", data.digit_sequences(data.load_digits()[0][:1]), [""] * T)


SEQUENCES = {
    "text": _text,
    "mirrored text": _mirrored_text,
    "synthetic speech": _speech,
    "sunspots": _sunspots,
    "digit": _digit,
}
"""From the words of a choice to what loads the sequence."""


@functools.cache
def recording(choice):
    """The `Recording` of one of `SEQUENCES`, loaded once."""
    return SEQUENCES[choice]()
