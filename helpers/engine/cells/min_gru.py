"""The two gated cells whose gates do not see h (Feng et al. 2024, arXiv 2410.01201)."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells import initialise
from helpers.engine.cells.activations import sigmoid
from helpers.engine.cells.base import Cell


class WithoutH(Cell):
    """What both cells share: no recurrent weights, so `U` has no rows, and a candidate without tanh.

    Parameters
    ----------
    D, H : int
        Inputs and hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "zeros"}
        `W` is uniform in ±1/sqrt(H), or 0.
    forget_bias : float, optional
        Initial value of the bias that keeps: of -b_z in a minGRU, of b_f in a minLSTM.
    chrono : float, optional
        Longest memory in steps: draws that bias as log(u), u uniform in 1..chrono - 1
        (Tallec and Ollivier 2018).

    Raises
    ------
    ValueError
        For a size below 1, an option that does not exist, or both `forget_bias` and `chrono`.
    """

    recurrent_blocks = ()

    def __init__(
        self, D, H, *, rng=None, dtype=np.float64, init="uniform", forget_bias=None, chrono=None
    ):  # fmt: skip
        rng = arguments.generator(rng)
        arguments.choice(init, "init", ("uniform", "zeros"))
        super().__init__(D, H, rng=rng, dtype=dtype, init=init)
        self._keep(initialise.keep_bias(rng, self.H, forget_bias, chrono))

    def _keep(self, bias):
        """Set the bias that keeps."""
        raise NotImplementedError

    def recurrent_inputs(self, tape):
        """Nothing is multiplied by `U`."""
        return []


class MinGRU(WithoutH):
    """h_t = (1 - z_t) h_prev + z_t h_tilde_t: z *writes*. Both z_t and h_tilde_t are made from x_t alone."""

    blocks = ("z", "h")
    gates = ("z", "h_tilde")

    def _keep(self, bias):
        self["b_z"] = -bias

    def step(self, a_t, h_prev):
        """One step forward. `a_t` (2H, B) holds W x_t + b, in the order z, h."""
        a_z, h_tilde_t = self.blocks_of(a_t)
        z_t = sigmoid(a_z)
        h_t = (1 - z_t) * h_prev + z_t * h_tilde_t
        return (h_t,), (z_t, h_tilde_t)

    def slopes(self, tape):
        """Local derivatives of all steps at once, (T, H, B) each."""
        z, h_tilde, h_prev = tape.z, tape.h_tilde, tape.h_prev
        dh_da_z = (h_tilde - h_prev) * z * (1 - z)
        dh_da_h = z
        dh_dh_prev = 1 - z
        return dh_da_z, dh_da_h, dh_dh_prev

    def back(self, slopes_t, dh_t):
        """One step back: from dL/dh_t to dL/da_t and dL/dh_prev."""
        dh_da_z, dh_da_h, dh_dh_prev = slopes_t
        da_t = np.concatenate([dh_da_z * dh_t, dh_da_h * dh_t])
        dh_prev = dh_dh_prev * dh_t
        return da_t, dh_prev


class MinLSTM(WithoutH):
    """h_t = f_t/(f_t + i_t) h_prev + i_t/(f_t + i_t) h_tilde_t, all of it made from x_t alone.

    On the tape, `f` and `i` are the gates before they are divided by their sum.
    """

    blocks = ("f", "i", "h")
    gates = ("f", "i", "h_tilde")

    def _keep(self, bias):
        self["b_f"] = bias

    def step(self, a_t, h_prev):
        """One step forward. `a_t` (3H, B) holds W x_t + b, in the order f, i, h."""
        a_t = self.blocks_of(a_t)
        f_t, i_t = sigmoid(a_t[:2])
        h_tilde_t = a_t[2]
        keep_t, write_t = self._fractions(f_t, i_t)
        h_t = keep_t * h_prev + write_t * h_tilde_t
        return (h_t,), (f_t, i_t, h_tilde_t)

    def slopes(self, tape):
        """Local derivatives of all steps at once, (T, H, B) each."""
        f, i = tape.f, tape.i
        keep, write = self._fractions(f, i)
        dh_dkeep = tape.h_prev - tape.h_tilde
        dh_da_f = dh_dkeep * keep * write * (1 - f)
        dh_da_i = -dh_dkeep * keep * write * (1 - i)
        dh_da_h = write
        dh_dh_prev = keep
        return dh_da_f, dh_da_i, dh_da_h, dh_dh_prev

    def back(self, slopes_t, dh_t):
        """One step back: from dL/dh_t to dL/da_t and dL/dh_prev."""
        dh_da_f, dh_da_i, dh_da_h, dh_dh_prev = slopes_t
        da_t = np.concatenate([dh_da_f * dh_t, dh_da_i * dh_t, dh_da_h * dh_t])
        dh_prev = dh_dh_prev * dh_t
        return da_t, dh_prev

    def _fractions(self, f, i):
        """What is kept and what is written: together 1, unless both gates are exactly 0."""
        both = np.maximum(f + i, np.finfo(self.dtype).tiny)
        return f / both, i / both
