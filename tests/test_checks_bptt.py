"""The exercises of notebook 02: open, right, and wrong in each way that has a word of its own."""

import numpy as np
import pytest

from helpers.checks import OPEN, bptt
from tests.lesson import solutions

SOLUTIONS = solutions("02_bptt_vanishing_gradients")
EXERCISES = {
    "send_back": bptt.check_send_back,
    "slope": bptt.check_slope,
    "terms": bptt.check_lag_terms,
    "gain": bptt.check_threshold_gain,
    "clip": bptt.check_clip,
    "window": bptt.check_window,
}
FUNCTIONS = (bptt.check_send_back, bptt.check_slope, bptt.check_clip)


def test_every_exercise_has_a_solution():
    assert set(SOLUTIONS) == set(EXERCISES)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right(name):
    assert EXERCISES[name](SOLUTIONS[name]).right


def test_the_predictions():
    assert bptt.check_two_back(0.25).right


@pytest.mark.parametrize("check", [*EXERCISES.values(), bptt.check_two_back])
def test_an_open_answer_is_calm_and_nonsense_is_not_right(check):
    assert check(...).mark == OPEN
    for nonsense in ("word", [1, "a"], np.ones((2, 2)), 1e9, float("nan"), True, lambda *_: 1 / 0):
        feedback = check(nonsense)
        assert not feedback.right
        assert feedback.mark != OPEN
        assert len(feedback.message) > 10


@pytest.mark.parametrize("check", FUNCTIONS)
def test_a_function_left_open_is_open(check):
    assert check(lambda *_: ...).mark == OPEN


def way_back(direct, h, U, slope=lambda h, t: 1 - h[t + 1] ** 2):
    total = direct.copy()
    for t in range(len(h) - 2, -1, -1):
        total[t] += U @ (slope(h, t) * total[t + 1])
    return total


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (bptt.check_two_back, 0.5, "at h_2"),
        (bptt.check_two_back, 0.125, "h_0"),
        (bptt.check_two_back, 1, "times w"),
        (bptt.check_two_back, 1.75, "add up"),
        (bptt.check_send_back, lambda d, h, U: d, "direct part alone"),
        (bptt.check_send_back, way_back, "transposed"),
        (bptt.check_send_back, lambda d, h, U: way_back(d, h, U.T, lambda h, t: 1), "missing"),
        (bptt.check_send_back, lambda d, h, U: way_back(d, h, U.T, lambda h, t: 1 - h[t] ** 2), "belongs to"),
        (bptt.check_send_back, lambda d, h, U: np.zeros((7, 3)), "one row too many"),
        (bptt.check_send_back, lambda d, h, U: np.zeros(3), "shape"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w)) / e, "one side"),
        (bptt.check_slope, lambda f, w, e: (f(w) - f(w - e)) / e, "one side"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w - e)) / e, "2 eps"),
        (bptt.check_slope, lambda f, w, e: f(w + e) - f(w - e), "rise"),
        (bptt.check_lag_terms, [0, 0.5, 1, 2], "other order"),
        (bptt.check_lag_terms, [2, 2, 2, 0], "w**lag"),
        (bptt.check_lag_terms, [1, 1, 0.5, 0.25], "not h_4"),
        (bptt.check_lag_terms, [2, 3, 3.5, 3.5], "sums"),
        (bptt.check_lag_terms, 3.5, "shape"),
        (bptt.check_threshold_gain, 1, "without tanh"),
        (bptt.check_threshold_gain, 1.1, "more gain"),
        (bptt.check_threshold_gain, 1.6, "less gain"),
        (bptt.check_threshold_gain, -1, "above 0"),
        (bptt.check_clip, lambda g, limit: np.clip(g, -limit, limit), "turns the gradient"),
        (bptt.check_clip, lambda g, limit: g, "as it was"),
        (bptt.check_clip, lambda g, limit: g * limit / (g @ g), "square"),
        (bptt.check_clip, lambda g, limit: g * limit / np.linalg.norm(g), "normalising"),
        (bptt.check_clip, lambda g, limit: g / max(np.linalg.norm(g), 1), "limit that is given"),
        (bptt.check_window, 30, "full BPTT"),
        (bptt.check_window, 27, "first mark"),
        (bptt.check_window, 15, "try less"),
        (bptt.check_window, 11, "step 20"),
        (bptt.check_window, 20, "too large"),
        (bptt.check_window, 5, "too small"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert not feedback.right
    assert word in feedback.message


def test_a_function_that_fails_on_its_second_call_is_judged_calmly():
    calls = []

    def fails_later(g, limit):
        calls.append(g)
        return SOLUTIONS["clip"](g, limit) if len(calls) < 3 else 1 / 0

    feedback = bptt.check_clip(fails_later)
    assert not feedback.right
    assert "ZeroDivisionError" in feedback.message


@pytest.mark.parametrize("gain", [1.29, 1.3, 1.31])
def test_a_gain_near_the_threshold_is_right(gain):
    assert bptt.check_threshold_gain(gain).right
