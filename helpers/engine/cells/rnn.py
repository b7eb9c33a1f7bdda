"""The plain recurrent network (Elman 1990)."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells.activations import ACTIVATIONS
from helpers.engine.cells.base import Cell


class RNN(Cell):
    """h_t = φ(W x_t + U h_prev + b).

    Parameters
    ----------
    D, H : int
        Inputs and hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    activation : {"tanh", "linear", "sigmoid", "relu"}
        The function φ; `helpers.engine.cells.activations` has them.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "orthogonal", "zeros"}
        How `U` is drawn. `W` is uniform in ±1/sqrt(H), and `b` starts at 0. With "zeros" nothing is
        drawn: `W` and `U` are 0 too.
    gain : float
        Multiplies `U`.

    Raises
    ------
    ValueError
        For a size below 1, or an option that does not exist.
    """

    def __init__(self, D, H, *, rng=None, activation="tanh", dtype=np.float64, init="uniform", gain=1.0):
        self._activation = arguments.choice(activation, "activation", tuple(ACTIVATIONS))
        self.phi = ACTIVATIONS[activation].function
        super().__init__(D, H, rng=rng, dtype=dtype, init=init, gain=gain)

    @property
    def activation(self):
        """The name of φ; a cell keeps the one it was made with."""
        return self._activation

    def step(self, a_t, h_prev):
        """One step forward. `a_t` (H, B) holds W x_t + b."""
        a_t = a_t + self.U.dot(h_prev)
        h_t = self.phi(a_t)
        return (h_t,), (a_t,)

    def slopes(self, tape):
        """Local derivative of all steps at once, φ'(a_t), (T, H, B): computed from h_t = φ(a_t)."""
        dh_da = ACTIVATIONS[self.activation].slope(tape.h)
        return (dh_da,)

    def back(self, slopes_t, dh_t):
        """One step back: from dL/dh_t to dL/da_t and dL/dh_prev."""
        (dh_da,) = slopes_t
        da_t = dh_da * dh_t
        dh_prev = self.U.T.dot(da_t)
        return da_t, dh_prev
