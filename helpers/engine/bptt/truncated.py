"""Truncated BPTT: no gradient passes through more than `cut` steps.

- "segments", or BPTT(k, k), is the usual way to train. The sequence is divided into segments of `cut`
  steps, counted from the first step, and no gradient passes from one to the one before it. So a loss sees
  between 1 and `cut` steps. `flow` does it in one walk; full BPTT is the same with a single segment.
- "window" (Williams and Peng 1990) lets the loss of every step see exactly the last `cut` steps, which costs
  `cut` times as much.
"""

import numpy as np

from helpers.engine.bptt.flow import flow, make_room
from helpers.engine.bptt.lags import by_lag

MODES = ("segments", "window")


def window(tape, direct, cut):
    """Send the loss of every step back through its last `cut` steps. Shapes are those of `flow`."""
    da, dstates = make_room(tape, np.zeros)
    for lag in by_lag(tape, direct, cut):
        da[: len(lag.da)] += lag.da
        dstates[1 : len(lag.da) + 1] += lag.arrived
        dstates[0] += lag.dstart
    return da, dstates


def from_the_last_step(tape, direct, cut, mode):
    """One loss, at the last step: what h_T receives from it, (H, B), is sent back to where it is cut off.

    Returns what `flow` does, and the number (from 0) of the first step that the gradient reaches.
    """
    T = tape.T
    first = first_step_reached(T, cut, mode)
    at_the_end = np.zeros((T - first, *direct.shape), tape.cell.dtype)
    at_the_end[-1] = direct
    da, dstates = flow(tape.steps(first, T), at_the_end, T)
    if first == 0:
        return da, dstates, first
    all_da, all_dstates = make_room(tape, np.zeros)
    all_da[first:], all_dstates[first + 1 :] = da, dstates[1:]
    return all_da, all_dstates, first


def first_step_reached(T, cut, mode):
    """The first step (from 0) that the loss of the last step sees."""
    return T - cut if mode == "window" else (T - 1) // cut * cut
