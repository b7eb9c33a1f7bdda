"""The labs of lesson 8, in the order in which the notebook shows them."""

from helpers.labs.race.digits import ReadsDigits
from helpers.labs.race.gates import GatesLearnt
from helpers.labs.race.race import Race
from helpers.labs.race.results import lanes, long_run, seconds, table
from helpers.labs.race.setup import LENGTHS, TRACKS
from helpers.labs.race.sunspots import Forecasts
from helpers.labs.race.text import Writes

NOTEBOOK = "08_memory_race"
LABS = (
    Race,
    GatesLearnt,
    ReadsDigits,
    Writes,
    Forecasts,
)

__all__ = [*(lab.__name__ for lab in LABS), "LENGTHS", "TRACKS", "lanes", "long_run", "seconds", "table"]
