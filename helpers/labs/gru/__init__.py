"""The labs of lesson 5."""

from helpers.labs.gru.block import OneStep
from helpers.labs.gru.conventions import Conventions
from helpers.labs.gru.cost import Costs
from helpers.labs.gru.gates_off import GateOff, LearnWithout
from helpers.labs.gru.memory import GateBiases
from helpers.labs.gru.reading import ReadingGRU

__all__ = ["Conventions", "Costs", "GateBiases", "GateOff", "LearnWithout", "OneStep", "ReadingGRU"]
