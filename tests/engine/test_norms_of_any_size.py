"""Norms of gradients of any size, in both dtypes, against closed forms in exact fractions."""

import math
from fractions import Fraction

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM, RNN
from helpers.engine.probes.scaled import rescaled
from tests.engine.plain import KINDS

T, H = 40, 3
NEAR = {np.float64: 1e-10, np.float32: 1e-4}
every_dtype = pytest.mark.parametrize("dtype", NEAR)
every_g = pytest.mark.parametrize("g", [1e-30, 1e-12, 1e-3, 0.2, 0.999, 1, 1.5, 30, 1e3, 1e12, 1e30])


def linear(g, dtype):
    """The tape of a linear network with U = g I, and the g that it has, exactly."""
    cell = RNN(1, H, activation="linear", init="zeros", dtype=dtype).put(U=g * np.eye(H))
    return unroll(cell, np.zeros((T, 1, 1))), Fraction(float(cell.U[0, 0]))


def log10(fraction):
    """log10 of a fraction of any size."""
    return math.log10(fraction.numerator) - math.log10(fraction.denominator)


@every_dtype
@every_g
def test_from_the_last_step_alone(g, dtype):
    tape, g = linear(g, dtype)
    expected = [(T - t) * log10(g) for t in range(T + 1)]
    np.testing.assert_allclose(probes.log_norms_dh_T(tape), expected, rtol=0, atol=NEAR[dtype])
    found = probes.log_norms_dL(tape, np.eye(H)[:, :1])[:, 0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=NEAR[dtype])
    J, exponent = probes.product_jacobians(tape)
    found = np.log10(J[:, 1, 1].astype(float)) + exponent * np.log10(2)
    np.testing.assert_allclose(found, expected, rtol=0, atol=NEAR[dtype])


def of_all_losses(g, direct):
    """log10 of dL/dh_t for t = 0..T in one linear unit, from what each h_t receives directly."""
    total, logs = Fraction(0), []
    for own in [*map(Fraction, direct[::-1].tolist()), 0]:
        total = total * g + own
        logs.append(log10(total))
    return logs[::-1]


@every_dtype
@every_g
@pytest.mark.parametrize("size", [1e-30, 1, 1e30])
def test_with_a_loss_at_every_step(g, dtype, size):
    tape, g = linear(g, dtype)
    direct = np.full(T, size, dtype)
    found = probes.log_norms_dL(tape, direct[:, None, None] * np.eye(H)[:, :1])[:, 0]
    np.testing.assert_allclose(found, of_all_losses(g, direct), rtol=0, atol=NEAR[dtype])


@every_dtype
@every_g
def test_with_losses_of_all_sizes(g, dtype):
    tape, g = linear(g, dtype)
    direct = np.zeros(T, dtype)
    direct[-1], direct[20], direct[19], direct[2] = 1, 1e-30, 1e30, 1e-25
    found = probes.log_norms_dL(tape, direct[:, None, None] * np.eye(H)[:, :1])[:, 0]
    np.testing.assert_allclose(found, of_all_losses(g, direct), rtol=0, atol=NEAR[dtype])


@every_dtype
@pytest.mark.parametrize("b_f", [-65.0, -20.0, -1.0, 5.0])
def test_along_the_cell_state_of_an_lstm(b_f, dtype):
    cell = LSTM(1, H, init="zeros", dtype=dtype).put(b_f=b_f)
    found = probes.log_norms_dh_T(unroll(cell, np.zeros((T, 1, 1))), state="c")
    expected = [-(T - t) * np.logaddexp(0, -b_f) / np.log(10) for t in range(T + 1)]
    np.testing.assert_allclose(found, expected, rtol=0, atol=2 * NEAR[dtype])


@every_dtype
def test_batch_may_mix_large_and_small_gradients(dtype):
    tape, g = linear(1e3, dtype)
    wide = unroll(tape.cell, np.zeros((T, 1, 3)))
    found = probes.log_norms_dL(wide, np.eye(H, dtype=dtype) * np.array([1e-30, 0, 1e30], dtype))
    expected = np.array([(T - t) * log10(g) for t in range(T + 1)])
    np.testing.assert_allclose(found[:, 0], expected - 30, rtol=0, atol=NEAR[dtype])
    np.testing.assert_allclose(found[:, 2], expected + 30, rtol=0, atol=NEAR[dtype])
    assert (found[:, 1] == -np.inf).all()


@every_dtype
def test_minus_infinity_is_a_gradient_of_exactly_0(dtype):
    """h_t hands its second unit to its first, and that is all: two steps back nothing is left."""
    cell = RNN(1, 2, activation="linear", init="zeros", dtype=dtype).put(U=[[0, 1e-30], [0, 0]])
    logs = probes.log_norms_dL(unroll(cell, np.zeros((T, 1, 1))), np.ones((2, 1)))[:, 0]
    np.testing.assert_allclose(logs[-2:], [-30, np.log10(2) / 2], atol=1e-6)
    assert (logs[:-2] == -np.inf).all()


def test_zero_column_does_not_hide_a_small_one():
    cell = RNN(1, 2, activation="linear", init="zeros").put(U=np.diag([0, 0.2]))
    J, exponent = probes.product_jacobians(unroll(cell, np.zeros((500, 1, 1))), steps=[0])
    found = math.log10(J[0, 1, 1]) + exponent[0] * math.log10(2)
    assert found == pytest.approx(500 * math.log10(0.2), rel=1e-12)
    assert not J[0, 0].any()


def test_direct_parts_of_0_change_nothing():
    """Also where the gradient has long left the range of a float, and 0 arrives."""
    cell = RNN(2, 8, rng=0, init="orthogonal", gain=0.2, activation="linear")
    tape, direct = unroll(cell, np.zeros((500, 2, 1))), np.zeros((500, 8, 1))
    direct[-1] = 1
    expected = np.log10(8) / 2 + np.arange(500, -1, -1) * np.log10(0.2)
    np.testing.assert_allclose(probes.log_norms_dL(tape, direct)[:, 0], expected, atol=1e-9)


@pytest.mark.parametrize("gain", [0.2, 2.0])
@pytest.mark.parametrize("kind", KINDS)
def test_500_steps_neither_overflow_nor_underflow(kind, gain):
    cell = KINDS[kind](2, 8, rng=0, init="orthogonal", gain=gain)
    cell.b[...] = 1 if kind == "RNN relu" else 0  # else all units rest at some step: a gradient of exactly 0
    x = 0.1 * np.random.default_rng(1).standard_normal((500, 2, 1))
    direct = np.random.default_rng(2).standard_normal((500, 8, 1))
    tape = unroll(cell, x)
    for logs in (
        probes.log_norms_dL(tape, direct),
        probes.log_norms_dL(tape, direct[-1]),
        probes.log_norms_dh_T(tape),
    ):
        assert np.isfinite(logs).all()


def test_run_that_outgrew_its_dtype_is_refused():
    cell = RNN(1, 1, rng=0, activation="linear")
    cell["U"] = 1e30
    tape = unroll(cell, np.ones((20, 1, 1)))
    with pytest.raises(
        ValueError, match="tape must hold finite states; those of step 12 have outgrown float64"
    ):
        probes.log_norms_dh_T(tape)


@every_dtype
def test_rescaling_keeps_the_value_and_survives_the_ends(dtype):
    tiny = np.finfo(dtype).smallest_subnormal
    columns = np.array([[0, 3, tiny, 1e30], [0, 1, 0, 1]], dtype)
    exponent = np.array([5000, 7, -4000, 4000])
    (scaled,), new = rescaled([columns], exponent)
    np.testing.assert_array_equal(np.ldexp(scaled.astype(float), new - exponent), columns)
    assert ((np.abs(scaled).max(axis=0)[1:] >= 0.5) & (np.abs(scaled).max(axis=0)[1:] < 1)).all()
    (scaled,), new = rescaled([columns], exponent, np.ones((1, 2, 4), dtype))
    assert new[0] == 1
    assert np.isfinite(scaled).all()
