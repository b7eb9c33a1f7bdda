"""Sequences to learn from: tasks that ask for something seen long before."""

from helpers.tasks.agreement import Agreement
from helpers.tasks.base import Batch, Task
from helpers.tasks.classic import Adding, Copy, TemporalOrder
from helpers.tasks.noise import noise
from helpers.tasks.reber import EmbeddedReber

__all__ = ["Adding", "Agreement", "Batch", "Copy", "EmbeddedReber", "Task", "TemporalOrder", "noise"]
