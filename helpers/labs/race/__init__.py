"""The labs of lesson 6."""

from helpers.labs.race.digits import ReadsDigits
from helpers.labs.race.gates import GatesLearnt
from helpers.labs.race.race import Race
from helpers.labs.race.results import lanes, long_run, seconds, table
from helpers.labs.race.setup import LENGTHS, TRACKS
from helpers.labs.race.sunspots import Forecasts
from helpers.labs.race.text import Writes

__all__ = [
    "LENGTHS",
    "TRACKS",
    "Forecasts",
    "GatesLearnt",
    "Race",
    "ReadsDigits",
    "Writes",
    "lanes",
    "long_run",
    "seconds",
    "table",
]
