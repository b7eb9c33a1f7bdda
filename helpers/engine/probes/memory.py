"""How long a network remembers: half-lives, products of forget gates, and the effect of one input."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.bptt import unroll
from helpers.engine.probes.scaled import log10, log_root_sum


def half_life(factor):
    """Steps until something that is multiplied by `factor` at each step has halved: ln 2 / -ln factor.

    Parameters
    ----------
    factor : array_like
        0 or more.

    Returns
    -------
    float or numpy.ndarray
        0 for a factor of 0; inf for 1; negative above 1, where -steps is the time to double.
    """
    factor = np.asarray(factor, float)
    if not (factor >= 0).all():
        raise ValueError(f"factor must be 0 or more; got {factor}.")
    with np.errstate(divide="ignore"):
        steps = np.where(factor == 1, np.inf, -np.log(2) / np.log(factor))
    return np.where(factor == 0, 0.0, steps)[()]


def half_life_of_bias(b):
    """Steps until a cell state halves when its forget gate is sigmoid(b) at every step.

    ln 2 / ln(1 + exp(-b)), which keeps its digits where sigmoid(b) rounds to 1.
    """
    with np.errstate(divide="ignore"):
        return (np.log(2) / np.logaddexp(0, -np.asarray(b, float)))[()]


def bias_for_half_life(steps):
    """The bias whose sigmoid halves a state in `steps` steps: the inverse of `half_life_of_bias`."""
    steps = np.asarray(steps, float)
    if not (steps > 0).all():
        raise ValueError(f"steps must be more than 0; got {steps}.")
    return (-np.log(np.expm1(np.log(2) / steps)))[()]


def log_forget_product(tape):
    """log10 of the product of the forget gates from step t+1 to T: the direct path from c_t to c_T.

    Parameters
    ----------
    tape : Tape
        Of an LSTM.

    Returns
    -------
    numpy.ndarray
        (T+1, H, B), index t for c_t; 0 at t = T, where the product is empty.
    """
    logs = log10(tape.f[::-1])
    return np.concatenate([np.zeros_like(logs[:1]), np.cumsum(logs, axis=0)])[::-1]


def log_norms_forget(tape, b=0):
    """log10 of the norm of the direct path, (T+1,), to compare with `log_norms_dh_T(..., state="c")`.

    It is the Frobenius norm of the diagonal matrix of those products, divided by sqrt(H).
    """
    logs = log_forget_product(tape.sequence(b))[:, :, 0]
    return log_root_sum(logs) - np.log10(logs.shape[1]) / 2


def perturbation(cell, x, t, change, h_0=None, c_0=None):
    """What a change of one input does to every state: h with the change minus h without.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        From `helpers.engine.cells`.
    x : array_like
        Inputs, (T, D, B).
    t : int
        Which step's input is changed, 1..T.
    change : float or array_like
        Added to x_t; (D,) or (D, B) or a number.
    h_0, c_0 : array_like, optional
        As in `unroll`.

    Returns
    -------
    numpy.ndarray
        (T, H, B); exactly 0 before step t.
    """
    x = arguments.array(x, "x", "(T, D, B)", (None, cell.D, None), cell.dtype)
    if not 1 <= t <= len(x):
        raise ValueError(f"t must be a step, 1 to {len(x)}; got {arguments.quoted(t)}.")
    change = np.asarray(change, cell.dtype)
    changed = x.copy()
    changed[t - 1] += change[:, None] if change.ndim == 1 else change
    return unroll(cell, changed, h_0, c_0).h - unroll(cell, x, h_0, c_0).h


def impulse_response(cell, T, push=1.0):
    """What a push at the first step leaves in the states when all other inputs are 0, (T, H)."""
    return perturbation(cell, np.zeros((T, cell.D, 1)), 1, push)[:, :, 0]
