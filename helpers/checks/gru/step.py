"""The checks on one step of a GRU: a new state by hand, and the step that a learner writes."""

import numpy as np

from helpers.checks import all_right, call, exercise, judge_array, judge_number, mistakes_of
from helpers.engine.cells import GRU, sigmoid


@exercise("What is the new state? Write a number.")
def check_mix(answer):
    """The new state for z = 0.25, an old state of 0.8 and a candidate of -0.6."""
    return judge_number(
        answer,
        0.25 * 0.8 + 0.75 * -0.6,
        why="0.25 × 0.8 + 0.75 × (−0.6) = 0.2 − 0.45 = −0.25: a quarter is old, three quarters are new.",
        mistakes=[
            (0.75 * 0.8 + 0.25 * -0.6, "You kept three quarters of the old state. Here z keeps."),
            (0.25 * 0.8 + 0.75 * 0.6, "You added 0.6; the candidate is negative."),
            (0.25 * 0.8, "That is what is kept. What does the candidate add?"),
            (0.75 * -0.6, "That is what the candidate adds. What is kept of the old state?"),
            (0.25 * 0.8 - 0.6, "You added all of the candidate. What fraction of it gets in?"),
            (0.25 * 0.8 + 0.25 * -0.6, "You multiplied both parts by z. What is left for the candidate?"),
        ],
    )


@exercise("Write the step: return h_t, an array of shape (H,).")
def check_step(function):
    """The learner's own step: gru_step(x_t, h_prev, W, U, b) returns h_t."""
    return all_right(
        (_judge_step(function, D, H) for D, H in ((2, 3), (4, 2))),
        why="Your step and the library's agree. Two gates, one candidate, one mixture: that is a GRU.",
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
    return judge_array(call(function, *given), h_t, mistakes=mistakes_of(MISTAKES, *given))


def _step(gate=sigmoid, squash=np.tanh, gates="zr", state=1, transposed=False, bias=1, seen=None, mix=None):
    """A step with one thing changed; without arguments, the right one."""

    def step(x_t, h_prev, W, U, b):
        h = state * h_prev
        W_x_b = {k: W[k] @ x_t + bias * b[k] for k in W}
        U_k = {k: block.T if transposed else block for k, block in U.items()}
        z, r = (gate(W_x_b[k] + U_k[k] @ h) for k in gates)
        reads = seen(r, U["h"] @ h, W["h"] @ x_t, b["h"]) if seen else W_x_b["h"] + U_k["h"] @ (r * h)
        h_tilde = squash(reads)
        return mix(z, h_prev, h_tilde) if mix else z * h_prev + (1 - z) * h_tilde

    return step


ON_H_PREV = "You multiplied more than h_prev by r; r_t belongs to h_prev alone."
# What `seen` gets: r, U_h h_prev, W_h x_t, b_h. What `mix` gets: z, h_prev, the candidate.
MISTAKES = (
    ("Your z writes; here z_t is the fraction of the old state that is kept.",
        _step(mix=lambda z, h, new: (1 - z) * h + z * new)),
    ("You multiplied the product by r; multiply h_prev by it, before U_h does.",
        _step(seen=lambda r, U_h, W_x, b: W_x + r * U_h + b)),
    (ON_H_PREV, _step(seen=lambda r, U_h, W_x, b: r * (W_x + U_h) + b)),
    (ON_H_PREV, _step(seen=lambda r, U_h, W_x, b: r * (W_x + U_h + b))),
    (ON_H_PREV, _step(seen=lambda r, U_h, W_x, b: W_x + r * (U_h + b))),
    ("You left out the reset gate: what does the candidate see of h_prev?",
        _step(seen=lambda r, U_h, W_x, b: W_x + U_h + b)),
    ("Your candidate sees nothing of the old state; it sees r * h_prev.",
        _step(seen=lambda r, U_h, W_x, b: W_x + b)),
    ("You left out the bias; add it.", _step(bias=0)),
    ("You subtracted the bias; add it.", _step(bias=-1)),
    ("You left out h_prev: gates and candidate see the old state, too.", _step(state=0)),
    ("You used the transpose; use U.", _step(transposed=True)),
    ("You used tanh for the gates; they go through the sigmoid.", _step(gate=np.tanh)),
    ("Your sigmoid is reversed: it is 1 / (1 + exp(-a)).", _step(gate=lambda a: sigmoid(-a))),
    ("You used the sigmoid for the candidate; it goes through tanh.", _step(squash=sigmoid)),
    ("You left out tanh; the candidate goes through it.", _step(squash=lambda a: a)),
    ("You swapped the gates z_t and r_t.", _step(gates="rz")),
    ("You kept nothing of the old state; z_t of it stays.", _step(mix=lambda z, h, new: (1 - z) * new)),
    ("You returned the candidate. How much of it gets in?", _step(mix=lambda z, h, new: new)),
    ("You left out the candidate; 1 - z_t of it gets in.", _step(mix=lambda z, h, new: z * h)),
    ("You added all of the candidate. What fraction of it gets in?",
        _step(mix=lambda z, h, new: z * h + new)),
    ("You multiplied both parts by z. What is left for the candidate?",
        _step(mix=lambda z, h, new: z * h + z * new)),
)  # fmt: skip
