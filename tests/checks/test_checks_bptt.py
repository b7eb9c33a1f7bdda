"""The hints of the lesson on back-propagation: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, bptt
from tests.lessons.lesson import solution_of

SOLUTION = solution_of(bptt.check_send_back)


def way(
    back, steps=lambda T: range(T - 2, -1, -1), start=lambda direct: direct.copy(), give=lambda total: total
):
    """The walk of exercise 1, with a part exchanged: back(U, slope, direct, total, t) goes to row t."""

    def send_back(direct, h, U):
        total = direct.copy()
        for t in steps(len(h)):
            total[t] += back(U, 1 - h**2, direct, total, t)
        return give(total)

    return send_back


def right(U, slope, direct, total, t):
    return U.T @ (slope[t + 1] * total[t + 1])


def without_direct(direct, h, U):
    total = np.zeros_like(direct)
    total[-1] = direct[-1]
    for t in range(len(h) - 2, -1, -1):
        total[t] = U.T @ ((1 - h[t + 1] ** 2) * total[t + 1])
    return total


def one_too_far(direct, h, U):
    total = direct.copy()
    for t in range(len(h) - 1, -1, -1):
        total[t - 1] += U.T @ ((1 - h[t] ** 2) * total[t])
    return total


def with_h_0(direct, h, U):
    total = SOLUTION(direct, h, U)
    return np.vstack([U.T @ ((1 - h[0] ** 2) * total[0]), total])


def times_h(direct, h, U):
    total = direct.copy()
    for t in range(len(h) - 2, -1, -1):
        total[t] += U.T @ (h[t + 1] * total[t + 1])
    return total


def squared_wrongly(direct, h, U):
    total = direct.copy()
    for t in range(len(h) - 2, -1, -1):
        total[t] += U.T @ ((1 - h[t + 1]) ** 2 * total[t + 1])
    return total


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda d, h, U: d, "direct part alone"),
        (way(lambda U, s, d, total, t: U @ (s[t + 1] * total[t + 1])), "transposed"),
        (way(lambda U, s, d, total, t: U.T @ total[t + 1]), "slope of tanh is missing"),
        (way(lambda U, s, d, total, t: U.T @ (s[t] * total[t + 1])), "the later one"),
        (way(lambda U, s, d, total, t: s[t + 1] * (U.T @ total[t + 1])), "outside the product"),
        (way(lambda U, s, d, total, t: s[t] * (U.T @ total[t + 1])), "of another step"),
        (way(lambda U, s, d, total, t: U.T @ (s[t + 1] * d[t + 1])), "next step's own error only"),
        (way(right, steps=lambda T: range(T - 1)), "next step's own error only"),
        (way(right, steps=lambda T: range(T - 2, 0, -1)), "ends too early"),
        (way(right, steps=lambda T: range(T - 3, -1, -1)), "starts too late"),
        (way(right, steps=lambda T: range(T - 1, -1, -1)), "Does a loop go one step too far?"),
        (way(lambda *given: -right(*given)), "not taken away"),
        (way(right, give=lambda total: total[::-1]), "other order"),
        (way(lambda U, s, d, total, t: U.T @ s[t + 1] * total[t + 1]), "from left to right"),
        (squared_wrongly, "another number"),
        (times_h, "h itself"),
        (without_direct, "direct part of the steps before the last is missing"),
        (one_too_far, "one step too far"),
        (with_h_0, "one row too many"),
        (lambda d, h, U: np.zeros((len(h) + 1, len(U))), "The shape should be (6, 3); yours is (7, 3)"),
        (lambda d, h, U: np.zeros(3), "shape"),
    ],
)
def test_a_known_mistake_on_the_way_back(answer, word):
    feedback = bptt.check_send_back(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (bptt.check_two_back, 0.5, "at h_2"),
        (bptt.check_two_back, 0.125, "h_0"),
        (bptt.check_two_back, 1, "times w"),
        (bptt.check_two_back, 1.75, "add up"),
        (bptt.check_two_back, 0, "made from"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w)) / e, "one side"),
        (bptt.check_slope, lambda f, w, e: (f(w) - f(w - e)) / e, "one side"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w - e)) / e, "More than eps"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w - e)) / 2 * e, "brackets"),
        (bptt.check_slope, lambda f, w, e: f(w + e) - f(w - e), "rise"),
        (bptt.check_slope, lambda f, w, e: (f(w + e / 2) - f(w - e / 2)) / e, "half of eps"),
        (bptt.check_slope, lambda f, w, e: (f(w - e) - f(w + e)) / (2 * e), "sign"),
        (bptt.check_lag_terms, [0, 0.5, 1, 2], "other order"),
        (bptt.check_lag_terms, [2, 2, 2, 0], "has factors"),
        (bptt.check_lag_terms, [1, 1, 0.5, 0.25], "before"),
        (bptt.check_lag_terms, [1, 0.5, 0.25, 0.125], "the factors of the way back"),
        (bptt.check_lag_terms, [2, 3, 3.5, 3.5], "sums"),
        (bptt.check_lag_terms, [2, 1, 0.5, 0.25], "the state before the first"),
        (bptt.check_lag_terms, [2, 1, 1, 0], "Those are the inputs"),
        (bptt.check_lag_terms, [2, 1, 0.5], "One is missing"),
        (bptt.check_lag_terms, 3.5, "That is their sum"),
        (bptt.check_lag_terms, ["2", "1", "0.5", "0"], "one entry is text"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


def in_place(direct, h, U):
    for t in reversed(range(len(h) - 1)):
        direct[t] += U.T @ ((1 - h[t + 1] ** 2) * direct[t + 1])
    return direct


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (bptt.check_send_back, in_place),
        (bptt.check_slope, lambda f, w, e: np.array([(f(w + e) - f(w - e)) / e]) / 2),
        (bptt.check_lag_terms, (2.0, 1, 0.5, 0)),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right
