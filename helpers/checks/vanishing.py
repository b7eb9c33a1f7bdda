"""The checks of the lesson on vanishing gradients."""

import functools

import numpy as np

from helpers.checks import (
    as_letter,
    as_number,
    as_set,
    as_word,
    exercise,
    judge_array,
    judge_number,
    not_yet,
    right,
)
from helpers.engine import probes
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN

# A product of numbers ---------------------------------------------------------------------------------


@exercise("How much is left after 100 steps? Write a number, such as 2.5e-3.")
def check_left(answer):
    """What is left of a gradient after 100 steps of which 40 leave 10**-4."""
    return judge_number(
        answer,
        (1e-4) ** (100 / 40),
        near=0.05,
        why=(
            "The factor per step is 0.794, since 0.794 to the power 40 is 10⁻⁴; to the power 100 it is "
            "10⁻¹⁰. Every ten steps take away one power of ten."
        ),
        mistakes=[
            (
                1e-4 * 40 / 100,
                "You divided by 2.5. Each step multiplies; it does not take away an amount.",
            ),
            (1e-4 * 100 / 40, "More steps leave less, not more."),
            (1e-8, "That is left after 80 steps. There are 20 more."),
            (1e-4 ** (40 / 100), "You took the power 40/100; it is 100/40."),
            (1e-4 ** (60 / 40), "That is left after 60 steps: the factor of the 60 steps that are added."),
            (1e-4 ** (1 / 40), "That is the factor per step. Now take 100 such steps."),
            (1e-4 / 40, "Dividing by 40 does not give the factor per step; take the 40th root."),
            (10.0**10, "You left out the minus sign of the power: a gradient that shrinks is below 1."),
            (-10.0, "That is the power of ten. Write the number itself, such as 1e-3."),
            (10.0, "That is the power of ten. Write the number itself, such as 1e-3."),
        ],
    )


# Two by two -------------------------------------------------------------------------------------------

CORNER = np.array([[0.5, 2.0], [0.0, 0.5]])
AT_THE_END = np.array([1.0, 0.0])
BACK = [
    ("You multiplied by U. Going back, you multiply by the transpose of U.", lambda U, e: U @ U @ e),
    ("That is what arrives at h_2. Go back one more step.", lambda U, e: U.T @ e),
    ("That is three steps back, at h_0.", lambda U, e: U.T @ U.T @ U.T @ e),
    (
        "Those are the right numbers in the other order. Write the one for unit 1 first.",
        lambda U, e: (U.T @ U.T @ e)[::-1],
    ),
    (
        "You squared each entry of U. The square of a matrix is the matrix product U.T @ U.T.",
        lambda U, e: (U**2).T @ e,
    ),
    ("You used U once and its transpose once. Both steps back use the transpose.", lambda U, e: U @ U.T @ e),
    ("You used U once and its transpose once. Both steps back use the transpose.", lambda U, e: U.T @ U @ e),
]


@exercise("What arrives at h_1? Write two numbers, the one for unit 1 first.")
def check_transpose(answer):
    """The error signal two linear steps back, in two units."""
    cell = RNN(1, 2, activation="linear", init="zeros").put(U=CORNER)
    arrives = backprop(unroll(cell, np.zeros((3, 1, 1))), AT_THE_END[:, None]).dh[1, :, 0]
    return judge_array(
        answer,
        arrives,
        why=(
            "Going forward, unit 1 takes in twice the state of unit 2. So going back, unit 2 gets twice what "
            "unit 1 has. Both eigenvalues of U are 0.5, and yet the norm has grown from 1 to 2.02."
        ),
        mistakes=[(wrong(CORNER, AT_THE_END), hint) for hint, wrong in BACK],
    )


# What the bound promises ------------------------------------------------------------------------------

NETWORKS = {1: ("tanh", 1.64), 2: ("tanh", 0.9), 3: ("sigmoid", 3.65), 4: ("linear", 1.1)}
BOUND = {
    1: "Network 1: 1.64 is not below 1, so the bound says nothing about it.",
    2: "Network 2: for tanh 1/γ is 1, and 0.9 is below that.",
    3: "Network 3: the steepest slope of a sigmoid is 1/4, so 1/γ is 4, and 3.65 is below that.",
    4: "Network 4: the slope of a linear unit is 1, and 1.1 is not below 1.",
}


@exercise("For which networks does the bound promise a vanishing gradient? Write a set of numbers.")
def check_bound(answer):
    """The networks whose largest singular value of U is below 1/γ."""
    chosen = as_set(answer, of="numbers of networks")
    must = {
        number
        for number, (activation, largest) in NETWORKS.items()
        if largest < probes.vanishing_bound(RNN(1, 1, activation=activation, init="zeros"))
    }
    if strange := sorted(chosen - set(NETWORKS)):
        return not_yet(f"The networks have the numbers 1 to 4; {strange[0]} is not one of them.")
    if wrong := sorted(chosen ^ must):
        return not_yet(BOUND[wrong[0]])
    return right(
        "About the other two the bound says nothing. Their gradients may vanish, explode, or do neither."
    )


# Slopes or weights ------------------------------------------------------------------------------------

WEIGHTS, SLOPES, NEITHER = "weights", "slopes", "neither"
PRINTOUT = {"A": (0.6, 0.1), "B": (1.25, 2.0), "C": (1.55, 0.5)}  # gain and size of the input
CAUSES = {"A": WEIGHTS, "B": SLOPES, "C": NEITHER}
HINTS = {
    "A": "Network A: its slopes are almost 1, so they take away almost nothing. What else is in each factor?",
    "B": "Network B: the slopes alone would leave about 0.48 per step. The factor is larger, so U stretches.",
    "C": "Network C: over 100 steps, how much does its factor leave?",
}


def printout():
    """A line for each of three tanh networks: the typical slope in 100 steps, and the factor per step."""
    return "\n".join(
        f"network {name}   typical slope {slope:.2f}   factor per step {factor:.2f}"
        for name, (factor, slope) in ((name, _measured(*PRINTOUT[name])) for name in PRINTOUT)
    )


@exercise("What makes the gradient of each network vanish? Write weights, slopes or neither, in quotes.")
def check_causes(a, b, c):
    """Whether weights or slopes make the gradients of three networks vanish, or neither."""
    for name, answer in zip(CAUSES, (a, b, c), strict=True):
        if as_word(answer, (WEIGHTS, SLOPES, NEITHER)) != CAUSES[name]:
            return not_yet(HINTS[name])
    return right(
        "A has slopes near 1, so it must be U that shrinks. In B U stretches, but the flat slopes more than "
        "undo it: smaller inputs would help. In C, U and the slopes balance: 0.998 per step still leaves "
        "0.79 after 100 steps."
    )


# The gain ---------------------------------------------------------------------------------------------

REASONS = {
    "B": "Reason B: with gain 1 an orthogonal U keeps the norm of every vector. Which factor shrinks it?",
    "C": "Reason C: the input is not a factor of the product. It moves the states to where tanh is flatter.",
}


@exercise("Find the gain, with inputs of size 0.25, and write it as a number. Write the reason as a letter.")
def check_threshold_gain(gain, reason):
    """The gain at which a tanh network keeps the size of its gradient, for inputs of size 0.25, and why."""
    gain, reason = as_number(gain), as_letter(reason, "ABC")
    if not 0 < gain <= 3:
        return not_yet(f"The gain is a number above 0 and not above 3; this is {gain:g}.")
    factor, _ = _measured(gain, 0.25)
    if abs(factor - 1) < 0.005:
        if reason in REASONS:
            return not_yet(f"The gain is right. {REASONS[reason]}")
        return right(
            f"It is × {factor:.3f} per step: U stretches by {gain:g}, and the slopes of tanh take that away. "
            "With inputs of another size it would be another gain: no gain is right for all of them."
        )
    if gain == 1:
        return not_yet(f"It would be 1 without tanh. With its slopes, × {factor:.3f} per step is left.")
    if factor < 1:
        return not_yet(f"With gain {gain:g} it is × {factor:.3f} per step: that vanishes. Try a larger gain.")
    return not_yet(f"With gain {gain:g} it is × {factor:.3f} per step: that explodes. Try a smaller gain.")


@functools.lru_cache(64)
def _measured(gain, size, T=100, H=32):
    """The factor per step of a tanh network that reads noise, and the root mean square of its slopes."""
    U = gain * RNN(H, H, rng=np.random.default_rng(0), init="orthogonal").U
    cell = RNN(H, H, init="zeros").put(W=np.eye(H), U=U)
    tape = unroll(cell, size * np.random.default_rng(2).standard_normal((T, H, 1)))
    return probes.factor_per_step(probes.log_norms_dh_T(tape)), float(np.sqrt(((1 - tape.h**2) ** 2).mean()))
