"""A matplotlib figure as still pictures and frames of bytes. Knows no widget, no network and no lesson."""

from helpers.page.live.canvas import lay_out
from helpers.page.live.figure import LiveFigure
from helpers.page.live.postcard import postcard
from helpers.page.live.snapshot import Snapshot

__all__ = ["LiveFigure", "Snapshot", "lay_out", "postcard"]
