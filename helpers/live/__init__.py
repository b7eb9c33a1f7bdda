"""A matplotlib figure as still pictures and frames of bytes. Knows no widget, no network and no lesson."""

from helpers.live.answer import Answer
from helpers.live.figure import LiveFigure
from helpers.live.postcard import postcard

__all__ = ["Answer", "LiveFigure", "postcard"]
