"""What back-propagation returns."""

from functools import cached_property, reduce

import numpy as np

from helpers.engine.bptt.cache import chunks
from helpers.engine.cells.base import block, may_overflow


class Gradients:
    """The gradients of a loss L. `grads["U_f"]` is the block of one gate, as in the cell.

    Attributes
    ----------
    dW, dU, db : numpy.ndarray
        In the shapes of `cell.W`, `cell.U`, `cell.b`: sums over the steps and the batch.
    dx : numpy.ndarray
        dL/dx_t, (T, D, B).
    da : numpy.ndarray
        dL/da_t, (T, rows, B): the rows of `cell.b`, block by block.
    dh : numpy.ndarray
        Total derivative dL/dh_t, (T+1, H, B); index 0 is h_0.
    dc : numpy.ndarray
        Total derivative dL/dc_t, (T+1, H, B), the part through h_t included; index 0 is c_0. Only
        for an LSTM.
    """

    def __init__(self, tape, da, arrived, first=0):
        """`first` is the step (from 0) before which all of `da` is 0, because the gradient was cut off."""
        self._tape, self.da, self._arrived = tape, da, arrived
        self.parameters = weight_gradients(tape.steps(first, tape.T), da[first:])  # by their names

    dW = property(lambda self: self.parameters["W"])
    dU = property(lambda self: self.parameters["U"])
    db = property(lambda self: self.parameters["b"])

    def __getitem__(self, name):
        return block(self._tape.cell, self.parameters, name)

    @cached_property
    @may_overflow
    def dx(self):
        """dL/dx_t, (T, D, B)."""
        W = self._tape.cell.W
        return np.matmul(W.T, self.da[:, : len(W)])

    @property
    def dh(self):
        """Total derivative dL/dh_t, (T+1, H, B)."""
        return self._arrived[:, 0]

    @cached_property
    @may_overflow
    def dc(self):
        """Total derivative dL/dc_t, (T+1, H, B)."""
        cell, (dh, *dc) = self._tape.cell, self._arrived.swapaxes(0, 1)
        if not dc:
            raise AttributeError(f"there is no dc: this {type(cell).__name__} has no cell state")
        now = cell.total("c", self._tape, dc[0][1:], dh[1:])
        return np.concatenate([dc[0][:1], now])  # no step made c_0


COPIED = 1 << 18  # numbers of da that are copied at once


@may_overflow
def weight_gradients(tape, da):
    """The gradients of W, U and b by name, summed over the steps of `da`: one product each for many steps.

    Not for all steps at once: the copy that lays them side by side would then be as large as the tape.
    """
    parts = [_of_a_chunk(tape.steps(*chunk), da[slice(*chunk)]) for chunk in chunks(da, COPIED)]
    return {name: reduce(np.add, [part[name] for part in parts]) for name in tape.cell.parameters}


def _of_a_chunk(tape, da):
    cell, rows = tape.cell, side_by_side(da)
    dW = rows[: len(cell.W)].dot(side_by_side(tape.x).T)
    blocks = cell.blocks_of(rows)
    dU = [
        blocks[which].reshape(-1, rows.shape[1]).dot(side_by_side(source).T)
        for which, source in cell.recurrent_inputs(tape)
    ]
    dU = np.concatenate([np.zeros_like(cell.U[:0]), *dU])
    own = cell.own_gradients(tape.steps(0, len(da)), da)
    return {"W": dW, "U": dU, "b": rows.sum(1, keepdims=True)} | own


def side_by_side(a):
    """The steps of (T, ..., B) as columns, (..., T*B): column t*B + b is step t of sequence b."""
    return a.transpose(*range(1, a.ndim - 1), 0, -1).reshape(*a.shape[1:-1], -1)
