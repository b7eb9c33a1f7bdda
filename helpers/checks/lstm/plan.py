"""The check of the plan for a latch: which gates are open, and when."""

import numpy as np

from helpers.checks import Refused, as_array, exercise, not_yet, right

# For each part of the plan: the gates f, i and o as they should be, and what is wrong with the opposite.
PLAN = {
    "at_the_flag": (
        (0, "With f = 1 at the flag, the new value is added to the old one; it should replace it."),
        (1, "With i = 0 at the flag, the value that matters is not written."),
        (1, "The flag may come at the very last step. The block has to show its cell then, too."),
    ),
    "elsewhere": (
        (1, "With f = 0 without a flag, the cell forgets the value at the next step."),
        (0, "With i = 1 without a flag, every other value is written as well."),
        (1, "Nothing tells the unit which step is the last. So it has to show its cell at every step."),
    ),
}


@exercise("Which gates are open (1) and which are shut (0)? Write f, i and o at the flag and elsewhere.")
def check_plan(at_the_flag, elsewhere):
    """The gates f, i and o of a latch at a flag, and at a step without one."""
    for (name, gates), answer in zip(PLAN.items(), (at_the_flag, elsewhere), strict=True):
        given = _three(answer)
        for (wanted, hint), value in zip(gates, given, strict=True):
            if value != wanted:
                return not_yet(hint).about(name)
    return right(
        "At the flag: erase, write, show. Elsewhere: keep, write nothing, show. Nothing announces the last"
        " step, so o stays open."
    )


def _three(answer):
    """Three numbers, each 0 or 1."""
    numbers = as_array(answer)
    if numbers.shape != (3,):
        raise Refused("Three numbers are expected, for f, i and o: for example (1, 1, 1).")
    if not np.isin(numbers, (0, 1)).all():
        raise Refused("Write 0 for a gate that is shut and 1 for a gate that is open.")
    return numbers
