"""The checks of lesson 2."""

from helpers.checks.bptt.backward import check_lag_terms, check_send_back, check_slope, check_two_back
from helpers.checks.bptt.bugs import PROGRAMS, check_bug_hunt, check_unseen

__all__ = [
    "PROGRAMS",
    "check_bug_hunt",
    "check_lag_terms",
    "check_send_back",
    "check_slope",
    "check_two_back",
    "check_unseen",
]
