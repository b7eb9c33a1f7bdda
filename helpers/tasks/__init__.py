"""Sequences to learn from: tasks that ask for something seen long before."""

from helpers.tasks.base import Batch, Task, one_hot
from helpers.tasks.classic import Adding, Copy, TemporalOrder
from helpers.tasks.images import Digits
from helpers.tasks.noise import noise
from helpers.tasks.parity import Parity
from helpers.tasks.reber import EmbeddedReber
from helpers.tasks.series import RandomWalk, Sunspots
from helpers.tasks.speech import SpokenDigits
from helpers.tasks.text import NextCharacter

__all__ = [
    "Adding",
    "Batch",
    "Copy",
    "Digits",
    "EmbeddedReber",
    "NextCharacter",
    "Parity",
    "RandomWalk",
    "SpokenDigits",
    "Sunspots",
    "Task",
    "TemporalOrder",
    "noise",
    "one_hot",
]
