"""What notebook 04 says in words of the biases a training starts from."""

import math
import re

import nbformat
import numpy as np
import pytest

from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.engine.cells.conventions import from_torch, to_torch
from helpers.labs.lstm_memory.start import HalfLives, StartRace, at_the_start, measured, start
from helpers.tasks import TemporalOrder
from tests.engine.plain import sigmoid
from tests.lessons.lesson import NOTEBOOKS, stored_text
from tools.measure_start import arms, updates

# Half-lives ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("b_f", "steps"), [(0, "1.00"), (1, "2.21"), (2, "5.46"), (3, "14.27"), (5, "103.22")]
)
def test_half_lives(b_f, steps):
    assert f"half is left after {steps} steps" in HalfLives(b_f=float(b_f)).readout_text
    assert sigmoid(b_f) ** float(steps) == pytest.approx(0.5, abs=0.002)


def test_a_bias_of_4_97_halves_in_100_steps():
    assert HalfLives(b_f=4.97).result["half_life"] == pytest.approx(100, abs=0.5)
    assert HalfLives(b_f=-1.0).result["half_life"] < 1


def test_from_bias_to_bias_the_memory_grows_by_e():
    times = [HalfLives(b_f=float(b)).result["half_life"] for b in (4, 5, 6)]
    assert times[1] / times[0] == pytest.approx(np.e, rel=0.01)
    assert times[2] / times[1] == pytest.approx(np.e, rel=0.01)


def test_a_bias_of_log_T_halves_in_0_7_T():
    for T in (20, 100, 400):
        steps = np.log(0.5) / np.log(sigmoid(np.log(T)))
        assert steps / T == pytest.approx(0.7, abs=0.03)


def test_chrono_spreads_the_units():
    lab = HalfLives()
    assert "half-lives from 1.3 to 67.2" in lab.readout_text
    assert (np.exp(lab.result["drawn"]) < lab.T_max - 1).all()
    assert (np.exp(lab.result["drawn"]) > 1).all()
    left = lab.result["left_chrono"]
    for f, unit in zip(sigmoid(lab.result["drawn"]), left, strict=True):
        np.testing.assert_allclose(unit, f ** np.arange(201), rtol=1e-9)


@pytest.mark.parametrize("T", [10, 50, 200])
def test_the_slowest_unit_of_chrono_keeps_1_in_e_over_T_steps(T):
    """sigmoid(log(T - 1)) is 1 - 1/T, and (1 - 1/T)**T is 1/e (1 - 1/2T - ...): 1/e from below."""
    left = HalfLives(b_f=np.log(T - 1)).result["left"][T]
    assert left == pytest.approx((1 - 1 / T) ** T, rel=1e-6)
    assert 0 < np.exp(-1) - left < 0.2 / T


def test_a_bias_of_1_lies_on_the_floor_after_20_steps():
    assert HalfLives(b_f=1.0).result["left"][20] == pytest.approx(1.9e-3, abs=5e-5)


# The race --------------------------------------------------------------------------------------------

# What was measured, and is stored: 8 seeds under two kernels of the BLAS.


def solved(T, U=1):
    """Of each start (b_f, b_i, units): the share of runs that solved it, and their updates."""
    return {
        (arm["b_f"], arm["b_i"], arm["units"]): (arm["solved"] / arm["runs"], arm["updates"])
        for arm in measured(T, U)
    }


def test_every_start_was_measured_equally_often():
    for T, U, n in ((60, 1, 7), (120, 1, 7), (60, 0, 2), (120, 0, 2)):
        found = measured(T, U)
        assert len(found) == n
        assert {arm["runs"] for arm in found} == {16}
        expected = [(arm["b_f"], arm["b_i"], arm["units"]) for arm in arms(T) if arm["U"] == U]
        assert [(arm["b_f"], arm["b_i"], arm["units"]) for arm in found] == expected


@pytest.mark.parametrize(("T", "keep"), [(60, 4.1), (120, 4.8)])
def test_keeping_and_writing_little_solves_it_and_neither_alone_does_as_well(T, keep):
    found = solved(T)
    share, times = found[keep, -keep, "all alike"]
    assert share == 1
    assert max(times) < 350
    assert found[0, 0, "all alike"][0] == found[0, -keep, "all alike"][0] == 0
    for units in ("all alike", "spread"):  # with b_i = 0 it is solved late (T = 60), or hardly ever
        late, its_times = found[keep, 0, units]
        if T == 60:
            assert np.median(its_times) > 1.5 * np.median(times)
        else:
            assert late < 0.3


def test_a_bias_of_1_is_for_short_tasks_and_works_through_the_other_paths():
    assert solved(60)[1, 0, "all alike"][0] > 0.7
    assert solved(120)[1, 0, "all alike"][0] < 0.3
    assert solved(60, U=0)[1, 0, "all alike"][0] < 0.3
    for T, keep in ((60, 4.1), (120, 4.8)):  # who keeps long does not need the other paths
        assert solved(T, U=0)[keep, -keep, "all alike"][0] == 1


def test_chrono_is_less_sure_where_the_length_is_known():
    assert 0.5 < solved(120)[4.8, -4.8, "spread"][0] < 1
    assert solved(60)[4.1, -4.1, "spread"][0] > 0.8


def test_the_notebook_prints_what_was_measured():
    text = stored_text("05_lstm_gates", "race-measured")
    for T in (60, 120):
        for arm in measured(T):
            line = rf"b_f {arm['b_f']} +b_i +{arm['b_i']} +{arm['units']} +solved by +{arm['solved']} of 16"
            assert re.search(line, text), line


# And a sample of it again, now. The margins are those of 16 runs, whose last bits differ.


@pytest.mark.parametrize(("T", "seed"), [(60, 1), (60, 3), (120, 4)])
def test_again_keeping_and_writing_little_solves_it(T, seed):
    arm = arms(T)[4]
    assert (arm["b_f"], arm["b_i"]) == (round(np.log(T), 1), -round(np.log(T), 1))
    assert 0 < updates(T, seed, **arm) < 400


@pytest.mark.parametrize("seed", [1, 5])
def test_again_a_bias_of_0_stays_at_chance(seed):
    lab = StartRace(seeds=1)
    lab.train = lambda _, train=lab.train: train(seed)
    lab.run(200)
    assert np.abs(lab.result["runs"].curves[1][-100:] - np.log(4)).max() < 0.03


def test_at_20_steps_every_start_will_do():
    """At b_f = 0, 1 and ln T. Of 12 runs under three kernels the slowest took 153 updates."""
    for b_f in (0.0, 1.0, 3.0):
        lab = StartRace(T=20, b_f=b_f, seeds=3)
        assert len(lab.run(300)["runs"].solved) == 3


# Why -------------------------------------------------------------------------------------------------


def test_before_the_first_update():
    found = {b: at_the_start(60, *b) for b in ((0, 0), (1, 0), (4.1, 0), (4.1, -4.1))}
    assert found[0, 0]["all paths"] < -6
    assert found[1, 0]["direct"] == pytest.approx(np.log10(sigmoid(1)) * 51, abs=0.6)
    assert f"{10 ** found[1, 0]['all paths']:.0%}" == "4%"
    assert found[4.1, 0]["direct"] > -0.5
    assert found[4.1, -4.1]["all paths"] == pytest.approx(found[4.1, -4.1]["direct"], abs=0.1)
    full, small = at_the_start(120, 4.8, 0), at_the_start(120, 4.8, -4.8)
    assert f"{full['c']:.0f}" == "10"
    assert full["slope"] < 0.12
    assert small["c"] < 0.1
    assert small["slope"] > 0.99


def test_what_was_said_of_the_start_by_finite_differences():
    """all paths: by nudging each cell at the first mark and running on; it knows nothing of the way back."""
    cell = start(np.random.default_rng(1), 1.0, 0.0, dtype=np.float64)
    x = TemporalOrder(60).batch(np.random.default_rng(1), 50).x[:, :, :1]
    tape, eps = unroll(cell, x), 1e-6
    o, c = tape.o[8], tape.c[8]
    nudged = [c + sign * eps * np.eye(16)[:, [k]] for k in range(16) for sign in (1, -1)]
    moved = [unroll(cell, x[9:], h_0=o * np.tanh(c_0), c_0=c_0).c[-1, :, 0] for c_0 in nudged]
    J = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * eps)
    found = at_the_start(60, 1.0, 0.0, seeds=1)["all paths"]
    assert found == pytest.approx(np.log10(np.linalg.norm(J) / 4), abs=1e-5)


# The networks ----------------------------------------------------------------------------------------


def test_settings_differ_in_their_biases_only():
    cells = {
        (b_f, b_i, spread): start(np.random.default_rng(3), b_f, b_i, spread)
        for b_f, b_i, spread in ((0, 0, False), (4.1, 0, False), (4.1, -4.1, False), (4.1, -4.1, True))
    }
    first = cells[0, 0, False]
    for (b_f, b_i, spread), cell in cells.items():
        np.testing.assert_array_equal(cell.W, first.W)
        np.testing.assert_array_equal(cell.U, first.U)
        assert (cell["b_o"] == 0).all()
        assert (cell["b_c"] == 0).all()
        if not spread:
            np.testing.assert_allclose(cell["b_f"], b_f, rtol=1e-6)
            np.testing.assert_allclose(cell["b_i"], b_i, rtol=1e-6)


def test_spread_is_chrono():
    """b_f = ln(T - 1) and b_i = -b_f: Tallec and Ollivier's biases, u drawn evenly from 1 to T - 1."""
    cell = start(np.random.default_rng(3), np.log(59), -np.log(59), spread=True)
    u = np.exp(cell["b_f"][:, 0])
    assert 1 <= u.min() < u.max() <= 59
    assert u.std() > 10
    np.testing.assert_allclose(cell["b_i"], -cell["b_f"], rtol=1e-6)
    assert (start(np.random.default_rng(3), 4.0, 0.0, spread=True)["b_i"] == 0).all()
    assert (start(np.random.default_rng(3), 0.0, -4.0, spread=True)["b_i"] == -4).all()


def test_pytorchs_lines_set_what_they_should():
    """The lines of the notebook, run on the arrays that PyTorch would hold."""
    notebook = nbformat.read(NOTEBOOKS / "05_lstm_gates.ipynb", 4)
    text = next(cell.source for cell in notebook.cells if cell.id == "in-pytorch")
    lines = re.findall(r"^    (lstm\.bias.*)$", text, re.M)
    H, T = 3, 60
    lstm = Held(to_torch(LSTM(2, H, rng=1, forget_bias=1)))
    for line in lines:
        exec(line, {"lstm": lstm, "H": H, "T": T, "math": math})
    assert len(lines) == 3
    cell = from_torch("LSTM", vars(lstm))
    np.testing.assert_allclose(cell["b_f"], np.log(T))
    np.testing.assert_allclose(cell["b_i"], -np.log(T))
    for name in ("b_o", "b_c"):
        np.testing.assert_array_equal(cell[name], 0)


class Held:
    """Arrays as attributes."""

    def __init__(self, arrays):
        self.__dict__.update({name: np.array(a) for name, a in arrays.items()})
