"""The linear recurrent unit (Orvieto et al. 2023, arXiv 2303.06349): complex states, stable by design."""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells.base import Cell


class LRU(Cell):
    """h_t = λ h_prev + γ (W x_t + b), in H/2 complex numbers, with λ = exp(-e^ν + iθ): |λ| < 1 for every ν.

    The protocol carries real numbers, so h has H rows: the H/2 real parts, and below them the H/2 imaginary
    parts. The rows of `W` and `b` are laid out alike. A real readout of both is the Re(C h) of the paper.

    Parameters
    ----------
    D, H : int
        Inputs, and real numbers in a state; H is even.
    rng : numpy.random.Generator or int, optional
        Where the weights and the λ are drawn from.
    dtype : {numpy.float64, numpy.float32}
    init : {"uniform", "zeros"}
        With "uniform" the λ are drawn by `ring`, γ is sqrt(1 - |λ|²), and the entries of `W` are Gaussian
        with the variance 1/(2D). With "zeros" nothing is drawn: `W`, `nu`, `theta` and `log_gamma` are 0.
    ring : (float, float)
        Smallest and largest |λ|, in 0..1.
    phase : float
        Largest angle θ.

    Attributes
    ----------
    nu, theta, log_gamma : numpy.ndarray
        (H/2, 1) each; learnt, like `W` and `b`. `U` has no rows.
    """

    recurrent_blocks = ()

    def __init__(
        self, D, H, *, rng=None, dtype=np.float64, init="uniform", ring=(0.9, 0.999), phase=2 * np.pi
    ):
        rng, n = arguments.generator(rng), arguments.size(H, "H") // 2
        if H % 2:
            raise ValueError(f"H must be even, since two real numbers make a complex one; got {H}.")
        super().__init__(D, H, rng=rng, dtype=dtype, init="zeros")
        nu, theta, log_gamma = np.zeros((3, n, 1))
        if arguments.choice(init, "init", ("uniform", "zeros")) == "uniform":
            self.W[...] = rng.standard_normal((self.H, self.D)) / np.sqrt(2 * self.D)
            nu, theta = on_a_ring(rng, n, ring, phase)
            log_gamma = np.log1p(-np.exp(-2 * np.exp(nu))) / 2
        self.nu, self.theta, self.log_gamma = (p.astype(self.dtype) for p in (nu, theta, log_gamma))

    @property
    def parameters(self):
        """The parameters by name; they are the arrays themselves, not copies."""
        return super().parameters | {"nu": self.nu, "theta": self.theta, "log_gamma": self.log_gamma}

    @property
    def lambda_(self):
        """λ = exp(-e^ν + iθ), (H/2, 1) complex: what each step multiplies the state by."""
        return np.exp(-np.exp(self.nu) + 1j * self.theta)

    @property
    def gamma(self):
        """γ, (H/2, 1): what each step multiplies W x_t + b by."""
        return np.exp(self.log_gamma)

    def recurrent_inputs(self, tape):
        """Nothing is multiplied by `U`."""
        return []

    def step(self, a_t, h_prev):
        """One step forward. `a_t` (H, B) holds W x_t + b: real parts, then imaginary parts."""
        h_t = self.lambda_ * as_complex(h_prev) + self.gamma * as_complex(a_t)
        return (as_real(h_t),), (a_t,)

    def slopes(self, tape):
        """λ, as real and imaginary parts (T, H, B), and γ (T, H/2, B): the same at every step."""
        dh_dh_prev = np.broadcast_to(as_real(self.lambda_), (tape.T, self.H, tape.B))
        dh_da = np.broadcast_to(self.gamma, (tape.T, self.H // 2, tape.B))
        return dh_dh_prev, dh_da

    def back(self, slopes_t, dh_t):
        """One step back: what turned forward by λ turns back by its conjugate."""
        dh_dh_prev, dh_da = slopes_t
        dh_prev = np.conj(as_complex(dh_dh_prev)) * as_complex(dh_t)
        da_t = dh_da * as_complex(dh_t)
        return as_real(da_t), as_real(dh_prev)

    def own_gradients(self, tape, da):
        """dL/dν, dL/dθ and dL/dlog γ: λ multiplies h_prev, and γ multiplies a_t."""
        dh = as_complex(da) / self.gamma
        dlambda = (np.conj(as_complex(tape.h_prev)) * dh).sum(axis=(0, 2))[:, None]
        inner = np.conj(self.lambda_) * dlambda  # dL/d(-e^ν + iθ): its real and imaginary parts
        dgamma = (np.conj(as_complex(tape.a)) * dh).real.sum(axis=(0, 2))[:, None]
        return {"nu": -np.exp(self.nu) * inner.real, "theta": inner.imag, "log_gamma": self.gamma * dgamma}


def as_complex(pairs):
    """Real parts and, below them, imaginary parts, (..., 2n, B), as complex numbers (..., n, B)."""
    n = pairs.shape[-2] // 2
    return pairs[..., :n, :] + 1j * pairs[..., n:, :]


def as_real(numbers):
    """The inverse of `as_complex`."""
    return np.concatenate([numbers.real, numbers.imag], axis=-2)


def on_a_ring(rng, n, ring=(0.9, 0.999), phase=2 * np.pi):
    """ν and θ, (n, 1) each, of n numbers λ spread evenly over the area of a ring (lemma 3.2 of the paper).

    Raises
    ------
    ValueError
        If the ring does not lie between 0 and 1.
    """
    low, high = ring
    if not 0 <= low <= high < 1:
        raise ValueError(f"ring must be two numbers with 0 <= low <= high < 1; got {arguments.quoted(ring)}.")
    squared = rng.uniform(low**2, high**2, (n, 1)) if high > low else np.full((n, 1), high**2)
    # e^ν = -ln |λ|, and |λ|² is uniform between the two squared radii.
    return np.log(-np.log(np.maximum(squared, np.finfo(float).tiny)) / 2), rng.uniform(0, phase, (n, 1))
