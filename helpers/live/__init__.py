"""A matplotlib figure that the browser repaints while a slider is dragged. Knows nothing of networks."""

from helpers.live.figure import LiveFigure

__all__ = ["LiveFigure"]
