"""The hints of the lesson on gates without h: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN, without_h
from helpers.engine.cells import GRU, LSTM
from tests.engine.plain import sigmoid
from tests.lessons.lesson import solution_of

SCAN = solution_of(without_h.check_scan)


def hint(feedback, word):
    assert feedback.mark == NOT_YET
    assert word in feedback.message, feedback.message


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (-0.25, "Here z writes"),
        (0.65, "Keep 1 − z"),
        (0.2, "added the two"),
        (0.75, "dropped the sign"),
        (0.6, "what is kept"),
    ],
)
def test_a_known_mistake_in_the_mixture(answer, word):
    hint(without_h.check_min_mix(answer), word)


def step(mix=lambda z, c, h: (1 - z) * h + z * c, bias=1.0, last=lambda h: h, squash=sigmoid):
    def min_gru_step(x_t, h_prev, W, b):
        z = squash(W["z"] @ x_t + bias * b["z"])
        return last(mix(z, W["h"] @ x_t + bias * b["h"], h_prev))

    return min_gru_step


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (step(mix=lambda z, c, h: z * h + (1 - z) * c), "Your z keeps"),
        (step(mix=lambda z, c, h: (1 - z) * h + z * np.tanh(c)), "with tanh"),
        (step(mix=lambda z, c, h: c), "You returned the candidate"),
        (step(mix=lambda z, c, h: (1 - z) * h), "You left out the candidate"),
        (step(mix=lambda z, c, h: z * c), "You left out the old state"),
        (step(mix=lambda z, c, h: h + z * c), "You kept all of the old state"),
        (step(mix=lambda z, c, h: z), "You returned z"),
        (step(bias=0), "You left out the biases"),
        (step(squash=lambda a: a), "You left out the sigmoid of z"),
        (step(last=lambda h: h[:, None]), "The shape should be (3,)"),
        (step(last=lambda h: h + np.zeros(3)), "Right for D = 2, H = 3, but for D = 4, H = 2"),
    ],
)
def test_a_known_mistake_in_the_step(answer, word):
    hint(without_h.check_min_step(answer), word)


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        (((0.25, 5), (0.125, 1.5), (0.0625, 2)), "one_two: You took the later step first"),
        (((0.25, 6), (0.125, 1.5), (0.0625, 2)), "one_two: You only added the b"),
        (((1.0, 4), (0.125, 1.5), (0.0625, 2)), "one_two: You added the two a"),
        (((0.25, 4), (0.125, 0.5), (0.0625, 2)), "two_three: You left out the b"),
        (((0.25, 4), (0.125, 1.25), (0.0625, 2)), "two_three: The earlier b is multiplied"),
        (((0.25, 4), (0.125, 1.5), (0.0625, 5)), "all_three: You only added the b"),
        (((4, 0.25), (0.125, 1.5), (0.0625, 2)), "one_two: Write the a of the pair first"),
        (((0.25, 4), (0.125, 1.5), 2), "all_three: An array of shape (2,) is expected"),
    ],
)
def test_a_known_mistake_in_the_pairs(answers, word):
    hint(without_h.check_combine(*answers), word)


def looped(a, b):
    h, found = 0.0, []
    for t in range(len(b)):
        h = a[t] * h + b[t]
        found.append(h)
    return np.array(found)


def zipped(a, b):
    h, found = 0.0, []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        found.append(h)
    return np.array(found)


def of_lists(a, b):
    h, found = 0.0, []
    for a_t, b_t in zip(a.tolist(), b.tolist(), strict=True):
        h = a_t * h + b_t
        found.append(h)
    return np.array(found)


def scanned(a, b, grow=lambda reach: 2 * reach, a_first=False):
    reach = 1
    while reach < len(a):
        new_a = np.concatenate([a[:reach], a[:-reach] * a[reach:]])
        a = new_a if a_first else a
        b = np.concatenate([b[:reach], a[reach:] * b[:-reach] + b[reach:]])
        a, reach = new_a, grow(reach)
    return b


def shortcut(a, b):
    p = np.cumprod(a)
    return p * np.cumsum(b / p)


def doubling(combine):
    return lambda a, b: without_h._doubling(a, b, combine)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (looped, "one after the other"),
        (zipped, "one after the other"),
        (of_lists, "one after the other"),
        (lambda a, b: scanned(a, b, a_first=True), "You replaced a before you used it"),
        (lambda a, b: scanned(a, b, grow=lambda reach: reach + 1), "Your reach grows by 1"),
        (shortcut, "a quotient of such products fails"),
        (lambda a, b: np.cumsum(b), "You only added the b"),
        (lambda a, b: np.cumprod(a), "You returned the a of the pairs"),
        (lambda a, b: np.concatenate([b[:1], a[1:] * b[:-1] + b[1:]]), "the first round only"),
        (doubling(lambda p, q: (p[0] * q[0], p[0] * q[1] + p[1])), "You took the later step first"),
        (doubling(lambda p, q: (q[0], q[0] * p[1] + q[1])), "left the a as they were"),
        (lambda a, b: SCAN(a[:5], b[:5]), "With T = 8"),
        (lambda a, b: SCAN(a, b)[:, None], "The shape should be (5,)"),
        (lambda a, b: b[:0] if a.sum() else None, "The shape should be (5,)"),
    ],
)
def test_a_known_mistake_in_the_scan(answer, word):
    hint(without_h.check_scan(answer), word)


def test_feedback_on_the_first_length_names_no_length():
    assert without_h.check_scan(lambda a, b: b).message.startswith("The shape is right")
    assert without_h.check_scan(scanned).right


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ((0.96, 0.1225), "lam: That is λ²"),
        ((1.0, 0.1225), "lam: With λ = 1"),
        ((0.9715, 0.1225), "lam: That halves the mark"),
        ((0.98, 0.6127), "ratio: That is what is left of the mark"),
        ((0.98, 0.2), "ratio: That leaves out"),
        ((0.98, 0.0245), "ratio: You divided by the variance"),
        ((0.98, 0.1235), "ratio: That is close. Keep more digits"),
    ],
)
def test_a_known_mistake_in_the_ceiling(answers, word):
    hint(without_h.check_ceiling(*answers), word)


def programmed(**blocks):
    def program(gru):
        return gru.put(**{"b_z": 20, "W_z": -40, "b_r": 20, "U_h": -3} | blocks)

    return program


def stray(gru):
    gru.b_z = 20
    return gru


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda gru: gru, "U_h is 0"),
        (programmed(b_z=-20), "At a 0 the state has to stay, but z is 0.00"),
        (programmed(W_z=0), "At a 1 the state has to change, but z is 1.00"),
        (programmed(b_r=-20), "the candidate has to see the old state, but r is 0.00"),
        (programmed(U_h=3), "U_h is 3, so the candidate does not take the other sign"),
        (programmed(U_h=-1), "each flip makes the state smaller"),
        (programmed(b_z=2, W_z=-4), "bring the one closer to 1"),
        (stray, "gru.b_z = ... sets nothing in the GRU"),
        (lambda gru: LSTM(1, 1, rng=0), "A GRU is expected"),
        (lambda gru: GRU(2, 1, rng=0), "D = 1 and H = 1"),
    ],
)
def test_a_known_mistake_in_the_flip(answer, word):
    hint(without_h.check_parity(answer), word)


def test_other_programs_that_flip_are_right_too():
    assert without_h.check_parity(programmed(b_z=12, W_z=-24, U_h=-2.5)).right
    assert without_h.check_parity(programmed(b_r=0, U_h=-6)).right


def test_an_unanswered_exercise_is_open():
    assert without_h.check_ceiling(..., 0.1).mark == OPEN
    assert without_h.check_parity(lambda gru: ...).mark == OPEN
