"""The exercises of notebook 03: open, right, and wrong in each way that has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN, lstm
from tests.lesson import solutions

SOLUTIONS = solutions("03_lstm_gates")
EXERCISES = {
    "lstm_step": lstm.check_step,
    "n_parameters": lstm.check_parameters,
    "steps": lstm.check_half_life,
    "b_f": lstm.check_bias,
}


def gone(left):
    """Exercise 3 with its right letter."""
    return lstm.check_gone(left, "B" if left is not ... else ...)


def test_every_exercise_has_a_solution():
    assert set(SOLUTIONS) == {*EXERCISES, "left", "reason", "program"}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right(name):
    assert EXERCISES[name](SOLUTIONS[name]).right


def test_the_pair_is_right_and_so_is_the_guess():
    assert lstm.check_gone(SOLUTIONS["left"], SOLUTIONS["reason"]).right
    assert lstm.check_gone(1.9e-3, " b").right
    assert lstm.check_mix(-0.2).right


@pytest.mark.parametrize("check", [*EXERCISES.values(), lstm.check_mix, gone])
def test_an_open_answer_is_calm_and_nonsense_is_not_right(check):
    assert check(...).mark == OPEN
    for nonsense in ("word", [1, "a"], np.ones((3, 3)), 1e9, float("nan"), lambda *_: 1 / 0):
        feedback = check(nonsense)
        assert feedback.mark == NOT_YET
        assert len(feedback.message) > 10


def test_a_function_that_returns_nothing_yet_is_open():
    assert lstm.check_step(lambda *_: ...).mark == OPEN
    assert lstm.check_step(lambda *_: (..., ...)).mark == OPEN
    assert lstm.check_gone(1.9e-3, ...).mark == OPEN


# Known mistakes --------------------------------------------------------------------------------------


def step(
    cell=lambda f, i, n, c: f * c + i * n,
    shown=lambda o, c: o * np.tanh(c),
    squash=np.tanh,
    give=lambda h, c: (h, c),
):
    """The step of exercise 1, with a part exchanged."""

    def lstm_step(x_t, h_prev, c_prev, W, U, b):
        a = {k: W[k] @ x_t + U[k] @ h_prev + b[k] for k in "fico"}
        f, i, o = (1 / (1 + np.exp(-a[k])) for k in "fio")
        c_t = cell(f, i, squash(a["c"]), c_prev)
        return give(shown(o, c_t), c_t)

    return lstm_step


def sigmoid(a):
    """Where tanh belongs."""
    return 1 / (1 + np.exp(-a))


@pytest.mark.parametrize(
    ("answer", "hint"),
    [
        (step(cell=lambda f, i, n, c: f * c + (1 - f) * n), "1 - f_t"),
        (step(cell=lambda f, i, n, c: f * c + n), "i_t is missing"),
        (step(cell=lambda f, i, n, c: i * n), "f_t * c_prev is missing"),
        (step(cell=lambda f, i, n, c: i * c + f * n), "swapped"),
        (step(squash=sigmoid), "not a sigmoid"),
        (step(shown=lambda o, c: o * c), "through tanh before the output gate"),
        (step(shown=lambda o, c: np.tanh(o * c)), "The gate comes after tanh"),
        (step(shown=lambda o, c: np.tanh(c)), "The output gate is missing"),
        (step(give=lambda h, c: (c, h)), "Return h_t first"),
        (step(give=lambda h, c: h), "Two arrays are expected"),
        (step(give=lambda h, c: (h[:2], c)), "h_t: The shape should be (3,)"),
        (step(give=lambda h, c: (h, c + 1)), "c_t: "),
        (step(give=lambda h, c: (h + 1, c)), "h_t: "),
    ],
)
def test_the_hint_for_a_wrong_step(answer, hint):
    feedback = lstm.check_step(answer)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


def test_a_step_that_changes_what_it_is_given_is_still_judged():
    def careless(x_t, h_prev, c_prev, W, U, b):
        result = step()(x_t, h_prev, c_prev, W, U, b)
        x_t *= 0
        W["f"] *= 0
        return result

    assert lstm.check_step(careless).right


@pytest.mark.parametrize(
    ("check", "answer", "hint"),
    [
        (lstm.check_mix, 0.6, "candidate is negative"),
        (lstm.check_mix, 0.2, "What is written?"),
        (lstm.check_mix, -0.4, "What is kept"),
        (lstm.check_mix, -0.6, "full strength"),
        (lstm.check_parameters, 45, "one block"),
        (lstm.check_parameters, 135, "the candidate has weights"),
        (lstm.check_parameters, 160, "a b as well"),
        (lstm.check_parameters, 200, "PyTorch"),
        (lstm.check_half_life, sigmoid(3.0), "f itself"),
        (lstm.check_half_life, np.log(2) / np.log(sigmoid(3.0)), "sign"),
        (lstm.check_half_life, 20.6, "1/e"),
        (lstm.check_bias, 0.5**0.01, "f itself"),
        (lstm.check_bias, -4.966, "forgets"),
        (lstm.check_bias, np.log(99), "multiply"),
        (gone, 0.731, "That is one step"),
        (gone, 14.62, "do not add up"),
        (gone, 0.9981, "how much is left?"),
        (gone, 0.5**20, "bias of 0"),
    ],
)
def test_the_hint_for_a_wrong_number(check, answer, hint):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert hint.lower() in feedback.message.lower()


@pytest.mark.parametrize(("letter", "hint"), [("A", "no tanh"), ("C", "f alone"), ("d", "recurrent weights")])
def test_the_hint_for_a_wrong_reason(letter, hint):
    feedback = lstm.check_gone(0.0019, letter)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


@pytest.mark.parametrize("reason", [3, "because", None, ["B"]])
def test_a_reason_that_is_no_letter(reason):
    feedback = lstm.check_gone(0.0019, reason)
    assert feedback.mark == OPEN if reason is None else "one of the letters" in feedback.message
