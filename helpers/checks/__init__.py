"""Feedback on exercises: what a learner reads under an answer.

An answer cell starts as `answer = ...`; that is *open*, not wrong. An answer then climbs a ladder: its type,
the known mistakes, each with a hint of its own, its shape, and its values, so that each message is about one
thing. A right answer is told why it is right. Each lesson has its checks in a module of its own here. Checks
are made of these:

- `exercise` makes a check from a function that judges, and protects it from whatever an answer does;
- `call` runs a learner's function on copies;
- `judge_number` and `judge_array` are the ladder; `mistakes_of` makes its known mistakes from a table, and
  `all_right` combines the verdicts on several cases or parts;
- `as_number`, `as_array`, `as_set`, `as_letter`, `as_word` and `as_parts` read an answer for a check that
  judges it in a way of its own.
"""

from helpers.checks.answers import Refused, as_array, as_letter, as_number, as_parts, as_set, as_word
from helpers.checks.calls import call, exercise
from helpers.checks.feedback import NOT_YET, OPEN, RIGHT, Feedback, not_yet, right
from helpers.checks.ladder import all_right, judge_array, judge_number, mistakes_of

__all__ = [
    "NOT_YET",
    "OPEN",
    "RIGHT",
    "Feedback",
    "Refused",
    "all_right",
    "as_array",
    "as_letter",
    "as_number",
    "as_parts",
    "as_set",
    "as_word",
    "call",
    "exercise",
    "judge_array",
    "judge_number",
    "mistakes_of",
    "not_yet",
    "right",
]
