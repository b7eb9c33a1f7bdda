"""Networks that read a small English: what they expect, where they keep it, and what moving a gate does."""

from helpers.english.grammatical_number import (
    agreement_by_distance,
    carriers,
    flips,
    odds_after_exchange,
    other_number,
    right_odds,
    shut_at,
    twin,
)
from helpers.english.influence import Influence, influence, little_by_little
from helpers.english.language import chain
from helpers.english.network import Network, load, make, save
from helpers.english.read import OPEN, SHUT, Reading, interchange, read
from helpers.english.sentences import parse, written

__all__ = [
    "OPEN",
    "SHUT",
    "Influence",
    "Network",
    "Reading",
    "agreement_by_distance",
    "carriers",
    "chain",
    "flips",
    "influence",
    "interchange",
    "little_by_little",
    "load",
    "make",
    "odds_after_exchange",
    "other_number",
    "parse",
    "read",
    "right_odds",
    "save",
    "shut_at",
    "twin",
    "written",
]
