"""A model: a recurrent cell, and a readout that turns its state into an answer."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import initialise
from helpers.engine.cells.base import may_overflow


class Readout:
    """A linear layer on the hidden state: y = V h + b_y.

    Parameters
    ----------
    H, K : int
        Hidden units and numbers of an answer.
    rng : numpy.random.Generator or int, optional
        Where V is drawn from.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "zeros"}
        V is uniform in ±1/sqrt(H), or nothing is drawn and V is 0. b_y starts at 0.

    Attributes
    ----------
    V : numpy.ndarray
        (K, H).
    b_y : numpy.ndarray
        (K, 1).
    """

    def __init__(self, H, K, *, rng=None, dtype=np.float64, init="uniform"):
        self.H, self.K = arguments.size(H, "H"), arguments.size(K, "K")
        rng, dtype = arguments.generator(rng), arguments.floating(dtype)
        arguments.choice(init, "init", ("uniform", "zeros"))
        V = initialise.uniform(rng, K, H, H) if init == "uniform" else np.zeros((K, H))
        self.V, self.b_y = V.astype(dtype), np.zeros((K, 1), dtype)

    @may_overflow
    def __call__(self, h):
        """From h (H, B) or (T, H, B) to y (K, B) or (T, K, B)."""
        return np.matmul(self.V, h) + self.b_y

    @may_overflow
    def back(self, dy, h):
        """The backward twin: from dL/dy to what h receives directly, dL/dV and dL/db_y."""
        direct = np.matmul(self.V.T, dy)
        dV = np.matmul(dy, h.swapaxes(-1, -2)).reshape(-1, self.K, self.H).sum(axis=0)
        db_y = dy.sum(axis=-1, keepdims=True).reshape(-1, self.K, 1).sum(axis=0)
        return direct, dV, db_y


class Model:
    """A cell and a readout.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        From `helpers.engine.cells`.
    readout : Readout
        Of the H and the dtype of the cell.
    every_step : bool
        Whether there is an answer at every step, or after the last step only.

    Raises
    ------
    ValueError
        If the two do not fit together.
    """

    def __init__(self, cell, readout, *, every_step=False):
        if readout.H != cell.H or readout.V.dtype != cell.dtype:
            raise ValueError(
                f"readout must have the H and dtype of the cell, {cell.H} and {cell.dtype}; "
                f"got {readout.H} and {readout.V.dtype}."
            )
        self.cell, self.readout, self.every_step = cell, readout, every_step

    @property
    def parameters(self):
        """The parameters by name; they are the arrays themselves, not copies."""
        return {**self.cell.parameters, "V": self.readout.V, "b_y": self.readout.b_y}

    @property
    def n_parameters(self):
        """How many numbers there are to learn."""
        return sum(p.size for p in self.parameters.values())

    def forward(self, x):
        """Read sequences and answer.

        Parameters
        ----------
        x : array_like
            (T, D, B).

        Returns
        -------
        tape : helpers.engine.bptt.Tape
        y : numpy.ndarray
            (K, B), or (T, K, B) for an answer at every step.
        """
        tape = unroll(self.cell, x)
        return tape, self.readout(self._read(tape))

    def backward(self, tape, dy, cut=None, mode="segments"):
        """Carry dL/dy back to every parameter.

        Parameters
        ----------
        tape : helpers.engine.bptt.Tape
            From `forward`.
        dy : numpy.ndarray
            In the shape of y.
        cut, mode
            Truncation, as in `helpers.engine.bptt.backprop`.

        Returns
        -------
        dict
            The gradients by the names of the parameters.
        """
        direct, dV, db_y = self.readout.back(dy, self._read(tape))
        grads = backprop(tape, direct, cut, mode)
        return {**grads.parameters, "V": dV, "b_y": db_y}

    def _read(self, tape):
        return tape.h if self.every_step else tape.h[-1]

    def __repr__(self):
        return f"Model: {self.cell!r}; {self.readout.K} outputs; {self.n_parameters} parameters in all"
