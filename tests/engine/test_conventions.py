"""Converters: exact where they exist, and a reason where they do not."""

import numpy as np
import pytest

from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, LSTM, RNN
from helpers.engine.cells.conventions import convert, from_torch, to_torch
from tests.engine.plain import example


def diagonal(kind):
    """An example whose U_h is diagonal (and whose b_m is 0)."""
    cell, x, first, _ = example(kind)
    cell["U_h"] = np.diag(np.diag(cell["U_h"]))
    if cell.reset == "after":
        cell["b_m"] = 0
    return cell, x, first


@pytest.mark.parametrize("reset", ["before", "after"])
@pytest.mark.parametrize(("old", "new"), [("keep", "write"), ("write", "keep")])
def test_negating_z_turns_the_sign_exactly(old, new, reset):
    cell, x, first, _ = example(f"GRU {old} {reset}")
    turned = convert(cell, update=new)
    assert (turned.update, turned.reset) == (new, reset)
    np.testing.assert_array_equal(turned["U_z"], -cell["U_z"])
    np.testing.assert_allclose(unroll(turned, x, **first).h, unroll(cell, x, **first).h, rtol=1e-13, atol=0)
    np.testing.assert_allclose(unroll(turned, x, **first).z, 1 - unroll(cell, x, **first).z, atol=1e-15)


@pytest.mark.parametrize("old", ["before", "after"])
def test_the_resets_agree_when_U_h_is_diagonal(old):
    cell, x, first = diagonal(f"GRU keep {old}")
    turned = convert(cell, reset="before" if old == "after" else "after")
    np.testing.assert_allclose(unroll(turned, x, **first).h, unroll(cell, x, **first).h, rtol=1e-13, atol=0)


def test_the_resets_differ_when_it_is_not():
    cell, x, first, _ = example("GRU keep before")
    with pytest.raises(ValueError, match="U_h must be diagonal"):
        convert(cell, reset="after")
    other = GRU(cell.D, cell.H, rng=0, reset="after")
    other.put(W=cell.W, U=cell.U)
    other.b[: 3 * cell.H] = cell.b
    assert np.abs(unroll(other, x, **first).h - unroll(cell, x, **first).h).max() > 1e-3


def test_permuted_U_h_only_needs_another_reset_gate():
    """U_h a permutation, scaled: before, unit k hears r_j h_j; after, r_k must be what r_j was."""
    cell, x, first, _ = example("GRU keep before")
    order = np.roll(np.arange(cell.H), 1)
    cell["U_h"] = np.diag(np.linspace(0.5, 2, cell.H))[:, np.argsort(order)]
    listens_to = np.argmax(np.abs(cell["U_h"]), axis=1)
    other = GRU(cell.D, cell.H, rng=0, reset="after")
    other.put(W=cell.W, U=cell.U)
    other.b[: 3 * cell.H] = cell.b
    assert np.abs(unroll(other, x, **first).h - unroll(cell, x, **first).h).max() > 1e-3
    for name in ("W_r", "U_r", "b_r"):
        other[name] = cell[name][listens_to]
    np.testing.assert_allclose(unroll(other, x, **first).h, unroll(cell, x, **first).h, rtol=1e-12, atol=0)


def test_bias_multiplied_by_r_cannot_be_converted():
    cell, *_ = diagonal("GRU keep after")
    cell["b_m"] = 1
    with pytest.raises(ValueError, match="b_m must be 0"):
        convert(cell, reset="before")


def test_conversion_leaves_the_old_cell_alone():
    """Only a GRU can be converted."""
    cell, *_ = example("GRU keep before")
    kept = cell.W.copy()
    convert(cell, update="write")
    np.testing.assert_array_equal(cell.W, kept)
    with pytest.raises(ValueError, match="gru must be a GRU; got LSTM"):
        convert(LSTM(1, 1, rng=0), update="write")


@pytest.mark.parametrize("kind", ["RNN tanh", "RNN relu", "LSTM", "GRU keep after"])
def test_there_and_back_again(kind):
    cell, x, first, _ = example(kind)
    weights = to_torch(cell)
    back = from_torch(kind.split()[0], weights, activation=getattr(cell, "activation", "tanh"))
    np.testing.assert_array_equal(unroll(back, x, **first).states, unroll(cell, x, **first).states)
    for name in ("W", "U", "b"):
        np.testing.assert_array_equal(back[name], cell[name])
    assert sum(w.size for w in weights.values()) == cell.G * cell.H * (cell.D + cell.H + 2)


def test_float32_stays_float32():
    cell, *_ = example("LSTM", dtype=np.float32)
    assert from_torch("LSTM", to_torch(cell)).dtype == np.float32


def test_what_torch_does_not_have():
    only = "must be one of 'tanh', 'relu'; got 'sigmoid'"
    with pytest.raises(ValueError, match=f"The activation of an RNN in PyTorch {only}"):
        to_torch(RNN(1, 1, rng=0, activation="sigmoid"))
    with pytest.raises(ValueError, match=f"activation {only}"):
        from_torch("RNN", to_torch(RNN(1, 1, rng=0)), activation="sigmoid")
    with pytest.raises(ValueError, match="U_h must be diagonal"):
        to_torch(GRU(1, 2, rng=0))


def test_wrong_weights_are_named():
    weights = to_torch(LSTM(2, 3, rng=0))
    with pytest.raises(ValueError, match="missing: bias_hh_l0"):
        from_torch("LSTM", {k: w for k, w in weights.items() if k != "bias_hh_l0"})
    with pytest.raises(ValueError, match=r"weight_hh_l0 must have the shape \(G\*H, H\) = \(12, 3\)"):
        from_torch("LSTM", weights | {"weight_hh_l0": np.ones((3, 3))})
    with pytest.raises(ValueError, match="kind must be one of 'RNN', 'LSTM', 'GRU'; got 'lstm'"):
        from_torch("lstm", weights)
