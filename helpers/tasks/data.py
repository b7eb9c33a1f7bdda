"""The real sequences of data/: a text, spoken digits, sunspots, handwritten digits.

data/README.md says where each file comes from. One whose checksum is wrong is not used.
"""

import csv
import hashlib
import io
import json
import pathlib
import zipfile
import zlib

import numpy as np

from helpers.engine import arguments
from helpers.tasks.base import one_hot
from helpers.tasks.sound import read_wav

CHECKOUT = pathlib.Path(__file__).resolve().parents[2] / "data"
PACKAGED = pathlib.Path(__file__).resolve().parents[1] / "_data"  # the copy that a wheel carries (setup.py)
FOLDER = PACKAGED if PACKAGED.is_dir() else CHECKOUT
SPOKEN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def load_text():
    """The text, about 480 words of English.

    Returns
    -------
    str
        Paragraphs are separated by an empty line.

    Raises
    ------
    FileNotFoundError
        If the file is missing. The other loaders raise the same errors.
    ValueError
        If it is damaged.
    """
    return _checked("text.txt").decode()


def load_speech():
    """The digits zero to nine, spoken by a speech synthesiser.

    Returns
    -------
    dict
        From the word ("zero" to "nine") to (samples, rate): floats between -1 and 1, (N,), and the
        number of samples per second.
    """
    return {word: read_wav(_checked(f"speech/{word}.wav"), f"data/speech/{word}.wav") for word in SPOKEN}


def load_sunspots():
    """Yearly sunspot numbers.

    Returns
    -------
    years, numbers : numpy.ndarray
        (309,) each: 1700 to 2008 as whole numbers, and the mean daily sunspot number of each year.
    """
    years, numbers = np.loadtxt(io.BytesIO(_checked("sunspots.csv")), delimiter=",", skiprows=1).T
    return years.astype(int), numbers


def load_digits():
    """Handwritten digits.

    Returns
    -------
    images : numpy.ndarray
        (1797, 8, 8), whole numbers from 0 (white) to 16 (black).
    labels : numpy.ndarray
        (1797,), the digit in each, 0 to 9.
    """
    file = read_npz(_checked("digits.npz"), "data/digits.npz")
    return file["images"], file["labels"]


def load_reading(kind):
    """The weights of a network that has learnt to read; `helpers.english.load` makes a network of them.

    Parameters
    ----------
    kind : {"rnn", "lstm", "gru", "mingru"}
        Which.

    Returns
    -------
    dict
        From the name of an entry to its array, as data/README.md lists them.
    """
    name = f"reading_{kind}.npz"
    return read_npz(_checked(name), f"data/{name}")


def load_without_h():
    """What `tools/measure_without_h.py` found for the lesson on gates without h.

    Returns
    -------
    dict
        "parity", "reading", "arms" and "scan", as data/README.md describes them.
    """
    return json.loads(_checked("without_h.json"))


def read_npz(content, name):
    """The arrays in the bytes of a .npz file, by name.

    Raises
    ------
    ValueError
        If it is not such a file; `name` is what the message calls it.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except (ValueError, OSError, EOFError, AttributeError, TypeError, zipfile.BadZipFile, zlib.error):
        raise ValueError(
            f"{name} cannot be read: it must be a .npz file, as numpy.savez writes it."
        ) from None


def load_start_race():
    """What each start of an LSTM came to in the race of lesson 6, with 8 seeds and two BLAS kernels.

    Returns
    -------
    list of dict
        One for each run: T, the biases b_f and b_i, whether the `units` are "all alike" or "spread", U, the
        BLAS `kernel`, the `seed`, and after how many `updates` the task was solved; 0 if not within 500.
    """
    kinds = {"b_f": float, "b_i": float, "units": str, "kernel": str}
    rows = csv.DictReader(io.StringIO(_checked("start_race.csv").decode()))
    return [{name: kinds.get(name, int)(value) for name, value in row.items()} for row in rows]


def load_race():
    """The results of lesson 8's race.

    Returns
    -------
    list of dict
        One for each run. Its settings: task, length, T, lane (which cell, and how it starts), H, B, lr,
        n_steps, the BLAS `kernel` and the seed. Its results: after how many `updates` the task was solved,
        0 if it was not; `seconds` of processor time; the `accuracy` on what is held out and the fraction
        that was `left` to learn, both after the last update.
    """
    whole = {"T", "H", "B", "n_steps", "seed", "updates"}
    kinds = dict.fromkeys(("task", "length", "lane", "kernel"), str) | dict.fromkeys(whole, int)
    rows = csv.DictReader(io.StringIO(_checked("race.csv").decode()))
    return [{name: kinds.get(name, float)(value) for name, value in row.items()} for row in rows]


def load_carriers():
    """Which units of ten networks that read carry singular or plural at each word (lesson 7).

    Returns
    -------
    list of dict
        One for each network and word: the `cell` and the `seed`; the place of the `word`, from 2; the
        `units` that carry it there, a tuple; `after`, from the place of a word to how often these units flip
        the verb if they get their twin's state after it.
    """
    rows = csv.DictReader(io.StringIO(_checked("carriers.csv").decode()))
    return [
        {
            "cell": row["cell"], "seed": int(row["seed"]), "word": int(row["word"]),
            "units": tuple(map(int, row["units"].split())),
            "after": {word: float(row[f"after_{word}"]) for word in range(2, 9)},
        }
        for row in rows
    ]  # fmt: skip


def encode(text, alphabet):
    """A text as a sequence of one-hot inputs.

    Parameters
    ----------
    text : str
        T characters, 1 or more.
    alphabet : str
        D different characters; character k sets input k.

    Returns
    -------
    numpy.ndarray
        (T, D, 1).

    Raises
    ------
    ValueError
        If the text is empty, has a character that the alphabet lacks, or the alphabet has one twice.
    """
    if not isinstance(text, str) or not text:
        raise ValueError(f"text must be a string of 1 character or more; got {arguments.quoted(text)}.")
    twice = sorted({c for c in alphabet if alphabet.count(c) > 1})
    if twice:
        raise ValueError(f"alphabet must have each character once; it repeats {_quoted(twice)}.")
    unknown = sorted(set(text) - set(alphabet))
    if unknown:
        raise ValueError(f"text must be written in the alphabet; {_quoted(unknown)} is not in it.")
    codes = np.array([alphabet.index(character) for character in text])
    return one_hot(codes[:, None], len(alphabet))


def decode(x, alphabet):
    """The text that a sequence of one-hot inputs, or of scores, represents.

    Parameters
    ----------
    x : array_like
        (T, D) or (T, D, 1); at each step, the largest of the D numbers counts.
    alphabet : str
        D characters.

    Raises
    ------
    ValueError
        For a wrong shape.
    """
    x = np.asarray(x)
    one = x[:, :, 0] if x.ndim == 3 and x.shape[2] == 1 else x
    if one.ndim != 2 or one.shape[1] != len(alphabet):
        raise ValueError(f"x must have the shape (T, D, 1) = (any, {len(alphabet)}, 1); got {x.shape}.")
    return "".join(alphabet[k] for k in one.argmax(axis=1))


def digit_sequences(images, by="pixels"):
    """Images as sequences, read from left to right and from top to bottom.

    Parameters
    ----------
    images : array_like
        (N, 8, 8), from 0 to 16, as `load_digits` returns them.
    by : {"pixels", "rows"}
        What each step reads: one pixel, or a row of them.

    Returns
    -------
    numpy.ndarray
        From 0 to 1: (64, 1, N) by pixels, (8, 8, N) by rows.

    Raises
    ------
    ValueError
        For a wrong shape, or another `by`.
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.shape[1:] != (8, 8):
        raise ValueError(f"images must have the shape (N, 8, 8); got {images.shape}.")
    if by not in ("pixels", "rows"):
        raise ValueError(f"by must be 'pixels' or 'rows'; got {arguments.quoted(by)}.")
    D = 1 if by == "pixels" else 8
    return images.reshape(len(images), -1, D).transpose(1, 2, 0) / 16


def _checked(name):
    """The bytes of a file of data/, if they have the checksum in SHA256SUMS."""
    lines = _read("SHA256SUMS").decode().splitlines()
    expected = {file: digest for digest, file in (line.split() for line in lines)}[name]
    content = _read(name)
    if hashlib.sha256(content).hexdigest() != expected:
        raise ValueError(f"data/{name} is damaged: its SHA-256 is not the stored one. {_remedy(name)}")
    return content


def _read(name):
    try:
        return (FOLDER / name).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"data/{name} is missing. {_remedy(name)}") from None


def _remedy(name):
    if FOLDER == PACKAGED:
        return "To restore it, install the project again."
    return f"To restore it, run `git checkout -- data/{name}` in the project's folder."


def _quoted(characters):
    return arguments.shortened(", ".join(map(repr, characters)))
