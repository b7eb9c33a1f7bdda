"""The checks of the lesson on the GRU."""

from helpers.checks.gru.convert import check_from_torch
from helpers.checks.gru.gates import (
    check_budget,
    check_keep_bias,
    check_nudge,
    check_plain,
    check_reset_orders,
)
from helpers.checks.gru.step import check_mix, check_step

__all__ = [
    "check_budget",
    "check_from_torch",
    "check_keep_bias",
    "check_mix",
    "check_nudge",
    "check_plain",
    "check_reset_orders",
    "check_step",
]
