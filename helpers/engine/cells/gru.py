"""The gated recurrent unit (Cho et al. 2014, arXiv 1406.1078v3), in its four conventions."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells import initialise
from helpers.engine.cells.activations import sigmoid
from helpers.engine.cells.base import Cell


class GRU(Cell):
    """The GRU. Its gates z, r and the candidate h~ are functions of x_t and h_prev.

    Parameters
    ----------
    D, H : int
        Inputs and hidden units.
    rng : numpy.random.Generator or int, optional
        Where the weights are drawn from.
    update : {"keep", "write"}
        What z_t = 1 does: "keep" the old state (Cho et al. 2014 v3, PyTorch), or "write" the
        candidate over it (Chung et al. 2014).
    reset : {"before", "after"}
        Whether r_t multiplies h_prev before the recurrent product (Cho et al. 2014 v3), or multiplies
        the product after it (cuDNN, PyTorch): that is a class of its own, `GRUAfter`, with one more bias,
        `b_m`, inside the product.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "orthogonal", "zeros"}
        How `U` is drawn, gate by gate. `W` is uniform in ±1/sqrt(H). With "zeros" nothing is drawn:
        `W` and `U` are 0.
    gain : float
        Multiplies `U`.
    forget_bias : float, optional
        Initial value of the bias that keeps: of b_z, or of -b_z with update="write".
    chrono : float, optional
        Longest memory in steps: draws that bias as log(u), u uniform in 1..chrono - 1
        (Tallec and Ollivier 2018).

    Raises
    ------
    ValueError
        For a size below 1, an option that does not exist, or both `forget_bias` and `chrono`.
    """

    blocks = ("z", "r", "h")
    gates = ("z", "r", "h_tilde")
    reset = "before"

    def __new__(cls, *args, reset="before", **options):
        """A GRU of the class that `reset` asks for."""
        after = arguments.choice(reset, "reset", ("before", "after")) == "after"
        return super().__new__(GRUAfter if after else cls)

    def __init__(
        self, D, H, *, rng=None, update="keep", reset="before", dtype=np.float64, init="uniform", gain=1.0,
        forget_bias=None, chrono=None,
    ):  # fmt: skip
        self.update = arguments.choice(update, "update", ("keep", "write"))
        rng = arguments.generator(rng)
        super().__init__(D, H, rng=rng, dtype=dtype, init=init, gain=gain)
        keep = initialise.keep_bias(rng, self.H, forget_bias, chrono)
        self["b_z"] = keep if update == "keep" else -keep
        self.rows = self._rows()

    def _rows(self):
        """Which rows of `a_t` and `U` belong to z and r together, and which to the candidate."""
        return slice(0, 2 * self.H), slice(2 * self.H, 3 * self.H)

    def recurrent_inputs(self, tape):
        """U_z and U_r multiply h_prev, and U_h multiplies r_t h_prev."""
        return [(slice(0, 2), tape.h_prev), (slice(2, 3), tape.r * tape.h_prev)]

    def step(self, a_t, h_prev):
        """One step forward. `a_t` (3H, B) holds W x_t + b, in the order z, r, h."""
        zr, h = self.rows  # those of z and r, those of the candidate
        zr_t = sigmoid(a_t[zr] + self.U[zr].dot(h_prev))
        z_t, r_t = zr_t[: self.H], zr_t[self.H :]
        h_tilde_t = np.tanh(a_t[h] + self.U[h].dot(r_t * h_prev))
        if self.update == "keep":
            h_t = z_t * h_prev + (1 - z_t) * h_tilde_t
        else:
            h_t = (1 - z_t) * h_prev + z_t * h_tilde_t
        return (h_t,), (z_t, r_t, h_tilde_t)

    def slopes(self, tape):
        """Local derivatives of all steps at once, (T, H, B) each."""
        z, r, h_tilde, h_prev = tape.z, tape.r, tape.h_tilde, tape.h_prev
        if self.update == "keep":
            dh_dz, dh_dh_tilde, dh_dh_prev = h_prev - h_tilde, 1 - z, z
        else:
            dh_dz, dh_dh_tilde, dh_dh_prev = h_tilde - h_prev, z, 1 - z
        dh_da_z = dh_dz * z * (1 - z)
        dh_da_h = dh_dh_tilde * (1 - h_tilde**2)
        drh_da_r, drh_dh_prev = h_prev * r * (1 - r), r
        return dh_da_z, drh_da_r, dh_da_h, dh_dh_prev, drh_dh_prev

    def back(self, slopes_t, dh_t):
        """One step back: from dL/dh_t to dL/da_t and dL/dh_prev."""
        dh_da_z, drh_da_r, dh_da_h, dh_dh_prev, drh_dh_prev = slopes_t
        zr, h = self.rows
        da_h = dh_da_h * dh_t
        drh_t = self.U[h].T.dot(da_h)
        da_zr = np.concatenate([dh_da_z * dh_t, drh_da_r * drh_t])
        dh_prev = dh_dh_prev * dh_t + drh_dh_prev * drh_t + self.U[zr].T.dot(da_zr)
        return np.concatenate([da_zr, da_h]), dh_prev


class GRUAfter(GRU):
    """The GRU with reset="after": r_t multiplies the recurrent product m_t, which has its bias b_m."""

    bias_blocks = ("z", "r", "h", "m")
    gates = ("z", "r", "h_tilde", "m")
    reset = "after"

    def _rows(self):
        """Also which rows of `a_t` belong to m."""
        return *super()._rows(), slice(3 * self.H, 4 * self.H)

    def recurrent_inputs(self, tape):
        """All of U multiplies h_prev, and what U_h makes of it goes to the block m."""
        return [(slice(0, 2), tape.h_prev), (slice(3, 4), tape.h_prev)]

    def step(self, a_t, h_prev):
        """One step forward. `a_t` (4H, B) holds W x_t + b, in the order z, r, h, and then b_m."""
        zr, h, m = self.rows  # those of z and r, of the candidate, and of m
        u_t = self.U.dot(h_prev)
        zr_t = sigmoid(a_t[zr] + u_t[zr])
        z_t, r_t = zr_t[: self.H], zr_t[self.H :]
        m_t = u_t[h] + a_t[m]  # U_h h_prev + b_m
        h_tilde_t = np.tanh(a_t[h] + r_t * m_t)
        if self.update == "keep":
            h_t = z_t * h_prev + (1 - z_t) * h_tilde_t
        else:
            h_t = (1 - z_t) * h_prev + z_t * h_tilde_t
        return (h_t,), (z_t, r_t, h_tilde_t, m_t)

    def slopes(self, tape):
        """Local derivatives of all steps at once: by a_z, a_r, a_h and m_t, (T, 4, H, B), and by h_prev."""
        dh_da_z, _, dh_da_h, dh_dh_prev, r = super().slopes(tape)
        dh_dm = dh_da_h * r
        dh_da_r = dh_dm * tape.m * (1 - r)
        return np.stack([dh_da_z, dh_da_r, dh_da_h, dh_dm], axis=1), dh_dh_prev

    def back(self, slopes_t, dh_t):
        """One step back: from dL/dh_t to dL/da_t and dL/dh_prev."""
        dh_da, dh_dh_prev = slopes_t
        zr, h, m = self.rows
        da_t = (dh_da * dh_t).reshape(4 * self.H, -1)  # each unit's h_t sees its own a_t alone
        dh_prev = dh_dh_prev * dh_t + self.U[zr].T.dot(da_t[zr]) + self.U[h].T.dot(da_t[m])
        return da_t, dh_prev
