"""Unrolling: one cell applied at every step, and a tape that records the run."""

from dataclasses import dataclass

import numpy as np

from helpers.engine import arguments
from helpers.engine.bptt.cache import FEW, stack
from helpers.engine.cells.base import may_overflow


@dataclass(frozen=True)
class Tape:
    """The record of a run.

    Gates and states are attributes, by their names in NOTATION.md: `tape.f`, `tape.c_tilde`, `tape.z`,
    `tape.h`, `tape.c`, each (T, H, B). `tape.h_prev` and `tape.c_prev` are the states before each step.

    Attributes
    ----------
    cell : helpers.engine.cells.base.Cell
    x : numpy.ndarray
        Inputs, (T, D, B).
    gates : numpy.ndarray
        (T, gates, H, B): those that `cell.gates` names, in that order.
    states : numpy.ndarray
        (T+1, S, H, B): `states[0]` is where the run started.
    """

    cell: object
    x: np.ndarray
    gates: np.ndarray
    states: np.ndarray

    def __getattr__(self, name):
        cell = self.__dict__.get("cell")
        if cell is None:  # while it is being copied or unpickled
            raise AttributeError(name)
        if name in cell.states:
            return self.states[1:, cell.states.index(name)]
        if name.removesuffix("_prev") in cell.states:
            return self.states[:-1, cell.states.index(name.removesuffix("_prev"))]
        if name in cell.gates:
            return self.gates[:, cell.gates.index(name)]
        there = ", ".join([*cell.states, *cell.gates])
        raise AttributeError(
            f"the tape of this {type(cell).__name__} has no {arguments.quoted(name)}; it has {there}"
        )

    @property
    def T(self):
        """Number of steps."""
        return len(self.x)

    @property
    def B(self):
        """Number of sequences side by side."""
        return self.x.shape[2]

    def steps(self, first, last):
        """The tape of the steps first..last-1, counted from 0."""
        return Tape(self.cell, self.x[first:last], self.gates[first:last], self.states[first : last + 1])

    def sequence(self, b):
        """The tape of sequence b alone, its batch axis kept (B=1)."""
        if not 0 <= b < self.B:
            raise ValueError(
                f"b must be a sequence of the batch, 0 to {self.B - 1}; got {arguments.quoted(b)}."
            )
        one = slice(b, b + 1)
        return Tape(self.cell, self.x[..., one], self.gates[..., one], self.states[..., one])

    def of_unit(self, *names, unit=0, b=0):
        """Gates and states of one hidden unit in one sequence, over time.

        Parameters
        ----------
        *names : str
            Such as "f", "c_tilde", "h"; all gates and states if left out.
        unit, b : int
            Which hidden unit, and which sequence of the batch.

        Returns
        -------
        dict
            From each name to its values, (T,).
        """
        names = names or (*self.cell.gates, *self.cell.states)
        return {name: getattr(self, name)[:, unit, b] for name in names}


@may_overflow  # a linear RNN may outgrow its dtype
def unroll(cell, x, h_0=None, c_0=None):
    """Run a cell over a sequence: the same weights at every step.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        From `helpers.engine.cells`.
    x : array_like
        Inputs, (T, D, B).
    h_0, c_0 : array_like, optional
        States before the first step, (H, B); zeros if left out. Only an LSTM has a c_0.

    Returns
    -------
    Tape

    Raises
    ------
    ValueError
        For a wrong shape, T=0, or numbers that are not real or not finite; the message names the argument.
    """
    x = arguments.array(x, "x", "(T, D, B)", (None, cell.D, None), cell.dtype)
    state = _first_state(cell, x.shape[2], h_0, c_0)
    a = cell.project(x)
    gates = np.empty((len(x), len(cell.gates), cell.H, x.shape[2]), cell.dtype)
    states = np.empty((len(x) + 1, cell.S, cell.H, x.shape[2]), cell.dtype)
    states[0] = state
    for first in range(0, len(x), FEW):
        made, opened = [], []
        for a_t in a[first : first + FEW]:
            state, gates_t = cell.step(a_t, *state)
            made += state
            opened += gates_t
        stack(made, states[first + 1 : first + 1 + FEW])
        stack(opened, gates[first : first + FEW])
    return Tape(cell, x, gates, states)


def _first_state(cell, B, h_0, c_0):
    if c_0 is not None and cell.S == 1:
        raise ValueError(f"c_0 must be left out: this {type(cell).__name__} has no cell state.")
    return [
        np.zeros((cell.H, B), cell.dtype)
        if given is None
        else arguments.array(given, f"{name}_0", "(H, B)", (cell.H, B), cell.dtype)
        for name, given in zip(cell.states, (h_0, c_0), strict=False)
    ]
