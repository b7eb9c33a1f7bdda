"""The labs of lesson 2."""

from helpers.labs.bptt.counter_examples import Saturation, TwoByTwo
from helpers.labs.bptt.influence import GradientOrInfluence
from helpers.labs.bptt.lags import LagByLag
from helpers.labs.bptt.norms import FromUAlone, GradientNorms
from helpers.labs.bptt.walking_back import Learning, WalkingBack

__all__ = [
    "FromUAlone",
    "GradientNorms",
    "GradientOrInfluence",
    "LagByLag",
    "Learning",
    "Saturation",
    "TwoByTwo",
    "WalkingBack",
]
