"""The checks of the lesson on back-propagation through time."""

import numpy as np

from helpers.checks import all_right, as_number, call, exercise, judge_array, judge_number, not_yet, right
from helpers.engine import probes
from helpers.engine.bptt import backprop, by_lag, unroll
from helpers.engine.cells import RNN


@exercise("What arrives at h_1? Write a number.")
def check_two_back(answer):
    """What of an error of 1 at h_3 arrives at h_1, in a linear unit with w = 0.5."""
    return judge_number(
        answer,
        _sent_back(0.5),
        why="Two steps back, two factors: 0.5 × 0.5 = 0.25. On its way forward, h_1 shrank in the same way.",
        mistakes=[
            (0.5, "That is what arrives at h_2. One more step back."),
            (0.125, "That is three steps back, at h_0."),
            (1.0, "A linear unit passes the error on times w, and w is 0.5."),
            (1.75, "Do not add up: only what comes along the path from h_3 to h_1 arrives there."),
            (4.0, "On the way back, too, each step multiplies by w."),
            (
                0.0,
                "The error is at step 3, but h_3 is made from h_2, and h_2 from h_1.",
            ),
        ],
    )


def _sent_back(w):
    cell = RNN(1, 1, activation="linear", init="zeros").put(U=w)
    tape = unroll(cell, np.zeros((3, 1, 1)))
    return backprop(tape, np.ones((1, 1))).dh[1].item()


@exercise("Write the walk: give back dL/dh_t for all steps, an array of shape (T, H).")
def check_send_back(function):
    """The learner's own way back: send_back(direct, h, U) gives dL/dh_t for all steps."""
    return all_right(
        (_judge_way_back(function, T, H) for T, H in ((6, 3), (4, 2))),
        why="Your loop and the engine agree at every step. That loop is back-propagation through time.",
        later="Right for T = 6, H = 3, but for T = 4, H = 2",
    )


def _judge_way_back(function, T, H):
    rng = np.random.default_rng(5)
    cell = RNN(2, H, rng=rng, init="orthogonal", gain=1.2)
    tape = unroll(cell, rng.standard_normal((T, 2, 1)))
    direct, h, U = rng.standard_normal((T, H)), tape.h[:, :, 0], cell.U
    total = backprop(tape, direct[:, :, None]).dh[1:, :, 0]
    return judge_array(call(function, direct, h, U), total, mistakes=_mistakes_on_the_way_back(direct, h, U))


def _mistakes_on_the_way_back(direct, h, U):
    slope, steps = 1 - h**2, range(len(h) - 2, -1, -1)

    def back(t, total):
        return U.T @ (slope[t + 1] * total[t + 1])

    def way(back=back, steps=steps, start=direct):
        total = start.copy()
        for t in steps:
            total[t] += back(t, total)
        return total

    last_alone, one_too_far = direct.copy(), direct.copy()
    last_alone[:-1] = 0
    for t in range(len(h) - 1, -1, -1):
        one_too_far[t - 1] += U.T @ (slope[t] * one_too_far[t])
    one_step = (
        "Each row hears of the next step's own error only. Does the loop start at the end, and does it "
        "pass on all that has arrived?"
    )
    place = "The slope belongs to the step that the gradient comes from, which is the later one."
    h_0 = (U.T @ (slope[0] * way()[0]))[None]
    return [
        (direct, "That is the direct part alone. Add what comes back from the step after."),
        (way(lambda t, total: U @ (slope[t + 1] * total[t + 1])), "On the way back U is transposed."),
        (way(lambda t, total: U.T @ total[t + 1]), "The slope of tanh is missing."),
        (way(lambda t, total: U.T @ (slope[t] * total[t + 1])), place),
        (
            way(lambda t, total: slope[t + 1] * (U.T @ total[t + 1])),
            "The slope stands outside the product with U.T. Back through tanh first, then through U.",
        ),
        (
            way(lambda t, total: (U.T @ slope[t + 1]) * total[t + 1]),
            "Python multiplies from left to right: brackets around slope times gradient, then U.T.",
        ),
        (
            way(lambda t, total: U.T @ ((1 - h[t + 1]) ** 2 * total[t + 1])),
            "(1 - h)**2 is another number than 1 - h**2.",
        ),
        (
            way(lambda t, total: slope[t] * (U.T @ total[t + 1])),
            "The slope stands outside the product with U.T, and it is the slope of another step.",
        ),
        (
            way(lambda t, total: U.T @ (h[t + 1] * total[t + 1])),
            "That multiplies by h itself. What is the slope of tanh there?",
        ),
        (
            way(lambda t, total: U.T @ ((1 - np.tanh(h[t + 1]) ** 2) * total[t + 1])),
            "h has gone through tanh already: its slope needs no tanh any more.",
        ),
        (way(steps=range(len(h) - 1)), one_step),
        (way(start=last_alone), "The direct part of the steps before the last is missing."),
        (one_too_far, "The loop goes one step too far: at its end, index -1 is the last row again."),
        (
            way(steps=steps[:-1]),
            "The loop ends too early: nothing comes back to the first row.",
        ),
        (way(steps=steps[1:]), "The loop starts too late: nothing comes back to the last row but one."),
        (np.concatenate([h_0, way()]), "There is one row too many: h_0 is not asked for."),
        (way()[::-1], "Those rows are in the other order: the first row is step 1."),
        (way(lambda t, total: -back(t, total)), "What comes back is added, not taken away."),
    ]


@exercise("Complete the judge: give back the slope of f at w, a number.")
def check_slope(function):
    """The learner's own finite difference: slope(f, w, eps), central."""
    curves = [(np.tanh, 0.3, 1e-2), (np.exp, 1.0, 1e-3), (_cube, 2.0, 1e-1)]
    return all_right(
        (_judge_slope(function, *curve) for curve in curves),
        why="Its error falls with eps squared, so it can judge a gradient to many digits.",
    )


def _cube(w):
    return w**3


def _judge_slope(function, f, w, eps):
    up, down = float(f(w + eps) - f(w)), float(f(w) - f(w - eps))
    one_side = "That looks to one side only. Look to both: the error is far smaller."
    half = float(f(w + eps / 2) - f(w - eps / 2))
    return judge_number(
        call(function, f, w, eps),
        (up + down) / (2 * eps),
        near=1e-9,
        mistakes=[
            (up / eps, one_side),
            (down / eps, one_side),
            ((up + down) / eps, "How far is it from w - eps to w + eps? More than eps."),
            ((up + down) / 2 * eps, "Python divides by 2 and then multiplies by eps: use brackets."),
            (half / eps, "That looks half of eps to each side; look all of it."),
            (up + down, "That is the rise; divide it by the run."),
            (-(up + down) / (2 * eps), "The sign: the rise is what f gains from left to right."),
            (float(f(w)), "That is f itself. Its slope is asked for."),
        ],
    )


@exercise("What is the share of each lag? Write four numbers, lag 0 first.")
def check_lag_terms(answer):
    """The share of each lag in dh_4/dw of a linear unit with w = 0.5 that reads 2, 1, 1, 0."""
    cell = RNN(1, 1, activation="linear", init="zeros").put(W=1, U=0.5)
    tape = unroll(cell, np.array([2.0, 1, 1, 0]).reshape(4, 1, 1))
    h, h_prev, direct = tape.h[:, 0, 0], tape.h_prev[:, 0, 0], np.zeros((4, 1, 1))
    direct[-1] = 1
    terms = np.array([lag.weight_gradients()["U"].item() for lag in by_lag(tape, direct)])
    return judge_array(
        answer,
        terms,
        why="2 + 1 + 0.5 + 0 = 3.5. w multiplied 2, 2, 2 and 0; each step back halves its say.",
        mistakes=[
            (terms[::-1], "Those are the right terms in the other order: begin with lag 0, the last step."),
            (h_prev[::-1], "Those are the states. The way back has factors, too."),
            (h_prev, "Those are the states, the first step first. The way back has factors, too."),
            (0.5 ** np.arange(4), "Those are the factors of the way back. What did w multiply there?"),
            (0.5 ** np.arange(4) * h[::-1], "At each step w multiplies the state *before* it."),
            (
                0.5 ** np.arange(1, 5) * h_prev[::-1],
                "One factor too many: at lag 0 there is no step back.",
            ),
            (terms.cumsum(), "Those are the sums so far. One share for each lag is asked for."),
            ([2, 1, 0.5, 0.25], "At lag 3, w multiplied the state before the first. Which one is it?"),
            ([2, 1, 1, 0], "Those are the inputs. What did w multiply at each step?"),
            (terms[:3], "One is missing: which state did w multiply at the first step?"),
            (terms.sum(), "That is their sum. One share for each lag is asked for."),
        ],
    )


@exercise("Find the gain at which the gradient keeps its size, with inputs of size 0.25. Write a number.")
def check_threshold_gain(answer):
    """The gain at which a tanh network keeps the size of its gradient, for inputs of size 0.25."""
    gain = as_number(answer)
    if not 0 < gain <= 3:
        return not_yet(f"The gain is a number above 0 and not above 3; this is {gain:g}.")
    factor = _factor_per_step(gain)
    if abs(factor - 1) < 0.005:
        return right(
            f"× {factor:.3f} a step. U must stretch by {gain:g} to make up for the slopes of tanh. With "
            "other inputs it would be another gain: there is no knob position that is right for all of them."
        )
    if gain == 1:
        return not_yet(f"That would be it without tanh. With its slopes below 1 it is × {factor:.3f} a step.")
    trend = "vanishes: more gain" if factor < 1 else "explodes: less gain"
    return not_yet(f"With gain {gain:g} it is × {factor:.3f} a step, so the gradient {trend}.")


def _factor_per_step(gain, T=100, H=32):
    cell = RNN(H, H, rng=np.random.default_rng(0))
    cell.W[:] = np.eye(H)
    cell.U[:] = gain * RNN(H, H, rng=np.random.default_rng(0), init="orthogonal").U
    tape = unroll(cell, 0.25 * np.random.default_rng(2).standard_normal((T, H, 1)))
    return probes.factor_per_step(probes.log_norms_dh_T(tape))
