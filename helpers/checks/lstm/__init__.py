"""The checks of lesson 4."""

from helpers.checks.lstm.gates import (
    check_mix,
    check_parameters,
    check_step,
)
from helpers.checks.lstm.latch import check_latch
from helpers.checks.lstm.reading import check_number_unit, check_shut

__all__ = [
    "check_latch",
    "check_mix",
    "check_number_unit",
    "check_parameters",
    "check_shut",
    "check_step",
]
