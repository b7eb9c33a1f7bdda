"""Diagrams of networks, drawn with matplotlib: their parts are live artists that a lab moves."""

from helpers.drawing.chain import Chain

__all__ = ["Chain"]
