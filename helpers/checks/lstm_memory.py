"""The checks of the lesson on the memory of the LSTM."""

import math

from helpers.checks import (
    Refused,
    all_right,
    as_letter,
    as_number,
    as_word,
    exercise,
    judge_number,
    mistakes_of,
    not_yet,
    right,
)
from helpers.engine import probes
from helpers.engine.cells import sigmoid
from helpers.tasks import data

# Nudge by hand -----------------------------------------------------------------------------------------


def second_step():
    """The unit of the calculation by hand at its second step, and what a nudge of c_1 does to c_2.

    Returns
    -------
    dict
        `f`, `i`, `c_tilde`, `c_1`; `shown`, how much h_1 moves with c_1; and the contributions to dc_2/dc_1,
        `direct`, `via_f`, `via_i` and `via_c`.
    """
    h, c, *_, o = _one_step(1.0, 0.4, 0.8)
    shown = o * (1 - math.tanh(c) ** 2)
    _, _, f, i, c_tilde, _ = _one_step(1.0, h, c)
    return {
        "f": f, "i": i, "c_tilde": c_tilde, "c_1": c, "shown": shown, "direct": f,
        "via_f": shown * 1.0 * f * (1 - f) * c,
        "via_i": shown * -0.5 * i * (1 - i) * c_tilde,
        "via_c": shown * 1.0 * (1 - c_tilde**2) * i,
    }  # fmt: skip


def _one_step(x, h, c):
    f, i = (float(sigmoid(a)) for a in (0.5 * x + 1.0 * h, 1.0 * x - 0.5 * h))
    c_tilde, o = math.tanh(1.0 * x + 1.0 * h), float(sigmoid(0.5 * x + 0.5 * h))
    c = f * c + i * c_tilde
    return o * math.tanh(c), c, f, i, c_tilde, o


NUDGED = {
    "more": "h_1 rises with c_1, so f and the candidate rise too; only i falls. So c_2 moves a little more.",
    "as much": "That is the direct path alone. But h_1 moves with c_1: where does h_1 enter step 2?",
    "less": "h_1 rises with c_1. Look at its three weights: which of f, i and the candidate fall?",
}
CHOICES = ("less", "as much", "more")


@exercise("Does c_2 move less than 0.74 times as much as c_1, exactly as much, or more? Write it in words.")
def check_nudge(answer):
    """Whether all paths together carry less than the forget gate, as much, or more."""
    word = as_word(answer, CHOICES)
    return right(NUDGED[word]) if word == "more" else not_yet(NUDGED[word])


@exercise("How much comes through i_2, and how much through the candidate? Write two numbers.")
def check_paths(via_i, via_c):
    """The contributions of the input gate and of the candidate to dc_2/dc_1."""
    n = second_step()
    return all_right(
        (
            judge_number(via_i, n["via_i"], near=0.02, mistakes=mistakes_of(VIA_I, n)).about("via_i"),
            judge_number(via_c, n["via_c"], near=0.02, mistakes=mistakes_of(VIA_C, n)).about("via_c"),
        ),
        why="0.741 directly, 0.048 through f, −0.021 through i and 0.023 through the candidate make 0.791.",
    )


def _slope(gate):
    return gate * (1 - gate)


# Known mistakes: a hint, and what comes out, from the numbers of `second_step`.
VIA_I = (
    ("The sign is wrong: the weight of h_1 in i is −0.5.", lambda n: -n["via_i"]),
    ("That is for a nudge of h_1. How much does h_1 move with c_1?", lambda n: n["via_i"] / n["shown"]),
    (
        "That is for a nudge of h_1, and the weight of h_1 in i is −0.5.",
        lambda n: -n["via_i"] / n["shown"],
    ),
    ("You left out the weight of h_1 in i, which is −0.5.", lambda n: -2 * n["via_i"]),
    ("You left out what i is multiplied by: the candidate.", lambda n: n["via_i"] / n["c_tilde"]),
    ("You left out the slope of the sigmoid, i_2 (1 − i_2).", lambda n: n["via_i"] / _slope(n["i"])),
    ("The slope of the sigmoid is i_2 (1 − i_2), not i_2.", lambda n: n["via_i"] / (1 - n["i"])),
    (
        "You multiplied by c_1, but i is multiplied by the candidate.",
        lambda n: n["via_i"] / n["c_tilde"] * n["c_1"],
    ),
    ("That is what comes through the candidate.", lambda n: n["via_c"]),
)
VIA_C = (
    ("The sign is wrong: all factors on this path are positive.", lambda n: -n["via_c"]),
    ("That is for a nudge of h_1. How much does h_1 move with c_1?", lambda n: n["via_c"] / n["shown"]),
    ("You left out what the candidate is multiplied by: i_2.", lambda n: n["via_c"] / n["i"]),
    (
        "You left out the slope of tanh, 1 minus the candidate squared.",
        lambda n: n["via_c"] / (1 - n["c_tilde"] ** 2),
    ),
    (
        "You took the slope of a sigmoid; the candidate goes through tanh.",
        lambda n: n["via_c"] / (1 - n["c_tilde"] ** 2) * _slope(n["c_tilde"]),
    ),
    ("That is what comes through i_2.", lambda n: n["via_i"]),
)

# The road ----------------------------------------------------------------------------------------------

STEPS, BIAS = 30, 2.0


@exercise("What fraction of it is left, and what is the reason? Write a number, and one of A, B, C, D.")
def check_gone(left, reason):
    """How much of a gradient the direct path leaves after 30 steps at b_f = 2, and why."""
    f = float(sigmoid(BIAS))
    known = mistakes_of(LEFT, f)
    number = judge_number(left, f**STEPS, near=0.04, mistakes=known).about("left")  # no digits are asked for
    if not number.right:
        return number
    letter = as_letter(reason, "ABCD")
    return right(REASONS[letter]) if letter == "B" else not_yet(REASONS[letter]).about("reason")


LEFT = (
    ("That is one step. There are thirty.", lambda f: f),
    ("The steps do not add up: each one multiplies.", lambda f: STEPS * f),
    ("That is what one step takes away. How much do thirty leave?", lambda f: 1 - f),
    ("That is what is lost. How much is left?", lambda f: 1 - f**STEPS),
    ("That is a percentage. A fraction lies between 0 and 1.", lambda f: 100 * f**STEPS),
    ("That is for 20 steps. There are thirty.", lambda f: f**20),
    ("A forget bias of 1 would leave that. It is 2.", lambda f: float(sigmoid(1.0)) ** STEPS),
    ("You took the same amount away at each step. The losses multiply.", lambda f: 1 - STEPS * (1 - f)),
)
REASONS = {
    "A": "The cell state meets no tanh on its way from step to step; only what is shown does.",
    "B": "σ(2) = 0.881, and 0.881 to the power 30 is 0.022. That sounds open, but each step loses an eighth. "
    "What helps is a larger b_f, chosen for the length of the task.",
    "C": "The input gate controls what is written. Is it on the direct path from one cell state to the next?",
    "D": "All recurrent weights are 0 here, so nothing goes through U. Nor is U part of the direct path.",
}

# Half-lives --------------------------------------------------------------------------------------------


@exercise("After how many steps has the cell state halved? Write a number with three digits.")
def check_half_life(answer):
    """Steps until a cell state has halved at b_f = 4."""
    return judge_number(
        answer,
        float(probes.half_life_of_bias(4.0)),
        near=0.007,  # f = 0.982 gives 38.2, and f = 0.98 would give 34.3
        why="f = σ(4) = 0.98201, and ln 2 / −ln f = 38.2 steps.",
        mistakes=mistakes_of(HALVES, float(sigmoid(4.0))),
    )


HALVES = (
    ("That is f itself. After how many steps is one half left?", lambda f: f),
    ("The sign is wrong: a number of steps is positive.", lambda f: math.log(2) / math.log(f)),
    ("You took the same amount away at each step. The losses multiply.", lambda f: 0.5 / (1 - f)),
    ("That is the time to fall to 1/e, not to one half.", lambda f: -1 / math.log(f)),
    ("You used the bias itself. First take its sigmoid.", lambda f: math.log(2) / 4),
    ("Take the inverse of that.", lambda f: -math.log2(f)),
    ("Take the inverse of that, and look at the sign.", math.log2),
    ("You mixed two logarithms: take the same one twice.", lambda f: -math.log10(2) / math.log(f)),
    ("You mixed two logarithms: take the same one twice.", lambda f: -math.log(2) / math.log10(f)),
)


@exercise("Which b_f lets the cell state halve in exactly 100 steps? Write a number with three digits.")
def check_bias(answer):
    """The bias with which a cell state halves in 100 steps."""
    return judge_number(
        answer,
        float(probes.bias_for_half_life(100)),
        near=5e-3,
        why="f = 0.5**(1/100) = 0.9931, and b_f = ln(f / (1 − f)) = 4.97.",
        mistakes=mistakes_of(BIASES, 0.5 ** (1 / 100)),
    )


BIASES = (
    ("That is f itself. Which bias has this sigmoid?", lambda f: f),
    ("The sign is wrong: a negative bias forgets.", lambda f: -math.log(f / (1 - f))),
    (
        "That is f = 0.99, which loses 1/100 at each step. After 100 steps about 1/e is left, not half.",
        lambda f: math.log(99),
    ),
    ("The sigmoid of 100 is 1 to within rounding, so nothing is forgotten.", lambda f: 100.0),
    ("That is ln f. Which number has f as its sigmoid?", math.log),
    ("That is the sigmoid of f. Which number has f as its sigmoid?", lambda f: float(sigmoid(f))),
)

# Where to start ----------------------------------------------------------------------------------------

RUNS, NEAR = 16, 4
LONG = 120
STARTS = {"A": (1.0, 0.0), "B": (4.8, 0.0), "C": (4.8, -4.8)}


def solved():
    """How many of the stored runs of 120 steps each start has solved."""
    found = [
        run for run in data.load_start_race() if run["T"] == LONG and run["units"] == "all alike" and run["U"]
    ]
    return {
        name: sum(run["updates"] > 0 for run in found if (run["b_f"], run["b_i"]) == biases)
        for name, biases in STARTS.items()
    }


@exercise("How many of 16 runs does each start solve at T = 120? Write three numbers.")
def check_bets(start_A, start_B, start_C):
    """Predictions of how many of 16 runs solve the task of 120 steps from start A, B and C."""
    bets = dict(zip(STARTS, (as_number(bet) for bet in (start_A, start_B, start_C)), strict=True))
    for name, bet in bets.items():
        if bet != round(bet) or not 0 <= bet <= RUNS:
            raise Refused(f"Write whole numbers of runs, from 0 to {RUNS}; for {name} you wrote {bet:g}.")
    found = solved()
    said = "Start A solved it in {A} of 16 runs, start B in {B} and start C in {C}.".format(**found)
    if all(abs(bet - found[name]) <= NEAR for name, bet in bets.items()):
        return right(f"{said} All three of your numbers are close. In the lab below you can watch it.")
    yours = "You predicted {A:g}, {B:g} and {C:g}.".format(**bets)
    return not_yet(f"{said} {yours} In the lab below you can watch it, and then we look for the reason.")
