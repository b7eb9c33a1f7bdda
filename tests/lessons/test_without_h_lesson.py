"""What notebook 09 says of one step, of reading and of the scan, beyond what its stored outputs show."""

import itertools
import json

import numpy as np
import pytest

from helpers.engine import scan
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import MinGRU
from helpers.english import Network, load, make, read, save
from helpers.english.agreement import Agreement, words_of
from helpers.labs.without_h import ScanRounds, StepAsMap
from helpers.tasks import data
from helpers.tasks.data import FOLDER
from tests.lessons.lesson import assert_inside, says

# One step --------------------------------------------------------------------------------------------


def test_the_map_of_the_min_gru_is_a_line_that_never_falls():
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


def test_the_input_changes_height_and_slope_of_the_line():
    lab, found = StepAsMap(), []
    for x_t in (-1.5, 1.5):
        lab.x_t = x_t
        line = lab.result["mingru"]
        found.append((line[30], line[31] - line[30]))
    (low, steep), (high, flat) = found
    assert high > low + 1
    assert steep > 3 * flat


# Reading ---------------------------------------------------------------------------------------------

READ = data.load_without_h()["reading"]


def test_the_min_gru_is_right_without_other_nouns_and_wrong_in_a_quarter_with_them():
    assert len(READ) == 5
    for row in READ:
        nouns, words = row["agreement by attractors"], row["agreement by distance"]
        assert nouns["0"] == words["1-3"] == 1
        assert all(0.65 < nouns[part] < 0.82 for part in ("1", "2", "3 or more"))
        assert 0.6 < words["13-20"] < 0.64
        assert max(row["exchange of one unit"].values()) == 0.5
        assert 9_900 < row["n_parameters"] < 10_800


def test_the_other_networks_are_right_everywhere():
    others = json.loads((FOLDER / "reading_results.json").read_text())["networks"]
    for kind in ("rnn", "lstm", "gru"):
        for row in others[kind]:
            assert min(row["agreement by distance"].values()) > 0.995
            assert 9_900 < row["n_parameters"] < 10_800


def test_a_min_gru_can_be_saved_and_read_with(tmp_path):
    network = Network("mingru", make("mingru", 91, rng=0), {})
    save(tmp_path / "own.npz", network)
    again = load(tmp_path / "own.npz")
    assert (again.name, again.H, again.model.n_parameters) == ("minGRU", 91, READ[0]["n_parameters"])
    words = words_of(Agreement(20).batch(np.random.default_rng(99), 4))
    np.testing.assert_allclose(read(again, words).y, read(network, words).y, atol=1e-5)


# The scan --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log_T", range(2, 13))
def test_after_the_last_round_the_pairs_hold_the_states(log_T):
    lab = ScanRounds(log_T=log_T, round=12)
    says(lab, f"{2**log_T} steps, round {log_T} of {log_T}", "to 14 digits")
    assert_inside(lab)
    assert lab.result["held"][-1].tolist() == list(range(1, 2**log_T + 1))


def test_before_that_only_those_near_the_start_are_done():
    lab = ScanRounds(round=2)
    same = np.isclose(lab.result["b"], lab.result["loop"], rtol=0, atol=1e-12)
    assert same.tolist() == [True] * 4 + [False] * 12


def test_the_backward_pass_is_a_scan_from_the_other_end():
    rng = np.random.default_rng(3)
    cell, x, v = MinGRU(2, 3, rng=rng), rng.standard_normal((40, 2, 1)), rng.standard_normal((40, 3, 1))
    tape = unroll(cell, x)
    keep = 1 - tape.z
    after = np.concatenate([np.zeros((1, 3, 1)), keep[:0:-1]])
    found = scan.linear(after, v[::-1])[::-1]
    np.testing.assert_allclose(found, backprop(tape, v).dh[1:], rtol=0, atol=1e-13)


def test_the_sum_of_the_shortcut_leaves_the_range_at_step_1023():
    powers = 2.0 ** np.arange(1, 1024)
    assert np.isfinite(powers).all()
    with np.errstate(over="ignore"):
        sums = powers.cumsum()
    assert np.flatnonzero(~np.isfinite(sums)).tolist() == [1022]


def test_the_times_are_what_the_lesson_says():
    rows = data.load_without_h()["scan"]
    assert [row["rounds"] for row in rows] == [6, 9, 12]
    assert all(3.5 < row["scan ms"] / row["loop ms"] < 7.5 for row in rows)
