"""Clipping: the norm of a gradient, and a limit to it."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells.base import may_overflow


@may_overflow
def global_norm(grads):
    """The Euclidean norm of all gradients together, as if they were one long vector.

    Parameters
    ----------
    grads : dict
        Gradients by name.

    Returns
    -------
    float
        Inf or nan if a gradient has one. Squares of large numbers cannot overflow: all are scaled first.
    """
    largest = max(float(np.abs(g).max(initial=0)) for g in grads.values())
    if largest == 0 or not np.isfinite(largest):
        return largest
    return largest * np.sqrt(sum(float(((g / largest) ** 2).sum()) for g in grads.values()))


@may_overflow
def clip_by_norm(grads, limit):
    """Shorten the gradient to a norm of `limit` if it is longer; its direction stays (Pascanu et al. 2013).

    Parameters
    ----------
    grads : dict
        Gradients by name; they are not changed.
    limit : float or None
        Above 0; None leaves them as they are.

    Returns
    -------
    clipped : dict
    norm : float
        The norm before.
    """
    norm = global_norm(grads)
    if limit is None or not norm > arguments.positive(limit, "clip"):
        return grads, norm
    return {name: g * g.dtype.type(limit / norm) for name, g in grads.items()}, norm
