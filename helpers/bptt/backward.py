"""The way back: back-propagation through time (Werbos 1990), in full or truncated.

A gradient sent back needs only the slopes of the run, and those do not depend on it. So `flow` asks
for the slopes of many steps at once (a piece that fits in the cache), keeps only what is truly
sequential in its loop, and leaves the gradients of the weights to one product after it.
"""

import numpy as np

from helpers.bptt.forward import by_state
from helpers.bptt.gradients import Gradients, pieces
from helpers.bptt.lags import by_lag
from helpers.cells import arguments


def backprop(cell, tape, dh, cut=None, mode="segments"):
    """Carry the gradient of a loss back through the steps of a run.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        The cell that ran, with the weights it had.
    tape : Tape
        What `unroll` returned.
    dh : array_like
        What each h_t receives from the loss directly, (T, H, B); or (H, B), for the last step only.
    cut : int, optional
        Truncate: no gradient passes through more than `cut` steps. Left out, or T and more: full BPTT.
    mode : {"segments", "window"}
        "segments" divides the sequence into pieces of `cut` steps, from the first step on, and passes
        no gradient from one to the piece before it, so that a loss sees between 1 and `cut` steps:
        BPTT(k, k), the usual way to train. "window" lets the loss of every step see exactly the last
        `cut` steps (Williams and Peng 1990), which costs `cut` times as much.

    Returns
    -------
    Gradients
        A gradient too large for the dtype comes out as inf or nan, without a warning.

    Raises
    ------
    ValueError
        For a wrong shape, numbers that are not finite, or a `cut` below 1; it names the argument.
    """
    if tape.cell is not cell:
        raise ValueError(f"cell must be the one that ran, {tape.cell!r}; got {cell!r}.")
    T = tape.T
    cut = T if cut is None else min(arguments.size(cut, "cut"), T)
    arguments.choice(mode, "mode", ("segments", "window"))
    if np.ndim(dh) == 2:
        return Gradients(tape, *_from_the_last_step(cell, tape, dh, cut, mode))
    outside = arguments.array(dh, "dh", "(T, H, B)", (T, cell.H, tape.B), cell.dtype)
    if mode == "window" and cut < T:
        return Gradients(tape, *_window(cell, tape, outside, cut))
    return Gradients(tape, *flow(cell, tape, outside, cut))


def flow(cell, tape, outside, cut):
    """Send gradients back through a run.

    Parameters
    ----------
    cell, tape
        As in `backprop`.
    outside : numpy.ndarray
        (T, H, B); or (H, B), for the last step only.
    cut : int
        Length of the segments.

    Returns
    -------
    da : numpy.ndarray
        dL/da_t, in the shape of `tape.gates`.
    dstates : numpy.ndarray
        Total derivatives of the states, (T+1, S, H, B); index 0 is where the run started.
    """
    da = np.empty_like(tape.gates)
    dstates = np.empty(tape.states.shape, cell.dtype)
    dstates[-1] = 0
    with np.errstate(over="ignore", invalid="ignore"):
        for first, last in reversed(pieces(tape.gates)):
            views, slopes = cell.backward_views(da[first:last]), cell.slopes(tape.steps(first, last))
            now, before = dstates[first + 1 : last + 1], dstates[first:last]
            steps = zip(*views, *slopes, *by_state(now), *by_state(before), strict=True)
            steps = zip(range(first, last), now[:, 0], outside[first:last], steps, before, strict=True)
            for t, dh_t, arriving, step, dstates_prev in reversed(list(steps)):
                dh_t += arriving
                cell.back(*step)
                if t % cut == 0 and t > 0:
                    dstates_prev[...] = 0
    return da, dstates


def _from_the_last_step(cell, tape, dh, cut, mode):
    """One loss, at the last step: nothing flows before the step where it is cut off."""
    T = tape.T
    dh = arguments.array(dh, "dh", "(H, B)", (cell.H, tape.B), cell.dtype)
    first = T - cut if mode == "window" else (T - 1) // cut * cut
    outside = np.zeros((T - first, cell.H, tape.B), cell.dtype)
    outside[-1] = dh
    da, dstates = flow(cell, tape.steps(first, T), outside, cut)
    if first == 0:
        return da, dstates
    all_da = np.zeros_like(tape.gates)
    all_dstates = np.zeros_like(tape.states)
    all_da[first:], all_dstates[first + 1 :] = da, dstates[1:]
    return all_da, all_dstates


def _window(cell, tape, outside, cut):
    """Losses of every step, each sent back through its last `cut` steps."""
    da, dstates = np.zeros_like(tape.gates), np.zeros_like(tape.states)
    for lag in by_lag(cell, tape, outside, cut):
        da[: len(lag.da)] += lag.da
        dstates[1 : len(lag.da) + 1] += lag.dstates
        dstates[0] += lag.dstart
    return da, dstates
