"""The functions that a pre-activation goes through, each with its slope: a new one is entered here alone."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


def sigmoid(a):
    """1/(1 + exp(-a)), elementwise.

    Far to the left exp(-a) overflows to inf, and 1/(1 + inf) = 0 is the right answer. NumPy would warn
    about it, so `unroll` silences that warning once for a whole run.
    """
    e = np.exp(-a)
    one = _ONE[e.dtype.char]
    return one / (one + e)


# An array without dimensions is used as it is; a Python number would be converted at every step.
_ONE = {"d": np.ones((), np.float64), "f": np.ones((), np.float32)}


def relu(a):
    """max(0, a), elementwise."""
    return np.maximum(a, 0)


class Activation(NamedTuple):
    """A function φ that the state of an RNN may go through.

    Attributes
    ----------
    function : callable
        From the pre-activation a to h = φ(a), elementwise.
    slope : callable
        From h to φ'(a): each of these slopes can be written in terms of the value h = φ(a).
    steepest : float
        The largest slope there is: the γ of Pascanu et al. 2013, section 2.1.
    in_torch : bool
        Whether `torch.nn.RNN` has it, under the same name.
    """

    function: Callable
    slope: Callable
    steepest: float
    in_torch: bool


ACTIVATIONS = {
    "tanh": Activation(np.tanh, lambda h: 1 - h * h, 1.0, in_torch=True),
    "linear": Activation(np.positive, np.ones_like, 1.0, in_torch=False),
    "sigmoid": Activation(sigmoid, lambda h: h * (1 - h), 1 / 4, in_torch=False),
    # At 0, where ReLU has a corner, the slope counts as 0.
    "relu": Activation(relu, lambda h: np.heaviside(h, 0), 1.0, in_torch=True),
}
