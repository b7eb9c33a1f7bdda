"""The labs of lesson 4, in the order in which the notebook shows them."""

from helpers.labs.lstm.block import FourUnits, OneStep
from helpers.labs.lstm.chain import Chain
from helpers.labs.lstm.latch import Latch
from helpers.labs.lstm.marked import MarkedWords
from helpers.labs.lstm.memory import GateMaps, Highway
from helpers.labs.lstm.reading import ReadingLSTM
from helpers.labs.lstm.start import HalfLives, StartRace, at_the_start, measured

NOTEBOOK = "04_lstm_gates"
LABS = (
    OneStep,
    FourUnits,
    Chain,
    GateMaps,
    Highway,
    HalfLives,
    StartRace,
    Latch,
    ReadingLSTM,
    MarkedWords,
)

__all__ = [*(lab.__name__ for lab in LABS), "at_the_start", "measured"]
