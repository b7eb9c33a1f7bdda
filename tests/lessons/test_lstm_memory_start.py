"""What the lesson on memory says in words of the biases a training starts from."""

import math
import re

import nbformat
import numpy as np
import pytest

from helpers.checks.lstm_memory import RUNS, solved
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.engine.cells.conventions import from_torch, to_torch
from helpers.labs.lstm_memory.dots import WORDS, StartDots
from helpers.labs.lstm_memory.start import (
    CHOICES,
    Start,
    StartRace,
    before_training,
    measured,
    network,
    starts,
    train,
    with_first_mark,
)
from helpers.tasks import TemporalOrder, data
from tests.engine.plain import sigmoid
from tests.lessons.lesson import NOTEBOOKS, stored_text
from tools.measure_start import KERNELS, LENGTHS, SEEDS, updates

NOTEBOOK = "06_lstm_memory"

# What was measured, and is stored ---------------------------------------------------------------------


def share(T, name):
    """In what part of its runs a start has solved the task."""
    found = measured(T)[name]
    return found["solved"] / found["runs"]


def test_every_start_was_measured_equally_often():
    assert len(data.load_start_race()) == len(KERNELS) * len(LENGTHS) * len(SEEDS) * len(starts(60))
    for T in LENGTHS:
        assert {found["runs"] for found in measured(T).values()} == {RUNS}
    assert len(KERNELS) * len(SEEDS) == RUNS


def test_keeping_long_and_writing_little_solves_it():
    """Neither does as well alone."""
    for T in LENGTHS:
        assert share(T, "C") == 1
        assert max(measured(T)["C"]["updates"]) < 400
        assert share(T, "zero") == share(T, "write little") == 0
    assert min(share(60, "A"), share(60, "B")) > 0.6
    assert max(share(120, "A"), share(120, "B")) < 0.3


def test_forget_bias_alone_takes_twice_as_long():
    a, b, c = (np.median(measured(60)[name]["updates"]) for name in "ABC")
    assert 1.7 < b / a < 2.7
    assert 1.7 < b / c < 2.7


def test_bias_of_1_works_through_other_paths():
    """Start C does not need them."""
    assert share(60, "A without U") < 0.3
    assert share(120, "A without U") == 0
    assert share(60, "C without U") == share(120, "C without U") == 1


def test_chrono_is_less_reliable_for_known_lengths():
    assert 0.5 < share(120, "C spread") < 1
    assert 0.8 < share(60, "C spread") <= 1


def test_the_pictures_say_what_was_measured():
    for cell, names in (("race-measured", "ABC"), ("all-starts-dots", WORDS)):
        lines = stored_text(NOTEBOOK, cell).splitlines()
        assert len(lines) == 2 * len(names)
        for line, (T, name) in zip(lines, ((T, name) for T in LENGTHS for name in names), strict=True):
            found = measured(T)[name]
            count = found["solved"] or "none"
            assert re.match(rf"T = +{T} .+solved by {count} of {RUNS} runs", line)
            assert not found["updates"] or f"median of {np.median(found['updates']):.0f} updates" in line


def test_picture_has_a_dot_per_solved_run():
    dots = StartDots(all_starts=True)
    for ax, T in zip(dots.figure().axes, LENGTHS, strict=True):
        drawn = [len(line.get_xdata()) for line in ax.lines]
        assert drawn == [measured(T)[name]["solved"] for name in dots._names]
        written = [int(text.get_text()) for text in ax.texts[1:]]
        assert written == [RUNS - n for n in drawn]


def test_the_bets_are_compared_with_what_was_measured():
    assert solved() == {name: measured(120)[name]["solved"] for name in "ABC"}


# And a sample of it again, now. The margins are those of the stored runs, whose last bits differ.


@pytest.mark.parametrize(("T", "seed"), [(60, 1), (60, 3), (120, 4)])
def test_again_keeping_and_writing_little_solves_it(T, seed):
    assert 0 < updates(T, seed, starts(T)["C"]) < 400


@pytest.mark.parametrize("name", CHOICES)
def test_the_lab_trains_what_was_measured(name):
    lab, start = StartRace(T=60, start=name), starts(60)[name]
    assert lab.setting() == f"T = 60, start {name}"
    runs = lab.train(3), train(3, 60, start)
    losses = [[next(run).loss for _ in range(3)] for run in runs]
    assert losses[0] == losses[1]


def test_at_20_steps_every_start_will_do():
    """Of 12 runs under three kernels the slowest took 153 updates."""
    for name in CHOICES:
        lab = StartRace(T=20, start=name, seeds=3)
        assert len(lab.run(300)["runs"].solved) == 3


# Why -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def found():
    return {(T, name): before_training(T, name) for T in LENGTHS for name in "ABC"}


def test_the_notebook_prints_what_the_networks_are_like(found):
    printed = stored_text(NOTEBOOK, "race-before").splitlines()[2:]
    for line, ((T, name), values) in zip(printed, found.items(), strict=True):
        numbers = [f"{values['c']:.2f}", f"{values['slope']:.2f}", f"{values['effect']:.2f}"]
        assert line.split()[:2] == [str(T), name]
        assert line.split()[-4:] == [*numbers, str(measured(T)[name]["solved"])]


def test_a_gets_its_gradient_through_the_other_paths(found):
    assert found[60, "A"]["direct"] == pytest.approx(np.log10(sigmoid(1)) * 51, abs=0.6)
    assert [f"{10 ** found[T, 'A']['all paths']:.1%}" for T in LENGTHS] == ["4.4%", "0.3%"]
    assert found[120, "A"]["effect"] < 0.005


def test_b_fills_with_noise(found):
    for T in LENGTHS:
        assert found[T, "B"]["direct"] > -0.5
    assert round(found[120, "B"]["c"]) == 10
    assert found[120, "B"]["slope"] == pytest.approx(0.1, abs=0.02)
    assert f"{found[60, 'B']['slope']:.2f}" == "0.14"


def test_b_i_0_writes_half_of_each_candidate():
    tape = unroll(network(np.random.default_rng(1), starts(120)["B"]), TemporalOrder(120).batch(1, 20).x)
    assert tape.i.mean() == pytest.approx(0.5, abs=0.1)


def test_c_stays_near_0(found):
    for T in LENGTHS:
        assert found[T, "C"]["c"] < 0.1
        assert found[T, "C"]["slope"] > 0.99
        assert found[T, "C"]["all paths"] == pytest.approx(found[T, "C"]["direct"], abs=0.1)


def test_effect_of_the_mark_predicts_results_roughly(found):
    """From 0.1 on, most runs solve the task; near 0.05 many do in one case, and few in the other."""
    effect = {key: values["effect"] for key, values in found.items()}
    strong = [key for key in found if effect[key] > 0.095]
    assert set(strong) == {(60, "B"), (60, "C"), (120, "C")}
    assert min(share(*key) for key in strong) > 0.6
    assert 0.03 < effect[60, "A"] < effect[120, "B"] < 0.055
    assert share(60, "A") > 0.6 > 0.3 > share(120, "B")


def test_the_first_mark_alone_is_exchanged():
    x = TemporalOrder(60).batch(3, 40).x
    changed = [with_first_mark(x, mark) for mark in (4, 5)]
    differ = (changed[0] != changed[1]).any(1)
    assert (differ.sum(0) == 1).all()
    at = differ.argmax(0)
    assert 6 <= at.min() <= at.max() <= 12
    for one, mark in zip(changed, (4, 5), strict=True):
        np.testing.assert_array_equal(one[at, :, range(40)], np.eye(6)[[mark] * 40])
        same = np.where(differ[:, None], 0, one - x)
        assert (same == 0).all()


def test_all_paths_agree_with_finite_differences():
    """all paths: by nudging each cell at the first mark and running on, without the backward pass."""
    cell = network(np.random.default_rng(1), starts(60)["A"], dtype=np.float64)
    x = TemporalOrder(60).batch(np.random.default_rng(1), 200).x[:, :, :1]
    tape, eps = unroll(cell, x), 1e-6
    o, c = tape.o[8], tape.c[8]
    nudged = [c + sign * eps * np.eye(16)[:, [k]] for k in range(16) for sign in (1, -1)]
    moved = [unroll(cell, x[9:], h_0=o * np.tanh(c_0), c_0=c_0).c[-1, :, 0] for c_0 in nudged]
    J = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * eps)
    found = before_training(60, "A", seeds=1)["all paths"]
    assert found == pytest.approx(np.log10(np.linalg.norm(J) / 4), abs=1e-5)


# The networks ----------------------------------------------------------------------------------------


def test_starts_differ_in_their_biases_only():
    cells = {name: network(np.random.default_rng(3), start) for name, start in starts(60).items()}
    for name, start in starts(60).items():
        cell = cells[name]
        np.testing.assert_array_equal(cell.W, cells["A"].W)
        np.testing.assert_array_equal(cell.U, start.U * cells["A"].U)
        assert (cell["b_o"] == 0).all()
        assert (cell["b_c"] == 0).all()
        if not start.spread:
            np.testing.assert_allclose(cell["b_f"], start.b_f, rtol=1e-6)
            np.testing.assert_allclose(cell["b_i"], start.b_i, rtol=1e-6)


def test_c_spread_is_chrono():
    """b_f = ln(T - 1) and b_i = -b_f: Tallec and Ollivier's biases, u drawn uniformly from 1 to T - 1."""
    cell = network(np.random.default_rng(3), Start(np.log(59), -np.log(59), spread=True))
    u = np.exp(cell["b_f"][:, 0])
    assert 1 <= u.min() < u.max() <= 59
    assert u.std() > 10
    np.testing.assert_allclose(cell["b_i"], -cell["b_f"], rtol=1e-6)
    assert (network(np.random.default_rng(3), starts(60)["B spread"])["b_i"] == 0).all()


def test_pytorchs_lines_set_what_they_should():
    """The lines of the notebook, run on the arrays that PyTorch would hold."""
    notebook = nbformat.read(NOTEBOOKS / f"{NOTEBOOK}.ipynb", 4)
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
