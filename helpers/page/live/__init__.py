"""A matplotlib figure as still pictures and frames of bytes. Knows no widget, no network and no lesson."""

from helpers.page.live.answer import Answer
from helpers.page.live.canvas import lay_out
from helpers.page.live.figure import LiveFigure
from helpers.page.live.postcard import postcard

__all__ = ["Answer", "LiveFigure", "lay_out", "postcard"]
