"""The hints of the lesson on gates: each known mistake has a sentence of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN, lstm
from tests.engine.plain import sigmoid
from tests.lessons.lesson import solution_of

SOLUTION = solution_of(lstm.check_step)


def step(
    cell=lambda f, i, n, c: f * c + i * n,
    shown=lambda o, c: o * np.tanh(c),
    squash=np.tanh,
    gate=sigmoid,
    order="fio",
    a=lambda W, U, b, x, h, c: W @ x + U @ h + b,
    give=lambda h, c: (h, c),
):
    """The step of exercise 1, with a part exchanged."""

    def lstm_step(x_t, h_prev, c_prev, W, U, b):
        all_a = {k: a(W[k], U[k], b[k], x_t, h_prev, c_prev) for k in "fico"}
        f, i, o = (gate(all_a[k]) for k in order)
        c_t = cell(f, i, squash(all_a["c"]), c_prev)
        return give(shown(o, c_t), c_t)

    return lstm_step


def with_h_prev(x_t, h_prev, c_prev, W, U, b):
    return SOLUTION(x_t, h_prev, h_prev, W, U, b)


def candidate_without_h(x_t, h_prev, c_prev, W, U, b):
    return SOLUTION(x_t, h_prev, c_prev, W, U | {"c": 0 * U["c"]}, b)


def shows_c_prev(x_t, h_prev, c_prev, W, U, b):
    h_t, c_t = SOLUTION(x_t, h_prev, c_prev, W, U, b)
    return h_t / np.tanh(c_t) * np.tanh(c_prev), c_t


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (step(cell=lambda f, i, n, c: f * c + (1 - f) * n), "c_t: You wrote with 1 - f_t"),
        (step(cell=lambda f, i, n, c: f * c + n), "multiply it by i_t"),
        (step(cell=lambda f, i, n, c: f * c - i * n), "You subtracted what is written"),
        (step(cell=lambda f, i, n, c: f * c), "You wrote nothing"),
        (step(cell=lambda f, i, n, c: i * n), "add f_t * c_prev"),
        (step(cell=lambda f, i, n, c: c + i * n), "multiply it by f_t"),
        (step(cell=lambda f, i, n, c: i * c + f * n), "You swapped f_t and i_t"),
        (step(order="foi"), "You swapped i_t and o_t"),
        (step(order="oif"), "You swapped f_t and o_t"),
        (step(squash=sigmoid), "You put the candidate through a sigmoid"),
        (step(squash=lambda a: a), "You left the candidate as it is"),
        (step(gate=np.tanh), "You put the gates through tanh"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U @ h), "You left out the bias"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U @ h - b), "You subtracted the bias; add it."),
        (step(a=lambda W, U, b, x, h, c: W @ x + b), "You left out h_prev"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U @ c + b), "it multiplies h_prev"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U.T @ h + b), "You used the transpose of U; use U."),
        (step(gate=lambda a: 1 - sigmoid(a)), "Your sigmoid is reversed"),
        (candidate_without_h, "You left h_prev out of the candidate"),
        (step(shown=lambda o, c: o), "You returned the output gate itself"),
        (step(cell=lambda f, i, n, c: f @ c + i @ n), "c_t: An array of shape (3,) is expected"),
        (with_h_prev, "the old cell state is c_prev"),
        (step(shown=lambda o, c: o * c), "h_t: You multiplied o_t by c_t; it multiplies tanh(c_t)."),
        (step(shown=lambda o, c: np.tanh(o * c)), "only c_t goes through tanh"),
        (step(shown=lambda o, c: np.tanh(c)), "You left out the output gate"),
        (shows_c_prev, "You showed the old cell state"),
        (step(give=lambda h, c: (c, h)), "Return h_t first"),
        (step(give=lambda h, c: h), "2 arrays are expected, h_t and c_t; 3 came"),
        (step(give=lambda h, c: (h, c, c)), "3 came"),
        (step(give=lambda h, c: {"h_t": h, "c_t": c}), "this is a dict"),
        (step(give=lambda h, c: (h[:2], c)), "h_t: The shape should be (3,)"),
        (step(give=lambda h, c: (h, c[:, None])), "c_t: The shape should be (3,); yours is (3, 1)"),
        (step(give=lambda h, c: (h, c + 1)), "c_t: "),
        (step(give=lambda h, c: (h + 1, c)), "h_t: "),
        (step(give=lambda h, c: (None, None)), "c_t: An array of numbers is expected; this is None"),
        (step(give=lambda h, c: None), "returns nothing"),
    ],
)
def test_the_hint_for_a_wrong_step(answer, hint):
    feedback = lstm.check_step(answer)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


def test_step_with_one_part_missing_is_open():
    assert lstm.check_step(step(give=lambda h, c: (..., c))).mark == OPEN


def careless(x_t, h_prev, c_prev, W, U, b):
    result = SOLUTION(x_t, h_prev, c_prev, W, U, b)
    for array in (x_t, h_prev, c_prev, *W.values(), *U.values(), *b.values()):
        array *= 0
    return result


@pytest.mark.parametrize(
    "answer",
    [
        careless,
        step(give=lambda h, c: np.array([h, c])),
        step(give=lambda h, c: [list(h), list(c)]),
    ],
)
def test_a_step_that_is_right_but_unusual(answer):
    assert lstm.check_step(answer).right


@pytest.mark.parametrize(
    ("check", "answer", "hint"),
    [
        (lstm.check_mix, 0.5, "candidate is negative"),
        (lstm.check_mix, 0.2, "What is written?"),
        (lstm.check_mix, -0.3, "What is kept"),
        (lstm.check_mix, -0.25, "1 - f"),
        (lstm.check_mix, -0.4, "full strength"),
        (lstm.check_mix, 0.3, "keeps 0.25"),
        (lstm.check_mix, 0.25, "You swapped the gates"),
        (lstm.check_mix, (-0, 1), "Python writes decimals with a point"),
        (lstm.check_mix, "-0,1", "with a decimal point"),
        (lstm.check_parameters, 45, "one block"),
        (lstm.check_parameters, 90, "two blocks"),
        (lstm.check_parameters, 135, "Which other part"),
        (lstm.check_parameters, 160, "You left out the biases"),
        (lstm.check_parameters, 200, "PyTorch"),
        (lstm.check_parameters, 225, "five blocks"),
        (lstm.check_parameters, 180.4, "whole number"),
    ],
)
def test_the_hint_for_a_wrong_number(check, answer, hint):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


@pytest.mark.parametrize(
    ("plan", "hint"),
    [
        (((1, 1, 1), (1, 0, 1)), "at_the_flag: With f = 1 at the flag, the new value is added"),
        (((0, 0, 1), (1, 0, 1)), "at_the_flag: With i = 0"),
        (((0, 1, 0), (1, 0, 1)), "at_the_flag: The flag may come at the very last step"),
        (((0, 1, 1), (0, 0, 1)), "elsewhere: With f = 0"),
        (((0, 1, 1), (1, 1, 1)), "elsewhere: With i = 1"),
        (((0, 1, 1), (1, 0, 0)), "elsewhere: Nothing tells the unit which step is the last"),
        (((0, 1), (1, 0, 1)), "Three numbers are expected"),
        (((0, 1, 0.5), (1, 0, 1)), "Write 0 for a gate that is shut"),
        (("open", (1, 0, 1)), "An array of numbers is expected"),
    ],
)
def test_the_hint_for_a_wrong_plan(plan, hint):
    feedback = lstm.check_plan(*plan)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


def test_plan_may_be_lists_or_truth_values():
    """Half a plan is open."""
    assert lstm.check_plan([0, 1, 1], np.array([1, 0, 1])).right
    assert lstm.check_plan((0, 1, 1), ...).mark == OPEN


@pytest.mark.parametrize(
    ("unit", "hint"),
    [(23, "flipped in"), (32, "from 0 to 31"), (2.5, "whole number"), ("24", "without quotes")],
)
def test_the_hint_for_a_wrong_unit(unit, hint):
    feedback = lstm.check_unit(unit)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


@pytest.mark.parametrize(
    ("answers", "hint"),
    [
        (("are", "is"), "after_keys: With f = 0"),
        (("is", "are"), "after_key: With f = 0"),
        (("is", "was"), "One of the words “is”, “are” is expected"),
    ],
)
def test_the_hint_for_a_wrong_verb(answers, hint):
    feedback = lstm.check_shut(*answers)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message
