"""The hints of the lesson on the GRU for the converter from PyTorch's weights."""

import pathlib

import numpy as np
import pytest

from helpers.checks import NOT_YET
from helpers.checks.gru import convert as gru_convert
from helpers.checks.gru import pytorch as gru_torch
from helpers.engine.cells import GRU
from tests.lessons.lesson import solution_of

FROM_TORCH = solution_of(gru_convert.check_from_torch)


def converted(change):
    """The converter of exercise 4, with one change to its blocks (a dict) before they are joined."""

    def from_torch(weights):
        names = {"W": "weight_ih_l0", "U": "weight_hh_l0", "b": "bias_ih_l0", "c": "bias_hh_l0"}
        p = {f"{k}_{g}": part for k, n in names.items() for g, part in zip("rzn", np.split(weights[n], 3))}  # noqa: B905
        p |= {"W_z": -p["W_z"], "U_z": -p["U_z"], "d_z": -p["b_z"] - p["c_z"], "d_r": p["b_r"] + p["c_r"]}
        p |= {"first": "z", "then": "r"}
        p |= change(p)
        a, b = p["first"], p["then"]
        W, U = (np.concatenate([p[f"{k}_{a}"], p[f"{k}_{b}"], p[f"{k}_n"]]) for k in "WU")
        return W, U, np.concatenate([p[f"d_{a}"], p[f"d_{b}"], p["b_n"], p["c_n"]])

    return from_torch


def unturned(p):
    return {"W_z": -p["W_z"], "U_z": -p["U_z"], "d_z": -p["d_z"]}


PYTORCH_ORDER = {"first": "r", "then": "z"}


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (converted(unturned), "W_z: you left PyTorch's sign"),
        (converted(lambda p: {"d_z": -p["d_z"]}), "b_z: you left PyTorch's sign"),
        (converted(lambda p: {"U_z": -p["U_z"]}), "U_z: you left PyTorch's sign"),
        (converted(lambda p: unturned(p) | PYTORCH_ORDER), "W_z: this is PyTorch's block r."),
        (converted(lambda p: PYTORCH_ORDER), "W_z: this is PyTorch's block r."),
        (converted(lambda p: {"U_z": p["U_r"], "U_r": p["U_z"]}), "U_z: this is PyTorch's block r."),
        (converted(lambda p: {"U_n": -p["U_n"]}), "U_h: you changed its sign, but only z needs that"),
        (converted(lambda p: {"d_r": -p["d_r"]}), "b_r: you changed its sign"),
        (
            converted(lambda p: {"b_n": p["b_n"] + p["c_n"], "c_n": 0 * p["c_n"]}),
            "b_h: you added the two biases",
        ),
        (converted(lambda p: {"b_n": p["b_n"] + p["c_n"]}), "keep them apart"),
        (converted(lambda p: {"d_z": -p["b_z"], "d_r": p["b_r"]}), "b_z: you took bias_ih_l0 alone"),
        (converted(lambda p: {"d_r": p["c_r"]}), "b_r: you took bias_hh_l0 alone"),
        (converted(lambda p: {"b_n": p["c_n"], "c_n": p["b_n"]}), "swapped"),
        (converted(lambda p: {"W_n": 2 * p["W_n"]}), "W_h: this is none of PyTorch's blocks"),
        (converted(lambda p: {"W_n": np.nan * p["W_n"]}), "not finite"),
        (lambda w: (np.ones((9, 2)), np.ones((9, 3)), np.ones(9)), "fourth block"),
        (lambda w: (np.ones((2, 9)), np.ones((9, 3)), np.ones(12)), "W should have"),
        (lambda w: np.ones((9, 2)), "3 arrays are expected, W, U and b; 9 came"),
        (lambda w: ("W", "U", "b"), "An array of numbers is expected; this is text"),
        (lambda w: FROM_TORCH(w)[0], "3 arrays are expected"),
    ],
)
def test_a_known_mistake_in_the_converter(answer, word):
    feedback = gru_convert.check_from_torch(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


def test_converter_values_are_those_of_pytorch():
    """As tools/torch_reference.py has stored them."""
    stored = np.load(pathlib.Path(__file__).parents[1] / "engine" / "torch.npz")
    for name, array in (
        *gru_torch.WEIGHTS.items(),
        ("x", gru_torch.X),
        ("h_0", gru_torch.H_0),
        ("h", gru_torch.H),
    ):
        np.testing.assert_array_equal(array, stored[f"GRU/{name}"])


def test_the_solution_converts_weights_it_has_not_seen():
    """Against the plain equations of PyTorch's manual, written out here."""
    rng = np.random.default_rng(0)
    W, U, b, c = rng.standard_normal((9, 2)), rng.standard_normal((9, 3)), *rng.standard_normal((2, 9))
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    cell = GRU(2, 3, rng=0, update="write", reset="after")
    W_found, U_found, b_found = FROM_TORCH(dict(zip(names, (W, U, b, c), strict=True)))
    cell.put(W=W_found, U=U_found, b=b_found[:, None])
    x, h = rng.standard_normal(2), rng.uniform(-1, 1, 3)
    i, s = np.split(W @ x + b, 3), np.split(U @ h + c, 3)
    r, z = (1 / (1 + np.exp(-(i[k] + s[k]))) for k in (0, 1))
    expected = (1 - z) * np.tanh(i[2] + r * s[2]) + z * h
    np.testing.assert_allclose(cell(x[:, None], h[:, None])[:, 0], expected, rtol=1e-12)
