"""What notebook 09 says in words, beyond what its stored outputs show; of reading: the file beside it."""

import itertools

import numpy as np
import pytest

from helpers.engine import scan
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import GRU, LRU, RNN, MinGRU
from helpers.labs.without_h import Curse, FlipFlop, OneMark, Ring, ScanRounds, StepAsMap
from helpers.labs.without_h.curse import gradient, normed
from helpers.labs.without_h.mark import of_a_gate, ratio
from helpers.labs.without_h.ring import half, variance
from helpers.tasks import data
from tests.lessons.lesson import assert_inside, says, stored_text

LESSON = "09_gates_without_h"

# One step --------------------------------------------------------------------------------------------


def test_map_of_min_gru_is_a_line():
    """The line never falls."""
    lab = StepAsMap()
    for x_t, b_z in itertools.product((-1.5, 0.0, 0.5, 1.5), (-6.0, -1.0, 0.0, 6.0)):
        lab.set(x_t=x_t, b_z=b_z)
        steps = np.diff(lab.result["mingru"])
        assert steps.min() >= 0
        assert np.ptp(steps) < 1e-14
        assert_inside(lab)


def test_the_slopes_that_the_lesson_names():
    lab = StepAsMap()
    says(lab, "slope 1 − z = 0.378")
    lab.b_z = -6.0
    says(lab, "0.996")
    lab.b_z = 6.0
    says(lab, "0.002")
    lab.U_h = -3.0
    says(lab, "−2.35")
    assert lab.measured(lab.result) == "gru"


def test_the_curve_is_that_of_the_equations():
    lab = StepAsMap(x_t=0.7, b_z=-0.5, U_h=-2.0)
    h = lab.OLD
    z = 1 / (1 + np.exp(-(0.7 + 0.5 * h - 0.5)))
    np.testing.assert_allclose(lab.result["gru"], (1 - z) * h + z * np.tanh(0.7 - 2.0 * h), atol=1e-12)


# The scan --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log_T", range(2, 13))
def test_pairs_hold_the_states_after_the_last_round(log_T):
    lab = ScanRounds(log_T=log_T, round=12)
    says(lab, f"{2**log_T} steps, round {log_T} of {log_T}", "to 14 digits")
    assert_inside(lab)
    assert lab.result["held"][-1].tolist() == list(range(1, 2**log_T + 1))


def test_round_2_finishes_only_the_first_steps():
    lab = ScanRounds(round=2)
    same = np.isclose(lab.result["b"], lab.result["loop"], rtol=0, atol=1e-12)
    assert same.tolist() == [True] * 4 + [False] * 12


def test_backward_pass_is_a_scan_in_reverse():
    rng = np.random.default_rng(3)
    cell, x, v = MinGRU(2, 3, rng=rng), rng.standard_normal((40, 2, 1)), rng.standard_normal((40, 3, 1))
    tape = unroll(cell, x)
    keep = 1 - tape.z
    after = np.concatenate([np.zeros((1, 3, 1)), keep[:0:-1]])
    found = scan.linear(after, v[::-1])[::-1]
    np.testing.assert_allclose(found, backprop(tape, v).dh[1:], rtol=0, atol=1e-13)


def test_the_times_are_what_the_lesson_says():
    rows = data.load_without_h()["scan"]
    assert [row["rounds"] for row in rows] == [6, 9, 12]
    assert all(3.5 < row["scan ms"] / row["loop ms"] < 7.5 for row in rows)


# The ring --------------------------------------------------------------------------------------------


def test_an_angle_changes_no_norm():
    lab, norms = Ring(), []
    for phase in (0.0, 0.1, 1.0, 2.0):
        lab.phase = phase
        norms.append(lab.result["norm"])
        assert_inside(lab)
    assert np.ptp(norms, axis=0).max() < 1e-14
    says(lab, "halved by step 4.")


def test_the_ring_near_1_and_the_linear_rnn():
    lab = Ring(low=0.9, high=0.999)
    says(lab, "halved by step 19.", "24.23")
    assert half(lab._rnn()) == 7
    sizes = np.abs(lab.result["lambda"])
    np.testing.assert_allclose(
        lab.result["norm"], np.sqrt((sizes[:, None] ** (2 * np.arange(101))).mean(0)), rtol=1e-10
    )


def test_the_variance_is_the_mean_over_the_area():
    """By the sum over thin rings, each weighed by its area."""
    for low, high in ((0.9, 0.999), (0.0, 0.5), (0.5, 0.95)):
        r = np.linspace(low, high, 400_001)
        r = (r[1:] + r[:-1]) / 2
        assert variance(low, high) == pytest.approx((r / (1 - r**2)).sum() / r.sum(), rel=1e-4)
    assert variance(0.9, 0.9) == pytest.approx(1 / (1 - 0.81))


def test_inner_radius_beyond_the_outer_is_cut():
    sizes = np.abs(Ring(low=0.99, high=0.5).result["lambda"])
    np.testing.assert_allclose(sizes, 0.5, rtol=1e-9)


# The curse -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lam", [0.5, 0.9, 0.95])
def test_mean_square_agrees_with_the_engine(lam):
    """The gradient of U of a linear RNN of one unit, by BPTT, sequence by sequence."""
    rng, cell = np.random.default_rng(1), RNN(1, 1, init="zeros", activation="linear").put(W=1, U=lam)
    x = rng.standard_normal((300, 1, 1500))
    tape = unroll(cell, x)
    grads = backprop(tape, np.ones((1, 1500)))
    each = (grads.da[:, 0] * tape.h_prev[:, 0]).sum(axis=0)  # dh_T/dU of each sequence
    assert (each**2).mean() == pytest.approx(gradient(lam), rel=0.15)
    assert Curse(lam=lam).result["sampled"] == pytest.approx(gradient(lam), rel=0.15)


def test_the_numbers_of_the_curse():
    lab = Curse()
    says(lab, "is 264;", "variance 5.26", "is 0.451")
    lab.lam = 0.99
    says(lab, "is 251263;", "variance 50.3", "is 0.495")
    assert lab.result["sampled"] == pytest.approx(251263, rel=0.15)
    assert gradient(0.99) / gradient(0.9) == pytest.approx(950, rel=0.01)
    assert_inside(lab)


def test_mean_square_with_gamma_tends_to_half():
    """For one λ by sampling: dh/dν = λ ln λ dh/dλ, with the input times γ."""
    assert normed(0.999999) == pytest.approx(0.5, abs=1e-4)
    lam, k = 0.9, np.arange(1, 400)
    noise = np.random.default_rng(2).standard_normal((len(k), 20_000))
    found = np.sqrt(1 - lam**2) * (lam * np.log(lam) * k * lam ** (k - 1)) @ noise
    assert (found**2).mean() == pytest.approx(normed(lam), rel=0.05)


# One mark --------------------------------------------------------------------------------------------


def test_no_fixed_unit_beats_the_formula():
    lam = np.linspace(0.5, 0.99999, 200_000)
    for d in (1, 24, 100):
        best = lam[ratio(lam, d).argmax()]
        assert best**2 == pytest.approx(d / (d + 1), abs=1e-4)
    assert f"{ratio(lam, 100).max():.4f}" == "0.0605"


def test_the_ratios_are_those_of_runs():
    """Of many runs of both units: the mean of the state over its deviation."""
    rng, d, n = np.random.default_rng(5), 30, 40_000
    for lam in (0.9, 0.97):
        h = rng.standard_normal(n) * np.sqrt(1 / (1 - lam**2))  # noise has come in for long
        h = lam * h + 1
        for _ in range(d):
            h = lam * h + rng.standard_normal(n)
        # The mark took the place of one input, whose noise is missing.
        assert h.mean() / h.std() == pytest.approx(ratio(lam, d), abs=0.02)
    z, h = 1 / (1 + np.exp(3.0)), np.ones(n)
    for _ in range(d):
        h = (1 - z) * h + z * rng.standard_normal(n)
    assert h.mean() / h.std() == pytest.approx(of_a_gate(z, d), rel=0.02)


def test_the_numbers_of_the_mark():
    lab = OneMark(d=100)
    says(lab, "0.0605")
    assert lab.result["gate"] < lab.result["best"]
    lab.b = -6.0
    says(lab, "35.5")
    lab.b = -10.0
    says(lab, "2.2 × 10³")
    assert np.sqrt(100 / 101) ** 100 == pytest.approx(np.exp(-0.5), abs=0.005)
    for d, lam, b in itertools.product((1, 200), (0.5, 0.999), (-10.0, 0.0)):
        lab.set(d=d, lam=lam, b=b)
        assert_inside(lab)


# Parity ----------------------------------------------------------------------------------------------


def test_min_gru_flips_at_most_once():
    lab = FlipFlop()
    for h_tilde, b_z in itertools.product(np.linspace(-2, 2, 9), np.linspace(-6, 6, 9)):
        lab.set(h_tilde=float(h_tilde), b_z=float(b_z))
        assert lab.result["mingru_flips"] <= 1
        assert lab.result["mingru_right"] in range(14, 17)
        assert_inside(lab)


def test_the_gru_flips_at_every_one():
    lab = FlipFlop()
    assert (lab.result["gru_flips"], lab.result["mingru_right"]) == (0, 15)
    lab.U_h = -3.0
    assert (lab.result["gru_flips"], lab.result["gru_right"], lab.result["mingru_flips"]) == (30, 30, 1)
    lab.bits = "random bits"
    assert lab.result["gru_right"] == 30
    lab.set(bits="1, 1, 1, …", U_h=-1.0)
    assert lab.result["gru_flips"] == 30
    assert abs(lab.result["gru"][-1]) < 0.35


def test_programmed_gru_is_right_for_10000_steps():
    bits = np.random.default_rng(9).integers(0, 2, (10_000, 1, 200)).astype(float)
    gru = GRU(1, 1, init="zeros").put(b_z=10, W_z=-20, b_r=1000, U_h=-3)
    h = unroll(gru, bits, np.ones((1, 200))).h
    assert (h * (1 - 2 * (bits.cumsum(axis=0) % 2)) > 0.5).all()


def test_what_was_learnt_of_parity():
    rows = data.load_without_h()["parity"]["rows"]
    assert len(rows) == 5 * 3 * 5
    for row in rows:
        if row["cell"] in ("GRU", "LSTM"):
            assert row["right"] > 0.99
        elif row["T"] > 5:
            assert 0.4 < row["right"] < 0.6
    best = sorted((row["right"] for row in rows if row["cell"] not in ("GRU", "LSTM")), reverse=True)
    assert [f"{right:.0%}" for right in best[:2]] == ["76%", "72%"]
    assert best[2] < 0.6


def test_the_lru_cannot_explode():
    for nu in (-30.0, 0.0, 5.0):
        cell = LRU(1, 2, init="zeros")
        cell.nu[...] = nu
        assert np.abs(cell.lambda_).max() < 1


def test_newtons_rounds_grow_with_the_factor():
    lines = stored_text(LESSON, "newton-rounds").strip().splitlines()
    rounds = [int(line.split(" rounds")[0].split(",")[-1]) for line in lines]
    assert rounds == sorted(rounds)
    assert all(line.endswith("True") for line in lines)
