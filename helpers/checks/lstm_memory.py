"""The checks of the lesson on the memory of the LSTM."""

import math

from helpers.checks import (
    as_letter,
    exercise,
    judge_number,
    not_yet,
    right,
)
from helpers.engine import probes
from helpers.engine.cells import sigmoid


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
