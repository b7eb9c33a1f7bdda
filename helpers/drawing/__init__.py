"""Diagrams of networks, drawn with matplotlib, and how figures look."""

from helpers.drawing.chain import Chain
from helpers.drawing.sketch import Sketch

__all__ = ["Chain", "Sketch"]
