"""The labs of lesson 2, in the order in which the notebook shows them."""

from helpers.labs.bptt.counter_examples import Saturation, TwoByTwo
from helpers.labs.bptt.influence import GradientOrInfluence
from helpers.labs.bptt.lags import LagByLag
from helpers.labs.bptt.norms import FromUAlone, GradientNorms
from helpers.labs.bptt.walking_back import Learning, WalkingBack

NOTEBOOK = "02_bptt_vanishing_gradients"
LABS = (
    WalkingBack,
    Learning,
    LagByLag,
    GradientNorms,
    FromUAlone,
    Saturation,
    TwoByTwo,
    GradientOrInfluence,
)

__all__ = [*(lab.__name__ for lab in LABS)]
