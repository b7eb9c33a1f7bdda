"""What lesson 7 says of the ways in which a GRU is written."""

import numpy as np
import pytest

from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU
from helpers.labs.gru.conventions import Conventions


@pytest.mark.parametrize(
    ("controls", "step", "name", "off"),
    [
        ({"reset_gate": "after"}, 2, "h_tilde", "h̃₂ is 0.127 off"),
        ({"update_gate": "write", "reset_gate": "before"}, 1, "h", "h₁ is 0.296 off"),
        ({"update_gate": "write", "reset_gate": "after", "flipped": True}, 2, "h_tilde", "h̃₂ is 0.127 off"),
        ({"reset_gate": "after", "off_diagonal": 0.1}, 2, "h_tilde", "h̃₂ is 0.014 off"),
    ],
)
def test_where_the_states_part(controls, step, name, off):
    lab = Conventions(**controls)
    apart = lab.result["apart"]
    assert (apart["h"][: step - 1] < 1e-12).all()
    assert apart[name][step - 1] > 1e-3
    assert apart["r"][step - 1] < 1e-12
    assert f"first differ at step {step}, where {off}" in lab.readout_text


@pytest.mark.parametrize(
    "controls",
    [
        {"reset_gate": "before"},
        {"update_gate": "write", "reset_gate": "before", "flipped": True},
        {"reset_gate": "after", "off_diagonal": 0.0},
        {"reset_gate": "after", "off_diagonal": 0.0, "update_gate": "write", "flipped": True},
    ],
)
def test_where_they_do_not_part(controls):
    lab = Conventions(**controls)
    assert lab.result["apart"]["h"].max() < 1e-12
    assert ("Only z differs" in lab.readout_text) == ("flipped" in controls)


def test_orders_agree_where_all_r_are_equal():
    before, after = (GRU(2, 5, rng=3, init="orthogonal", reset=order) for order in ("before", "after"))
    after.W[...], after.U[...], after.b[:15] = before.W, before.U, before.b
    x = np.random.default_rng(4).standard_normal((20, 2, 1))
    assert np.abs(unroll(before, x).h - unroll(after, x).h).max() > 0.01
    for gru in (before, after):
        gru["W_r"], gru["U_r"], gru["b_r"] = 0, 0, 0.7
    np.testing.assert_allclose(unroll(before, x).h, unroll(after, x).h, rtol=0, atol=1e-13)


def test_orders_agree_where_connected_units_share_r():
    """U_h is not diagonal here, and r is not the same for all units: it is so within each pair."""
    before, after = (GRU(2, 4, rng=3, reset=order) for order in ("before", "after"))
    pairs = np.kron(np.eye(2), np.ones((2, 2)))
    for gru in (before, after):
        gru["W_r"], gru["U_r"], gru["b_r"] = 0, 0, np.array([[1.0], [1], [-1], [-1]])
        gru["U_h"] = before["U_h"] * pairs
        gru["W_h"], gru["W_z"], gru["U_z"] = before["W_h"], before["W_z"], before["U_z"]
    x = np.random.default_rng(4).standard_normal((20, 2, 1))
    np.testing.assert_allclose(unroll(before, x).h, unroll(after, x).h, rtol=0, atol=1e-13)
    for gru in (before, after):
        gru["b_r"] = np.array([[1.0], [-1], [1], [-1]])
    assert np.abs(unroll(before, x).h - unroll(after, x).h).max() > 0.01


def test_no_reset_gates_serve_both_orders():
    """One row of U_h: what it gets from two units, whose r differ, is not r_k times a fixed sum."""
    U, h = np.array([1.0, 1.0]), np.array([1.0, -1.0])
    assert U @ h == 0  # after: whatever r_k is, nothing arrives
    assert U @ (np.array([1.0, 0.0]) * h) == 1  # before: with one gate open, something does
