"""Jacobians of one step and of many; eigenvalues and the largest singular value.

A Jacobian is what arrives when the rows of the identity matrix are sent back side by side.
"""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells import RNN
from helpers.engine.cells.activations import ACTIVATIONS
from helpers.engine.cells.base import may_overflow
from helpers.engine.probes.scaled import require_finite, scaled_gradients


@may_overflow
def step_jacobians(tape, b=0, steps=None):
    """Jacobians d state_t / d state_(t-1) of single steps.

    Parameters
    ----------
    tape : Tape
        What `unroll` returned.
    b : int
        Which sequence of the batch.
    steps : sequence of int, optional
        Which steps t, 1..T; all of them if left out.

    Returns
    -------
    numpy.ndarray
        (n, S*H, S*H), row i for the i-th number of the new state. An LSTM's state is h followed by c.
    """
    require_finite(tape)
    cell, n = tape.cell, tape.cell.S * tape.cell.H
    slopes = list(zip(*cell.slopes(tape.sequence(b)), strict=True))
    chosen = [slopes[_index(t, tape.T, 1)] for t in (range(1, tape.T + 1) if steps is None else steps)]
    identity = np.eye(n, dtype=cell.dtype).reshape(cell.S, cell.H, n)
    J = np.empty((len(chosen), n, n), cell.dtype)
    for slopes_t, J_t in zip(chosen, J, strict=True):
        _, *before = cell.back(slopes_t, *identity)
        np.concatenate(before, out=J_t)
    return J.swapaxes(1, 2)


def product_jacobians(tape, b=0, steps=None):
    """Jacobians d h_T / d h_t over many steps: the products of the step Jacobians.

    Parameters
    ----------
    tape, b
        As in `step_jacobians`.
    steps : sequence of int, optional
        Which states t, 0..T; all of them if left out.

    Returns
    -------
    J : numpy.ndarray
        (n, H, H): each of them times 2**exponent is a Jacobian.
    exponent : numpy.ndarray
        (n,), whole numbers.
    """
    cell = tape.cell
    first = np.zeros((cell.S, cell.H, cell.H))
    first[0] = np.eye(cell.H)
    scaled = scaled_gradients(tape.sequence(b), first)
    steps = slice(None) if steps is None else [_index(t, tape.T, 0) for t in steps]
    mantissa, exponent = scaled.mantissa[steps], scaled.exponent[steps]
    alive = mantissa.any(axis=1)  # the exponent of a column of zeros says nothing
    common = np.where(alive, exponent, exponent.min(axis=1, keepdims=True)).max(axis=1)
    J = np.ldexp(mantissa, (exponent - common[:, None])[:, None, :])
    return J.swapaxes(1, 2), common


def eigenvalues(tape, b=0, steps=None):
    """Eigenvalues of the step Jacobians, (n, S*H) complex. Arguments as in `step_jacobians`."""
    return np.linalg.eigvals(step_jacobians(tape, b, steps)).astype(complex)


def spectral_radius(matrix):
    """The largest |eigenvalue| of a square matrix: its growth per step in the long run."""
    return float(np.abs(np.linalg.eigvals(_square(matrix))).max())


def largest_singular_value(matrix):
    """The most that one multiplication by a square matrix can stretch a vector."""
    return float(np.linalg.norm(_square(matrix), 2))


def vanishing_bound(cell):
    """1/γ: if the largest singular value of U is below it, the gradients of an RNN must vanish.

    Pascanu et al. 2013, section 2.1: γ is the steepest slope of φ, 1 for tanh and 1/4 for the sigmoid. The
    condition is sufficient, not necessary; only the RNN has such a bound.
    """
    if not isinstance(cell, RNN):
        raise ValueError(f"cell must be an RNN; got {type(cell).__name__}.")
    return 1 / ACTIVATIONS[cell.activation].steepest


def _square(matrix):
    matrix = arguments.array(matrix, "matrix", "(H, H)", (None, None), np.float64)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"matrix must be square; got the shape {matrix.shape}.")
    return matrix


def _index(t, T, lowest):
    if not lowest <= t <= T:
        raise ValueError(f"steps must lie in {lowest}..{T}; got {arguments.quoted(t)}.")
    return int(t) - lowest
