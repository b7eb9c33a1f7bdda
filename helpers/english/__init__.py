"""A small English, and networks that read it: what they expect next, and which units and gates carry that."""

from helpers.english.grammatical_number import (
    agreement_by_distance,
    carriers,
    flip_rate,
    odds_after_exchange,
    of_long_subjects,
    other_number,
    right_odds,
    scores_after_exchange,
    shut_at,
    twin,
)
from helpers.english.influence import Influence, gradual_swap, influence
from helpers.english.language import chain
from helpers.english.network import Network, load, make, save
from helpers.english.read import OPEN, SHUT, Reading, read
from helpers.english.sentences import as_text, parse

__all__ = [
    "OPEN",
    "SHUT",
    "Influence",
    "Network",
    "Reading",
    "agreement_by_distance",
    "as_text",
    "carriers",
    "chain",
    "flip_rate",
    "gradual_swap",
    "influence",
    "load",
    "make",
    "odds_after_exchange",
    "of_long_subjects",
    "other_number",
    "parse",
    "read",
    "right_odds",
    "save",
    "scores_after_exchange",
    "shut_at",
    "twin",
]
