"""Feedback on exercises: what a learner reads under an answer.

An answer cell starts as `answer = ...`; that is *open*, not wrong. An answer then climbs a ladder:
the right type, the right shape, the right properties, and only then the right values, so that each
message is about one thing. A right answer is told why it is right. Each notebook has its checks in
a module of its own here; they are made of the rungs below.
"""

import html
import math
import numbers

import numpy as np

OPEN, NOT_YET, RIGHT = "○", "✗", "✓"
COLOURS = {OPEN: "#666666", NOT_YET: "#B04A00", RIGHT: "#006B4F"}


class Feedback:
    """One line of feedback; `right` says whether the answer is right."""

    def __init__(self, mark, message):
        self.mark, self.message = mark, message
        self.right = mark == RIGHT

    def __repr__(self):
        return f"{self.mark} {self.message}"

    def _repr_html_(self):
        style = f"border-left:4px solid {COLOURS[self.mark]};padding:.3em .8em"
        return f"<div style='{style}'>{self.mark} {html.escape(self.message)}</div>"


def is_open(answer):
    """Whether the answer cell has been left as it was."""
    return answer is ... or answer is None


def left_open(task):
    """Feedback on an answer not given yet: what to do, no more."""
    return Feedback(OPEN, f"Not answered yet. {task}")


def not_yet(message):
    """Feedback on an answer that is not right yet."""
    return Feedback(NOT_YET, message)


def right(message):
    """Feedback on a right answer, with a word on why."""
    return Feedback(RIGHT, message)


def check_number(answer, expected, *, task, why, near=1e-3, mistakes=()):
    """Judge a number.

    Parameters
    ----------
    answer : object
        What the learner wrote.
    expected : float
        The right value.
    task, why : str
        Said while the answer is open, and when it is right.
    near : float
        How far from `expected`, relatively (absolutely where `expected` is 0), still counts as right.
    mistakes : sequence of (float, str)
        Wrong values a learner may well arrive at, each with the hint that helps.

    Returns
    -------
    Feedback
    """
    if is_open(answer):
        return left_open(task)
    if isinstance(answer, np.ndarray) and answer.size == 1:
        answer = answer.item()
    if isinstance(answer, bool) or not isinstance(answer, numbers.Real):
        return not_yet(f"A single number is expected; this is of type {type(answer).__name__}.")
    if not math.isfinite(answer):
        return not_yet(f"A finite number is expected; this is {answer}.")
    if _close(answer, expected, near):
        return right(why)
    for value, hint in mistakes:
        if _close(answer, value, near):
            return not_yet(hint)
    size = "too small" if answer < expected else "too large"
    return not_yet(f"{answer:g} is {size}. {task}")


def _close(answer, expected, near):
    return abs(answer - expected) <= near * (abs(expected) or 1)


def check_array(answer, expected, *, task, why, near=1e-6, mistakes=()):
    """Judge an array: first that it is one, then its shape, then its values.

    The parameters are those of `check_number`; `mistakes` holds (array, hint) pairs.
    """
    if is_open(answer):
        return left_open(task)
    try:
        answer = np.asarray(answer, float)
    except (TypeError, ValueError):
        return not_yet(f"An array of numbers is expected; this is of type {type(answer).__name__}.")
    if answer.shape != expected.shape:
        return not_yet(f"The shape should be {expected.shape}; yours is {answer.shape}.")
    if not np.isfinite(answer).all():
        return not_yet("Some values are not finite (nan or inf). Is something divided by zero?")
    if np.allclose(answer, expected, rtol=near, atol=near):
        return right(why)
    for wrong, hint in mistakes:
        if np.allclose(answer, wrong, rtol=near, atol=near):
            return not_yet(hint)
    worst = np.unravel_index(np.abs(answer - expected).argmax(), expected.shape)
    place = ", ".join(str(k) for k in worst)
    return not_yet(f"The shape is right, the values are not: furthest off is entry [{place}]. {task}")


def call(function, *arguments, task):
    """Run a learner's function; gives (value, None), or (None, Feedback) if there is nothing to judge."""
    if is_open(function):
        return None, left_open(task)
    if not callable(function):
        return None, not_yet(f"A function is expected; this is of type {type(function).__name__}.")
    try:
        value = function(*arguments)
    except Exception as error:
        return None, not_yet(f"Your function stopped with {type(error).__name__}: {error}")
    return (None, left_open(task)) if is_open(value) else (value, None)
