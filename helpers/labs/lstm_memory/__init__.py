"""The labs of lesson 6, in the order in which the notebook shows them."""

from helpers.labs.lstm_memory.highway import Highway
from helpers.labs.lstm_memory.start import HalfLives, StartRace, at_the_start, measured

NOTEBOOK = "06_lstm_memory"
LABS = (
    Highway,
    HalfLives,
    StartRace,
)

__all__ = [*(lab.__name__ for lab in LABS), "at_the_start", "measured"]
