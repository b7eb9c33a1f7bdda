"""The checks of the lesson on the GRU; its converter has a module of its own."""

import functools
import math

import numpy as np

from helpers.checks import all_right, call, exercise, judge_array, judge_number, not_yet, right
from helpers.checks.programmed import as_cell, stray_block
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, LSTM, RNN, sigmoid


@exercise("What is the new state? Write a number.")
def check_mix(answer):
    """The new state for z = 0.25, an old state of 0.8 and a candidate of -0.6."""
    return judge_number(
        answer,
        0.25 * 0.8 + 0.75 * -0.6,
        why="0.25 × 0.8 + 0.75 × (−0.6) = 0.2 − 0.45 = −0.25: a quarter old, three quarters new.",
        mistakes=[
            (0.75 * 0.8 + 0.25 * -0.6, "That takes three quarters of the old state. Here z keeps."),
            (0.25 * 0.8 + 0.75 * 0.6, "The two parts are added, and the candidate is negative."),
            (0.25 * 0.8, "That is what is kept. What does the candidate add?"),
            (0.75 * -0.6, "That is what the candidate adds. What is kept of the old state?"),
            (0.25 * 0.8 - 0.6, "That takes all of the candidate. Which share of it gets in?"),
            (0.25 * 0.8 + 0.25 * -0.6, "z goes to both parts. What is left for the candidate?"),
        ],
    )


@exercise("Write the step: return h_t, an array of shape (H,).")
def check_step(function):
    """The learner's own step: gru_step(x_t, h_prev, W, U, b) gives h_t."""
    return all_right(
        (_judge_step(function, D, H) for D, H in ((2, 3), (4, 2))),
        why="Your step and the engine agree. Two gates, one candidate, one mixture: that is a GRU.",
        later="Right for D = 2, H = 3, but for D = 4, H = 2",
    )


def _judge_step(function, D, H):
    rng = np.random.default_rng(11)
    cell = GRU(D, H, rng=rng, gain=2.0)
    cell["b"] = rng.standard_normal((3 * H, 1))
    x_t, h_prev = rng.standard_normal(D), rng.uniform(-1, 1, H)
    W, U, b = ({k: cell[f"{name}_{k}"] for k in "zrh"} for name in "WUb")
    given = x_t, h_prev, W, U, {k: one[:, 0] for k, one in b.items()}
    h_t = cell(x_t[:, None], h_prev[:, None])[:, 0]
    return judge_array(call(function, *given), h_t, mistakes=_mistakes_in_the_step(*given))


def _mistakes_in_the_step(x_t, h_prev, W, U, b):
    """Steps that go wrong in one known way."""

    def step(U=U, b=b, h=h_prev, gate=sigmoid, squash=np.tanh, order="zr", seen=None, mix=None):
        def a(k, recurrent):
            return W[k] @ x_t + recurrent + b[k]

        z, r = (gate(a(k, U[k] @ h)) for k in order)
        h_tilde = squash(seen(r) if seen else a("h", U["h"] @ (r * h)))
        return mix(z, h_tilde) if mix else z * h_prev + (1 - z) * h_tilde

    def each(change, blocks):
        return {k: change(block) for k, block in blocks.items()}

    wrong = [
        ("Your z writes. Here z_t is the share of the old state that is kept.", {
            "mix": lambda z, h_tilde: (1 - z) * h_prev + z * h_tilde,
        }),
        ("Your r multiplies the product. Here it multiplies h_prev before U_h does.", {
            "seen": lambda r: W["h"] @ x_t + r * (U["h"] @ h_prev) + b["h"],
        }),
        ("r_t belongs to h_prev alone.", {
            "seen": lambda r: r * (W["h"] @ x_t + U["h"] @ h_prev) + b["h"],
        }),
        ("r_t belongs to h_prev alone.", {
            "seen": lambda r: r * (W["h"] @ x_t + U["h"] @ h_prev + b["h"]),
        }),
        ("r_t belongs to h_prev alone.", {
            "seen": lambda r: W["h"] @ x_t + r * (U["h"] @ h_prev + b["h"]),
        }),
        ("The reset gate is missing: what does the candidate see of h_prev?", {
            "seen": lambda r: W["h"] @ x_t + U["h"] @ h_prev + b["h"],
        }),
        ("The candidate sees nothing of the old state.", {"seen": lambda r: W["h"] @ x_t + b["h"]}),
        ("The bias is missing.", {"b": each(np.zeros_like, b)}),
        ("The bias is added, not taken away.", {"b": each(np.negative, b)}),
        ("h_prev is missing: gates and candidate see the old state, too.", {"h": 0 * h_prev}),
        ("U is transposed; it is taken as it is.", {"U": each(np.transpose, U)}),
        ("The gates go through the sigmoid, not tanh.", {"gate": np.tanh}),
        ("The sigmoid is turned round: exp of minus its argument.", {"gate": lambda a: sigmoid(-a)}),
        ("The candidate goes through tanh, not a sigmoid.", {"squash": sigmoid}),
        ("The candidate goes through tanh, too.", {"squash": lambda a: a}),
        ("z_t and r_t are swapped.", {"order": "rz"}),
        ("Nothing of the old state is kept.", {"mix": lambda z, h_tilde: (1 - z) * h_tilde}),
        ("That is the candidate. How much of it gets in?", {"mix": lambda z, h_tilde: h_tilde}),
        ("The candidate is missing.", {"mix": lambda z, h_tilde: z * h_prev}),
        ("The candidate is added whole. Which share of it gets in?", {
            "mix": lambda z, h_tilde: z * h_prev + h_tilde,
        }),
        ("z goes to both parts. What is left for the candidate?", {
            "mix": lambda z, h_tilde: z * h_prev + z * h_tilde,
        }),
    ]  # fmt: skip
    return [(step(**change), hint) for hint, change in wrong]


@exercise("Which b_z halves a gradient on the direct path in exactly 20 steps? Write three digits.")
def check_keep_bias(answer):
    """The bias b_z with which the direct road halves in 20 steps."""
    keep = 0.5 ** (1 / 20)
    return judge_number(
        answer,
        math.log(keep / (1 - keep)),
        near=5e-3,
        why="z = 0.5**(1/20) = 0.966, and b_z = ln(z / (1 − z)) = 3.345.",
        mistakes=[
            (keep, "That is z itself. Which pre-activation has this sigmoid?"),
            (-math.log(keep / (1 - keep)), "That is the bias for z that writes. Here z keeps."),
            (20.0, "A bias of 20 keeps for hundreds of millions of steps: a sigmoid comes close to 1 fast."),
            (math.log(19), "That is z = 0.95, which loses 1/20 at each step. The losses multiply."),
            (math.log(20), "That halves in 14 steps: ln T is a good start, but not the answer here."),
            (math.log(keep), "That is ln z. Turn the sigmoid round: which number has z as its sigmoid?"),
            (float(sigmoid(keep)), "That takes the sigmoid of z. z is one already: turn it round."),
        ],
    )


@exercise("What reaches the candidate if r comes before the product, and if it comes after? Write two pairs.")
def check_reset_orders(before, after):
    """What reaches the candidate from U_h = [[0, 1], [1, 0]], r = (1, 0), h_prev = (0.5, 0.2)."""
    U_h, r, h_prev = np.array([[0.0, 1], [1, 0]]), np.array([1.0, 0]), np.array([0.5, 0.2])
    first, then = U_h @ (r * h_prev), r * (U_h @ h_prev)
    no_reset = (U_h @ h_prev, "That is U_h h_prev. Where is r?")
    no_product = (r * h_prev, "That is r * h_prev. U_h, which swaps the two, is still missing.")
    verdicts = [
        judge_array(before, first, mistakes=[
            (then, "There the product comes first, and then r."), no_reset, no_product,
        ]).about("before"),
        judge_array(after, then, mistakes=[
            (first, "There r comes first, and then the product."), no_reset, no_product,
        ]).about("after"),
    ]  # fmt: skip
    why = "Before: unit 2 hears of unit 1. After: unit 1 hears of unit 2. The same r, another unit."
    return all_right(verdicts, why)


@exercise("How many units may the GRU have? Write a whole number.")
def check_budget(answer):
    """The most units of a GRU within the parameters of an LSTM with D = 3, H = 20."""
    quadratic = "Parameters grow with H times H: a third more room does not give a third more units."
    return judge_number(
        answer,
        _most_units(),
        whole=True,
        why="3 × 23 × 27 = 1863 fits, and 3 × 24 × 28 = 2016 does not: the LSTM has 1920.",
        mistakes=[
            (80 / 3, quadratic),
            (26, quadratic),
            (27, quadratic),
            (24, "Too many: with 24 units the GRU has 2016 parameters."),
            (20, "With 20 units the GRU has 1440 parameters: there is room left."),
        ],
    )


@functools.cache
def _most_units():
    budget = LSTM(3, 20, init="zeros").n_parameters
    return max(H for H in range(1, 40) if GRU(3, H, init="zeros").n_parameters <= budget)


@exercise("Set biases of the GRU you are given so that it becomes the plain RNN, and return it.")
def check_plain(function):
    """The learner's function that sets a GRU's gates so that it becomes the plain RNN."""
    rng = np.random.default_rng(3)
    given, x = GRU(2, 4, rng=rng, gain=2.0), rng.standard_normal((12, 2, 1))
    given["b_h"] = rng.uniform(0.3, 0.9, (4, 1))
    answer = call(function, given)
    cell, stray = as_cell(answer, given, "gru"), stray_block(answer, given, "gru")
    if any((cell[block] != given[block]).any() for block in ("W_h", "U_h", "b_h")):
        return not_yet("W_h, U_h and b_h must stay as they are: only the gates are to be set.")
    rnn = RNN(2, 4, init="zeros").put(W=given["W_h"], U=given["U_h"], b=given["b_h"])
    tape = unroll(cell, x)
    verdict = _judge_plain(tape.z, tape.r, np.abs(tape.h - unroll(rnn, x).h).max())
    return verdict if verdict.right or not stray else not_yet(stray)


def _judge_plain(z, r, apart):
    if apart < 1e-9:
        return right("r = 1 shows the candidate the whole state, z = 0 keeps nothing: that is the plain RNN.")
    if z.min() > 0.9:
        return not_yet("z is near 1, so the old state is kept and the input shut out.")
    if z.max() > 0.1:
        return not_yet("z is not 0: a part of the old state is kept, which a plain RNN cannot do.")
    if r.min() < 0.9:
        return not_yet("z is 0, but r is not 1: the candidate does not see the whole old state.")
    return not_yet(f"Close: {apart:.2g} apart at most. A larger bias makes the sigmoid exactly 0 or 1.")
