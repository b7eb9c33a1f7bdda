"""Gradients of any size: a mantissa in floating point beside a whole power of two.

Sent back far enough, a gradient leaves the range of a float: 0.2**500 is 3e-350, and the smallest float64 is
5e-324. So every few steps each column is divided by a power of two that brings its largest number near 1, and
the power is noted. Dividing by a power of two rounds nothing. Where a few steps are already too many for the
dtype of the run, the walk is made once more in float64, and rescaled at every step.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers.engine.cells.base import may_overflow

EVERY = 16  # steps between two rescalings


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
        return log10(self._squares) / 2 + self.exponent * np.log10(2)

    def log_norms_together(self):
        """log10 of the Frobenius norm of all K gradients, (T+1,)."""
        return log_root_sum(self.log_norms())

    @cached_property
    def _squares(self):
        """The sum of the squares of each mantissa, (T+1, K)."""
        return np.einsum("thk,thk->tk", self.mantissa, self.mantissa)

    def is_safe(self):
        """Whether no mantissa has come so near the ends of its range that it, or its square, may lose digits.

        In float64 a gradient of exactly 0 is believed: to get there from the safe range, a single step would
        have to shrink it by a factor below 1e-180.
        """
        dtype = self.mantissa.dtype
        limit = 2.0 ** (np.finfo(dtype).maxexp * 7 // 8)
        beyond = ~((self._squares > 1 / limit) & (self._squares < limit))
        at_0 = dtype == np.float64 and not self.mantissa.swapaxes(1, 2)[beyond].any()
        return at_0 or not beyond.any()

    def normalised(self):
        """The same gradients, the largest number of each mantissa between 1/2 and 1."""
        _, size = np.frexp(np.abs(self.mantissa).max(axis=1))
        return Scaled(np.ldexp(self.mantissa, -size[:, None]), self.exponent + size)


@may_overflow
def scaled_gradients(tape, first, direct=None, state=0):
    """Send K gradients back through a run, whatever size they reach.

    Parameters
    ----------
    tape : Tape
        Of one sequence; or of K sequences, one for each gradient.
    first : numpy.ndarray
        What the last state receives, (S, H, K).
    direct : numpy.ndarray, optional
        What each h_t receives from the loss of its own step, (T, H, K).
    state : int
        Whose gradients are kept: 0 for h, 1 for the c of an LSTM.

    Returns
    -------
    Scaled
        Total derivatives: that of c_t includes the part through h_t. A gradient counts as 0 if a single step
        shrinks it to less than 1e-180 of its size.

    Raises
    ------
    ValueError
        For a run that has outgrown its dtype.
    """
    require_finite(tape)
    found = _walk(tape, first, direct, state, EVERY, tape.cell.dtype)
    return found if found.is_safe() else _walk(tape, first, direct, state, 1, np.float64).normalised()


def _walk(tape, first, direct, state, every, dtype):
    """Gradients sent back through a run in a dtype, rescaled every so many steps."""
    cell, T = tape.cell, tape.T
    kept = {s: np.empty((T + 1, *first.shape[1:]), dtype) for s in {0, state}}
    exponents = np.zeros((T + 1, first.shape[2]), int)
    slopes = list(zip(*(slope.astype(dtype, copy=False) for slope in cell.slopes(tape)), strict=True))
    dstate, exponent = list(first.astype(dtype)), exponents[T]
    for last in range(T, 0, -every):
        steps = slice(max(0, last - every), last)
        arriving = None if direct is None else direct[steps].astype(dtype)
        dstate, exponent = rescaled(dstate, exponent, arriving)
        exponents[steps.start : last + 1] = exponent
        if arriving is not None:
            arriving = np.ldexp(arriving, -exponent)
        for t in reversed(range(steps.start, last)):
            if arriving is not None:
                dstate[0] = dstate[0] + arriving[t - steps.start]
            for s, arrived in kept.items():
                arrived[t + 1] = dstate[s]
            _, *dstate = cell.back(slopes[t], *dstate)
    for s, arrived in kept.items():
        arrived[0] = dstate[s]
    kept[state][1:] = cell.total(cell.states[state], tape, kept[state][1:], kept[0][1:])
    return Scaled(kept[state], exponents)


def rescaled(dstate, exponent, arriving=None):
    """Bring the largest number of each column, or of what is still to be added to it, to between 1/2 and 1.

    Parameters
    ----------
    dstate : list of numpy.ndarray
        Mantissas, (H, K) each.
    exponent : numpy.ndarray
        Their exponents, (K,).
    arriving : numpy.ndarray, optional
        What is added to dstate[0] before the next rescaling, (steps, H, K), not scaled.

    Returns
    -------
    list of numpy.ndarray, numpy.ndarray
        New mantissas and exponents; a column of zeros takes the exponent of what arrives, if anything does.
    """
    largest, size = np.frexp(np.abs(dstate).max(axis=(0, 1)))
    new = exponent + size
    if arriving is not None:
        most, size = np.frexp(np.abs(arriving).max(axis=(0, 1)))
        new = np.where(most > 0, np.where(largest > 0, np.maximum(new, size), size), new)
    return [np.ldexp(d, exponent - new) for d in dstate], new


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
