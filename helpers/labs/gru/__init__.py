"""The labs of lesson 7, in the order in which the notebook shows them."""

from helpers.labs.gru.block import OneStep
from helpers.labs.gru.carriers import WhoCarries
from helpers.labs.gru.conventions import Conventions
from helpers.labs.gru.cost import Costs
from helpers.labs.gru.gates_off import GateOff, LearnWithout
from helpers.labs.gru.memory import GateBiases

NOTEBOOK = "07_gru"
LABS = (
    OneStep,
    GateBiases,
    Conventions,
    GateOff,
    LearnWithout,
    WhoCarries,
    Costs,
)

__all__ = [*(lab.__name__ for lab in LABS)]
