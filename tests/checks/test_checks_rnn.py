"""The hints of the lesson on unrolling: each known mistake has a word of its own."""

from fractions import Fraction

import numpy as np
import pytest

from helpers.checks import NOT_YET, rnn


def loop(step=lambda W, U, b, x, h: np.tanh(W @ x + U @ h + b), give=np.array):
    """The loop of the exercise, with a part exchanged; `give` makes the answer of h_0 .. h_T."""

    def unroll(x, W, U, b):
        states = [np.zeros(len(b))]
        for x_t in x:
            states.append(step(W, U, b, x_t, states[-1]))
        return give(states[1:]) if give is np.array else give(np.array(states))

    return unroll


def one_array(x, W, U, b):
    h, states = np.zeros(len(b)), []
    for x_t in x:
        h[:] = np.tanh(W @ x_t + U @ h + b)
        states.append(h)
    return states


def spoiled(x, W, U, b):
    W *= 0
    U *= 0
    b *= 0
    return np.zeros((6, 3))


def in_place(x, W, U, b):
    """Right, and ends with everything it was given at 0."""
    h = np.zeros((len(x), len(b)))
    for t in range(len(x)):
        h[t] = W @ x[t] + b
        h[t] += U @ h[t - 1] if t else 0
        np.tanh(h[t], out=h[t])
    x *= 0
    W *= 0
    U *= 0
    b *= 0
    return h


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (rnn.check_h_3, 0.125, "h_4"),
        (rnn.check_h_3, 0, "still holds"),
        (rnn.check_h_3, 0.5, "Make one more step"),
        (rnn.check_h_3, 1, "Make two more steps"),
        (rnn.check_h_3, 1.5, "h_1 + h_2"),
        (rnn.check_h_3, 1.75, "all three states"),
        (rnn.check_h_3, (0, 25), "with a point"),
        (rnn.check_parameters, 40, "b has entries"),
        (rnn.check_parameters, 30, "3 columns"),
        (rnn.check_parameters, 35, "U again"),
        (rnn.check_parameters, 450, "10 copies"),
        (rnn.check_parameters, 50, "PyTorch"),
        (rnn.check_parameters, 44.96, "whole number"),
        (rnn.check_changed_states, {1, 2, 3}, "before x_2 was read"),
        (rnn.check_changed_states, {3, 4, 5}, "reads the changed input"),
        (rnn.check_changed_states, {2}, "second unit hears"),
        (rnn.check_changed_states, {2, 3, 4, 5}, "Which unit listens to the second one?"),
        (rnn.check_changed_states, {2, 4}, "Which unit listens to the second one?"),
        (rnn.check_changed_states, {2, 3, 6}, "from 1 to 5"),
        (rnn.check_changed_states, {2.9, 3}, "2.9 is not a whole number"),
        (rnn.check_changed_states, "23", "this is text"),
        (rnn.check_delay, [[0, 1, 0], [0, 0, 1], [0, 0, 0]], "transposed"),
        (rnn.check_delay, np.zeros((3, 3)), "Nothing reaches unit 3"),
        (rnn.check_delay, [[0, 0, 0], [0, 0, 0], [1, 0, 0]], "already returns 1 one step late"),
        (rnn.check_delay, [[0, 0, 0], [0.5, 0, 0], [0, 1, 0]], "returns 0.5 times the input"),
        (rnn.check_delay, [[0, 0, 0], [0, 0, 0], [0, 0, 1]], "Nothing reaches unit 3"),
        (rnn.check_delay, [[0, 0, 0], [1, 0, 0], [0, 1, 0.5]], "3 steps late the same input comes again"),
        (rnn.check_delay, [[0, 0, 1], [1, 0, 0], [0, 1, 0]], "5 steps late the same input comes again"),
        (rnn.check_delay, np.eye(2), "the shape of yours is (2, 2)"),
        (rnn.check_delay, 1, "the shape of yours is ()"),
        (rnn.check_half_life, 0.5, "one step"),
        (rnn.check_half_life, 0.975, "each step multiplies"),
        (rnn.check_half_life, 0.95, "a twentieth"),
        (rnn.check_half_life, 0.5**20, "leaves 0.5"),
        (rnn.check_half_life, 2**0.05, "doubles"),
        (rnn.check_half_life, 0.97, "more digits"),
        (rnn.check_order_blind, 0, "last input"),
        (rnn.check_order_blind, 0.9, "apart"),
        (rnn.check_order_blind, -1, "apart"),
        (rnn.check_order_blind, 1e300, "far more"),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: np.tanh(W @ x + b)), "has no effect"),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: W @ x + U @ h + b), "tanh is missing"),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: np.tanh(W @ x + U @ h)), "bias is missing"),
        (
            rnn.check_unroll,
            loop(lambda W, U, b, x, h: np.tanh(W @ x + U @ h - b)),
            "You subtracted the bias; add it.",
        ),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: np.tanh(W @ x + U.T @ h + b)), "You transposed U"),
        (
            rnn.check_unroll,
            loop(lambda W, U, b, x, h: np.tanh(W.T @ x + U @ h + b)),
            "do not fit (size 2",
        ),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: 1 / (1 + np.exp(-W @ x - U @ h - b))), "sigmoid"),
        (rnn.check_unroll, loop(give=lambda h: h[-1]), "last state"),
        (rnn.check_unroll, loop(give=lambda h: h[:-1]), "shifted by one"),
        (rnn.check_unroll, loop(give=lambda h: h), "one row too many"),
        (rnn.check_unroll, loop(give=lambda h: h[:0:-1]), "reverse order"),
        (rnn.check_unroll, loop(give=lambda h: h[1:].T), "exchanged"),
        (rnn.check_unroll, lambda x, W, U, b: loop()(x * 0 + x[0], W, U, b), "reads the first input"),
        (rnn.check_unroll, one_array, "you appended one array T times"),
        (rnn.check_unroll, spoiled, "values are not"),
        (
            rnn.check_unroll,
            lambda x, W, U, b: loop()(x[:, :2], W, U, b),
            "Right for T = 6, D = 2",
        ),
        (rnn.check_unroll, lambda x, W, U, b: loop()(x[:1], W, U, b), "inside the loop"),
        (rnn.check_unroll, lambda x, W, U, b: np.vstack([0 * b, loop()(x[1:], W, U, b)]), "never read"),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: np.tanh(W @ x) + U @ h + b), "brackets"),
        (rnn.check_unroll, loop(lambda W, U, b, x, h: np.tanh(W @ x + U @ h) + b), "brackets"),
        (rnn.check_half_life, -0.9659, "sign changes"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (rnn.check_unroll, in_place),
        (rnn.check_h_3, Fraction(1, 4)),
        (rnn.check_parameters, np.array(45.0)),
        (rnn.check_changed_states, range(2, 4)),
        (rnn.check_changed_states, [3, 2]),
        (rnn.check_delay, np.eye(3, k=-1)),
        (rnn.check_delay, [[0, 0, 0], [1, 0, 0], [0, 1.0, 0]]),
        (rnn.check_delay, [[0, 0, 0], [2, 0, 0], [0, 0.5, 0]]),
        (rnn.check_half_life, 0.9659),
        (rnn.check_half_life, 0.966),
        (rnn.check_order_blind, np.float32(1)),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right
