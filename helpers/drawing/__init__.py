"""Diagrams of networks, drawn with matplotlib, and how figures look."""

from helpers.drawing.chain import Chain
from helpers.drawing.sketch import Sketch
from helpers.drawing.stack import Stack

__all__ = ["Chain", "Sketch", "Stack"]
