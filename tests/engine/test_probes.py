"""The probes against explicit Jacobians, exact facts, and at the ends of what a float can hold."""

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import GRU, LSTM, RNN, sigmoid
from helpers.engine.cells.activations import ACTIVATIONS
from tests.engine.plain import KINDS, PHI, assert_close, example
from tests.engine.test_gradients import jacobians

every_kind = pytest.mark.parametrize("kind", KINDS)


def norm(a):
    return np.sqrt((np.asarray(a) ** 2).sum())


@every_kind
def test_step_jacobians_are_those_of_the_equations(kind):
    cell, x, first, _ = example(kind, B=2)
    tape = unroll(cell, x, **first)
    expected = jacobians(cell, tape.sequence(1))
    assert_close(probes.step_jacobians(tape, b=1), expected)
    assert_close(probes.step_jacobians(tape, b=1, steps=[3, 1]), expected[[2, 0]])
    eigenvalues = probes.eigenvalues(tape, b=1)
    assert_close(eigenvalues.prod(axis=1).real, np.linalg.det(expected), 1e-8)


@every_kind
def test_product_jacobians_and_their_norms(kind):
    cell, x, first, _ = example(kind, B=2)
    tape, H = unroll(cell, x, **first), cell.H
    J = jacobians(cell, tape.sequence(1))
    found, exponent = probes.product_jacobians(tape, b=1)
    logs = probes.log_norms_dh_T(tape, b=1)
    product = np.eye(cell.S * H)
    for t in range(tape.T, -1, -1):
        if t < tape.T:
            product = product @ J[t]
        part = product[:H, :H]
        assert_close(found[t] * 2.0 ** exponent[t], part)
        assert_close(10 ** logs[t], norm(part) / np.sqrt(H))
    assert logs[-1] == pytest.approx(0, abs=1e-15)


def test_the_cell_state_has_its_own_norms():
    cell, x, first, v = example("LSTM", B=1)
    tape, H = unroll(cell, x, **first), cell.H
    J = jacobians(cell, tape)
    grads = backprop(tape, v)
    expected = np.log10([norm(dc) for dc in grads.dc])
    np.testing.assert_allclose(probes.log_norms_dL(tape, v, state="c")[:, 0], expected, atol=1e-12)
    found = probes.log_norms_dh_T(tape, state="c")
    # c_0 reaches nothing through h_0, so at t = 0 the block of the product is the whole derivative.
    product = np.linalg.multi_dot(list(J[::-1]))[H:, H:]
    assert 10 ** found[0] == pytest.approx(norm(product) / np.sqrt(H), rel=1e-10)
    # From c_1 on, c_t also moves h_t = o_t tanh(c_t), and through it what follows.
    t, later = 2, np.linalg.multi_dot(list(J[2:][::-1]))
    through_h = np.diag((tape.o * (1 - np.tanh(tape.c) ** 2))[t - 1, :, 0])
    product = later[H:, H:] + later[H:, :H] @ through_h
    assert 10 ** found[t] == pytest.approx(norm(product) / np.sqrt(H), rel=1e-10)


@every_kind
def test_log_norms_dL_are_those_of_backprop(kind):
    cell, x, first, v = example(kind, T=20)
    tape = unroll(cell, x, **first)
    for direct in (v, v[-1], 1e-200 * v, 1e200 * v):
        with np.errstate(divide="ignore"):  # ReLU units that rest pass on exactly 0
            expected = np.log10(np.linalg.norm(backprop(tape, direct).dh / np.abs(direct).max(), axis=1))
        found = probes.log_norms_dL(tape, direct) - np.log10(np.abs(direct).max())
        np.testing.assert_allclose(found, expected, atol=1e-10)


@every_kind
def test_the_shares_of_the_lags_are_the_windows(kind):
    cell, x, first, v = example(kind, T=8)
    tape = unroll(cell, x, **first)
    shares = probes.gradient_by_lag(tape, v)
    for k in (1, 3, 8):
        found = backprop(tape, v, cut=k, mode="window")
        for name in "WUb":
            assert_close(shares[name][:k].sum(axis=0), found[name])
    assert len(probes.gradient_by_lag(tape, v, lags=3)["U"]) == 3


# ---- facts the lessons speak of ----


def test_orthogonal_gain_above_1_can_still_vanish():
    """Gain 1.1 shrinks and gain 1.5 grows: tanh saturates, and only then does the gain win."""
    factors = {}
    for gain in (1.1, 1.5):
        cell = RNN(32, 32, rng=0, init="orthogonal", gain=gain)
        x = 0.5 * np.random.default_rng(1).standard_normal((400, 32, 1))
        logs = probes.log_norms_dh_T(unroll(cell, x))
        factors[gain] = 10 ** ((logs[100] - logs[300]) / 200)
    assert factors[1.1] == pytest.approx(0.89, abs=0.01)
    assert factors[1.5] == pytest.approx(1.025, abs=0.01)


def test_a_non_normal_matrix_grows_before_it_decays():
    cell = RNN(1, 2, init="zeros", activation="linear")
    cell["U"] = [[0.9, 5], [0, 0.9]]
    tape = unroll(cell, np.zeros((80, 1, 1)))
    J, exponent = probes.product_jacobians(tape)
    largest = (np.linalg.norm(J, 2, axis=(1, 2)) * 2.0**exponent)[::-1]  # by lag
    assert probes.spectral_radius(cell.U) == pytest.approx(0.9)
    assert np.argmax(largest) == 9
    assert largest[9] == pytest.approx(19.4, abs=0.05)
    assert largest[54] > 1 > largest[55]


def test_an_lstm_can_vanish_and_can_explode():
    factor = {}
    for b_f in (0, 1, 5):
        cell = LSTM(2, 32, rng=0, forget_bias=b_f)
        x = 0.5 * np.random.default_rng(1).standard_normal((400, 2, 1))
        logs = probes.log_norms_dh_T(unroll(cell, x), state="c")
        factor[b_f] = 10 ** ((logs[100] - logs[300]) / 200)
    assert factor[0] < factor[1] < 1 < factor[5]


def test_the_bound_is_1_over_the_steepest_slope():
    a = np.linspace(-3, 3, 6001)
    for name in ACTIVATIONS:
        steepest = np.gradient(PHI[name](a), a).max()
        cell = RNN(1, 1, rng=0, activation=name)
        assert probes.vanishing_bound(cell) == pytest.approx(1 / steepest, rel=1e-5)
    with pytest.raises(ValueError, match="cell must be an RNN; got GRU"):
        probes.vanishing_bound(GRU(1, 1, rng=0))


def test_gradient_below_the_bound_vanishes_at_that_rate():
    cell = RNN(2, 8, rng=0, activation="sigmoid")
    cell.U *= 3.6 / probes.largest_singular_value(cell.U)  # a little below 4
    logs = probes.log_norms_dh_T(unroll(cell, np.random.default_rng(1).standard_normal((50, 2, 1))))
    assert (logs <= np.arange(50, -1, -1) * np.log10(0.9) + 1e-12).all()


@pytest.mark.parametrize(
    ("b", "steps"), [(0, "1.00"), (1, "2.21"), (2, "5.46"), (3, "14.3"), (5, "103"), (4.97, "100")]
)
def test_half_lives_of_a_forget_bias(b, steps):
    half = probes.half_life_of_bias(b)
    assert f"{half:.3g}" == f"{float(steps):.3g}"
    assert half == pytest.approx(probes.half_life(1 / (1 + np.exp(-b))))
    assert probes.bias_for_half_life(half) == pytest.approx(b, abs=1e-12)


def test_half_life_at_its_ends():
    np.testing.assert_array_equal(probes.half_life([0, 0.5, 1]), [0, 1, np.inf])
    assert probes.half_life(0.9) == pytest.approx(6.5788, abs=1e-4)
    assert probes.half_life(2) == pytest.approx(-1)
    assert np.isfinite(probes.half_life_of_bias([-700.0, 700.0])).all()
    assert sigmoid(1) ** 20 == pytest.approx(1.9e-3, rel=0.01)
    with pytest.raises(ValueError, match=r"factor must be 0 or more; got -0.5"):
        probes.half_life(-0.5)
    with pytest.raises(ValueError, match="steps must be more than 0; got 0"):
        probes.bias_for_half_life(0)


def test_forget_gates_without_U_are_the_only_path():
    cell, x, first, _ = example("LSTM", T=40)
    cell["U"] = 0
    tape = unroll(cell, x, **first)
    direct, measured = probes.log_norms_forget(tape, b=1), probes.log_norms_dh_T(tape, b=1, state="c")
    np.testing.assert_allclose(direct, measured, atol=1e-10)
    product = probes.log_forget_product(tape)
    np.testing.assert_allclose(10 ** product[-3], tape.f[-2] * tape.f[-1], rtol=1e-12)
    cell, x, first, _ = example("LSTM", T=40)
    tape = unroll(cell, x, **first)
    apart = probes.log_norms_forget(tape) - probes.log_norms_dh_T(tape, state="c")
    assert np.abs(apart).max() > 0.1


def test_push_echoes_and_leaves_the_past_alone():
    cell = RNN(1, 1, activation="linear", init="zeros")
    cell.put(W=1, U=0.9)
    np.testing.assert_allclose(probes.impulse_response(cell, 60)[:, 0], 0.9 ** np.arange(60), rtol=1e-13)
    cell, x, first, _ = example("GRU keep before", T=9)
    moved = probes.perturbation(cell, x, 4, [0.1, 0, 0], **first)
    assert not moved[:3].any()
    assert moved[3:].any(axis=1).all()
    with pytest.raises(ValueError, match="t must be a step, 1 to 9; got 10"):
        probes.perturbation(cell, x, 10, 0.1)


def test_the_factor_per_step_is_a_geometric_mean():
    assert probes.factor_per_step(np.log10([0.6, 2, 4, 4.8])) == pytest.approx(0.5)
    assert probes.factor_per_step(np.array([-np.inf, 0])) == 0
    cell, x, first, _ = example("GRU keep after", B=1)
    J, exponent = probes.product_jacobians(unroll(cell, x, **first), steps=[0])
    left = norm(J[0]) * 2.0 ** exponent[0] / np.sqrt(cell.H)
    found = probes.factor_per_step(probes.log_norms_dh_T(unroll(cell, x, **first)))
    assert found == pytest.approx(left ** (1 / len(x)))


def test_a_wrong_state_or_step_is_named():
    cell, x, first, _ = example("RNN tanh")
    tape = unroll(cell, x, **first)
    with pytest.raises(ValueError, match="state must be one of 'h'; got 'c'"):
        probes.log_norms_dh_T(tape, state="c")
    with pytest.raises(ValueError, match=r"steps must lie in 1..6; got 0"):
        probes.step_jacobians(tape, steps=[0])
    with pytest.raises(ValueError, match=r"matrix must be square; got the shape \(2, 3\)"):
        probes.spectral_radius(np.ones((2, 3)))
