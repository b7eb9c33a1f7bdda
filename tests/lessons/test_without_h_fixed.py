"""What notebook 09 says of units with a fixed factor: the ring, the curse of memory, one mark in noise."""

import itertools

import numpy as np
import pytest

from helpers.engine import scan
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import LRU, RNN
from helpers.labs.without_h import Curse, OneMark, Ring
from helpers.labs.without_h.curse import gradient, normed
from helpers.labs.without_h.mark import of_a_gate, ratio
from helpers.labs.without_h.ring import half, variance
from tests.lessons.lesson import assert_inside, says

# The ring --------------------------------------------------------------------------------------------


def test_linear_network_is_made_of_single_units():
    rng = np.random.default_rng(8)
    rnn = RNN(2, 5, rng=8, init="orthogonal", gain=0.9, activation="linear")
    rnn.U += rng.standard_normal((5, 5)) / 10
    x = rng.standard_normal((30, 2, 1))
    lam, directions = np.linalg.eig(rnn.U)
    into = np.linalg.solve(directions, rnn.W.astype(complex))
    units = scan.linear(np.tile(lam, (30, 1)), x[:, :, 0] @ into.T)
    np.testing.assert_allclose(units @ directions.T, unroll(rnn, x).h[:, :, 0], atol=1e-12)


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
    assert lab.result["norm"][100] == pytest.approx(0.2, abs=0.005)
    sizes = np.abs(lab.result["lambda"])
    np.testing.assert_allclose(
        lab.result["norm"], np.sqrt((sizes[:, None] ** (2 * np.arange(101))).mean(0)), rtol=1e-10
    )


def test_small_angles_keep_real_parts_alike_for_longer():
    for ring in ({}, {"low": 0.9, "high": 0.999}):
        together, apart = (Ring(phase=phase, **ring).result["sum"] for phase in (0.1, 2.0))
        assert (together[1:5] > np.abs(apart[1:5]) + 0.15).all()
        assert np.abs(apart[1:]).max() < 0.2


def test_gamma_makes_the_variance_1():
    cell = LRU(1, 40, rng=4, ring=(0.5, 0.95))
    cell.W[...] = np.sqrt(0.5)  # W x is a complex number whose square has the mean 1
    h = unroll(cell, np.random.default_rng(4).standard_normal((200, 1, 1500))).h[-1]
    variances = (h[:20] ** 2 + h[20:] ** 2).mean(axis=1)
    np.testing.assert_allclose(variances, 1, atol=0.12)


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


def test_the_lru_cannot_explode():
    for nu in (-30.0, 0.0, 5.0):
        cell = LRU(1, 2, init="zeros")
        cell.nu[...] = nu
        assert np.abs(cell.lambda_).max() < 1


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


def test_the_half_lives_that_the_lesson_names():
    assert [round(np.log(2) / -np.log(lam)) for lam in (0.99, 0.999)] == [69, 693]


# One mark --------------------------------------------------------------------------------------------


def test_no_fixed_unit_beats_the_formula():
    lam = np.linspace(0.5, 0.99999, 200_000)
    for d in (1, 24, 100):
        best = lam[ratio(lam, d).argmax()]
        assert best**2 == pytest.approx(d / (d + 1), abs=1e-4)
    assert f"{ratio(lam, 100).max():.4f}" == "0.0605"


def test_counting_the_noise_at_the_mark_changes_little():
    """The noise without that of the mark's own step has the variance 1/(1 - λ²) - λ^(2d)."""
    lam = np.linspace(0.5, 0.99999, 200_000)
    for d in (24, 50, 100, 200):
        without = lam**d / np.sqrt(1 / (1 - lam**2) - lam ** (2 * d))
        assert without.argmax() == pytest.approx(ratio(lam, d).argmax(), abs=1)
        assert 1 < without.max() / ratio(lam, d).max() < 1.01


def test_the_further_a_gate_shuts_the_better():
    z = 1 / (1 + np.exp(np.linspace(0, 30, 301)))
    found = of_a_gate(z, 100)
    assert (np.diff(found) > 0).all()
    assert found[-1] > 1e11


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
    assert "0.608 of the mark is left, in noise with the standard deviation 10.0" in lab.because(lab.result)
    lab.b = -6.0
    says(lab, "35.5")
    lab.b = -10.0
    says(lab, "2.2 × 10³")
    assert np.sqrt(100 / 101) ** 100 == pytest.approx(np.exp(-0.5), abs=0.005)
    for d, lam, b in itertools.product((1, 200), (0.5, 0.999), (-10.0, 0.0)):
        lab.set(d=d, lam=lam, b=b)
        assert_inside(lab)
