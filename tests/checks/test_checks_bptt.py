"""The hints of the lesson on back-propagation: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN, bptt
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from tests.lessons.lesson import solution_of

SOLUTION = solution_of(bptt.check_send_back)


def way(
    back, steps=lambda T: range(T - 2, -1, -1), start=lambda direct: direct.copy(), give=lambda total: total
):
    """The loop of exercise 1, with a part exchanged: back(U, slope, direct, total, t) goes to row t."""

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


def times(factor):
    """The loop with another factor of h[t + 1] than the slope."""

    def send_back(direct, h, U):
        total = direct.copy()
        for t in range(len(h) - 2, -1, -1):
            total[t] += U.T @ (factor(h[t + 1]) * total[t + 1])
        return total

    return send_back


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda d, h, U: d, "direct part alone"),
        (way(lambda U, s, d, total, t: U @ (s[t + 1] * total[t + 1])), "take U.T"),
        (way(lambda U, s, d, total, t: U.T @ total[t + 1]), "slope of tanh is missing"),
        (way(lambda U, s, d, total, t: U.T @ (s[t] * total[t + 1])), "row t + 1"),
        (way(lambda U, s, d, total, t: s[t + 1] * (U.T @ total[t + 1])), "through tanh first"),
        (way(lambda U, s, d, total, t: s[t] * (U.T @ total[t + 1])), "before U.T"),
        (way(lambda U, s, d, total, t: U.T @ (s[t + 1] * d[t + 1])), "receives only"),
        (way(right, steps=lambda T: range(T - 1)), "receives only"),
        (way(right, steps=lambda T: range(T - 2, 0, -1)), "ends too early"),
        (way(right, steps=lambda T: range(T - 3, -1, -1)), "second-to-last row"),
        (way(right, steps=lambda T: range(T - 1, -1, -1)), "Does a loop go one step too far?"),
        (way(lambda *given: -right(*given)), "You subtracted"),
        (way(right, give=lambda total: total[::-1]), "reverse order"),
        (way(lambda U, s, d, total, t: U.T @ s[t + 1] * total[t + 1]), "from left to right"),
        (times(lambda h: (1 - h) ** 2), "(1 - h)**2"),
        (times(lambda h: h), "by h itself"),
        (times(lambda h: 1 - np.tanh(h) ** 2), "no further tanh"),
        (without_direct, "direct part of the steps before the last is missing"),
        (one_too_far, "one step too far"),
        (with_h_0, "one row too many"),
        (lambda d, h, U: np.zeros((len(h) + 1, len(U))), "The shape should be (6, 3); yours is (7, 3)"),
        (lambda d, h, U: np.zeros(3), "shape"),
    ],
)
def test_a_known_mistake_in_the_backward_loop(answer, word):
    feedback = bptt.check_send_back(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (bptt.check_two_back, 0.5, "at h_2"),
        (bptt.check_two_back, 0.125, "h_0"),
        (bptt.check_two_back, 1, "unchanged"),
        (bptt.check_two_back, 1.75, "at all three states"),
        (bptt.check_two_back, 4, "divided by w"),
        (bptt.check_two_back, 0, "made from"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w)) / e, "one side"),
        (bptt.check_slope, lambda f, w, e: (f(w) - f(w - e)) / e, "one side"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w - e)) / e, "divided by eps"),
        (bptt.check_slope, lambda f, w, e: (f(w + e) - f(w - e)) / 2 * e, "brackets"),
        (bptt.check_slope, lambda f, w, e: f(w + e) - f(w - e), "rise"),
        (bptt.check_slope, lambda f, w, e: (f(w + e / 2) - f(w - e / 2)) / e, "step the full eps"),
        (bptt.check_slope, lambda f, w, e: (f(w - e) - f(w + e)) / (2 * e), "sign"),
        (bptt.check_slope, lambda f, w, e: f(w), "f itself"),
        (bptt.check_bug_hunt, "AC", "not named them all"),
        (bptt.check_bug_hunt, "ABCD", "You named B"),
        (bptt.check_bug_hunt, {"B"}, "You named B"),
        (bptt.check_bug_hunt, "ACDE", "One of the letters A, B, C or D"),
        (bptt.check_bug_hunt, "AAC", "comes twice"),
        (bptt.check_bug_hunt, "", "One to 4 letters"),
        (bptt.check_bug_hunt, 3, "this is a number"),
        (bptt.check_lag_terms, [0, 0.5, 1, 2], "Begin with lag 0"),
        (bptt.check_lag_terms, [2, 2, 2, 0], "has factors"),
        (bptt.check_lag_terms, [0, 2, 2, 2], "has factors"),
        (bptt.check_lag_terms, [1, 1, 0.5, 0.25], "before"),
        (bptt.check_lag_terms, [1, 0.5, 0.25, 0.125], "the factors of the backward pass"),
        (bptt.check_lag_terms, [1, 0.5, 0.25, 0], "One factor too many"),
        (bptt.check_lag_terms, [2, 3, 3.5, 3.5], "sums"),
        (bptt.check_lag_terms, [2, 1, 0.5, 0.25], "the state before the first"),
        (bptt.check_lag_terms, [2, 1, 1, 0], "Those are the inputs"),
        (bptt.check_lag_terms, [2, 1, 0.5], "One is missing"),
        (bptt.check_lag_terms, 3.5, "That is their sum"),
        (bptt.check_lag_terms, ["2", "1", "0.5", "0"], "one entry is text"),
        (bptt.check_unseen, 0, "off by 0.2 in one entry"),
        (bptt.check_unseen, -0.8, "When is U.T the same as U"),
        (bptt.check_unseen, 1e6, "tanh is flat"),
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
        (bptt.check_bug_hunt, "a, c, d"),
        (bptt.check_bug_hunt, {"A", "C", "D"}),
        (bptt.check_bug_hunt, ["D", "C", "A"]),
        (bptt.check_lag_terms, (2.0, 1, 0.5, 0)),
        (bptt.check_unseen, np.float32(0.8)),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right


def test_bug_hunt_with_dots_left_is_open():
    assert bptt.check_bug_hunt(["A", ...]).mark == OPEN


class TestPrograms:
    """Against the library, which other tests check against PyTorch and against nudging."""

    @staticmethod
    def gradients(y_of=lambda h, rng: rng.standard_normal(h.shape), U_of=lambda U: U):
        """dU by the library, and by each program, on a random network."""
        rng = np.random.default_rng(11)
        W, U, b = rng.standard_normal((3, 2)), U_of(rng.standard_normal((3, 3))), rng.standard_normal(3)
        cell, x = RNN(2, 3, init="zeros").put(W=W, U=U, b=b[:, None]), rng.standard_normal((6, 2))
        tape = unroll(cell, x[:, :, None])
        h = tape.h[:, :, 0]
        y = y_of(h, rng)
        dU = backprop(tape, (2 * (h - y) / y.size)[:, :, None]).dU
        return dU, {name: program(x, y, W, U, b) for name, program in bptt.PROGRAMS.items()}

    @staticmethod
    def right_ones(dU, given):
        return {name for name, own in given.items() if np.allclose(own, dU, rtol=1e-9, atol=1e-12)}

    def test_one_is_right_and_three_are_wrong(self):
        assert self.right_ones(*self.gradients()) == {"B"}

    def test_each_has_one_mistake_and_no_other(self):
        """Where that mistake makes no difference, the program is right."""
        met = self.gradients(y_of=lambda h, rng: np.concatenate([h[:-1], h[-1:] + 0.5]))
        assert self.right_ones(*met) == {"B", "C"}
        symmetric = self.gradients(U_of=lambda U: U + U.T)
        assert self.right_ones(*symmetric) == {"B", "D"}
        diagonal = self.gradients(U_of=lambda U: np.diag(np.diag(U)))
        assert self.right_ones(*diagonal) == {"B", "D"}
