"""The way back: back-propagation through time (Werbos 1990), in full or truncated.

A gradient sent back needs only the slopes of the run, and those do not depend on it. So `flow` asks
for the slopes of many steps at once (a piece that fits in the cache), keeps only what is truly
sequential in its loop, and leaves the gradients of the weights to one product after it.
"""

import numpy as np

from helpers.engine import arguments
from helpers.engine.bptt.gradients import Gradients
from helpers.engine.bptt.lags import by_lag
from helpers.engine.bptt.pieces import pieces, stack
from helpers.engine.cells.base import may_overflow


@may_overflow
def backprop(tape, direct, cut=None, mode="segments"):
    """Carry the gradient of a loss back through the steps of a run.

    Parameters
    ----------
    tape : Tape
        What `unroll` returned. The weights of its cell must be those it ran with.
    direct : array_like
        What each h_t receives from the loss of its own step, (T, H, B); or (H, B), for the last step only.
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
    T, cell = tape.T, tape.cell
    cut = T if cut is None else min(arguments.size(cut, "cut"), T)
    arguments.choice(mode, "mode", ("segments", "window"))
    if np.ndim(direct) == 2:
        return Gradients(tape, *_from_the_last_step(tape, direct, cut, mode))
    direct = arguments.array(direct, "direct", "(T, H, B)", (T, cell.H, tape.B), cell.dtype)
    if mode == "window" and cut < T:
        return Gradients(tape, *_window(tape, direct, cut))
    return Gradients(tape, *flow(tape, direct, cut))


def flow(tape, direct, cut):
    """Send gradients back through a run.

    Parameters
    ----------
    tape : Tape
        What `unroll` returned.
    direct : numpy.ndarray
        (T, H, B); or (H, B), for the last step only.
    cut : int
        Length of the segments.

    Returns
    -------
    da : numpy.ndarray
        dL/da_t, (T, rows, B), as the rows of `cell.b`.
    dstates : numpy.ndarray
        What arrives at the states, (T+1, S, H, B); index 0 is where the run started. `cell.total` adds to
        it what they receive through each other.
    """
    cell, nothing = tape.cell, [np.zeros(tape.states.shape[2:], tape.cell.dtype)] * tape.cell.S
    da, dstates = _room(tape, np.empty)
    dstates[-1], dstate, back = nothing, list(nothing), cell.back
    for first, last in reversed(pieces(tape.gates)):
        slopes = zip(*(slope[::-1] for slope in cell.slopes(tape.steps(first, last))), strict=True)
        steps = zip(
            reversed(range(first, last)), direct[first:last][::-1], slopes, da[first:last][::-1], strict=True
        )
        arrived = []
        for t, direct_t, slopes_t, da_t in steps:
            dstate[0] = dstate[0] + direct_t
            arrived += reversed(dstate)
            da_t[...], *dstate = back(slopes_t, *dstate)
            if t % cut == 0 and t > 0:
                dstate = list(nothing)
        stack(arrived[::-1], dstates[first + 1 : last + 1])
    dstates[0] = dstate
    return da, dstates


def _from_the_last_step(tape, direct, cut, mode):
    """One loss, at the last step: nothing flows before the step where it is cut off, the third it returns."""
    T, cell = tape.T, tape.cell
    direct = arguments.array(direct, "direct", "(H, B)", (cell.H, tape.B), cell.dtype)
    first = T - cut if mode == "window" else (T - 1) // cut * cut
    at_the_end = np.zeros((T - first, cell.H, tape.B), cell.dtype)
    at_the_end[-1] = direct
    da, dstates = flow(tape.steps(first, T), at_the_end, cut)
    if first == 0:
        return da, dstates, first
    all_da, all_dstates = _room(tape, np.zeros)
    all_da[first:], all_dstates[first + 1 :] = da, dstates[1:]
    return all_da, all_dstates, first


def _window(tape, direct, cut):
    """Losses of every step, each sent back through its last `cut` steps."""
    da, dstates = _room(tape, np.zeros)
    for lag in by_lag(tape, direct, cut):
        da[: len(lag.da)] += lag.da
        dstates[1 : len(lag.da) + 1] += lag.arrived
        dstates[0] += lag.dstart
    return da, dstates


def _room(tape, make):
    """Arrays for da and for what arrives at the states, made by `numpy.empty` or `numpy.zeros`."""
    return make((tape.T, len(tape.cell.b), tape.B), tape.cell.dtype), make(tape.states.shape, tape.cell.dtype)
