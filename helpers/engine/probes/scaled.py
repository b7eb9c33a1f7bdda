"""Gradients of any size: a mantissa in floating point beside a whole power of two.

Sent back far enough, a gradient leaves the range of a float: 0.2**500 is 3e-350, and the smallest
float64 is 5e-324. So every few steps each column is divided by a power of two that brings its largest
number near 1, and the power is kept. Dividing by a power of two rounds nothing.
"""

from dataclasses import dataclass

import numpy as np

from helpers.engine.cells.base import may_overflow

EVERY = 16  # steps between two rescalings: safe while 16 steps change a gradient by less than 1e300


@dataclass(frozen=True)
class Scaled:
    """Gradients at every h_t, or at every c_t: `mantissa` times 2**`exponent`.

    Attributes
    ----------
    mantissa : numpy.ndarray
        (T+1, H, K), for K gradients side by side.
    exponent : numpy.ndarray
        (T+1, K), whole numbers.
    """

    mantissa: np.ndarray
    exponent: np.ndarray

    def log_norms(self):
        """log10 of the Euclidean norm of each gradient, (T+1, K); -inf where a gradient is 0."""
        squares = np.einsum("thk,thk->tk", self.mantissa, self.mantissa)
        return log10(squares) / 2 + self.exponent * np.log10(2)

    def log_norms_together(self):
        """log10 of the Frobenius norm of all K gradients, (T+1,)."""
        return log_root_sum(self.log_norms())


@may_overflow
def send_back(tape, first, outside=None, state=0):
    """Send K gradients back through a run, whatever size they reach.

    Parameters
    ----------
    tape : Tape
        Of one sequence; or of K sequences, one for each gradient.
    first : numpy.ndarray
        What the last state receives, (S, H, K).
    outside : numpy.ndarray, optional
        What each h_t receives from outside besides, (T, H, K).
    state : int
        Whose gradients are kept: 0 for h, 1 for the c of an LSTM.

    Returns
    -------
    Scaled
        Total derivatives: that of c_t includes the part through h_t.
    """
    require_finite(tape)
    cell, T, K = tape.cell, tape.T, first.shape[2]
    kept = {s: np.empty((T + 1, cell.H, K), cell.dtype) for s in {0, state}}
    exponents = np.zeros((T + 1, K), int)
    dstate, exponent = list(first.astype(cell.dtype)), exponents[T]
    slopes = list(zip(*cell.slopes(tape), strict=True))
    for steps in _blocks(T):
        direct = None if outside is None else outside[steps]
        exponent = rescale(dstate, exponent, direct)
        exponents[steps.start : steps.stop + 1] = exponent
        if direct is not None:
            direct = direct * np.ldexp(cell.dtype.type(1), -exponent)
        for t in reversed(range(steps.start, steps.stop)):
            if direct is not None:
                dstate[0] = dstate[0] + direct[t - steps.start]
            for s, arrived in kept.items():
                arrived[t + 1] = dstate[s]
            _, *dstate = cell.back(slopes[t], *dstate)
    for s, arrived in kept.items():
        arrived[0] = dstate[s]
    kept[state][1:] = cell.total(cell.states[state], tape, kept[state][1:], kept[0][1:])
    return Scaled(kept[state], exponents)


def _blocks(T):
    """The steps in blocks of `EVERY`, from the last to the first."""
    return [slice(max(0, last - EVERY), last) for last in range(T, 0, -EVERY)]


def rescale(dstate, exponent, arriving=None):
    """Bring the largest number of each column to between 1/2 and 1, or to what is still to arrive.

    Changes `dstate`, a list of (H, K), in place and returns the new exponents (K,).
    """
    largest, size = np.frexp(np.abs(dstate).max(axis=(0, 1)))
    farthest = np.finfo(dstate[0].dtype).maxexp - 8  # no factor may overflow; the rest can wait a block
    new = exponent + np.maximum(size, -farthest)  # the size of 0 is 0: its exponent stays
    if arriving is not None:
        most, size = np.frexp(np.abs(arriving).max(axis=(0, 1)))
        new = np.where(most > 0, np.where(largest > 0, np.maximum(new, size), size), new)
    factor = np.ldexp(dstate[0].dtype.type(1), np.where(largest > 0, exponent - new, 0))
    for d in dstate:
        d *= factor
    return new


def require_finite(tape):
    """A ValueError if the run has outgrown its dtype."""
    good = np.isfinite(tape.states).all(axis=(1, 2, 3))
    if not good.all():
        step = int(np.argmin(good))
        raise ValueError(f"tape must hold finite states; those of step {step} have outgrown {tape.x.dtype}.")


def log10(a):
    """log10 with -inf for 0, and no warning."""
    with np.errstate(divide="ignore"):
        return np.log10(a)


def log_root_sum(logs):
    """log10 of the root of the sum of squares along the last axis, from the logs of its terms."""
    top = logs.max(axis=-1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0)
    return top[..., 0] + log10((10 ** (2 * (logs - top))).sum(axis=-1)) / 2
