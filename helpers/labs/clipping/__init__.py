"""The labs of lesson 3."""

from helpers.labs.clipping.cliff import Cliff
from helpers.labs.clipping.truncation import BothWays, TimeOfTheWayBack, Truncation
from helpers.labs.clipping.window import SmallestWindow

__all__ = ["BothWays", "Cliff", "SmallestWindow", "TimeOfTheWayBack", "Truncation"]
