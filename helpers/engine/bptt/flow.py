"""The loop at the heart of back-propagation through time (Werbos 1990).

The slopes of a run do not depend on the gradient that is sent back through it. So `flow` computes those
of many steps at once (a chunk that fits in the cache), keeps only what is truly sequential in its loop, and
leaves the gradients of the weights to one product after it.
"""

import numpy as np

from helpers.engine.bptt.cache import chunks, stack


def flow(tape, direct, cut):
    """Send gradients back through a run, in segments of `cut` steps between which nothing passes.

    Parameters
    ----------
    tape : Tape
        What `unroll` returned.
    direct : numpy.ndarray
        What each h_t receives from the loss of its own step, (T, H, B).
    cut : int
        Length of the segments, counted from the first step; T for full BPTT.

    Returns
    -------
    da : numpy.ndarray
        dL/da_t, (T, rows, B): the rows are those of `cell.b`.
    dstates : numpy.ndarray
        What arrives at the states, (T+1, S, H, B); index 0 is where the run started. `cell.total` adds
        what they receive through each other.
    """
    cell, nothing = tape.cell, [np.zeros(tape.states.shape[2:], tape.cell.dtype)] * tape.cell.S
    da, dstates = make_room(tape, np.empty)
    dstates[-1], dstate, back = nothing, list(nothing), cell.back
    for first, last in reversed(chunks(tape.gates)):
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


def make_room(tape, make):
    """Arrays for da and for what arrives at the states, made by `numpy.empty` or `numpy.zeros`."""
    return make((tape.T, len(tape.cell.b), tape.B), tape.cell.dtype), make(tape.states.shape, tape.cell.dtype)
