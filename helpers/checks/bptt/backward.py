"""The checks of lesson 2 that ask for the backward pass, for a slope, and for the lags of a gradient."""

import numpy as np

from helpers.checks import all_right, call, exercise, judge_array, judge_number, mistakes_of
from helpers.engine.bptt import backprop, by_lag, unroll
from helpers.engine.cells import RNN


@exercise("What arrives at h_1? Write a number.")
def check_two_back(answer):
    """What arrives at h_1 of an error signal of 1 at h_3, in a linear unit with w = 0.5."""
    return judge_number(
        answer,
        _sent_back(0.5),
        why="Two steps back, two factors: 0.5 × 0.5 = 0.25. Going forward, h_1 shrank in the same way.",
        mistakes=[
            (0.5, "That is what arrives at h_2. Go one more step back."),
            (0.125, "That is three steps back, at h_0."),
            (1.0, "You sent it back unchanged. Each step of a linear unit multiplies it by w, and w is 0.5."),
            (
                1.75,
                "You added up what arrives at all three states. What arrives at h_1 alone?",
            ),
            (4.0, "You divided by w at each step. Going back, too, each step multiplies by w."),
            (0.0, "Only step 3 has a target, but h_3 is made from h_2, and h_2 from h_1."),
        ],
    )


def _sent_back(w):
    cell = RNN(1, 1, activation="linear", init="zeros").put(U=w)
    tape = unroll(cell, np.zeros((3, 1, 1)))
    return backprop(tape, np.ones((1, 1))).dh[1].item()


@exercise("Write the backward loop: return dL/dh_t for all steps, an array of shape (T, H).")
def check_send_back(function):
    """The learner's own backward loop: send_back(direct, h, U) gives dL/dh_t for all steps."""
    return all_right(
        (_judge_backward_loop(function, T, H) for T, H in ((6, 3), (4, 2))),
        why=(
            "Your loop and this course's library agree at every step. That loop is back-propagation through "
            "time."
        ),
        later="Right for T = 6, H = 3, but for T = 4, H = 2",
    )


def _judge_backward_loop(function, T, H):
    rng = np.random.default_rng(5)
    cell = RNN(2, H, rng=rng, init="orthogonal", gain=1.2)
    tape = unroll(cell, rng.standard_normal((T, 2, 1)))
    direct, h, U = rng.standard_normal((T, H)), tape.h[:, :, 0], cell.U
    total = backprop(tape, direct[:, :, None]).dh[1:, :, 0]
    return judge_array(
        call(function, direct, h, U), total, mistakes=mistakes_of(IN_THE_BACKWARD_LOOP, direct, h, U)
    )


def _right_part(U, slope, total, t):
    return U.T @ (slope[t + 1] * total[t + 1])


def _loop(direct, h, U, part=_right_part, first=2, last=0):
    """The backward loop with a part exchanged: part(U, slope, total, t) is added to row t."""
    total, slope = direct.copy(), 1 - h**2
    for t in range(len(h) - first, last - 1, -1):
        total[t] += part(U, slope, total, t)
    return total


def _forwards(direct, h, U):
    total, slope = direct.copy(), 1 - h**2
    for t in range(len(h) - 1):
        total[t] += _right_part(U, slope, total, t)
    return total


def _one_too_far(direct, h, U):
    total, slope = direct.copy(), 1 - h**2
    for t in range(len(h) - 1, -1, -1):
        total[t - 1] += U.T @ (slope[t] * total[t])
    return total


def _last_direct_only(direct, h, U):
    return _loop(np.concatenate([0 * direct[:-1], direct[-1:]]), h, U)


def _with_h_0(direct, h, U):
    total = _loop(direct, h, U)
    return np.concatenate([(U.T @ ((1 - h[0] ** 2) * total[0]))[None], total])


IN_THE_BACKWARD_LOOP = [
    ("That is the direct part alone. Add what comes back from the step after.", lambda d, h, U: d),
    (
        "You used U as it is. In the backward pass take U.T.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: U @ (s[t + 1] * total[t + 1])),
    ),
    (
        "The slope of tanh is missing.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: U.T @ total[t + 1]),
    ),
    (
        "You took the slope of row t. It belongs to the step that the error signal comes from, row t + 1.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: U.T @ (s[t] * total[t + 1])),
    ),
    (
        "You multiplied by the slope after U.T. Go back through tanh first, then through U.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: s[t + 1] * (U.T @ total[t + 1])),
    ),
    (
        "Python multiplies from left to right: put brackets around slope times error signal, then apply U.T.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: (U.T @ s[t + 1]) * total[t + 1]),
    ),
    (
        "You multiplied by the slope after U.T, and it is the slope of row t. Take row t + 1, before U.T.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: s[t] * (U.T @ total[t + 1])),
    ),
    (
        "You wrote (1 - h)**2. The slope is 1 - h**2.",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: U.T @ ((1 - h[t + 1]) ** 2 * total[t + 1])),
    ),
    (
        "You multiplied by h itself. What is the slope of tanh there?",
        lambda d, h, U: _loop(d, h, U, lambda U, s, total, t: U.T @ (h[t + 1] * total[t + 1])),
    ),
    (
        "h has gone through tanh already. Its slope, 1 - h**2, needs no further tanh.",
        lambda d, h, U: _loop(
            d, h, U, lambda U, s, total, t: U.T @ ((1 - np.tanh(h[t + 1]) ** 2) * total[t + 1])
        ),
    ),
    (
        "Each row receives only the next step's direct part. Start at the last row, and pass on the "
        "whole sum each time.",
        _forwards,
    ),
    ("The direct part of the steps before the last is missing.", _last_direct_only),
    ("The loop goes one step too far: at its end, index -1 is the last row again.", _one_too_far),
    (
        "The loop ends too early: nothing comes back to the first row.",
        lambda d, h, U: _loop(d, h, U, last=1),
    ),
    (
        "The loop starts too late: nothing comes back to the second-to-last row.",
        lambda d, h, U: _loop(d, h, U, first=3),
    ),
    ("There is one row too many: leave h_0 out.", _with_h_0),
    ("The rows are in reverse order: the first row is step 1.", lambda d, h, U: _loop(d, h, U)[::-1]),
    (
        "You subtracted what comes back; add it.",
        lambda d, h, U: _loop(d, h, U, lambda *given: -_right_part(*given)),
    ),
]
"""The known mistakes in the backward loop: a hint, and what returns the same."""


@exercise("Write the central difference: return the slope of f at w, a number.")
def check_slope(function):
    """The learner's own finite difference: slope(f, w, eps), central."""
    curves = [(np.tanh, 0.3, 1e-2), (np.exp, 1.0, 1e-3), (_cube, 2.0, 1e-1)]
    return all_right(
        (_judge_slope(function, *curve) for curve in curves),
        why="Its error falls with eps squared, so it can check a gradient to many digits.",
    )


def _cube(w):
    return w**3


ONE_SIDE = "You step to one side only. Step to both: the error is far smaller."


def _judge_slope(function, f, w, eps):
    up, down = float(f(w + eps) - f(w)), float(f(w) - f(w - eps))
    half = float(f(w + eps / 2) - f(w - eps / 2))
    return judge_number(
        call(function, f, w, eps),
        (up + down) / (2 * eps),
        near=1e-9,
        mistakes=[
            (up / eps, ONE_SIDE),
            (down / eps, ONE_SIDE),
            ((up + down) / eps, "You divided by eps. How far is it from w - eps to w + eps?"),
            ((up + down) / 2 * eps, "Python divides by 2 and then multiplies by eps: use brackets."),
            (half / eps, "You step eps/2 to each side; step the full eps."),
            (up + down, "That is the rise; divide it by the distance from w - eps to w + eps."),
            (-(up + down) / (2 * eps), "The sign is wrong: the rise is f(w + eps) - f(w - eps)."),
            (float(f(w)), "That is f itself. Return its slope."),
        ],
    )


@exercise("What does each lag contribute? Write four numbers, lag 0 first.")
def check_lag_terms(answer):
    """What each lag contributes to dh_4/dw of a linear unit with w = 0.5 that reads 2, 1, 1, 0."""
    cell = RNN(1, 1, activation="linear", init="zeros").put(W=1, U=0.5)
    tape = unroll(cell, np.array([2.0, 1, 1, 0]).reshape(4, 1, 1))
    h, h_prev, direct = tape.h[:, 0, 0], tape.h_prev[:, 0, 0], np.zeros((4, 1, 1))
    direct[-1] = 1
    terms = np.array([lag.weight_gradients()["U"].item() for lag in by_lag(tape, direct)])
    return judge_array(
        answer,
        terms,
        why="2 + 1 + 0.5 + 0 = 3.5. w multiplied 2, 2, 2 and 0; each step back halves the contribution.",
        mistakes=[
            (terms[::-1], "You began with the longest lag. Begin with lag 0, the last step."),
            (h_prev[::-1], "Those are the states that w multiplied. The backward pass has factors, too."),
            (h_prev, "Those are the states, the first step first. The backward pass has factors, too."),
            (0.5 ** np.arange(4), "Those are the factors of the backward pass. What did w multiply there?"),
            (0.5 ** np.arange(4) * h[::-1], "You took h_t. At step t, w multiplies the state *before* it."),
            (0.5 ** np.arange(1, 5) * h_prev[::-1], "One factor too many: at lag 0 there is no step back."),
            (terms.cumsum(), "Those are the sums so far. Write one contribution for each lag."),
            ([2, 1, 0.5, 0.25], "At lag 3, w multiplied the state before the first step. Which one is it?"),
            ([2, 1, 1, 0], "Those are the inputs. What did w multiply at each step?"),
            (terms[:3], "One is missing: which state did w multiply at the first step?"),
            (terms.sum(), "That is their sum. Write one contribution for each lag."),
        ],
    )
