"""The checks of the lesson on gates without h."""

import math

import numpy as np

from helpers.checks import (
    Refused,
    all_right,
    as_array,
    call,
    exercise,
    judge_array,
    judge_number,
    mistakes_of,
    not_yet,
    right,
)
from helpers.checks.programmed import as_cell, stray_block
from helpers.engine import scan
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, sigmoid


@exercise("What is the new state? Write a number.")
def check_min_mix(answer):
    """The new state of a minGRU: z = 0.25, old state 0.8, candidate -0.6."""
    return judge_number(
        answer,
        0.75 * 0.8 + 0.25 * -0.6,
        why="Three quarters of the old state stay, and a quarter of the candidate is written: 0.6 − 0.15.",
        mistakes=[
            (0.25 * 0.8 + 0.75 * -0.6, "You kept with z, as in lesson 7. Here z writes."),
            (0.8 + 0.25 * -0.6, "You kept all of the old state. Keep 1 − z of it."),
            (0.8 - 0.6, "You added the two. z says how much of each counts."),
            (0.75 * 0.8 + 0.25 * 0.6, "You dropped the sign of the candidate; it is negative."),
            (0.75 * 0.8, "That is what is kept. Add what is written: z times the candidate."),
        ],
    )


# One step --------------------------------------------------------------------------------------------

Z_KEEPS = "Your z keeps, as in lesson 7. In a minGRU z writes: swap z and 1 − z."
STEP_MISTAKES = (
    (Z_KEEPS, lambda z, c, h: z * h + (1 - z) * c),
    ("You squashed the candidate with tanh. In a minGRU it is W_h x + b_h, as it is.",
     lambda z, c, h: (1 - z) * h + z * np.tanh(c)),
    ("You returned the candidate. Mix it with the old state.", lambda z, c, h: c),
    ("You left out the candidate.", lambda z, c, h: (1 - z) * h),
    ("You left out the old state.", lambda z, c, h: z * c),
    ("You kept all of the old state. Keep 1 − z of it.", lambda z, c, h: h + z * c),
    ("You returned z. It says how much is written.", lambda z, c, h: z),
    ("You left out the sigmoid of z.", lambda z, c, h: h + np.log(z / (1 - z)) * (c - h)),
)  # fmt: skip


@exercise("Write the step: return h_t, an array of shape (H,).")
def check_min_step(function):
    """The learner's `min_gru_step(x_t, h_prev, W, b)`."""
    return all_right(
        (_judge_step(function, D, H) for D, H in ((2, 3), (4, 2))),
        why="Neither z nor the candidate looks at h_prev: only the mixture does.",
        later="Right for D = 2, H = 3, but for D = 4, H = 2",
    )


def _judge_step(function, D, H):
    rng = np.random.default_rng(D)
    W = {k: rng.standard_normal((H, D)) for k in "zh"}
    b = {k: rng.standard_normal(H) for k in "zh"}
    x_t, h_prev = rng.standard_normal(D), rng.standard_normal(H)
    z, c = sigmoid(W["z"] @ x_t + b["z"]), W["h"] @ x_t + b["h"]
    without_b = (1 - sigmoid(W["z"] @ x_t)) * h_prev + sigmoid(W["z"] @ x_t) * (W["h"] @ x_t)
    mistakes = [*mistakes_of(STEP_MISTAKES, z, c, h_prev), (without_b, "You left out the biases; add them.")]
    answer = call(function, x_t, h_prev, W, b)
    return judge_array(answer, (1 - z) * h_prev + z * c, mistakes=mistakes)


# The scan --------------------------------------------------------------------------------------------

THREE = ((0.5, 4.0), (0.5, 2.0), (0.25, 1.0))
ONLY_ADDED = "You only added the b of the steps. Multiply the earlier b by the later a first."
OTHER_ORDER = "You took the later step first. The later a multiplies the earlier b."


@exercise("What are the steps 1 and 2 together, 2 and 3 together, and all three? Write three pairs.")
def check_combine(one_two, two_three, all_three):
    """Three steps combined by hand: (0.5, 4), (0.5, 2), (0.25, 1)."""
    one, two, three = THREE
    parts = {
        "one_two": (one_two, one, two),
        "two_three": (two_three, two, three),
        "all_three": (all_three, scan.combine(one, two), three),
    }
    return all_right(
        (_judge_pair(*part).about(name) for name, part in parts.items()),
        why="Both groupings give (0.0625, 2): first 1 and 2, and then 3; or 1, and then 2 and 3.",
    )


def _judge_pair(answer, first, then):
    (a_1, b_1), (a_2, b_2) = first, then
    mistakes = [
        (np.array([a_1 * a_2, a_1 * b_2 + b_1]), OTHER_ORDER),
        (np.array([a_1 * a_2, b_1 + b_2]), ONLY_ADDED),
        (np.array([a_1 + a_2, a_2 * b_1 + b_2]), "You added the two a. Multiply them."),
        (np.array([a_1 * a_2, a_2 * b_1]), "You left out the b of the later step; add it."),
        (np.array([a_1 * a_2, a_1 * a_2 * b_1 + b_2]), "The earlier b is multiplied by the later a alone."),
        (np.array([a_2 * b_1 + b_2, a_1 * a_2]), "Write the a of the pair first, and then its b."),
    ]
    return judge_array(answer, np.array(scan.combine(first, then)), mistakes=mistakes)


class Counting(np.ndarray):
    """An array that counts how often a part of it is taken."""

    taken = 0

    def __getitem__(self, place):
        """A part, counted."""
        Counting.taken += 1
        return super().__getitem__(place)

    def __iter__(self):
        """Each entry, counted."""
        return (self[k] for k in range(len(self)))

    def tolist(self):
        """All entries, counted."""
        return [self[k] for k in range(len(self))]


FEW = 120  # parts that a scan over 256 steps may take; a loop over the steps takes 256 or more
LOOP = (
    "The states are right, but you visit the 256 steps one after the other. Loop over the rounds: 8 of them "
    "are enough."
)
SCAN_MISTAKES = (
    (OTHER_ORDER, lambda a, b: _doubling(a, b, lambda p, q: (p[0] * q[0], p[0] * q[1] + p[1]))),
    (ONLY_ADDED, lambda a, b: np.cumsum(b)),
    ("You returned the a of the pairs. The states are their b.", lambda a, b: np.cumprod(a)),
    ("You made the first round only. Go on, with twice the reach, until the reach is T.",
     lambda a, b: np.concatenate([b[:1], a[1:] * b[:-1] + b[1:]])),
    ("You combined the b and left the a as they were. Combine both.",
     lambda a, b: _doubling(a, b, lambda p, q: (q[0], q[0] * p[1] + q[1]))),
    ("You replaced a before you used it for b. Compute both new arrays first.",
     lambda a, b: _doubling(a, b, lambda p, q: (p[0] * q[0], p[0] * q[0] * p[1] + q[1]))),
    ("Your reach grows by 1 from round to round. Double it.",
     lambda a, b: _doubling(a, b, scan.combine, grow=lambda reach: reach + 1)),
)  # fmt: skip
UNDERFLOW = (
    "Right for short sequences. With a = 0.5 and 2000 steps the product of all a is 0 in floating point, and "
    "a quotient of such products fails. Combine pairs instead."
)


@exercise("Write the scan: return all T states, with a loop over the rounds and none over the steps.")
def check_scan(function):
    """The learner's `scan(a, b)`: the states of h_t = a_t h_prev + b_t from h_0 = 0, (T,)."""
    for T in (5, 1, 8, 300):
        verdict = _judge_scan(function, T)
        if not verdict.right:
            return verdict if T == 5 else verdict.about(f"With T = {T}")
    halves, ones = np.full(2000, 0.5), np.ones(2000)
    try:
        found = as_array(call(function, halves, ones))
    except Refused:
        return not_yet(UNDERFLOW)
    if found.shape != (2000,) or np.abs(found[-1] - 2) > 1e-9:
        return not_yet(UNDERFLOW)
    Counting.taken = 0
    call(function, np.full(256, 0.9).view(Counting), np.ones(256).view(Counting))
    if Counting.taken > FEW:
        return not_yet(LOOP)
    return right("Each round doubles the reach: 9 rounds for 300 steps, and 12 for 4096.")


def _judge_scan(function, T):
    rng = np.random.default_rng(T)
    a, b = rng.uniform(0.5, 1.5, T), rng.standard_normal(T)
    mistakes = mistakes_of(SCAN_MISTAKES, a, b) if T == 5 else []
    return judge_array(call(function, a, b), scan.linear(a, b), mistakes=mistakes)


def _doubling(a, b, combine, grow=lambda reach: 2 * reach):
    """A scan with another way of combining pairs, or another reach, for the hints."""
    reach = 1
    while reach < len(a):
        new = combine((a[:-reach], b[:-reach]), (a[reach:], b[reach:]))
        a, b = (np.concatenate([old[:reach], part]) for old, part in zip((a, b), new, strict=True))
        reach = grow(reach)
    return b


# One mark in noise -----------------------------------------------------------------------------------


@exercise("Which λ is best after 24 steps, and what is its ratio? Write two numbers, with three digits each.")
def check_ceiling(lam, ratio):
    """The best fixed λ to hold a mark for 24 steps in unit noise, and the ratio that it reaches."""
    d = 24
    best = math.sqrt(d / (d + 1))
    return all_right(
        (
            judge_number(lam, best, near=5e-4, mistakes=[
                (d / (d + 1), "That is λ². Take its root."),
                (1.0, "With λ = 1 the noise piles up without end."),
                (0.5 ** (1 / d), "That halves the mark in 24 steps. Which λ makes the ratio largest?"),
            ]).about("lam"),
            judge_number(ratio, best**d / math.sqrt(d + 1), near=5e-3, mistakes=[
                (best**d, "That is what is left of the mark. How large is the noise? Divide by it."),
                (math.sqrt(1 - best**2), "That leaves out what is left of the mark after 24 steps."),
                (best**d * (1 - best**2), "You divided by the variance. Divide by its root."),
                (best**d / math.sqrt(d + 1 - best ** (2 * d)),
                 "That is close. Keep more digits of λ, and count the noise as the formula does."),
            ]).about("ratio"),
        ),
        why="λ = sqrt(24/25) = 0.980 leaves 0.613 of the mark, in noise with the standard deviation 5.",
    )  # fmt: skip


# Parity ----------------------------------------------------------------------------------------------

CLEAR, LONGEST = 0.5, 1000


@exercise("Set weights and biases of the GRU you are given, and return it.")
def check_parity(function):
    """The learner's `program(gru)`: sets a GRU(1, 1) so that the sign of its state tells parity.

    Parameters
    ----------
    function : callable
        Is given a GRU (z keeps, r before the product) with one input and one unit, all weights and biases
        0. Returns it. From h_0 = 1 it reads bits, 0 or 1. At every step its state must be at least 0.5 from
        0: above it after an even number of ones, below it after an odd number.

    Returns
    -------
    Feedback
    """
    blank = GRU(1, 1, init="zeros")
    answer = call(function, blank)
    return _judge_parity(as_cell(answer, blank, "gru"), stray_block(answer, blank, "gru"))


def _sequences():
    """Bits of 5 to 1000 steps, (T, B) for each length: few ones, many, all, none."""
    rng = np.random.default_rng(26)
    for T in (5, 30, 200, LONGEST):
        rare = rng.random((T, 24)) < rng.uniform(0.02, 0.98, 24)
        yield np.concatenate([rare, np.ones((T, 1)), np.zeros((T, 1))], axis=1).astype(float)


CASES = list(_sequences())


def _judge_parity(gru, stray):
    runs = [(unroll(gru, bits[:, None], np.ones((1, bits.shape[1]))), bits) for bits in CASES]
    good = [(tape.h[:, 0] * (1 - 2 * (bits.cumsum(axis=0) % 2)) >= CLEAR).all(axis=0) for tape, bits in runs]
    n, total = sum(int(g.sum()) for g in good), sum(g.size for g in good)
    if n == total:
        return right(
            f"Right at every step of {total} new sequences, up to {LONGEST} steps long. At a 0 the state is "
            "kept; at a 1 the candidate replaces it, and the negative U_h gives it the other sign."
        )
    return not_yet(f"{n} of {total} new sequences are right at every step. {stray or _hint(gru, runs)}")


def _hint(gru, runs):
    """The first thing to mend."""
    z = {bit: np.concatenate([tape.z[:, 0][bits == bit] for tape, bits in runs]) for bit in (0, 1)}
    r_at_1 = np.concatenate([tape.r[:, 0][bits == 1] for tape, bits in runs])
    U_h = float(gru["U_h"][0, 0])
    if z[0].min() < 0.5:
        return f"At a 0 the state has to stay, but z is {z[0].min():.2f} at some of them; here z keeps."
    if z[1].max() > 0.5:
        return f"At a 1 the state has to change, but z is {z[1].max():.2f} at some of them; here z keeps."
    if r_at_1.min() < 0.5 and U_h < 0:
        return f"At a 1 the candidate has to see the old state, but r is {r_at_1.min():.2f} at some of them."
    if U_h >= 0:
        return f"U_h is {U_h:g}, so the candidate does not take the other sign. Which sign of U_h flips it?"
    if U_h > -2:
        return f"U_h is {U_h:g}: each flip makes the state smaller. Make U_h stronger."
    return (
        f"At a 0, z is {z[0].min():.4f}, and at a 1 it is {z[1].max():.4f}. A sequence has up to {LONGEST} "
        "steps: bring the one closer to 1 and the other closer to 0."
    )
