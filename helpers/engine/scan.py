"""h_t = a_t h_prev + b_t for all steps at once, by an associative scan.

A step is a pair (a, b): "multiply by a, and add b". Two steps in a row are again such a pair, so pairs can be
combined in any grouping. In each round every pair takes in the one that lies 1, 2, 4 ... places before it;
after about log2 T rounds each of them holds all steps up to its own (Hillis and Steele 1986).
"""

import numpy as np

from helpers.engine import arguments


def combine(first, then):
    """Two steps as one: (a_1, b_1), then (a_2, b_2), is (a_1 a_2, a_2 b_1 + b_2).

    Parameters
    ----------
    first, then : tuple of two array_like
        Of shapes that broadcast together; real or complex.

    Returns
    -------
    tuple of two numpy.ndarray
    """
    (a_1, b_1), (a_2, b_2) = first, then
    return a_1 * a_2, a_2 * b_1 + b_2


def linear(a, b, h_0=0.0):
    """All states of h_t = a_t h_prev + b_t.

    Parameters
    ----------
    a, b : numpy.ndarray
        (T, ...), real or complex.
    h_0 : array_like
        The state before the first step.

    Returns
    -------
    numpy.ndarray
        h, in the shape of b.

    Raises
    ------
    ValueError
        If a and b have different shapes or no steps.
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape or not a.ndim or not len(a):
        raise ValueError(
            f"a and b must have the same shape, (T, ...) with T of 1 or more; got {a.shape} and {b.shape}."
        )
    *_, (a, b) = rounds(a, b)
    return a * h_0 + b


def rounds(a, b):
    """The pairs before the scan, and after each of its rounds: tuples (a, b) of arrays (T, ...)."""
    yield a, b
    reach = 1
    while reach < len(a):
        taken = combine((a[:-reach], b[:-reach]), (a[reach:], b[reach:]))
        a, b = (np.concatenate([old[:reach], new]) for old, new in zip((a, b), taken, strict=True))
        yield a, b
        reach *= 2


def depth(T):
    """How many rounds a scan over T steps takes: log2 T, rounded up."""
    return (arguments.size(T, "T") - 1).bit_length()
