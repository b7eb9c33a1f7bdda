"""How long a run remembers."""

import numpy as np


def half_life(factor):
    """Steps until a quantity that is multiplied by `factor` (0 or more) at each step has halved.

    ln 2 / -ln factor. 0 for a factor of 0; infinite for 1; negative above 1, where it is the number of
    steps in which the quantity doubles. Works on a number or elementwise on an array.
    """
    factor = np.asarray(factor, float)
    if not (factor >= 0).all():
        raise ValueError(f"factor must be 0 or more; got {factor!r}.")
    with np.errstate(divide="ignore"):
        steps = np.where(factor == 1, np.inf, -np.log(2) / np.log(factor))
    return np.where(factor == 0, 0.0, steps)[()]
