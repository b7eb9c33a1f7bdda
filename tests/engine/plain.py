"""What the engine's tests share: every cell and convention, and the same cells written plainly.

`plain_states` is the independent route: the textbook's equations, one step at a time, with nothing in
common with the engine but the names of the weights. It also takes complex numbers, so a derivative can
be had by the complex step f'(x) = Im f(x + ih)/h, exact to the last digits (Squire and Trapp 1998).
"""

import numpy as np

from helpers.engine.cells import GRU, LSTM, RNN
from helpers.engine.cells.activations import ACTIVATIONS

KINDS = (
    {f"RNN {phi}": lambda D, H, phi=phi, **o: RNN(D, H, activation=phi, **o) for phi in ACTIVATIONS}
    | {"LSTM": LSTM}
    | {
        f"GRU {u} {r}": lambda D, H, u=u, r=r, **o: GRU(D, H, update=u, reset=r, **o)
        for u in ("keep", "write")
        for r in ("before", "after")
    }
)


def example(kind, D=3, H=4, T=6, B=2, seed=0, **options):
    """A cell with random biases, inputs x, first states, and the weights v of the loss sum(v * h)."""
    rng = np.random.default_rng(seed)
    cell = KINDS[kind](D, H, rng=rng, **options)
    cell.b[...] = rng.standard_normal(cell.b.shape)
    first = {f"{s}_0": rng.standard_normal((H, B)) for s in cell.states}
    return cell, rng.standard_normal((T, D, B)), first, rng.standard_normal((T, H, B))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


PHI = {"tanh": np.tanh, "linear": lambda a: a, "sigmoid": sigmoid, "relu": lambda a: a * (a.real > 0)}


def plain_step(cell, p, x_t, h, c=None):
    """One step by the book, with the parameters p (a dict from block names to arrays)."""

    def a(k):
        return p[f"W_{k}"] @ x_t + p[f"U_{k}"] @ h + p[f"b_{k}"]

    if isinstance(cell, RNN):
        return (PHI[cell.activation](p["W"] @ x_t + p["U"] @ h + p["b"]),)
    if isinstance(cell, LSTM):
        c = sigmoid(a("f")) * c + sigmoid(a("i")) * np.tanh(a("c"))
        return sigmoid(a("o")) * np.tanh(c), c
    z, r = sigmoid(a("z")), sigmoid(a("r"))
    seen = p["U_h"] @ (r * h) if cell.reset == "before" else r * (p["U_h"] @ h + p["b_m"])
    h_tilde = np.tanh(p["W_h"] @ x_t + seen + p["b_h"])
    return (z * h + (1 - z) * h_tilde if cell.update == "keep" else (1 - z) * h + z * h_tilde,)


def block_names(cell):
    if isinstance(cell, RNN):
        return ["W", "U", "b"]
    letters = "fico" if isinstance(cell, LSTM) else "zrh"
    extra = ["b_m"] if getattr(cell, "reset", "") == "after" else []
    return [f"{m}_{k}" for m in "WUb" for k in letters] + extra


def parameters(cell):
    return {name: cell[name].copy() for name in block_names(cell)}


def plain_states(cell, p, x, first):
    """All the states, (T, S, H, B)."""
    state, found = tuple(first[f"{s}_0"] for s in cell.states), []
    for x_t in x:
        state = plain_step(cell, p, x_t, *state)
        found.append(np.stack(state))
    return np.stack(found)


def complex_gradient(loss, array):
    """The gradient of a real loss with respect to an array, entry by entry, by the complex step."""
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        moved = array.astype(complex)
        moved[place] += 1e-30j
        found[place] = loss(moved).imag / 1e-30
    return found


def assert_close(found, expected, rtol=1e-10):
    """Agreement relative to the largest entry."""
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= rtol * max(np.abs(expected).max(), 1e-12)
