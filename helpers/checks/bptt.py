"""The checks of notebook 02."""

import numpy as np

from helpers import probes
from helpers.bptt import backprop, by_lag, unroll
from helpers.cells import RNN
from helpers.checks import call, check_array, check_number, is_open, left_open, not_yet, right


def check_two_back(answer):
    """What of an error of 1 at h_3 arrives at h_1, in a linear unit with w = 0.5."""
    return check_number(
        answer,
        _sent_back(0.5),
        task="Each step back multiplies by w. How many steps is it from h_3 to h_1?",
        why="Two steps back, two factors: 0.5 × 0.5 = 0.25. On its way forward, h_1 shrank in the same way.",
        mistakes=[
            (0.5, "That is what arrives at h_2. One more step back."),
            (0.125, "That is three steps back, at h_0."),
            (1.0, "A linear unit passes the error on times w, and w is 0.5."),
            (1.75, "Do not add up: only what comes along the path from h_3 to h_1 arrives there."),
        ],
    )


def _sent_back(w):
    cell = RNN(1, 1, activation="linear", rng=0)
    cell["U"] = w
    tape = unroll(cell, np.zeros((3, 1, 1)))
    return backprop(tape, np.ones((1, 1))).dh[1].item()


def check_send_back(function):
    """The learner's own way back: send_back(direct, h, U) gives dL/dh_t for all steps."""
    task = "Return an array of shape (T, H) with dL/dh_1 to dL/dh_T as its rows."
    rng = np.random.default_rng(5)
    cell = RNN(2, 3, rng=rng, init="orthogonal", gain=1.2)
    tape = unroll(cell, rng.standard_normal((6, 2, 1)))
    direct, h = rng.standard_normal((6, 3)), tape.h[:, :, 0]
    value, feedback = call(function, direct.copy(), h.copy(), cell.U.copy(), task=task)
    if feedback:
        return feedback
    if np.shape(value) == (7, 3):
        return not_yet("There is one row too many: h_0 is not asked for.")
    return check_array(
        value,
        backprop(tape, direct[:, :, None]).dh[1:, :, 0],
        task=task,
        why="Your loop and the engine agree at every step. That loop is back-propagation through time.",
        mistakes=_mistakes_on_the_way_back(direct, h, cell.U),
    )


def _mistakes_on_the_way_back(direct, h, U):
    def way(M, slope_of):
        total = direct.copy()
        for t in range(len(h) - 2, -1, -1):
            total[t] += M @ (slope_of(t) * total[t + 1])
        return total

    slopes = 1 - h**2
    return [
        (direct, "That is the direct part alone. Add what comes back from the step after."),
        (way(U, lambda t: slopes[t + 1]), "On the way back U is transposed: U.T."),
        (way(U.T, lambda t: 1), "The slope of tanh is missing: multiply by 1 - h**2 before U.T."),
        (
            way(U.T, lambda t: slopes[t]),
            "The slope belongs to the step the gradient comes from: 1 - h[t + 1]**2.",
        ),
    ]


def check_slope(function):
    """The learner's own finite difference: slope(f, w, eps), central."""
    task = "Return (f(w + eps) - f(w - eps)) / (2 * eps)."
    curves = [(np.tanh, 0.3, 1e-2), (np.exp, 1.0, 1e-3), (lambda w: w**3, 2.0, 1e-1)]
    for f, w, eps in curves:
        value, feedback = call(function, f, w, eps, task=task)
        if feedback:
            return feedback
        up, down = f(w + eps) - f(w), f(w) - f(w - eps)
        verdict = check_number(
            value,
            (up + down) / (2 * eps),
            near=1e-9,
            task=task,
            why="Its error falls with eps squared, so it can judge a gradient to many digits.",
            mistakes=[
                (
                    up / eps,
                    "That looks to one side only; look eps to both, and halve: the error is far smaller.",
                ),
                (
                    down / eps,
                    "That looks to one side only; look eps to both, and halve: the error is far smaller.",
                ),
                ((up + down) / eps, "From w - eps to w + eps it is 2 eps, not eps."),
                (up + down, "That is the rise; divide it by the run, 2 eps."),
            ],
        )
        if not verdict.right:
            return verdict
    return verdict


def check_lag_terms(answer):
    """The share of each lag in dh_4/dw of a linear unit with w = 0.5 that reads 2, 1, 1, 0."""
    cell = RNN(1, 1, activation="linear", rng=0)
    cell.put(W=1, U=0.5)
    tape = unroll(cell, np.array([2.0, 1, 1, 0]).reshape(4, 1, 1))
    h, h_prev, dh = tape.h[:, 0, 0], tape.h_prev[:, 0, 0], np.zeros((4, 1, 1))
    dh[-1] = 1
    terms = np.array([lag.weight_gradients()["U"].item() for lag in by_lag(tape, dh)])
    return check_array(
        answer,
        terms,
        task="Term by term: w**lag × h_(3 - lag), for the lags 0, 1, 2, 3.",
        why="2 + 1 + 0.5 + 0 = 3.5. Every state but the start was 2; each step back halves its say.",
        mistakes=[
            (terms[::-1], "Those are the right terms in the other order: begin with lag 0, the last step."),
            (h_prev[::-1], "Those are the states. The factor w**lag of the way back is missing."),
            (
                0.5 ** np.arange(4) * h[::-1],
                "At each step w multiplies the state before: h_3 at lag 0, not h_4.",
            ),
            (terms.cumsum(), "Those are the sums so far. One share for each lag is asked for."),
        ],
    )


def check_threshold_gain(answer):
    """The gain at which a tanh network keeps the size of its gradient, for inputs of size 0.25."""
    task = "Find the gain in the lab, with inputs of size 0.25, at which the factor is 1 to two digits."
    if is_open(answer):
        return left_open(task)
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return not_yet(f"A single number is expected; this is of type {type(answer).__name__}.")
    if not 0 < answer <= 3:
        return not_yet(f"The gain is a number above 0 and not above 3; this is {answer:g}.")
    factor = _factor_a_step(float(answer))
    if abs(factor - 1) < 0.005:
        return right(
            f"× {factor:.3f} a step. U must stretch by {answer:g} to make up for the slopes of tanh. With "
            "other inputs it would be another gain: there is no knob position that is right for all of them."
        )
    if answer == 1:
        return not_yet(f"That would be it without tanh. With its slopes below 1 it is × {factor:.3f} a step.")
    trend = "vanishes: more gain" if factor < 1 else "explodes: less gain"
    return not_yet(f"With gain {answer:g} it is × {factor:.3f} a step, so the gradient {trend}.")


def _factor_a_step(gain, T=100, H=32):
    cell = RNN(H, H, rng=np.random.default_rng(0))
    cell.W[:] = np.eye(H)
    cell.U[:] = gain * RNN(H, H, rng=np.random.default_rng(0), init="orthogonal").U
    tape = unroll(cell, 0.25 * np.random.default_rng(2).standard_normal((T, H, 1)))
    return 10 ** (probes.log_norms_dh_T(tape)[0] / T)


def check_clip(function):
    """The learner's own clipping by norm: clip(g, limit)."""
    task = "Return g as it is if its norm is at most limit; else g × limit / norm."
    long, short = np.array([3.0, 4.0]), np.array([0.03, 0.04])
    stretched = "A short gradient must stay as it is. You stretched (0.03, 0.04): that would be normalising."
    cases = [
        (long, 1.0, long / 5, [
            (np.clip(long, -1, 1), "That clips each number by itself, which turns the gradient: (1, 1)."),
            (long, "A gradient of norm 5 was to be shortened to norm 1; it is as it was."),
            (long / 25, "Divide by the norm, 5, not by its square."),
        ]),
        (short, 1.0, short, [(short / 0.05, stretched)]),
        (2 * long, 2.0, long * 0.4, [(long / 5, "Use the limit that is given: it was 2 here, not 1.")]),
    ]  # fmt: skip
    for g, limit, expected, mistakes in cases:
        value, feedback = call(function, g.copy(), limit, task=task)
        if feedback:
            return feedback
        why = (
            "Only the length changes. A short gradient stays short: clipping does nothing against vanishing."
        )
        verdict = check_array(value, expected, task=task, why=why, mistakes=mistakes)
        if not verdict.right:
            return verdict
    return verdict


def check_window(answer):
    """The smallest window that solves temporal order at T = 30."""
    return check_number(
        answer,
        _smallest_window(T=30),
        near=1e-9,
        task="Try windows in the lab above. The network must solve the task with k, but not with k - 1.",
        why=(
            "The second mark stands at step 16 to 19. With k = 12 errors reach back to step 19 and now and "
            "then meet it; with 11 they never do. The first mark, at step 4 to 7, is out of reach anyway: "
            "the network still uses it, since the state carries it forward."
        ),
        mistakes=[
            (30, "That is full BPTT. It is solved with less."),
            (27, "That would reach the first mark; errors need not go that far."),
            (15, "That reaches the second mark wherever it stands. Now and then is enough: try less."),
            (11, "Errors sent back 11 steps reach step 20. Where can the second mark stand?"),
        ],
    )


def _smallest_window(T):
    """The last step at which temporal order may show its second mark is 6T/10 + 1."""
    return T - (6 * T // 10 + 1) + 1
