"""The checks of lesson 5."""

from helpers.checks.lstm.gates import check_mix, check_parameters
from helpers.checks.lstm.latch import check_latch
from helpers.checks.lstm.plan import check_plan
from helpers.checks.lstm.reading import check_shut, check_unit
from helpers.checks.lstm.step import check_step

__all__ = [
    "check_latch",
    "check_mix",
    "check_parameters",
    "check_plan",
    "check_shut",
    "check_step",
    "check_unit",
]
