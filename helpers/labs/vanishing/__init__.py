"""The labs of lesson 3, in the order in which the notebook shows them."""

from helpers.labs.vanishing.influence import GradientOrInfluence
from helpers.labs.vanishing.norms import GradientNorms
from helpers.labs.vanishing.saturation import Saturation
from helpers.labs.vanishing.two_by_two import InTurn, TwoByTwo

NOTEBOOK = "03_vanishing_gradients"
LABS = (
    TwoByTwo,
    GradientNorms,
    Saturation,
    GradientOrInfluence,
    InTurn,
)

__all__ = [*(lab.__name__ for lab in LABS)]
