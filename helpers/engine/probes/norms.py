"""How large a gradient is at each step. All logs are to base 10 and stay finite at any T."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.bptt import by_lag
from helpers.engine.probes.scaled import scaled_gradients


def log_norms_dL(tape, direct, state="h"):
    """log10 of the norms of dL/dh_t for all t: what learning gets to see.

    Parameters
    ----------
    tape : Tape
        What `unroll` returned.
    direct : array_like
        What each h_t receives from the loss of its own step, (T, H, B); or (H, B), for the last step only.
    state : {"h", "c"}
        "c" for dL/dc_t of an LSTM.

    Returns
    -------
    numpy.ndarray
        (T+1, B), index 0 is h_0. -inf where a gradient is exactly 0.

    Raises
    ------
    ValueError
        For wrong arguments, or a run that has outgrown its dtype.
    """
    cell = tape.cell
    first = np.zeros((cell.S, cell.H, tape.B), cell.dtype)
    if np.ndim(direct) == 2:
        first[0] = arguments.array(direct, "direct", "(H, B)", first.shape[1:], cell.dtype)
        return scaled_gradients(tape, first, state=_place(cell, state)).log_norms()
    direct = arguments.array(direct, "direct", "(T, H, B)", (tape.T, *first.shape[1:]), cell.dtype)
    return scaled_gradients(tape, first, direct, _place(cell, state)).log_norms()


def log_norms_dh_T(tape, b=0, state="h"):
    """log10 of the norms of dh_T/dh_t for all t: how far the last state depends on earlier ones.

    No loss is in it: it is not dL/dh_t, which sums over the losses of all later steps.

    Parameters
    ----------
    tape
        As in `log_norms_dL`.
    b : int
        Which sequence of the batch.
    state : {"h", "c"}
        "c" for dc_T/dc_t of an LSTM.

    Returns
    -------
    numpy.ndarray
        (T+1,): the Frobenius norm of each (H, H) Jacobian, divided by sqrt(H), so that the identity
        at t = T has norm 1, log10 0.
    """
    cell, place = tape.cell, _place(tape.cell, state)
    first = np.zeros((cell.S, cell.H, cell.H))
    first[place] = np.eye(cell.H)
    scaled = scaled_gradients(tape.sequence(b), first, state=place)
    return scaled.log_norms_together() - np.log10(cell.H) / 2


def factor_per_step(log_norms):
    """By which factor a gradient changes in one step back: the geometric mean over all T steps.

    Parameters
    ----------
    log_norms : numpy.ndarray
        (T+1,), such as `log_norms_dh_T` returns them.

    Returns
    -------
    float
        0 where nothing is left at step 0.
    """
    T = len(log_norms) - 1
    return float(10 ** ((log_norms[0] - log_norms[-1]) / T))


def gradient_by_lag(tape, direct, lags=None):
    """dW, dU and db, split by lag: the share of the steps t = s - lag in the gradient of each loss L_s.

    Parameters
    ----------
    tape
        As in `log_norms_dL`.
    direct : array_like
        What each h_s receives from the loss L_s of its own step, (T, H, B).
    lags : int, optional
        How many lags; all T if left out.

    Returns
    -------
    dict
        "W", "U", "b" -> (lags, ...): entry 0 is lag 0, the direct part. The first k entries add up to
        the gradient that a window of k steps gives, all of them to that of full BPTT.
    """
    direct = arguments.array(direct, "direct", "(T, H, B)", tape.h.shape, tape.cell.dtype)
    lags = tape.T if lags is None else min(arguments.size(lags, "lags"), tape.T)
    shares = [lag.weight_gradients() for lag in by_lag(tape, direct, lags)]
    return {name: np.stack([share[name] for share in shares]) for name in tape.cell.parameters}


def _place(cell, state):
    return cell.states.index(arguments.choice(state, "state", cell.states))
