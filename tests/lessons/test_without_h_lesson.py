"""What notebook 09 says of one step and of the scan, beyond what its stored outputs show."""

import itertools

import numpy as np
import pytest

from helpers.engine import scan
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import MinGRU
from helpers.labs.without_h import ScanRounds, StepAsMap
from helpers.tasks import data
from tests.lessons.lesson import assert_inside, says

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


def test_the_curve_falls_around_0():
    lab = StepAsMap(U_h=-3.0, b_z=6.0)
    middle = np.abs(lab.OLD) < 1
    assert (np.diff(lab.result["gru"][middle]) < 0).all()


def test_input_changes_height_and_slope_of_the_line():
    lab, found = StepAsMap(), []
    for x_t in (-1.5, 1.5):
        lab.x_t = x_t
        line = lab.result["mingru"]
        found.append((line[30], line[31] - line[30]))
    (low, steep), (high, flat) = found
    assert high > low + 1
    assert steep > 3 * flat


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


def test_shortcut_sum_overflows_at_step_1023():
    powers = 2.0 ** np.arange(1, 1024)
    assert np.isfinite(powers).all()
    with np.errstate(over="ignore"):
        sums = powers.cumsum()
    assert np.flatnonzero(~np.isfinite(sums)).tolist() == [1022]


def test_the_times_are_what_the_lesson_says():
    rows = data.load_without_h()["scan"]
    assert [row["rounds"] for row in rows] == [6, 9, 12]
    assert all(3.5 < row["scan ms"] / row["loop ms"] < 7.5 for row in rows)
