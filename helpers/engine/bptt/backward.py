"""`backprop`: back-propagation through time, in full or truncated."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.bptt.flow import flow
from helpers.engine.bptt.gradients import Gradients
from helpers.engine.bptt.truncated import MODES, from_the_last_step, window
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
        How to truncate: "segments" divides the sequence into segments of `cut` steps, "window" lets the
        loss of every step see exactly the last `cut` steps. See `helpers.engine.bptt.truncated`.

    Returns
    -------
    Gradients
        A gradient too large for the dtype comes out as inf or nan, without a warning.

    Raises
    ------
    ValueError
        For a wrong shape, numbers that are not finite, or a `cut` below 1; the message names the argument.
    """
    T, cell = tape.T, tape.cell
    cut = T if cut is None else min(arguments.size(cut, "cut"), T)
    arguments.choice(mode, "mode", MODES)
    if np.ndim(direct) == 2:
        direct = arguments.array(direct, "direct", "(H, B)", (cell.H, tape.B), cell.dtype)
        return Gradients(tape, *from_the_last_step(tape, direct, cut, mode))
    direct = arguments.array(direct, "direct", "(T, H, B)", (T, cell.H, tape.B), cell.dtype)
    way_back = window if mode == "window" and cut < T else flow
    return Gradients(tape, *way_back(tape, direct, cut))
