"""The labs of lesson 3, in the order in which the notebook shows them."""

from helpers.labs.vanishing.counter_examples import Saturation, TwoByTwo
from helpers.labs.vanishing.influence import GradientOrInfluence
from helpers.labs.vanishing.norms import FromUAlone, GradientNorms

NOTEBOOK = "03_vanishing_gradients"
LABS = (
    GradientNorms,
    FromUAlone,
    Saturation,
    TwoByTwo,
    GradientOrInfluence,
)

__all__ = [*(lab.__name__ for lab in LABS)]
