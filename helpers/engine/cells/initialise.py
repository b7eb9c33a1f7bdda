"""The weights and biases that a cell starts with."""

import numpy as np

from helpers.engine import arguments


def uniform(rng, rows, columns, H):
    """Uniform in ±1/sqrt(H), as PyTorch's recurrent layers do."""
    return rng.uniform(-1, 1, (rows, columns)) / np.sqrt(H)


def orthogonal(rng, H):
    """A random orthogonal (H, H) matrix: it changes the direction of a state and keeps its length.

    The Q of a Gaussian matrix, its columns signed so that every orthogonal matrix is equally likely
    (Mezzadri 2007, section 5). Saxe et al. 2014 propose it for deep networks.
    """
    Q, R = np.linalg.qr(rng.standard_normal((H, H)))
    return Q * np.where(np.diag(R) < 0, -1.0, 1.0)


def chrono(rng, H, T_max):
    """Biases (H, 1) for gates that keep, for memories of 2 to T_max steps.

    b = log(u), u uniform in 1..T_max - 1, so that sigmoid(b) = 1 - 1/(u + 1) forgets over about u + 1
    steps (Tallec and Ollivier 2018, section 2.2 and equation 16).
    """
    if not T_max >= 2:
        raise ValueError(f"chrono must be a number of steps, 2 or more; got {arguments.quoted(T_max)}.")
    return np.log(rng.uniform(1, T_max - 1, (H, 1))) if T_max > 2 else np.zeros((H, 1))


# What `init` may be: how W is drawn, (rows, D), and how each block of U is, (H, H).
DRAWS = {
    "uniform": (uniform, lambda rng, H: uniform(rng, H, H, H)),
    "orthogonal": (uniform, orthogonal),
    "zeros": (lambda rng, rows, columns, H: np.zeros((rows, columns)), lambda rng, H: np.zeros((H, H))),
}


def keep_bias(rng, H, forget_bias, T_max):
    """The bias of the gate that keeps: given, drawn by `chrono`, or 0."""
    if forget_bias is not None and T_max is not None:
        raise ValueError("forget_bias and chrono both set the bias of the gate that keeps: give one of them.")
    if T_max is not None:
        return chrono(rng, H, arguments.number(T_max, "chrono"))
    return arguments.number(0.0 if forget_bias is None else forget_bias, "forget_bias")
