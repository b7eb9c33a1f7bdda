"""The plain recurrent network (Elman 1990)."""

import numpy as np

from helpers.cells import arguments
from helpers.cells.base import Cell, sigmoid


class RNN(Cell):
    """h_t = φ(W x_t + U h_prev + b).

    Parameters
    ----------
    D, H : int
        Inputs and hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    activation : {"tanh", "linear", "sigmoid"}
        The function φ.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "orthogonal"}
        How `U` is drawn. `W` is always uniform in ±1/sqrt(H); `b` starts at 0.
    gain : float
        Multiplies `U`.

    Raises
    ------
    ValueError
        For a size below 1, or an option that does not exist.
    """

    def __init__(self, D, H, *, rng=None, activation="tanh", dtype=np.float64, init="uniform", gain=1.0):
        self._activation = arguments.choice(activation, "activation", tuple(ACTIVATIONS))
        self.phi, _ = ACTIVATIONS[activation]
        super().__init__(D, H, rng=rng, dtype=dtype, init=init, gain=gain)

    @property
    def activation(self):
        """The name of φ; a cell keeps the one it was made with."""
        return self._activation

    @property
    def rows(self):
        """One block only, so `a_t` is (H, B)."""
        return (self.H,)

    def step(self, a_t, h_prev, h_t):
        """One step. `a_t` (H, B) comes in holding W x_t + b."""
        a_t += self.U.dot(h_prev)
        self.phi(a_t, out=h_t)

    def slopes(self, tape):
        """φ'(a_t), for every step at once."""
        _, slope = ACTIVATIONS[self.activation]
        return (slope(tape.h),)

    def back(self, da_t, slope_t, dh_t, dh_prev):
        """The twin of `step`: from dL/dh_t to dL/da_t and dL/dh_prev."""
        np.multiply(slope_t, dh_t, out=da_t)
        self.U.T.dot(da_t, out=dh_prev)


# Each φ beside its slope, which is written in terms of the value h = φ(a).
ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "linear": (np.positive, np.ones_like),
    "sigmoid": (sigmoid, lambda h: h * (1 - h)),
}
