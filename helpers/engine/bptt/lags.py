"""The gradient as a sum over lags: the steps between a loss and the state that it reaches."""

from dataclasses import dataclass

import numpy as np

from helpers.engine.bptt.gradients import side_by_side, weight_gradients
from helpers.engine.cells.base import may_overflow


@dataclass(frozen=True)
class Lag:
    """What the losses L_s send to the steps t = s - lag.

    Attributes
    ----------
    tape : Tape
        Of the run.
    da : numpy.ndarray
        dL_(t+lag)/da_t for t = 1..T-lag, (T-lag, rows, B).
    arrived : numpy.ndarray
        What arrives at the states of the steps 1..T-lag, (T-lag, S, H, B); see `helpers.engine.cells.base`.
    dstart : numpy.ndarray
        dL_(1+lag)/dstate_0, (S, H, B): one step further back than the others.
    """

    tape: object
    da: np.ndarray
    arrived: np.ndarray
    dstart: np.ndarray

    @property
    @may_overflow
    def dstates(self):
        """Total derivatives dL_(t+lag)/dstate_t for t = 1..T-lag, (T-lag, S, H, B)."""
        cell, tape, arrived = self.tape.cell, self.tape.steps(0, len(self.da)), self.arrived.swapaxes(0, 1)
        totals = [cell.total(name, tape, a, arrived[0]) for name, a in zip(cell.states, arrived, strict=True)]
        return np.stack(totals, axis=1)

    def weight_gradients(self):
        """The contribution of this lag in the gradients of W, U and b, by name."""
        return weight_gradients(self.tape, self.da)


def by_lag(tape, direct, lags=None):
    """Send the losses of all steps back side by side, and yield what has arrived at each lag.

    A step back is linear, and it is the same computation at every step, given the slopes of that step. So
    the losses of all steps travel together, as the columns of one wide batch. At each lag every column moves
    one step towards the past, and the columns that reach the start drop out.

    Parameters
    ----------
    tape : Tape
        What `unroll` returned.
    direct : numpy.ndarray
        What each h_t receives from the loss of its own step, (T, H, B).
    lags : int, optional
        How many lags, 1 to T; all of them if left out.

    Yields
    ------
    Lag
        For lag 0, 1, 2, ...
    """
    T, B, back = tape.T, tape.B, may_overflow(tape.cell.back)
    slopes = [side_by_side(s) for s in may_overflow(tape.cell.slopes)(tape)]
    columns = side_by_side(direct)
    dstate = [columns] + [np.zeros_like(columns)] * (tape.cell.S - 1)
    for n in range(T, T - (lags or T), -1):
        da, *before = back([s[..., : n * B] for s in slopes], *dstate)
        arrived = np.stack([_steps(d, n) for d in dstate], axis=1)
        yield Lag(tape, _steps(da, n), arrived, np.stack([d[..., :B] for d in before]))
        dstate = [d[..., B:] for d in before]


def _steps(columns, n):
    """The inverse of `side_by_side`: (..., n*B) as (n, ..., B)."""
    return np.moveaxis(columns.reshape(*columns.shape[:-1], n, -1), -2, 0)
