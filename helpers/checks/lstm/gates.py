"""The checks of the lesson on the LSTM; its latch has a module of its own."""

import math

import numpy as np

from helpers.checks import (
    all_right,
    as_letter,
    as_parts,
    call,
    exercise,
    judge_array,
    judge_number,
    not_yet,
    right,
)
from helpers.checks.ladder import same
from helpers.engine import probes
from helpers.engine.cells import LSTM, sigmoid


@exercise("What is the new cell state? Write a number.")
def check_mix(answer):
    """The new cell state for f = 0.25, an old one of 0.8, i = 0.5 and a candidate of -0.6."""
    return judge_number(
        answer,
        0.25 * 0.8 + 0.5 * -0.6,
        why="0.25 × 0.8 − 0.5 × 0.6 = −0.1: a quarter of the old is kept, and half strength pulls down.",
        mistakes=[
            (0.25 * 0.8 + 0.5 * 0.6, "The two parts are added, and the candidate is negative."),
            (0.25 * 0.8, "That is what is kept. What is written?"),
            (0.5 * -0.6, "That is what is written. What is kept of the old state?"),
            (0.25 * 0.8 + 0.75 * -0.6, "That writes with 1 - f. An LSTM has an input gate of its own."),
            (0.25 * 0.8 - 0.6, "That takes the candidate at full strength; i is 0.5."),
            (0.75 * 0.8 + 0.5 * -0.6, "Which share is kept: f, or the rest?"),
            (0.5 * 0.8 + 0.25 * -0.6, "The two gates are exchanged: which one belongs to the old state?"),
        ],
    )


@exercise("Write the step: return h_t and c_t, two arrays of shape (H,).")
def check_step(function):
    """The learner's own step: lstm_step(x_t, h_prev, c_prev, W, U, b) gives h_t and c_t."""
    return all_right(
        (all_right(_judge_step(function, D, H), why="") for D, H in ((2, 3), (4, 2))),
        why="Your step and the engine agree. Three gates, one candidate, two states: that is an LSTM.",
        later="Right for D = 2, H = 3, but for D = 4, H = 2",
    )


def _judge_step(function, D, H):
    """What is to be said of c_t, and then of h_t."""
    rng = np.random.default_rng(7)
    cell = LSTM(D, H, rng=rng, gain=2.0)
    cell["b"] = rng.standard_normal((4 * H, 1))
    x_t, h_prev, c_prev = rng.standard_normal(D), rng.uniform(-1, 1, H), rng.uniform(-2, 2, H)
    W, U, b = ({k: cell[f"{name}_{k}"] for k in "fico"} for name in "WUb")
    given = x_t, h_prev, c_prev, W, U, {k: one[:, 0] for k, one in b.items()}
    h_t, c_t = (one[:, 0] for one in cell(x_t[:, None], (h_prev[:, None], c_prev[:, None])))
    first, second = as_parts(call(function, *given), ("h_t", "c_t"))
    swapped = [(h_t, "Your second array is h_t. Return h_t first, then c_t.")]
    mistakes = _mistakes_in_the_step(*given)
    in_c = [(c, hint) for hint, _, c in mistakes if not same(c, c_t, 1e-6)]
    yield judge_array(second, c_t, mistakes=swapped + in_c).about("c_t")
    yield judge_array(first, h_t, mistakes=[(h, hint) for hint, h, _ in mistakes]).about("h_t")


def _mistakes_in_the_step(x_t, h_prev, c_prev, W, U, b):
    """(hint, h_t, c_t) of steps that go wrong in one known way."""

    def step(W=W, U=U, b=b, h=h_prev, gate=sigmoid, squash=np.tanh, order="fio", cell=None, show=None):
        a = {k: W[k] @ x_t + U[k] @ h + b[k] for k in "fico"}
        f, i, o = (gate(a[k]) for k in order)
        c_tilde = squash(a["c"])
        c_t = cell(f, i, c_tilde) if cell else f * c_prev + i * c_tilde
        return (show(o, c_t) if show else o * np.tanh(c_t)), c_t

    def each(change, blocks):
        return {k: change(block) for k, block in blocks.items()}

    def c_prev_and(write):
        return lambda f, i, c_tilde: f * c_prev + write(f, i, c_tilde)

    wrong = [
        ("The bias is missing.", {"b": each(np.zeros_like, b)}),
        ("The bias is added, not taken away.", {"b": each(np.negative, b)}),
        ("h_prev is missing: gates and candidate see the old hidden state, too.", {"h": 0 * h_prev}),
        ("U meets c_prev; it belongs to h_prev.", {"h": c_prev}),
        ("U is transposed; it is taken as it is.", {"U": each(np.transpose, U)}),
        ("The gates go through the sigmoid, not tanh.", {"gate": np.tanh}),
        ("The sigmoid is turned round: exp of minus its argument.", {"gate": lambda a: sigmoid(-a)}),
        ("The candidate sees h_prev, too.", {"U": U | {"c": 0 * U["c"]}}),
        ("The candidate goes through tanh, not a sigmoid.", {"squash": sigmoid}),
        ("The candidate goes through tanh, too.", {"squash": lambda a: a}),
        ("i_t and o_t are swapped.", {"order": "foi"}),
        ("f_t and i_t are swapped: which one belongs to the old cell state?", {"order": "ifo"}),
        ("f_t and o_t are swapped.", {"order": "oif"}),
        ("You write with 1 - f_t. An LSTM has an input gate for that.", {
            "cell": c_prev_and(lambda f, i, c_tilde: (1 - f) * c_tilde),
        }),
        ("The candidate is written at full strength: i_t is missing.", {
            "cell": c_prev_and(lambda f, i, c_tilde: c_tilde),
        }),
        ("Both parts are added.", {"cell": c_prev_and(lambda f, i, c_tilde: -i * c_tilde)}),
        ("Nothing is written: the candidate is missing.", {"cell": c_prev_and(lambda f, i, c_tilde: 0)}),
        ("Nothing of the old cell state is kept: f_t * c_prev is missing.", {
            "cell": lambda f, i, c_tilde: i * c_tilde,
        }),
        ("All of the old cell state is kept: f_t is missing.", {
            "cell": lambda f, i, c_tilde: c_prev + i * c_tilde,
        }),
        ("The candidate is added to h_prev; the old cell state is c_prev.", {
            "cell": lambda f, i, c_tilde: f * h_prev + i * c_tilde,
        }),
        ("c_t goes through tanh before the output gate.", {"show": lambda o, c: o * c}),
        ("The gate comes after tanh, not before.", {"show": lambda o, c: np.tanh(o * c)}),
        ("That is the output gate alone. What does it let through?", {"show": lambda o, c: o}),
        ("The output gate is missing.", {"show": lambda o, c: np.tanh(c)}),
        ("The old cell state is shown, not the new one.", {"show": lambda o, c: o * np.tanh(c_prev)}),
    ]  # fmt: skip
    return [(hint, *step(**change)) for hint, change in wrong]


@exercise("How many parameters does this LSTM have? Write a whole number.")
def check_parameters(answer):
    """How many parameters an LSTM with D=3 inputs and H=5 hidden units has."""
    return judge_number(
        answer,
        LSTM(3, 5, init="zeros").n_parameters,
        whole=True,
        why="4 × (15 + 25 + 5) = 180. Three gates and the candidate: four times a plain layer of that size.",
        mistakes=[
            (45, "That is one block: a plain RNN. Which parts of an LSTM have weights of their own?"),
            (90, "That is two blocks. Which parts of an LSTM have weights of their own?"),
            (135, "Three gates, yes; but there is one part more that has weights."),
            (160, "Almost: every block has a b as well."),
            (165, "Almost: every block has a b of its own."),
            (225, "The cell state has no weights of its own."),
            (200, "One b a block is enough here. (PyTorch keeps two, so it would say 200.)"),
        ],
    )


@exercise("What share of it is left, and what is the reason? Write a number, and one of A, B, C, D.")
def check_gone(left, reason):
    """How much of a gradient the direct path leaves after 20 steps at b_f = 1, and why."""
    keep = float(sigmoid(1.0))
    number = judge_number(
        left,
        keep**20,
        near=0.06,  # no digits are asked for: 0.002 will do
        mistakes=[
            (keep, "That is one step. There are twenty."),
            (20 * keep, "The steps do not add up: each multiplies."),
            (1 - keep, "That is what one step takes away. How much do twenty leave?"),
            (1 - keep**20, "That is what is lost. How much is left?"),
            (keep**20 * 100, "That is in per cent. A share lies between 0 and 1."),
            (2.2e-3, "That is what the lab measures: there the inputs move f as well. Take σ(1) for each."),
            (OF_BIAS_0, "A forget bias of 0 would give that. It is 1."),
        ],
    ).about("left")
    if not number.right:
        return number
    letter = as_letter(reason, "ABCD")
    return right(REASONS[letter]) if letter == "B" else not_yet(REASONS[letter]).about("reason")


OF_BIAS_0 = 0.5**20
REASONS = {
    "A": "The cell state meets no tanh on its way from step to step; only what is shown does.",
    "B": "σ(1) = 0.731, and 0.731 to the power 20 is 0.0019. Open is not wide open: each step costs a "
    "quarter. The remedy is a larger b_f, chosen for the length of the task.",
    "C": "The input gate decides what is written. Does it stand on the direct path from c_t to c_(t+1)?",
    "D": "All recurrent weights are 0 here, so U shrinks nothing: it has no part in the direct path.",
}


@exercise("After how many steps has the cell state halved? Write a number of three digits.")
def check_half_life(answer):
    """Steps until a cell state has halved at b_f = 3."""
    f = float(sigmoid(3.0))
    return judge_number(
        answer,
        math.log(2) / -math.log(f),
        near=0.01,  # f is printed as 0.953, and that gives 14.4
        why="f = σ(3) = 0.95257, and ln 2 / −ln f = 14.27 steps. (From f = 0.953 it comes out as 14.4.)",
        mistakes=[
            (f, "That is f itself. After how many steps is one half left?"),
            (-math.log(2) / -math.log(f), "The sign: a number of steps is positive."),
            (0.5 / (1 - f), "That takes the same amount away at each step. The losses multiply."),
            (1 / -math.log(f), "That is the time to fall to 1/e, not to one half."),
            (math.log(2) / 3, "That treats the bias as the factor. First take its sigmoid."),
            (math.log2(1 / f), "Turn it over."),
            (-math.log2(1 / f), "Turn it over, and look at the sign."),
            (
                math.log10(2) / -math.log(f),
                "Two different logarithms are mixed: take the same for both.",
            ),
            (
                math.log(2) / -math.log10(f),
                "Two different logarithms are mixed: take the same for both.",
            ),
        ],
    )


@exercise("Which b_f lets the cell state halve in exactly 100 steps? Write a number of three digits.")
def check_bias(answer):
    """The bias with which a cell state halves in 100 steps."""
    f = 0.5 ** (1 / 100)
    return judge_number(
        answer,
        float(probes.bias_for_half_life(100)),
        near=5e-3,
        why="f = 0.5**(1/100) = 0.9931, and b_f = ln(f / (1 − f)) = 4.97.",
        mistakes=[
            (f, "That is f itself. Which bias has this sigmoid?"),
            (-math.log(f / (1 - f)), "The sign: a negative bias forgets."),
            (math.log(99), "That is f = 0.99, which loses 1/100 at each step. The losses multiply."),
            (100.0, "A bias of 100 never forgets: the sigmoid comes close to 1 fast."),
            (math.log(f), "That is ln f. Turn the sigmoid round: which number has it as its sigmoid?"),
            (float(sigmoid(f)), "That takes the sigmoid of f. f is one already: turn it round."),
        ],
    )
