"""The labs of lesson 8, in the order in which the notebook shows them."""

from helpers.labs.race.digits import ReadsDigits
from helpers.labs.race.fairness import OtherRates
from helpers.labs.race.gates import GatesLearnt
from helpers.labs.race.race import Race
from helpers.labs.race.results import RATES, best, lanes, long_run, measured, seconds, table
from helpers.labs.race.setup import LENGTHS, TRACKS
from helpers.labs.race.sunspots import Forecasts
from helpers.labs.race.text import Writes

NOTEBOOK = "08_memory_race"
LABS = (
    Race,
    OtherRates,
    ReadsDigits,
    Writes,
    Forecasts,
    GatesLearnt,
)

__all__ = [
    *(lab.__name__ for lab in LABS),
    "LENGTHS",
    "RATES",
    "TRACKS",
    "best",
    "lanes",
    "long_run",
    "measured",
    "seconds",
    "table",
]
