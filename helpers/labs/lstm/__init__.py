"""The labs of lesson 4."""

from helpers.labs.lstm.block import FourUnits, OneStep
from helpers.labs.lstm.chain import Chain
from helpers.labs.lstm.latch import Latch
from helpers.labs.lstm.marked import MarkedWords
from helpers.labs.lstm.memory import GateMaps, Highway
from helpers.labs.lstm.reading import ReadingLSTM
from helpers.labs.lstm.start import HalfLives, StartRace, at_the_start, measured

__all__ = [
    "Chain",
    "FourUnits",
    "GateMaps",
    "HalfLives",
    "Highway",
    "Latch",
    "MarkedWords",
    "OneStep",
    "ReadingLSTM",
    "StartRace",
    "at_the_start",
    "measured",
]
