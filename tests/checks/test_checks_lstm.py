"""The hints of the lesson on the LSTM: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN
from helpers.checks.lstm import gates as lstm
from helpers.labs.lstm_memory.highway import Highway
from tests.engine.plain import sigmoid
from tests.lessons.lesson import solution_of

SOLUTION = solution_of(lstm.check_step)


def gone(left):
    """Exercise 3 with its right letter."""
    return lstm.check_gone(left, "B")


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
        (step(cell=lambda f, i, n, c: f * c + (1 - f) * n), "c_t: You write with 1 - f_t"),
        (step(cell=lambda f, i, n, c: f * c + n), "i_t is missing"),
        (step(cell=lambda f, i, n, c: f * c - i * n), "Both parts are added"),
        (step(cell=lambda f, i, n, c: f * c), "Nothing is written"),
        (step(cell=lambda f, i, n, c: i * n), "f_t * c_prev is missing"),
        (step(cell=lambda f, i, n, c: c + i * n), "f_t is missing"),
        (step(cell=lambda f, i, n, c: i * c + f * n), "f_t and i_t are swapped"),
        (step(order="foi"), "i_t and o_t are swapped"),
        (step(order="oif"), "f_t and o_t are swapped"),
        (step(squash=sigmoid), "not a sigmoid"),
        (step(squash=lambda a: a), "The candidate goes through tanh, too"),
        (step(gate=np.tanh), "The gates go through the sigmoid, not tanh"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U @ h), "The bias is missing"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U @ h - b), "not taken away"),
        (step(a=lambda W, U, b, x, h, c: W @ x + b), "h_prev is missing"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U @ c + b), "U meets c_prev"),
        (step(a=lambda W, U, b, x, h, c: W @ x + U.T @ h + b), "U is transposed"),
        (step(gate=lambda a: 1 - sigmoid(a)), "turned round"),
        (candidate_without_h, "The candidate sees h_prev, too"),
        (step(shown=lambda o, c: o), "That is the output gate alone"),
        (step(cell=lambda f, i, n, c: f @ c + i @ n), "c_t: An array of shape (3,) is expected"),
        (with_h_prev, "the old cell state is c_prev"),
        (step(shown=lambda o, c: o * c), "h_t: c_t goes through tanh before the output gate"),
        (step(shown=lambda o, c: np.tanh(o * c)), "The gate comes after tanh"),
        (step(shown=lambda o, c: np.tanh(c)), "The output gate is missing"),
        (shows_c_prev, "The old cell state is shown"),
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


def test_a_step_of_which_one_part_is_still_dots_is_open():
    assert lstm.check_step(step(give=lambda h, c: (..., c))).mark == OPEN


def careless(x_t, h_prev, c_prev, W, U, b):
    result = SOLUTION(x_t, h_prev, c_prev, W, U, b)
    for array in (x_t, h_prev, c_prev, *W.values(), *U.values(), *b.values()):
        array *= 0
    return result


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (lstm.check_step, careless),
        (lstm.check_step, step(give=lambda h, c: np.array([h, c]))),
        (lstm.check_step, step(give=lambda h, c: [list(h), list(c)])),
        (lstm.check_half_life, np.log(2) / -np.log(0.953)),
        (lstm.check_half_life, 14.40),
        (lstm.check_half_life, 14.3),
        (lstm.check_bias, 4.97),
        (lstm.check_bias, np.log(0.993 / 0.007)),
        (gone, 0.002),
        (gone, 1.9e-3),
        (gone, 0.73**20),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right


@pytest.mark.parametrize(
    ("check", "answer", "hint"),
    [
        (lstm.check_mix, 0.5, "candidate is negative"),
        (lstm.check_mix, 0.2, "What is written?"),
        (lstm.check_mix, -0.3, "What is kept"),
        (lstm.check_mix, -0.25, "1 - f"),
        (lstm.check_mix, -0.4, "full strength"),
        (lstm.check_mix, 0.3, "or the rest"),
        (lstm.check_mix, 0.25, "exchanged"),
        (lstm.check_mix, (-0, 1), "Python writes decimals with a point"),
        (lstm.check_mix, "-0,1", "with a decimal point"),
        (lstm.check_parameters, 45, "one block"),
        (lstm.check_parameters, 135, "one part more"),
        (lstm.check_parameters, 160, "a b as well"),
        (lstm.check_parameters, 200, "PyTorch"),
        (lstm.check_parameters, 180.4, "whole number"),
        (lstm.check_half_life, sigmoid(3.0), "f itself"),
        (lstm.check_half_life, np.log(2) / np.log(sigmoid(3.0)), "sign"),
        (lstm.check_half_life, 20.6, "1/e"),
        (lstm.check_half_life, 0.0701, "Turn it over"),
        (lstm.check_bias, 0.5**0.01, "f itself"),
        (lstm.check_bias, -4.966, "forgets"),
        (lstm.check_bias, np.log(99), "multiply"),
        (lstm.check_bias, 5, "more digits"),
        (gone, 0.731, "That is one step"),
        (gone, 14.62, "do not add up"),
        (gone, 0.269, "one step takes away"),
        (gone, 0.9981, "how much is left?"),
        (gone, 0.19, "per cent"),
        (gone, 0.5**20, "bias of 0"),
    ],
)
def test_the_hint_for_a_wrong_number(check, answer, hint):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert hint.lower() in feedback.message.lower()


@pytest.mark.parametrize(
    ("letter", "hint"), [("A", "no tanh"), ("C", "Does it stand"), ("d", "recurrent weights")]
)
def test_the_hint_for_a_wrong_reason(letter, hint):
    feedback = lstm.check_gone(0.0019, letter)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


def test_what_the_lab_measures_is_told_from_what_is_asked_for():
    measured = 10 ** Highway(T=20).result["c"][0]
    assert measured == pytest.approx(2.2e-3, rel=0.06)
    assert "the inputs move f" in gone(measured).message
    assert gone(0.002).right


def test_only_the_letter_of_the_right_reason_is_right():
    assert [lstm.check_gone(0.0019, letter).right for letter in "ABCD"] == [False, True, False, False]
    assert lstm.check_gone(0.0019, " b ").right


@pytest.mark.parametrize("reason", [3, "because", "AB", "", ["B"]])
def test_a_reason_that_is_no_letter(reason):
    assert "One of the letters A, B, C or D is expected" in lstm.check_gone(0.0019, reason).message


@pytest.mark.parametrize(("left", "reason"), [(..., "B"), (0.0019, ...), (0.0019, None)])
def test_half_an_answer_is_open(left, reason):
    assert lstm.check_gone(left, reason).mark == OPEN
