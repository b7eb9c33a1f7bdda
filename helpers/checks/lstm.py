"""The checks of notebook 03; the latch of exercise 6 has a module of its own."""

import math

import numpy as np

from helpers import probes
from helpers.cells import LSTM, sigmoid
from helpers.checks import call, check_array, check_number, is_open, left_open, not_yet, right


def check_mix(answer):
    """The new cell state for f = 0.25, an old one of 0.8, i = 0.5 and a candidate of -0.8."""
    return check_number(
        answer,
        0.25 * 0.8 + 0.5 * -0.8,
        task="Put the numbers into c_t = f_t c_(t-1) + i_t c~_t.",
        why="0.25 × 0.8 - 0.5 × 0.8 = -0.2: a quarter of the old is kept, and half strength pulls down.",
        mistakes=[
            (0.6, "The two parts are added, and the candidate is negative."),
            (0.2, "That is what is kept. What is written?"),
            (-0.4, "That is what is written. What is kept of the old state?"),
            (0.25 * 0.8 + 0.75 * -0.8, "That writes with 1 - f. An LSTM has an input gate of its own."),
            (-0.6, "That takes the candidate at full strength; i is 0.5."),
            (0.75 * 0.8 - 0.4, "That keeps 1 - f. Here f is the share that is kept."),
        ],
    )


def check_step(function):
    """The learner's own step: lstm_step(x_t, h_prev, c_prev, W, U, b) gives h_t and c_t."""
    task = "Return h_t and c_t, two arrays of shape (H,)."
    rng = np.random.default_rng(7)
    cell = LSTM(2, 3, rng=rng, gain=2.0)
    cell.b[...] = rng.standard_normal(cell.b.shape)
    x_t, h_prev, c_prev = rng.standard_normal(2), rng.uniform(-1, 1, 3), rng.uniform(-2, 2, 3)
    W, U, b = ({k: cell[f"{name}_{k}"].copy() for k in "fico"} for name in "WUb")
    b = {k: one[:, 0] for k, one in b.items()}
    given = x_t.copy(), h_prev.copy(), c_prev.copy(), W, U, b
    value, feedback = call(function, *given, task=task)
    if feedback:
        return feedback
    if not isinstance(value, tuple | list) or len(value) != 2:
        return not_yet(f"Two arrays are expected, h_t and c_t. {task}")
    if any(is_open(one) for one in value):
        return left_open(task)
    h_t, c_t = (one[:, 0] for one in cell(x_t[:, None], (h_prev[:, None], c_prev[:, None])))
    f_t, i_t, o_t, a_c = _gates(cell, x_t, h_prev)
    c_tilde = np.tanh(a_c)
    feedback = check_array(value[1], c_t, task="", why="", mistakes=[
        (h_t, "Your second array is h_t. Return h_t first, then c_t."),
        (f_t * c_prev + (1 - f_t) * c_tilde, "You write with 1 - f_t. The input gate i_t decides that."),
        (f_t * c_prev + c_tilde, "The candidate is written at full strength: i_t is missing."),
        (i_t * c_tilde, "Nothing of the old cell state is kept: f_t * c_prev is missing."),
        (i_t * c_prev + f_t * c_tilde, "f_t and i_t are swapped: f_t belongs to the old cell state."),
        (f_t * c_prev + i_t * sigmoid(a_c), "The candidate goes through tanh, not a sigmoid."),
    ])  # fmt: skip
    if not feedback.right:
        return not_yet(f"c_t: {feedback.message}".strip())
    feedback = check_array(
        value[0],
        h_t,
        task="",
        why="Your step and the engine agree. Three gates, one candidate, two states: that is an LSTM.",
        mistakes=[
            (o_t * c_t, "c_t goes through tanh before the output gate."),
            (np.tanh(o_t * c_t), "The gate comes after tanh: o_t * tanh(c_t)."),
            (np.tanh(c_t), "The output gate is missing."),
        ],
    )
    return feedback if feedback.right else not_yet(f"h_t: {feedback.message}".strip())


def _gates(cell, x_t, h_prev):
    """f, i, o and the candidate's pre-activation, (H,) each, straight from the equations."""
    a = {k: cell[f"W_{k}"] @ x_t + cell[f"U_{k}"] @ h_prev + cell[f"b_{k}"][:, 0] for k in "fioc"}
    return sigmoid(a["f"]), sigmoid(a["i"]), sigmoid(a["o"]), a["c"]


def check_parameters(answer):
    """How many parameters an LSTM with D=3 inputs and H=5 hidden units has."""
    return check_number(
        answer,
        LSTM(3, 5, rng=0).n_parameters,
        near=1e-9,
        task="Count one block, W (5, 3), U (5, 5) and b (5). How many blocks are there?",
        why="4 × (15 + 25 + 5) = 180. Three gates and the candidate: four times a plain layer of that size.",
        mistakes=[
            (45, "That is one block: a plain RNN. Which parts of an LSTM have weights of their own?"),
            (135, "Three gates, yes; but the candidate has weights too."),
            (160, "Almost: every block has a b as well."),
            (225, "The cell state has no weights of its own: four blocks."),
            (200, "One b a block is enough here. (PyTorch keeps two, so it would say 200.)"),
        ],
    )


def check_gone(left, reason):
    """How much of a gradient the direct path leaves after 20 steps at b_f = 1, and why."""
    task = "Put a number into left, and one of the letters A to D into reason."
    if is_open(left) or is_open(reason):
        return left_open(task)
    keep = float(sigmoid(1.0))
    feedback = check_number(
        left,
        keep**20,
        near=0.03,
        task="Each step back multiplies by f = σ(1).",
        why="",
        mistakes=[
            (keep, "That is one step. There are twenty."),
            (20 * keep, "The steps do not add up: each multiplies."),
            (1 - keep**20, "That is what is lost. How much is left?"),
            (OF_BIAS_0, "A forget bias of 0 would give that. It is 1, so f = σ(1)."),
        ],
    )
    if not feedback.right:
        return not_yet(f"left: {feedback.message}")
    if not isinstance(reason, str) or reason.strip().upper() not in REASONS:
        return not_yet("left is right. reason should be one of the letters 'A', 'B', 'C' or 'D'.")
    letter = reason.strip().upper()
    return right(REASONS[letter]) if letter == "B" else not_yet(f"reason: {REASONS[letter]}")


OF_BIAS_0 = 0.5**20
REASONS = {
    "A": "The cell state meets no tanh on its way from step to step; only what is shown does.",
    "B": "σ(1) = 0.731, and 0.731 to the power 20 is 0.0019. Open is not wide open: each step costs a "
    "quarter. The remedy is a larger b_f, chosen for the length of the task.",
    "C": "The input gate decides what is written. On the direct path from c_t to c_(t+1) stands f alone.",
    "D": "All recurrent weights are 0 here, so U shrinks nothing: it has no part in the direct path.",
}


def check_half_life(answer):
    """Steps until a cell state has halved at b_f = 3."""
    f = float(sigmoid(3.0))
    return check_number(
        answer,
        math.log(2) / -math.log(f),
        near=5e-3,
        task="First f = σ(3). Then the number of steps n with f**n = 0.5.",
        why="f = σ(3) = 0.953, and ln 2 / -ln f = 14.3 steps.",
        mistakes=[
            (f, "That is f itself. After how many steps is f**n one half?"),
            (-math.log(2) / -math.log(f), "The sign: a number of steps is positive."),
            (0.5 / (1 - f), "That takes the same amount away at each step. The losses multiply."),
            (1 / -math.log(f), "That is the time to fall to 1/e. Half takes ln 2 of it."),
            (math.log(2) / 3, "That treats the bias as the factor. First take its sigmoid."),
            (math.log2(1 / f), "Turn it over: ln 2 / -ln f."),
        ],
    )


def check_bias(answer):
    """The bias with which a cell state halves in 100 steps."""
    f = 0.5 ** (1 / 100)
    return check_number(
        answer,
        float(probes.bias_for_half_life(100)),
        near=2e-3,
        task="First find f with f**100 = 0.5, then solve σ(b_f) = f.",
        why="f = 0.5**(1/100) = 0.9931, and b_f = ln(f / (1 - f)) = 4.97.",
        mistakes=[
            (f, "That is f itself. Which bias has this sigmoid?"),
            (-math.log(f / (1 - f)), "The sign: a negative bias forgets."),
            (math.log(99), "That is f = 0.99, which loses 1/100 at each step. The losses multiply."),
            (100.0, "A bias of 100 never forgets: the sigmoid comes close to 1 fast."),
        ],
    )
