"""The exercises of notebook 01: open, right, and wrong in each way that has a word of its own."""

import numpy as np
import pytest

from helpers.checks import OPEN, rnn
from tests.lesson import solutions

SOLUTIONS = solutions("01_rnn_unrolling")
EXERCISES = {
    "n_parameters": rnn.check_parameters,
    "unroll": rnn.check_unroll,
    "w": rnn.check_half_life,
    "changed": rnn.check_changed_states,
    "w_blind": rnn.check_order_blind,
}


def test_every_exercise_has_a_solution():
    assert set(SOLUTIONS) == set(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right(name):
    assert EXERCISES[name](SOLUTIONS[name]).right


@pytest.mark.parametrize("check", [*EXERCISES.values(), rnn.check_h_3])
def test_an_open_answer_is_calm_and_nonsense_is_not_right(check):
    assert check(...).mark == OPEN
    for nonsense in ("word", [1, "a"], np.ones((2, 2)), 1e9, float("nan"), lambda *_: 1 / 0):
        feedback = check(nonsense)
        assert not feedback.right
        assert feedback.mark != OPEN
        assert len(feedback.message) > 10


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (rnn.check_h_3, 0.125, "h_4"),
        (rnn.check_h_3, 0, "still holds"),
        (rnn.check_h_3, 0.5, "One more"),
        (rnn.check_h_3, 1.5, "shrinks"),
        (rnn.check_parameters, 40, "b has entries"),
        (rnn.check_parameters, 30, "U is (5, 5)"),
        (rnn.check_parameters, 450, "10 copies"),
        (rnn.check_parameters, 50, "PyTorch"),
        (rnn.check_changed_states, {4, 5, 6, 7, 8}, "before step 5"),
        (rnn.check_changed_states, {6, 7, 8}, "reads the changed input"),
        (rnn.check_changed_states, {5}, "missing"),
        (rnn.check_changed_states, {5, 6, 7, 8, 9}, "from 1 to 8"),
        (rnn.check_half_life, 0.5, "one step"),
        (rnn.check_half_life, 0.975, "multiply"),
        (rnn.check_half_life, 0.5**20, "round"),
        (rnn.check_order_blind, 0, "last input"),
        (rnn.check_order_blind, 0.9, "apart"),
        (rnn.check_unroll, lambda x, W, U, b: np.tanh(x @ W.T + b), "forgets"),
        (rnn.check_unroll, lambda x, W, U, b: SOLUTIONS["unroll"](x, W, U, b)[-1], "last state"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert not feedback.right
    assert word in feedback.message


def test_h_3():
    assert rnn.check_h_3(0.25).right
