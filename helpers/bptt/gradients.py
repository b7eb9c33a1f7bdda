"""What back-propagation returns."""

from functools import cached_property, reduce

import numpy as np

from helpers.cells.base import block, flat


class Gradients:
    """The gradients of a loss L. `grads["U_f"]` is the block of one gate, as in the cell.

    Attributes
    ----------
    dW, dU, db : numpy.ndarray
        In the shapes of `cell.W`, `cell.U`, `cell.b`: sums over the steps and the batch.
    dx : numpy.ndarray
        dL/dx_t, (T, D, B).
    da : numpy.ndarray
        dL/da_t, in the shape of `tape.gates`.
    dh : numpy.ndarray
        Total derivative dL/dh_t, (T+1, H, B); index 0 is h_0.
    dc : numpy.ndarray
        Total derivative dL/dc_t, (T+1, H, B), the part through h_t included; index 0 is c_0. Only
        for an LSTM.
    """

    def __init__(self, tape, da, dstates):
        self._tape, self.da, self._dstates = tape, da, dstates
        self.dW, self.dU, self.db = weight_gradients(tape, da)

    @property
    def parameters(self):
        """The gradients by the names of the parameters."""
        return {"W": self.dW, "U": self.dU, "b": self.db}

    def __getitem__(self, name):
        return block(self._tape.cell, self.parameters, name)

    @cached_property
    def dx(self):
        """dL/dx_t, (T, D, B)."""
        W = self._tape.cell.to_a(self._tape.cell.W)
        return np.matmul(W.T, flat(self.da)[:, : len(W)])

    @property
    def dh(self):
        """Total derivative dL/dh_t, (T+1, H, B)."""
        return self._dstates[:, 0]

    @property
    def dc(self):
        """Total derivative dL/dc_t, (T+1, H, B)."""
        cell = self._tape.cell
        if cell.S == 1:
            raise AttributeError(f"there is no dc: this {type(cell).__name__} has no cell state")
        return self._dstates[:, 1]


def pieces(gates, size=None):
    """First and last step (from 0, the last not included) of pieces that fit in a processor's cache."""
    T = len(gates)
    many = max(1, (size or CACHED) * T // gates.size)
    return [(t, min(t + many, T)) for t in range(0, T, many)]


CACHED = 1 << 17  # numbers, of 8 bytes at most


def weight_gradients(tape, da):
    """dW, dU and db: sums over the steps of `da`, one product each for a long piece of them.

    For all steps at once the copy that lays them side by side would be as large as the tape.
    """
    parts = [_weight_gradients(tape.steps(*piece), da[slice(*piece)]) for piece in pieces(da, COPIED)]
    return [reduce(np.add, part) for part in zip(*parts, strict=True)]


COPIED = 1 << 18  # numbers


def _weight_gradients(tape, da):
    cell = tape.cell
    rows = side_by_side(flat(da))
    dW = rows[: len(cell.W)].dot(side_by_side(tape.x).T)
    blocks = rows.reshape(-1, cell.H, rows.shape[1])
    dU = [
        blocks[which].reshape(-1, rows.shape[1]).dot(side_by_side(source).T)
        for which, source in cell.recurrent_inputs(tape)
    ]
    db = rows.sum(1, keepdims=True)
    return cell.from_a(dW), np.concatenate(dU), cell.from_a(db)


def side_by_side(a):
    """The steps of (T, ..., B) as columns, (..., T*B): column t*B + b is step t of sequence b."""
    return a.transpose(*range(1, a.ndim - 1), 0, -1).reshape(*a.shape[1:-1], -1)
