"""The labs of lesson 6, in the order in which the notebook shows them."""

from helpers.labs.lstm_memory.dots import start_dots
from helpers.labs.lstm_memory.half_lives import Chrono, HalfLives
from helpers.labs.lstm_memory.highway import Highway
from helpers.labs.lstm_memory.start import StartRace, before_training, measured

NOTEBOOK = "06_lstm_memory"
LABS = (
    Highway,
    HalfLives,
    StartRace,
    Chrono,
)

__all__ = [*(lab.__name__ for lab in LABS), "before_training", "measured", "start_dots"]
