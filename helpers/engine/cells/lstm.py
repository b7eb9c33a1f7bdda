"""Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000)."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells import initialise
from helpers.engine.cells.activations import sigmoid
from helpers.engine.cells.base import Cell


class LSTM(Cell):
    """The LSTM. Its gates f, i, o and the candidate c~ are functions of x_t and h_prev.

    Parameters
    ----------
    D, H : int
        Inputs and hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "orthogonal", "zeros"}
        How `U` is drawn, gate by gate. `W` is uniform in ±1/sqrt(H). With "zeros" nothing is drawn:
        `W` and `U` are 0.
    gain : float
        Multiplies `U`.
    forget_bias : float, optional
        Initial value of b_f; 0 if left out, like all other biases.
    chrono : float, optional
        Longest memory in steps: draws b_f = log(u), u uniform in 1..chrono - 1, and sets b_i = -b_f
        (Tallec and Ollivier 2018).

    Raises
    ------
    ValueError
        For a size below 1, an option that does not exist, or both `forget_bias` and `chrono`.
    """

    # The three sigmoids are next to each other, so that one call serves them all.
    blocks = ("f", "i", "o", "c")
    gates = ("f", "i", "o", "c_tilde")
    states = ("h", "c")

    def __init__(
        self, D, H, *, rng=None, dtype=np.float64, init="uniform", gain=1.0, forget_bias=None, chrono=None
    ):
        rng = arguments.generator(rng)
        super().__init__(D, H, rng=rng, dtype=dtype, init=init, gain=gain)
        keep = initialise.keep_bias(rng, self.H, forget_bias, chrono)
        self["b_f"] = keep
        if chrono is not None:
            self["b_i"] = -keep

    def step(self, a_t, h_prev, c_prev):
        """One step forward. `a_t` (4H, B) holds W x_t + b, in the order f, i, o, c."""
        a_t = self.blocks_of(a_t + self.U.dot(h_prev))
        f_t, i_t, o_t = sigmoid(a_t[:3])
        c_tilde_t = np.tanh(a_t[3])
        c_t = f_t * c_prev + i_t * c_tilde_t
        h_t = o_t * np.tanh(c_t)
        return (h_t, c_t), (f_t, i_t, o_t, c_tilde_t)

    def slopes(self, tape):
        """Local derivatives of all steps at once, (T, H, B) each."""
        f, i, o, c_tilde, tanh_c = tape.f, tape.i, tape.o, tape.c_tilde, self._tanh_c(tape)
        dc_da_f = tape.c_prev * f * (1 - f)
        dc_da_i = c_tilde * i * (1 - i)
        dc_da_c = i * (1 - c_tilde**2)
        dc_dc_prev = f
        dh_da_o = tanh_c * o * (1 - o)
        dh_dc = o * (1 - tanh_c**2)
        return dc_da_f, dc_da_i, dh_da_o, dc_da_c, dh_dc, dc_dc_prev

    def back(self, slopes_t, dh_t, dc_t):
        """One step back. `dc_t` arrives without the part through h_t, which is added first."""
        dc_da_f, dc_da_i, dh_da_o, dc_da_c, dh_dc, f_t = slopes_t
        dc_t = dc_t + dh_dc * dh_t
        da_f, da_i, da_c = dc_da_f * dc_t, dc_da_i * dc_t, dc_da_c * dc_t
        da_o = dh_da_o * dh_t
        da_t = np.concatenate([da_f, da_i, da_o, da_c])
        dh_prev = self.U.T.dot(da_t)
        dc_prev = f_t * dc_t
        return da_t, dh_prev, dc_prev

    def total(self, name, tape, arrived, dh):
        """c_t reaches the loss through c_(t+1), and through h_t = o_t tanh(c_t)."""
        if name != "c":
            return arrived
        *_, dh_dc, _ = self.slopes(tape)
        return arrived + dh_dc * dh

    def _tanh_c(self, tape):
        """tanh(c_t), taken from h_t = o_t tanh(c_t): a quotient costs a tenth of a tanh."""
        # Where o_t is 0, so is all that this is multiplied by.
        return tape.h / np.maximum(tape.o, np.finfo(tape.o.dtype).tiny)
