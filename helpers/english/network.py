"""The trained networks that read: those in data/, or one from a learner's own file."""

import json
import pathlib
from dataclasses import dataclass, field

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells import GRU, LSTM, RNN, MinGRU
from helpers.english.language import chain
from helpers.tasks import data
from helpers.training import Model, Readout

CELLS = {"rnn": RNN, "lstm": LSTM, "gru": GRU, "mingru": MinGRU}
NAMES = {"mingru": "minGRU"}
STORED = ("rnn", "lstm", "gru", "mingru")  # in data/
PARAMETERS = {"W": "(G*H, D)", "U": "(G*H, H)", "b": "(G*H, 1)", "V": "(K, H)", "b_y": "(K, 1)"}


@dataclass(frozen=True)
class Network:
    """A trained network that reads the small English word by word.

    Attributes
    ----------
    kind : {"rnn", "lstm", "gru", "mingru"}
    model : helpers.training.Model
        In float64: what is computed with it depends on the stored weights alone, not on the processor.
    settings : dict
        How it was trained: seed, steps and so on.
    """

    kind: str
    model: Model
    settings: dict = field(default_factory=dict)

    @property
    def cell(self):
        """Its cell."""
        return self.model.cell

    @property
    def H(self):
        """Hidden units."""
        return self.cell.H

    @property
    def name(self):
        """Its name in a sentence."""
        return NAMES.get(self.kind, self.kind.upper())


def make(kind, H, *, rng=None, dtype=np.float64):
    """An untrained network: an RNN with an orthogonal U, or a gated cell that begins by keeping (b = 1).

    Parameters
    ----------
    kind : {"rnn", "lstm", "gru", "mingru"}
        Which cell.
    H : int
        Hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    dtype : {numpy.float64, numpy.float32}
        Precision of the weights.
    """
    K, rng = len(chain().words), arguments.generator(rng)
    start = {"init": "orthogonal"} if kind == "rnn" else {"forget_bias": 1.0}
    cell = CELLS[arguments.choice(kind, "kind", tuple(CELLS))](K, H, rng=rng, dtype=dtype, **start)
    return Model(cell, Readout(H, K, rng=rng, dtype=dtype), every_step=True)


def save(path, network):
    """Write a network to a file: its weights in float32, its kind, its vocabulary and its settings.

    Parameters
    ----------
    path : str or pathlib.Path
        Ends in ".npz".
    network : Network
        The network to save.
    """
    weights = {name: value.astype(np.float32) for name, value in network.model.parameters.items()}
    words, settings = np.array(chain().words), json.dumps(network.settings)
    np.savez_compressed(path, kind=network.kind, words=words, settings=settings, **weights)


def load(name):
    """Load a network: one of those in data/, or a learner's own.

    Parameters
    ----------
    name : str or pathlib.Path
        "rnn", "lstm", "gru" or "mingru", as trained by `tools/make_reading.py`; or the path of a file that
        `save` wrote.

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If the file cannot be read, lacks an entry, or has one that does not fit; the message says which.
    FileNotFoundError
        If there is no such file.
    """
    if name in STORED:
        return from_entries(data.load_reading(name), f"data/reading_{name}.npz")
    path = pathlib.Path(name)
    if not path.is_file():
        stored = ", ".join(map(repr, STORED))
        raise FileNotFoundError(f"There is no file {path}: give the path of a .npz file, or one of {stored}.")
    return from_entries(data.read_npz(path.read_bytes(), str(path)), str(path))


def from_entries(entries, name):
    """The network in the entries of a file; a ValueError gives the name of the file and what is wrong."""
    missing = [key for key in ("kind", *PARAMETERS) if key not in entries]
    if missing:
        raise ValueError(
            f"{name} needs the entries kind, {', '.join(PARAMETERS)}; it lacks {', '.join(missing)}."
        )
    kind = str(entries["kind"])
    if kind not in CELLS:
        raise ValueError(f"{name}: kind must be one of {', '.join(CELLS)}; it is {arguments.quoted(kind)}.")
    if "words" in entries and tuple(map(str, entries["words"])) != chain().words:
        raise ValueError(
            f"{name} was trained with other words; it needs the {len(chain().words)} of this one."
        )
    try:
        K = len(chain().words)
        H = arguments.array(entries["V"], "V", "(K, H)", (K, None), np.float64).shape[1]
        cell, readout = CELLS[kind](K, H, init="zeros"), Readout(H, K, init="zeros")
        model = Model(cell, readout, every_step=True)
        for key, place in model.parameters.items():
            if place.size:  # a minGRU's U has no rows
                place[...] = arguments.array(entries[key], key, PARAMETERS[key], place.shape, np.float64)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    return Network(kind, model, _settings(entries))


def _settings(entries):
    try:
        return dict(json.loads(str(entries["settings"])))
    except (KeyError, ValueError, TypeError):
        return {}
