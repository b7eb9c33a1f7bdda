"""The labs of lesson 2, in the order in which the notebook shows them."""

from helpers.labs.bptt.lags import LagByLag
from helpers.labs.bptt.updates import Learning
from helpers.labs.bptt.walking_back import WalkingBack

NOTEBOOK = "02_bptt"
LABS = (
    WalkingBack,
    Learning,
    LagByLag,
)

__all__ = [*(lab.__name__ for lab in LABS)]
