"""The gated recurrent unit (Cho et al. 2014, arXiv 1406.1078v3), in all its conventions."""

import numpy as np

from helpers.cells import arguments, initialise
from helpers.cells.base import Cell, flat, sigmoid


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
        the product after it (cuDNN, PyTorch). "after" has one bias more, `b_m`, inside that product.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "orthogonal"}
        How `U` is drawn, gate by gate. `W` is always uniform in ±1/sqrt(H).
    gain : float
        Multiplies `U`.
    forget_bias : float, optional
        Start of the bias in the direction that keeps: b_z, or -b_z with update="write".
    chrono : float, optional
        Longest memory in steps: draws that bias as log(u), u uniform in 1..chrono - 1
        (Tallec and Ollivier 2018).

    Raises
    ------
    ValueError
        For a size below 1, an option that does not exist, or both `forget_bias` and `chrono`.
    """

    blocks = ("z", "r", "h")

    def __init__(
        self, D, H, *, rng=None, update="keep", reset="before", dtype=np.float64, init="uniform", gain=1.0,
        forget_bias=None, chrono=None,
    ):  # fmt: skip
        self.update = arguments.choice(update, "update", ("keep", "write"))
        self.reset = arguments.choice(reset, "reset", ("before", "after"))
        rng = arguments.generator(rng)
        super().__init__(D, H, rng=rng, dtype=dtype, init=init, gain=gain)
        keep = initialise.keep_bias(rng, self.H, forget_bias, chrono)
        self["b_z"] = keep if update == "keep" else -keep

    @property
    def bias_blocks(self):
        """The letters of `b`: with reset="after" the recurrent product has a bias m of its own."""
        return self.blocks if self.reset == "before" else (*self.blocks, "m")

    @property
    def gates(self):
        """What a step leaves behind; m_t is U_h h_prev + b_m, which r_t multiplies."""
        return ("h_tilde", "z", "r") if self.reset == "before" else ("h_tilde", "z", "r", "m")

    def to_a(self, rows):
        """`a_t` begins with the candidate: then what sees x_t, and what sees h_prev, lie together."""
        blocks = rows.reshape(-1, self.H, rows.shape[1])
        return blocks[[2, 0, 1, 3][: len(blocks)]].reshape(rows.shape)

    def from_a(self, rows):
        """The inverse of `to_a`."""
        blocks = rows.reshape(-1, self.H, rows.shape[1])
        return blocks[[1, 2, 0, 3][: len(blocks)]].reshape(rows.shape)

    def recurrent_inputs(self, tape):
        """U_z and U_r multiply h_prev; U_h multiplies r_t h_prev, or h_prev with reset="after"."""
        if self.reset == "before":
            return [(slice(1, 3), tape.h_prev), (slice(0, 1), tape.r * tape.h_prev)]
        return [(slice(1, 4), tape.h_prev)]

    def forward_views(self, gates):
        """For `step`: the blocks that see h_prev itself, the two sigmoids, each block."""
        a = flat(gates)
        h_tilde, z, r, *m = gates.swapaxes(0, 1)
        return a[:, self.H :], a[:, self.H : 3 * self.H], h_tilde, z, r, *(m or [[None] * len(gates)])

    def step(self, a_zrm, a_zr, h_tilde_t, z_t, r_t, m_t, h_prev, h_t):
        """One step. The blocks come in holding W x_t + b; `a_zr` and `a_zrm` are two and three of them.

        Only reset="after" has an `m_t`.
        """
        if self.reset == "before":
            U_zr, U_h = self.U[: 2 * self.H], self.U[2 * self.H :]
            a_zr += U_zr.dot(h_prev)
            sigmoid(a_zr, out=a_zr)
            h_tilde_t += U_h.dot(r_t * h_prev)
        else:
            a_zrm += self.U.dot(h_prev)
            sigmoid(a_zr, out=a_zr)
            h_tilde_t += r_t * m_t
        np.tanh(h_tilde_t, out=h_tilde_t)
        if self.update == "keep":
            np.add(h_tilde_t, z_t * (h_prev - h_tilde_t), out=h_t)  # = z_t h_prev + (1 - z_t) h_tilde_t
        else:
            np.add(h_prev, z_t * (h_tilde_t - h_prev), out=h_t)  # = (1 - z_t) h_prev + z_t h_tilde_t

    def slopes(self, tape):
        """Derivatives of h_t by each pre-activation (r: of what it multiplies), and what is kept."""
        h_tilde, z, r = tape.gates.swapaxes(0, 1)[:3]
        h_prev, not_z = tape.h_prev, 1 - z
        k, (keep, write) = np.empty_like(tape.gates), (z, not_z) if self.update == "keep" else (not_z, z)
        k[:, 0] = write * (1 - h_tilde * h_tilde)
        k[:, 1] = (h_prev - h_tilde if self.update == "keep" else h_tilde - h_prev) * (z * not_z)
        if self.reset == "before":
            k[:, 2] = h_prev * r * (1 - r)
        else:
            k[:, 3] = k[:, 0] * r
            k[:, 2] = k[:, 3] * tape.m * (1 - r)
        return k, k[:, 2], keep, r

    def backward_views(self, da):
        """For `back`: all blocks, the rows of those that saw h_prev itself, the blocks of h~ and of r."""
        return da, flat(da)[:, self.H :], da[:, 0], da[:, 2]

    def back(self, da_t, da_zrm, da_h, da_r, k_t, k_r, keep_t, r_t, dh_t, dh_prev):
        """The twin of `step`: from dL/dh_t to dL/da_t and dL/dh_prev."""
        np.multiply(k_t, dh_t, out=da_t)
        if self.reset == "before":
            U_zr, U_h = self.U[: 2 * self.H], self.U[2 * self.H :]
            d_rh = U_h.T.dot(da_h)
            np.multiply(k_r, d_rh, out=da_r)
            U_zr.T.dot(da_zrm, out=dh_prev)
            dh_prev += r_t * d_rh
        else:
            self.U.T.dot(da_zrm, out=dh_prev)
        dh_prev += keep_t * dh_t
