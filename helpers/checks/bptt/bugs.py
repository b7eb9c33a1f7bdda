"""Four programs that compute dU, three of them with a mistake, and the checks that ask which and when."""

import collections.abc
import itertools

import numpy as np

from helpers.checks import Refused, as_letter, as_number, exercise, not_yet, right
from helpers.checks.answers import StillOpen, kind, safely
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN


def _states(x, W, U, b):
    """h_0 to h_T, (T+1, H), of a tanh network."""
    h = [np.zeros(len(b))]
    for x_t in x:
        h.append(np.tanh(W @ x_t + U @ h[-1] + b))
    return np.array(h)


def _dU(x, y, W, U, b, back=None, with_a_target=slice(None), slope_of=0):
    """dU of the mean squared error of all states; what is left at its default is right.

    Parameters
    ----------
    x, y : array (T, D), array (T, H)
        The inputs, and the target of each unit at each step.
    W, U, b : array (H, D), array (H, H), array (H,)
        The weights.
    back : array (H, H)
        What sends da_(t+1) back to h_t, U.T if left out.
    with_a_target : slice
        The steps whose direct part counts.
    slope_of : int
        By how many steps the slope is shifted; 0 is right.
    """
    h = _states(x, W, U, b)
    slope = np.roll(1 - h**2, slope_of, axis=0)
    direct = np.zeros_like(h)
    direct[1:][with_a_target] = (2 * (h[1:] - y) / y.size)[with_a_target]
    dU, later = np.zeros_like(U), 0.0
    for t in range(len(x), 0, -1):
        da = slope[t] * (direct[t] + later)
        dU += np.outer(da, h[t - 1])
        later = (U.T if back is None else back) @ da
    return dU


def _slope_of_the_step_before(x, y, W, U, b):
    return _dU(x, y, W, U, b, slope_of=1)


def _without_direct(x, y, W, U, b):
    return _dU(x, y, W, U, b, with_a_target=slice(-1, None))


def _not_transposed(x, y, W, U, b):
    return _dU(x, y, W, U, b, back=U)


PROGRAMS = {"A": _slope_of_the_step_before, "B": _dU, "C": _without_direct, "D": _not_transposed}
"""From a letter to a program: program(x, y, W, U, b) gives dU, for x (T, D), y (T, H) and b (H,)."""
WRONG = set("ACD")


@exercise("Which of the four programs are wrong? Write their letters in quotes, as one text.")
def check_bug_hunt(answer):
    """The three of four programs whose dU is not the slope of the loss."""
    named = _as_letters(answer, PROGRAMS)
    if named - WRONG:
        return not_yet("You named B, but its dU[0, 1] is what nudging gives. Compare the digits again.")
    if WRONG - named:
        return not_yet(
            "All the programs you named are wrong, but you have not named them all. Compare "
            "each with your slope."
        )
    return right(
        "A takes the slope of the step before, C loses the direct part of all steps but the last, and D "
        "leaves out the transpose. Only B agrees with what nudging gives."
    )


@safely
def _as_letters(answer, known):
    """A set of letters, from "ACD", "A, C, D" or {"A", "C", "D"}."""
    if not isinstance(answer, str | collections.abc.Iterable) or isinstance(answer, bytes | dict):
        raise Refused(f"A text of letters is expected, in quotes; this is {kind(answer)}.")
    text = answer.replace(",", "").replace(" ", "").strip(".") if isinstance(answer, str) else answer
    items = list(itertools.islice(text, 2 * len(known) + 1))
    if any(item is ... for item in items):
        raise StillOpen
    if not 0 < len(items) <= len(known):
        raise Refused(f"One to {len(known)} letters are expected; name each program once.")
    letters = [as_letter(item, "".join(known)) for item in items]
    if len(set(letters)) < len(letters):
        raise Refused("One of the letters comes twice; name each program once.")
    return set(letters)


@exercise("For which u does D compute the right dU, whatever the inputs and the targets? Write a number.")
def check_unseen(answer):
    """The u for which the program that forgets the transpose is right all the same."""
    u = as_number(answer)
    if abs(u) > 100:
        return not_yet("With such a weight tanh is flat at every step. Try a number between -1 and 1.")
    off = _off_by(u)
    if off > 1e-7:  # float32's 0.8 is right
        return not_yet(f"With u = {u:g}, D is off by {off:.2g} in one entry. When is U.T the same as U?")
    return right(
        "U then equals its transpose, so leaving the transpose out changes nothing, and no nudging can show "
        "it. A check is only as good as the network it is made on: draw the weights at random."
    )


def _off_by(u):
    """How far program D is off at the most, on a few networks with this u."""
    rng, U, most = np.random.default_rng(2), np.array([[0.5, 0.8], [u, -0.3]]), 0.0
    for _ in range(4):
        W, b, x, y = (rng.standard_normal(shape) for shape in ((2, 1), 2, (4, 1), (4, 2)))
        cell = RNN(1, 2, init="zeros").put(W=W, U=U, b=b[:, None])
        tape = unroll(cell, x[:, :, None])
        dU = backprop(tape, 2 * (tape.h - y[:, :, None]) / y.size).dU
        most = max(most, float(np.abs(PROGRAMS["D"](x, y, W, U, b) - dU).max()))
    return most
