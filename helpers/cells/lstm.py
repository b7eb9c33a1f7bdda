"""Long short-term memory (Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000)."""

import numpy as np

from helpers.cells import arguments, initialise
from helpers.cells.base import Cell, flat, sigmoid


class LSTM(Cell):
    """The LSTM. Its gates f, i, o and the candidate c~ are functions of x_t and h_prev.

    Parameters
    ----------
    D, H : int
        Inputs and hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "orthogonal"}
        How `U` is drawn, gate by gate. `W` is always uniform in ±1/sqrt(H).
    gain : float
        Multiplies `U`.
    forget_bias : float, optional
        Start of b_f; 0 if left out, like all other biases.
    chrono : float, optional
        Longest memory in steps: draws b_f = log(u), u uniform in 1..chrono - 1, and sets b_i = -b_f
        (Tallec and Ollivier 2018).

    Raises
    ------
    ValueError
        For a size below 1, an option that does not exist, or both `forget_bias` and `chrono`.
    """

    # The three sigmoids lie side by side, so that one call serves them all.
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

    def forward_views(self, gates):
        """For `step`: all blocks, the three sigmoids, each block."""
        a = flat(gates)
        return a, a[:, : 3 * self.H], *gates.swapaxes(0, 1)

    def step(self, a_t, a_fio, f_t, i_t, o_t, c_tilde_t, h_prev, c_prev, h_t, c_t):
        """One step. `a_t` (4H, B) comes in holding W x_t + b; the gates and `a_fio` are parts of it."""
        a_t += self.U.dot(h_prev)
        sigmoid(a_fio, out=a_fio)
        np.tanh(c_tilde_t, out=c_tilde_t)
        np.add(f_t * c_prev, i_t * c_tilde_t, out=c_t)
        np.multiply(o_t, np.tanh(c_t), out=h_t)

    def slopes(self, tape):
        """Derivatives of c_t and h_t by each pre-activation; of h_t by c_t; of c_t by c_prev."""
        f, i, o, c_tilde = tape.gates.swapaxes(0, 1)
        # h_t = o_t tanh(c_t), and a quotient costs a tenth of a tanh. If o_t is 0, so is what it enters.
        tanh_c = tape.h / np.maximum(o, np.finfo(o.dtype).tiny)
        k = 1 - tape.gates  # a part of every slope: s (1 - s) for a sigmoid, (1 + s)(1 - s) for a tanh
        k[:, 0] *= f * tape.c_prev
        k[:, 1] *= i * c_tilde
        k[:, 2] *= tape.h
        k[:, 3] *= i * (1 + c_tilde)
        return k, k[:, 2], o - tape.h * tanh_c, f

    def backward_views(self, da):
        """For `back`: all blocks, the same as the rows of one matrix, the block of o."""
        return da, flat(da), da[:, 2]

    def back(self, da_t, da_rows, da_o, k_t, k_o, dh_dc_t, f_t, dh_t, dc_t, dh_prev, dc_prev):
        """The twin of `step`. `dc_t` comes in without the part through h_t, which is added to it."""
        dc_t += dh_t * dh_dc_t
        np.multiply(k_t, dc_t, out=da_t)
        np.multiply(k_o, dh_t, out=da_o)
        self.U.T.dot(da_rows, out=dh_prev)
        np.multiply(f_t, dc_t, out=dc_prev)
