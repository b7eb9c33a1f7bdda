"""What the lesson on memory says in words of the gradient and of half-lives."""

import re

import numpy as np
import pytest

from helpers.checks import NOT_YET
from helpers.checks.lstm_memory import check_gone, second_step
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM, RNN
from helpers.labs.gru.memory import GateBiases
from helpers.labs.lstm.block import OneStep
from helpers.labs.lstm.maps import GateMaps
from helpers.labs.lstm_memory.half_lives import BIASES, Chrono, HalfLives
from helpers.labs.lstm_memory.highway import METER, Highway
from helpers.labs.shared.noisy_lstm import lstm
from helpers.tasks import noise
from tests.engine.plain import sigmoid
from tests.lessons.lesson import stored_text

NOTEBOOK = "06_lstm_memory"

# Nudge by hand ---------------------------------------------------------------------------------------


def unit():
    """The unit of the calculation by hand as a cell of the library."""
    cell = LSTM(1, 1, init="zeros").put(W_f=0.5, W_i=1.0, W_c=1.0, W_o=0.5)
    return cell.put(U_f=1.0, U_i=-0.5, U_c=1.0, U_o=0.5)


def test_it_is_the_unit_of_lesson_5():
    tape = unroll(unit(), np.ones((2, 1, 1)), h_0=[[0.4]], c_0=[[0.8]])
    result = OneStep().result
    assert (tape.c[0].item(), tape.h[0].item()) == pytest.approx((result["c"], result["h"]), abs=1e-12)
    assert f"c_2 = {tape.c[1].item():.3f}" in stored_text(NOTEBOOK, "two-steps")


def test_nudge_moves_c_2_by_0_79():
    """Its four paths add up, by the library's backward pass, which the notebook does not use here."""
    tape = unroll(unit(), np.ones((2, 1, 1)), h_0=[[0.4]], c_0=[[0.8]])
    moves = 10 ** probes.log_norms_dh_T(tape, state="c")[1]
    paths = [second_step()[name] for name in ("direct", "via_f", "via_i", "via_c")]
    assert sum(paths) == pytest.approx(moves, abs=1e-9)
    assert [f"{path:.3f}" for path in paths] == ["0.741", "0.048", "-0.021", "0.023"]
    assert f"f_2 = 0.74, and c_2 moves {moves:.2f} times" in stored_text(NOTEBOOK, "nudge")
    assert "direct 0.741, through f_2 0.048" in stored_text(NOTEBOOK, "through-f")


# The road --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("controls", "f", "c", "rnn"),
    [
        ({"scale": 1.0}, "0.737", "0.909", "0.800"),
        ({"scale": 0.0}, "0.728", "0.728", "0.000"),
        ({"b_f": 0.0, "scale": 1.0}, "0.507", "0.697", "0.800"),
        ({"b_f": 5.0, "scale": 1.0}, "0.993", "1.072", "0.800"),
        ({"b_f": 5.0, "scale": 0.0}, "0.993", "0.993", "0.000"),
    ],
)
def test_the_factors_of_a_step(controls, f, c, rnn):
    text = Highway(**controls).readout_text
    assert f"leaves {f} by the forget gates, {c} in the LSTM as measured, and {rnn} in the RNN" in text


def test_a_plain_rnn_with_smaller_weights_leaves_half():
    """Recurrent weights drawn uniformly from +-1/sqrt(H), as PyTorch draws them, with several seeds."""
    lab, left = Highway(), []
    for seed in range(6):
        cell = RNN(4, 32, rng=seed)
        cell.U[...] = np.random.default_rng(seed).uniform(-1, 1, (32, 32)) / np.sqrt(32)
        log_norms = probes.log_norms_dh_T(unroll(cell, lab.size * noise(lab.T, 4, seed=2)))
        left.append(10 ** (log_norms[0] / lab.T))
    assert 0.45 < min(left) < max(left) < 0.6


@pytest.mark.parametrize("b_f", [0.0, 1.0, 5.0])
def test_seven_other_seeds_say_the_same(b_f):
    """Within 0.03 of the factor that the lab shows at recurrent scale 1."""
    shown, others = probes.factor_per_step(Highway(b_f=b_f, scale=1.0).result["c"]), []
    for seed in range(2, 9):
        cell = LSTM(4, 32, rng=seed, init="orthogonal", forget_bias=b_f)
        tape = unroll(cell, 2.0 * noise(60, 4, seed=seed + 1))
        others.append(probes.factor_per_step(probes.log_norms_dh_T(tape, state="c")))
    assert shown - 0.03 < min(others) < max(others) < shown + 0.03


def test_over_60_steps_it_grows_by_66():
    assert "multiplies the gradient by 66" in Highway(b_f=5.0, scale=1.0).readout_text
    assert Highway(b_f=5.0, scale=1.0).result["f"][0] < 0


def test_the_measured_norm_is_that_of_finite_differences():
    """A route that knows nothing of the backward pass: nudge each cell of step 48, and run on to step 60."""
    lab, cell = Highway(scale=1.0), lstm(1.0)
    x = 2.0 * np.random.default_rng(2).standard_normal((200, 4, 1))[:60]
    tape = unroll(cell, x)
    o, c, eps = tape.o[47], tape.c[47], 1e-6
    nudged = [c + sign * eps * np.eye(32)[:, [k]] for k in range(32) for sign in (1, -1)]
    moved = [unroll(cell, x[48:], h_0=o * np.tanh(c_0), c_0=c_0).c[-1, :, 0] for c_0 in nudged]
    J = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * eps)
    assert lab.result["c"][48] == pytest.approx(np.log10(np.linalg.norm(J) / np.sqrt(32)), abs=1e-6)


@pytest.mark.parametrize("bias", [0.0, 2.0, 6.0])
def test_lstm_is_that_of_lessons_5_and_7(bias):
    """The maps, the road and the comparison with the GRU: one cell, one noise."""
    road, beside = Highway(b_f=bias, scale=1.0), GateBiases(b_z=bias, gain=1.0)
    np.testing.assert_allclose(beside.result["LSTM"], road.result["c"], rtol=0, atol=1e-9)
    f = GateMaps(b_f=bias).result["f"]
    direct = np.sqrt((np.prod(f, axis=0) ** 2).mean())
    assert road.result["f"][0] == pytest.approx(np.log10(direct), abs=1e-9)


def test_scale_0_leaves_the_direct_path_alone():
    result = Highway(scale=0.0, b_f=2.3).result
    np.testing.assert_allclose(result["c"], result["f"], rtol=0, atol=1e-9)


def test_the_meter_never_leaves_its_picture():
    lab = Highway()
    for controls in ({"b_f": -6.0}, {"b_f": 6.0, "scale": 1.5, "size": 0.0, "T": 5}):
        lab.set(**controls)
        for needle in lab._meter.values():
            assert 0 <= needle.get_ydata()[0] <= METER - 0.1


def test_no_direct_path_explodes():
    """No gate exceeds 1, so no product of gates does."""
    for b_f in (-6.0, 1.0, 6.0):
        assert (Highway(b_f=b_f, scale=1.5, T=200, size=4.0).result["f"] <= 1e-12).all()


# Half-lives ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("b_f", "steps"), [(0, "1.00"), (1, "2.21"), (2, "5.46"), (3, "14.27"), (5, "103.22"), (6, "279.98")]
)
def test_half_lives(b_f, steps):
    assert f"half is left after {steps} steps" in HalfLives(b_f=float(b_f)).readout_text
    assert sigmoid(b_f) ** float(steps) == pytest.approx(0.5, abs=0.002)


def test_bias_of_4_97_halves_in_100_steps():
    assert HalfLives(b_f=4.97).result["half_life"] == pytest.approx(100, abs=0.5)
    assert HalfLives(b_f=-1.0).result["half_life"] < 1


def test_memory_grows_e_fold_per_unit_of_bias():
    times = [HalfLives(b_f=float(b)).result["half_life"] for b in (4, 5, 6)]
    assert times[1] / times[0] == pytest.approx(np.e, rel=0.01)
    assert times[2] / times[1] == pytest.approx(np.e, rel=0.01)


def test_half_life_curve_ends_where_the_lab_asks():
    lab = HalfLives()
    assert lab._curve.get_xdata().max() == 3.0
    lab.b_f = 6.0
    assert lab._curve.get_xdata().max() == 6.0
    assert lab._curve.get_ydata()[0] == probes.half_life_of_bias(BIASES[0])


@pytest.mark.parametrize("T", [60, 120, 1000])
def test_what_a_bias_of_log_T_leaves(T):
    """sigmoid(log T) is 1 - 1/(T+1), of which the power T is near 1/e; it halves in about 0.69 T steps."""
    left, half = sigmoid(np.log(T)) ** T, np.log(0.5) / np.log(sigmoid(np.log(T)))
    assert left == pytest.approx(np.exp(-1), rel=0.5 / T * 1.1)
    assert half / T == pytest.approx(np.log(2), abs=0.01)
    line = next(line for line in stored_text(NOTEBOOK, "one-over-e").splitlines() if f"T = {T:4}" in line)
    assert re.search(rf"steps {left:.3f}   half-life {half / T:.2f} T", line)


def test_bias_of_1_forgets_within_20_steps():
    assert HalfLives(b_f=1.0).result["left"][20] < 0.002


def test_chrono_spreads_the_units():
    lab = Chrono()
    assert "halves in 1.3 steps, the slowest in 67.2 steps" in lab.readout_text
    u = np.exp(lab.result["drawn"])
    assert 1 < u.min() < u.max() < lab.T_max - 1
    assert np.median(lab.result["half_lives"]) > 20  # most units are slow
    for f, left in zip(sigmoid(lab.result["drawn"]), lab.result["left"], strict=True):
        np.testing.assert_allclose(left, f ** np.arange(201), rtol=1e-9)


# Exercise 2 ------------------------------------------------------------------------------------------


def test_b_f_2_leaves_little_after_30_steps():
    """Two hundredths are left."""
    cell = LSTM(1, 4, rng=0, forget_bias=2.0).put(W=0, U=0)
    tape = unroll(cell, np.zeros((30, 1, 1)))
    left = 10 ** probes.log_norms_dh_T(tape, state="c")[0]
    assert left == pytest.approx(sigmoid(2.0) ** 30)
    assert f"{left:.3f}" == "0.022"
    assert check_gone(left, "B").right
    assert check_gone(left, "A").mark == NOT_YET
