"""The checks of the lesson on the GRU that ask what its gates and its biases do."""

import functools
import math

import numpy as np

from helpers.checks import all_right, as_word, call, exercise, judge_array, judge_number, not_yet, right
from helpers.checks.programmed import as_cell, stray_block
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, LSTM, RNN, sigmoid

MOVES = ("less", "as much", "more")


@exercise("Does the new state move “less”, “as much” or “more” than 0.35 times? Write the word, in quotes.")
def check_nudge(answer):
    """How the new state of the unit worked by hand moves with its old state, beside its direct path."""
    move = as_word(answer, MOVES)
    if move == "more":
        return right(
            "A larger old state opens the update gate a little, and the old state is the larger of the two "
            "numbers. The candidate rises, since its weight on h is positive. Both help the direct path."
        )
    if move == "as much":
        return not_yet(
            "That is the direct path alone, with gates and candidate held fixed. Here they see h, too."
        )
    return not_yet(
        "Then something would work against the direct path. Take the update gate first: when h grows, does "
        "z grow or shrink? And is the number that z keeps above the candidate or below it?"
    )


@exercise(
    "Which b_z halves a gradient on the direct path in exactly 20 steps, and what fraction of each candidate "
    "is written? Write two numbers, with three digits each."
)
def check_keep_bias(b_z, written):
    """The bias b_z with which the direct path halves a gradient in 20 steps, and the 1 - z that it leaves."""
    keep = 0.5 ** (1 / 20)
    return all_right(
        (
            judge_number(b_z, logit(keep), near=5e-3, mistakes=of_bias(keep)).about("b_z"),
            judge_number(written, 1 - keep, near=5e-3, mistakes=of_written(keep)).about("written"),
        ),
        why="z = 0.5**(1/20) = 0.966, b_z = ln(z / (1 − z)) = 3.345, and 1 − z = 0.0341 of each candidate is "
        "written: to keep for long is to write little.",
    )


def logit(fraction):
    """The number whose sigmoid is this fraction."""
    return math.log(fraction / (1 - fraction))


def of_bias(keep):
    """Known mistakes in the bias."""
    return [
        (keep, "That is z itself. Which pre-activation has this sigmoid?"),
        (-logit(keep), "That is the bias for a z that writes. Here z keeps."),
        (20.0, "A bias of 20 keeps for hundreds of millions of steps: a sigmoid comes close to 1 fast."),
        (
            logit(0.95),
            "That is z = 0.95, which loses 1/20 per step. But factors multiply: what is 0.95**20?",
        ),
        (math.log(20), "That halves in 14 steps: ln T is a good start, but not the answer here."),
        (math.log(keep), "You took ln z. Which number has z as its sigmoid?"),
        (float(sigmoid(keep)), "You took the sigmoid of z. z is a sigmoid already: take the inverse."),
    ]


def of_written(keep):
    """Known mistakes in what is written."""
    return [
        (keep, "That is the fraction of the old state that is kept. What is the candidate multiplied by?"),
        (0.5, "After 20 steps one half is written. What is written in one step?"),
        (1 / 20, "A twentieth per step would be right for a sum. The old state is multiplied 20 times."),
        (0.5 / 20, "That would halve a sum in 20 steps. The old state is multiplied 20 times."),
        (100 * (1 - keep), "That is a percentage; write a fraction."),
    ]


@exercise("What reaches the candidate if r comes before the product, and if it comes after? Write two pairs.")
def check_reset_orders(before, after):
    """What reaches the candidate from U_h = [[0, 1], [1, 0]], r = (1, 0), h_prev = (0.5, 0.2)."""
    U_h, r, h_prev = np.array([[0.0, 1], [1, 0]]), np.array([1.0, 0]), np.array([0.5, 0.2])
    first, then = U_h @ (r * h_prev), r * (U_h @ h_prev)
    no_reset = (U_h @ h_prev, "You left out r: that is U_h h_prev.")
    no_product = (r * h_prev, "You left out U_h, which swaps the two: that is r * h_prev.")
    verdicts = [
        judge_array(before, first, mistakes=[
            (then, "You applied r after the product; here it comes before."), no_reset, no_product,
        ]).about("before"),
        judge_array(after, then, mistakes=[
            (first, "You applied r before the product; here it comes after."), no_reset, no_product,
        ]).about("after"),
    ]  # fmt: skip
    why = (
        "Before the product, r = 0 silences unit 2, so only unit 2 hears something. After the product, r = 0 "
        "makes unit 2 deaf, so only unit 1 does."
    )
    return all_right(verdicts, why)


@exercise("How many units may the GRU have? Write a whole number.")
def check_budget(answer):
    """The most units of a GRU within the parameters of an LSTM with D = 3, H = 20."""
    quadratic = "Parameters grow with H times H, so blocks a third larger do not give a third more units."
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
        return not_yet("W_h, U_h and b_h must stay as they are: set the gates only.")
    rnn = RNN(2, 4, init="zeros").put(W=given["W_h"], U=given["U_h"], b=given["b_h"])
    tape = unroll(cell, x)
    verdict = _judge_plain(tape.z, tape.r, np.abs(tape.h - unroll(rnn, x).h).max())
    return verdict if verdict.right or not stray else not_yet(stray)


def _judge_plain(z, r, apart):
    if apart < 1e-9:
        return right(
            "r = 1 shows the candidate the whole state, and z = 0 keeps nothing: that is the plain RNN."
        )
    if z.min() > 0.9:
        return not_yet("Your z is near 1, so the old state is kept and the input is shut out.")
    if z.max() > 0.1:
        return not_yet("Your z is not 0, so a part of the old state is kept, which a plain RNN does not do.")
    if r.min() < 0.9:
        return not_yet("Your z is 0, but your r is not 1, so the candidate does not see the whole old state.")
    return not_yet(
        f"The states are at most {apart:.2g} apart. A larger bias makes the sigmoid exactly 0 or 1."
    )
