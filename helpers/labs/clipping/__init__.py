"""The labs of lesson 4, in the order in which the notebook shows them."""

from helpers.labs.clipping.cliff import Cliff
from helpers.labs.clipping.edge import Edge
from helpers.labs.clipping.truncation import BothWays, TimeOfTheBackwardPass, Truncation
from helpers.labs.clipping.window import SmallestWindow

NOTEBOOK = "04_clipping_truncation"
LABS = (
    Edge,
    Cliff,
    Truncation,
    BothWays,
    SmallestWindow,
    TimeOfTheBackwardPass,
)

__all__ = [*(lab.__name__ for lab in LABS)]
