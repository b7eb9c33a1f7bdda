"""What lesson 7 says of how far back a GRU learns, and of the gates that decide it."""

import re

import numpy as np
import pytest

from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import GRU
from helpers.engine.probes import factor_per_step, log_norms_dh_T
from helpers.labs.gru.memory import GateBiases, plain_rnn
from helpers.tasks import noise
from tests.engine.plain import sigmoid
from tests.lessons.lesson import stored_text


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ({}, {"GRU": "0.702", "LSTM": "0.697", "RNN": "0.789"}),
        ({"b_z": 6.0}, {"GRU": "0.997", "LSTM": "1.074"}),
        ({"b_z": -6.0}, {"GRU": "0.442"}),
        ({"b_r": 6.0}, {"GRU": "0.898", "RNN": "0.789"}),
        ({"b_r": -6.0}, {"GRU": "0.510"}),
        ({"b_z": -6.0, "b_r": 6.0}, {"GRU": "0.785", "RNN": "0.789"}),
        ({"b_z": -6.0, "b_r": -6.0}, {"GRU": "0.005"}),
        ({"gain": 0.0}, {"GRU": "0.502", "LSTM": "0.502", "RNN": "0.000"}),
        ({"b_r": 6.0, "gain": 1.5, "size": 0.0}, {"GRU": "1.221"}),
    ],
)
def test_the_factors_per_step(controls, said):
    text = GateBiases(**controls).readout_text
    for name, factor in said.items():
        assert f"{name} {factor}" in text


def test_norms_are_those_of_the_product_of_jacobians():
    """By finite differences through 12 steps, a route that knows nothing of the backward pass."""
    lab = GateBiases(b_z=1.0, gain=1.0)
    gru, _, _ = lab._cells()
    x, eps = 2.0 * np.random.default_rng(2).standard_normal((60, 4, 1))[-12:], 1e-6
    start = lab.result["h"][-13][:, None]
    moved = [
        unroll(gru, x, h_0=start + s * eps * np.eye(32)[:, [k]]).h[-1, :, 0]
        for k in range(32)
        for s in (1, -1)
    ]
    J = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * eps)
    assert lab.result["GRU"][48] == pytest.approx(np.log10(np.linalg.norm(J) / np.sqrt(32)), abs=1e-6)


@pytest.mark.parametrize(("b_r", "r"), [(0.0, 0.5), (6.0, 1.0), (-6.0, 0.0)])
def test_the_rough_estimate_comes_close(b_r, r):
    """With b_z = 0. Gates that move, and directions that shrink unequally, are what it leaves out."""
    result = GateBiases(b_r=b_r).result
    gru, rnn = (factor_per_step(result[name]) for name in ("GRU", "RNN"))
    assert gru == pytest.approx(0.5 + 0.5 * r * rnn, abs=0.01)
    assert (result["z"].mean(), result["r"].mean()) == pytest.approx((0.5, r), abs=0.01)


def test_rough_estimate_holds_for_other_draws():
    """With other weights and other noise it is as close, and an open reset gate always keeps more."""
    for seed in range(2, 7):
        gru, x = (
            GRU(4, 32, rng=seed, init="orthogonal"),
            2 * np.random.default_rng(seed).normal(size=(60, 4, 1)),
        )
        rnn, half = (factor_per_step(log_norms_dh_T(unroll(cell, x))) for cell in (plain_rnn(gru), gru))
        gru["b_r"] = 6
        open_ = factor_per_step(log_norms_dh_T(unroll(gru, x)))
        assert half == pytest.approx(0.5 + 0.25 * rnn, abs=0.03)
        assert open_ == pytest.approx(0.5 + 0.5 * rnn, abs=0.03)
        assert half < rnn < open_


def test_a_unit_that_keeps_for_long_writes_little():
    lab = GateBiases(b_z=6.0)
    assert "|h| = 0.005" in lab.readout_text
    assert f"{sigmoid(6.0):.4f}" == "0.9975"
    assert np.abs(lab.result["h"]).max() < 0.03  # the map is blank


def test_b_z_moves_factor_more_than_b_r():
    def moved(name):
        return np.ptp(
            [factor_per_step(GateBiases(**{name: bias}).result["GRU"]) for bias in (-6.0, 0.0, 6.0)]
        )

    assert moved("b_z") > moved("b_r") + 0.1


def test_nudge_by_hand_is_the_sum_of_paths():
    """By the library's backward pass, which knows nothing of the lines in the lesson."""
    weights = {"W_r": 1, "U_r": -0.5, "W_z": -1, "U_z": 0.5, "W_h": -1.5, "U_h": 1.5}
    tape = unroll(GRU(1, 1, init="zeros").put(**weights), [[[1.0]]], h_0=[[0.8]])
    moves = backprop(tape, np.ones((1, 1))).dh[0].item()
    assert f"{moves:.3f} times" in stored_text("07_gru", "nudge")
    parts = [float(x) for x in re.findall(r"\d\.\d{3}", stored_text("07_gru", "nudge"))]
    assert sum(parts[:3]) == pytest.approx(parts[3], abs=0.0015)
    assert f"{tape.z.item():.3f}" in stored_text("07_gru", "nudge")


def test_input_gate_makes_the_open_lstm_grow():
    """Its forget gate is wide open; with b_i = -6 it no longer grows."""
    lab = GateBiases(b_z=6.0)
    _, lstm, _ = lab._cells()
    x = lab.size * noise(lab.T, lab.D, seed=2)
    assert factor_per_step(log_norms_dh_T(unroll(lstm, x), state="c")) > 1.05
    lstm["b_i"] = -6
    assert factor_per_step(log_norms_dh_T(unroll(lstm, x), state="c")) == pytest.approx(1, abs=0.01)
