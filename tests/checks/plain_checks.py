"""Three checks of no lesson, to try what all checks are made of."""

import numpy as np

from helpers import checks

TASK, WHY = "Do it.", "So it is."


@checks.exercise(TASK)
def number(answer):
    return checks.judge_number(answer, 2.0, why=WHY, mistakes=[(4.0, "Not the square.")])


@checks.exercise(TASK)
def array(answer):
    expected = np.arange(6.0).reshape(2, 3)
    mistakes = [(expected + 1, "One too many."), (expected[0], "That is the first row.")]
    return checks.judge_array(answer, expected, why=WHY, mistakes=mistakes)


@checks.exercise(TASK)
def doubling(function):
    return checks.judge_number(checks.call(function, np.array([1.0]))[0], 2.0, why=WHY)
