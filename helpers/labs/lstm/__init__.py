"""The labs of lesson 5, in the order in which the notebook shows them."""

from helpers.labs.lstm.block import FourUnits, OneStep
from helpers.labs.lstm.chain import Chain
from helpers.labs.lstm.latch import Latch
from helpers.labs.lstm.maps import GateMaps
from helpers.labs.lstm.marked import MarkedWords
from helpers.labs.lstm.reading import ReadingLSTM

NOTEBOOK = "05_lstm_gates"
LABS = (
    OneStep,
    Chain,
    GateMaps,
    Latch,
    ReadingLSTM,
    FourUnits,
    MarkedWords,
)

__all__ = [*(lab.__name__ for lab in LABS)]
