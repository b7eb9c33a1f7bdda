"""The rungs of a check: first the type of the answer, then the known mistakes, then shape and values."""

import numpy as np

from helpers.checks.answers import Refused, as_array, as_number
from helpers.checks.feedback import not_yet, right

EXACT = 1e-9
ROUNDING, CLOSE = 1e-6, 0.01  # where more digits would help, and how far off such an answer is


TOO_SMALL = "{number} is too small."
TOO_LARGE = "{number} is too large."
NOT_CLOSE_ENOUGH = "{number} is close, but not close enough. Keep more digits while you calculate."


def judge_number(answer, expected, *, why="", near=1e-3, whole=False, mistakes=()):
    """Judge a number.

    Parameters
    ----------
    answer : object
        What the learner wrote, or what the learner's function returned.
    expected : float
        The right value.
    why : str
        What to say when the answer is right.
    near : float
        The largest relative error (absolute, if `expected` is 0) that still counts as right.
    whole : bool
        Whether the answer is a count, so that only the exact number is right.
    mistakes : sequence of (float, str)
        Wrong values that a learner is likely to arrive at, each with the hint that helps.

    Returns
    -------
    Feedback
    """
    try:
        number = as_number(answer)
    except Refused as refusal:
        return not_yet(str(refusal))
    if same(number, expected, EXACT if whole else near):
        return right(why)
    for wrong, hint in mistakes:
        if same(number, wrong, near):
            return not_yet(hint)
    if whole and number != round(number):
        return not_yet(f"A whole number is expected; this is {number:g}.")
    if near > ROUNDING and not whole and same(number, expected, max(5 * near, CLOSE)):
        return not_yet(NOT_CLOSE_ENOUGH.format(number=_said(number)))
    return not_yet((TOO_SMALL if number < expected else TOO_LARGE).format(number=_said(number)))


def judge_array(answer, expected, *, why="", near=1e-6, mistakes=()):
    """Judge an array: first that it is one, then its shape, then its values.

    The parameters are those of `judge_number`. `mistakes` holds pairs (array, hint); the arrays may have
    a different shape from `expected`.
    """
    try:
        array = as_array(answer)
    except Refused as refusal:
        return not_yet(str(refusal))
    if same(array, expected, near):
        return right(why)
    for wrong, hint in mistakes:
        if same(array, wrong, near):
            return not_yet(hint)
    if array.ndim == 0:
        return not_yet(f"An array of shape {expected.shape} is expected; this is a single number.")
    if array.shape != expected.shape:
        return not_yet(f"The shape should be {expected.shape}; yours is {array.shape}.")
    worst = np.unravel_index(np.abs(array - expected).argmax(), expected.shape)
    place = ", ".join(str(k) for k in worst)
    return not_yet(f"The shape is right, the values are not. Entry [{place}] is furthest off.")


def mistakes_of(table, *given):
    """What a learner's function returns if it makes one of the known mistakes: `mistakes` for `judge_array`.

    Parameters
    ----------
    table : sequence of (str, callable)
        A hint, and a function that makes this mistake. It takes the same arguments as the learner's.
    *given
        The arguments that the learner's function was called with.

    Returns
    -------
    list of (value, str)
        What each function returned, with its hint. Where a function returns several arrays, take the one
        that is judged: `[(c_t, hint) for (h_t, c_t), hint in mistakes_of(TABLE, *given)]`.
    """
    return [(wrong(*given), hint) for hint, wrong in table]


def _said(number):
    """A number as a learner reads it, with a real minus sign."""
    return f"{number:.6g}".replace("-", "−")


def same(answer, expected, near):
    """Whether two numbers, or two arrays, differ by no more than `near`."""
    if np.shape(answer) != np.shape(expected):
        return False
    apart, size = np.abs(np.subtract(answer, expected)), np.abs(expected)
    if np.ndim(expected):
        return bool((apart <= near * (1 + size)).all())
    return bool(apart <= near * (size or 1))


def all_right(verdicts, why, later=None):
    """The first verdict that is not right; if all are right, `right(why)`.

    Parameters
    ----------
    verdicts : iterable of Feedback
        One for each case on which a function is tried, or for each part of an answer. A generator saves
        the work of judging the cases after the first wrong one.
    why : str
        What to say when all are right.
    later : str, optional
        What is special about the cases after the first; said before the feedback on one of these.
    """
    seen = 0
    try:
        for verdict in verdicts:
            if not verdict.right:
                break
            seen += 1
        else:
            return right(why)
    except Refused as refusal:
        verdict = not_yet(str(refusal))
    return verdict.about(later) if seen and later else verdict
