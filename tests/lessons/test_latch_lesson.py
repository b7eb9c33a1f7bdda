"""What the lesson on gates says in words of the latch."""

import re

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN
from helpers.checks.lstm import check_plan
from helpers.checks.lstm.latch import CASES, CLEAR, check_latch
from helpers.engine.cells import LSTM
from helpers.labs.lstm.latch import SHOWN, Latch, sequences
from tests.engine.plain import sigmoid
from tests.lessons.lesson import solution_of

# The latch -------------------------------------------------------------------------------------------

SOLUTION = solution_of(check_latch)
RIGHT = {"b_f": 8.0, "w_f": -16.0, "b_i": -8.0, "w_i": 16.0, "w_c": 4.0, "b_o": 6.0}


def program(**changes):
    """The solution with some blocks set otherwise."""

    def changed(cell):
        SOLUTION(cell)
        for name, value in changes.items():
            cell[name] = value
        return cell

    return changed


def with_attributes(**attributes):
    """A program that sets things of the cell itself, not its blocks."""

    def changed(cell):
        for name, value in attributes.items():
            setattr(cell, name, value)
        return cell

    return changed


@pytest.mark.parametrize("T", [5, 60, 200])
def test_the_lab_can_be_programmed(T):
    assert Latch(**RIGHT, T=T).result["right"] == 20


def test_an_unprogrammed_latch_follows_the_noise():
    result = Latch().result
    assert result["right"] < 5
    assert (result["f"] == 0.5).all()


def test_the_steps_to_the_solution():
    """Flagged values only, but they fade; then kept, but added; then replaced; then large and shown."""
    lab = Latch(b_i=-8.0, w_i=16.0)
    assert lab.result["i"][lab.result["flag"] == 0].max() < 0.001
    assert abs(lab.result["c"][-1]) < 1e-3
    lab.b_f = 8.0
    second = np.flatnonzero(lab.result["flag"])[-1]
    assert abs(lab.result["c"][-1]) < 0.1  # the second value is the opposite one: together they cancel
    lab.w_f = -16.0
    assert lab.result["c"][second] * lab.result["target"][0] > 0.7
    assert lab.result["right"] < 20
    lab.w_c = 4.0  # a stronger candidate alone is not enough; an open output gate alone is
    assert lab.result["right"] == 0
    lab.set(w_c=1.0, b_o=6.0)
    assert lab.result["right"] == 20
    smallest = np.abs(lab.result["last"]).min()
    lab.w_c = 4.0
    assert np.abs(lab.result["last"]).min() > smallest + 0.1


def test_b_f_4_forgets_within_300_steps():
    assert f"{sigmoid(4) ** 300:.3f}" == "0.004"


def test_the_plan_is_that_of_the_solution():
    """The gates of the solution, rounded, at a flag and elsewhere."""
    cell = SOLUTION(LSTM(2, 1, init="zeros"))
    for flag, gates in enumerate(((1, 0, 1), (0, 1, 1))):
        found = [sigmoid(cell[f"b_{k}"][0, 0] + flag * cell[f"W_{k}"][0, 1]) for k in "fio"]
        assert np.round(found).tolist() == list(gates)
        assert np.abs(np.subtract(found, gates)).max() < 0.01
    assert check_plan((0, 1, 1), (1, 0, 1)).right


@pytest.mark.parametrize("T", [5, 6, 7, 13, 60, 200])
def test_target_is_the_value_at_the_latest_flag(T):
    x, target = sequences(T, 20)
    for n in range(20):
        flags = np.flatnonzero(x[:, 1, n])
        assert 1 <= len(flags) <= 2
        assert target[n] == x[flags[-1], 0, n]
        if len(flags) == 2:
            assert x[flags[0], 0, n] == -target[n]
    assert set(np.unique(x[:, 0])) == {-1.0, 1.0}


def test_the_solution_is_right():
    assert check_latch(SOLUTION).right


def test_less_open_output_gate_is_right_too():
    assert check_latch(program(b_o=2, W_c=[3, 0])).right


@pytest.mark.parametrize(
    "changes", [{"U_c": 0.5}, {"U_f": 3}, {"b_f": 1000, "W_f": [0, -2000]}, {"b_f": 6.3}]
)
def test_other_programs_that_work_are_right(changes):
    assert check_latch(program(**changes)).right


def test_program_may_keep_notes_on_the_cell():
    def noted(cell):
        cell.b_f = "tried 3 first"
        return SOLUTION(cell)

    assert check_latch(noted).right


def test_a_cell_state_beyond_the_axis_is_told():
    """With all gates open, the cell is the sum of what it read: here the values themselves."""
    lab = Latch(b_f=10.0, b_i=10.0, w_c=5.0, T=60)
    values = np.cumsum(sequences(60, 20)[0][:, 0, 0])
    assert np.abs(values).max() > SHOWN + 1
    said = float(re.search(r"reaches ([\d.]+), beyond the axis", lab.readout_text)[1])
    assert said == pytest.approx(np.abs(values).max(), abs=0.1)
    assert "beyond" not in Latch(**RIGHT).readout_text


def latch_by_rule(f, f_flag, i, i_flag, o, strength, values, flags):
    """The last hidden state of a latch with these gates: the equations of the lesson, step by step."""
    c = 0.0
    for value, flag in zip(values, flags, strict=True):
        c = (f_flag if flag else f) * c + (i_flag if flag else i) * np.tanh(strength * value)
    return o * np.tanh(c)


def test_the_lab_and_the_check_run_the_equations():
    rng = np.random.default_rng(3)
    lab = Latch(b_f=2.0, w_f=-3.0, b_i=-1.5, w_i=4.0, w_c=1.5, b_o=1.0, T=13)
    gates = [sigmoid(a) for a in (2.0, -1.0, -1.5, 2.5, 1.0)]
    x, _ = sequences(13, 20)
    ends = [latch_by_rule(*gates, 1.5, x[:, 0, n], x[:, 1, n]) for n in range(20)]
    np.testing.assert_allclose(lab.result["last"], ends, rtol=1e-12)
    kept = [sigmoid(a) for a in (10, -10, -10, 10, 10)]
    for _ in range(20):  # and the solution is right by them, on sequences of its own
        values, flags = rng.choice([-1.0, 1.0], 300), np.zeros(300)
        flags[rng.choice(300, 2, replace=False)] = 1
        wanted = values[np.flatnonzero(flags)[-1]]
        assert latch_by_rule(*kept, 5.0, values, flags) * wanted > CLEAR


def test_cases_cover_what_the_task_says():
    lengths = {T for T, _, _ in CASES}
    assert min(lengths) == 5
    assert max(lengths) == 300
    assert {len(flags) for _, flags, _ in CASES} == {1, 2}
    assert any(flags == (0,) for _, flags, _ in CASES)
    assert any(flags[-1] == T - 1 for T, flags, _ in CASES)


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (program(b_i=-30), "input gate is 0.00 at the flag"),
        (program(W_c=[-5, 0]), "candidate should point"),
        (program(W_c=[0.3, 0]), "candidate should point"),
        (program(b_o=-10), "The output gate is 0.00 after the last step"),
        (program(b_i=-2, W_i=[0, 12]), "other values are written"),
        (program(b_f=4, W_f=[0, -14]), "half is gone after 38.2 steps"),
        (program(W_f=[0, 0]), "stays and the new one is added"),
        (lambda cell: cell, "input gate is 0.50 at the flag"),
        (lambda cell: 3, "An LSTM is expected"),
        (lambda cell: LSTM(3, 1, rng=0), "D = 2 and H = 1; yours has D = 3"),
        (program(W_i=[20, 0]), "0.00 at some flags and 1.00 at others"),
        (program(W_f=[-20, 0]), "0.00 at some steps and 1.00 at others"),
        (program(b_o=0), "0.50 times tanh(1), which is 0.38"),
        (program(b_o=1, W_c=[0.7, 0]), "The worst one ends at 0.39"),
        (program(b_f=6), "half is gone after 280.0 steps"),
        (program(U_f=-30), "0.00 at some steps and 1.00 at others"),
        (with_attributes(b_f=10), 'cell.b_f = ... sets nothing in the LSTM; write cell["b_f"]'),
        (with_attributes(b=np.zeros(4)), "cell.b should keep its shape (4, 1)"),
        (with_attributes(W=np.zeros((4, 3))), "cell.W should keep its shape (4, 2)"),
        (with_attributes(U=None), "cell.U is no longer an array of numbers"),
        (with_attributes(W="word"), "cell.W is no longer an array of numbers"),
        (program(b_f=np.inf), "cell.b holds inf"),
        (program(U_c=np.nan), "cell.U holds nan"),
        (program(U_c=1e308), "at most a million"),
    ],
)
def test_the_hint_for_a_wrong_program(answer, hint):
    feedback = check_latch(answer)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


def test_open_and_nonsense():
    assert check_latch(...).mark == OPEN
    assert check_latch(lambda cell: ...).mark == OPEN
    for nonsense in ("word", 3, lambda cell: 1 / 0, lambda cell: cell["b_x"]):
        feedback = check_latch(nonsense)
        assert feedback.mark == NOT_YET
        assert len(feedback.message) > 10


def test_program_without_return_is_told_so():
    def forgot(cell):
        cell["b_f"] = 10

    assert "returns nothing" in check_latch(forgot).message
