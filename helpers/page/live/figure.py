"""A matplotlib figure as still pictures and frames.

matplotlib lays the figure out once. Everything that keeps still becomes two pictures: what lies
beneath the live artists, and what lies above them (legends, frames of axes). Artists made with
`animated=True` are live: `LiveFigure.frame` writes them as bytes (see `frame.py`), and a page paints
those between the two pictures. If something else changes, say an axis limit, `stale` says so and the
two pictures must be made anew: slower, but right.
"""

import contextlib
import io
import pathlib

from matplotlib.artist import Artist
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.font_manager import findfont
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from helpers.page.live.canvas import drawn, lay_out
from helpers.page.live.frame import FrameRenderer
from helpers.page.live.image import fault_of

PAINTABLE = (Line2D, AxesImage, PathCollection, LineCollection, PolyCollection, Patch, Text)
"""What may be live: lines and markers, images, scatters, areas, bars and arrows, text."""

SHARPNESS = 2
"""The still pictures are made at twice the page's size, for sharp screens and projectors."""


class LiveFigure:
    """A figure whose live artists can be written as frames.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        With data in it. It is laid out here, and its layout is fixed from now on.
    within : callable, optional
        Makes a context manager, which is entered whenever the figure is drawn. matplotlib consults its
        settings each time, so they must be those that the figure was made with.

    Attributes
    ----------
    size : list of float
        Width and height on the page, in CSS pixels.

    Raises
    ------
    TypeError
        If an artist is live that a page cannot paint; the message names it.
    """

    def __init__(self, figure, within=contextlib.nullcontext):
        self.figure, self._within = figure, within
        self._live = live_artists(figure)
        figure.set_dpi(figure.dpi * SHARPNESS)  # from now on
        with within():
            lay_out(figure)
            figure.set_layout_engine(None)  # a placeholder would have each picture laid out once more
            width, height = figure.bbox.size
            self._renderer = FrameRenderer(width, height, figure.dpi, 1 / SHARPNESS)
        self.size = [width / SHARPNESS, height / SHARPNESS]
        figure.stale = True  # nothing has been pictured yet

    @property
    def stale(self):
        """Whether something that keeps still has changed since the still pictures were made."""
        return self.figure.stale

    def frame(self, key=""):
        """The live artists as they are now, as bytes.

        Parameters
        ----------
        key : str
            Names what the frame shows (the control values); the page has it once it is painted.
        """
        with self._within():
            self._renderer.begin()
            for artist in self._live:
                self._renderer.draw_artist(artist)
            return self._renderer.finish(key)

    def still_pictures(self):
        """What does not move, as two PNG pictures: `beneath` the live artists and `above` them (or b"")."""
        over = _artists_above(self.figure, self._live)
        under = [a for ax in self.figure.axes for a in ax.get_children() if a not in over]
        with self._within(), _hidden(self._live):
            with _hidden([*under, self.figure.patch, *_loose(self.figure)]):
                above = _png(drawn(self.figure)) if over else b""
            with _hidden(over):
                beneath = _png(drawn(self.figure))
        self.figure.stale = False  # hiding and showing is no change
        return {"beneath": beneath, "above": above}

    def picture(self):
        """The whole figure as it is now, at the page's size: an RGB image of Pillow."""
        was_stale = self.figure.stale
        with self._within(), _at_rest(self._live):
            whole = drawn(self.figure)
        self.figure.stale = was_stale  # what was live is so again
        return whole.convert("RGB").reduce(SHARPNESS)

    def fonts(self):
        """The files of the fonts that live text is set in, by the name a frame uses."""
        texts = [artist.get_fontproperties() for artist in self._live if isinstance(artist, Text)]
        with self._within():
            return {pathlib.Path(path).stem: path for path in map(findfont, texts)}


def live_artists(figure):
    """The figure's artists with `animated=True`, in painting order.

    Raises
    ------
    TypeError
        If one of them is of a kind the page cannot paint, or lies where it is not looked for.
    """
    parents = [*sorted(figure.axes, key=lambda ax: ax.zorder), figure]
    found = [a for parent in parents for a in _in_order(parent) if a.get_animated()]
    for artist in figure.findobj(Artist.get_animated):
        if not isinstance(artist, PAINTABLE):
            kinds = "lines, markers, images, scatters, areas, bars, arrows and text"
            raise TypeError(f"a live artist must be one of {kinds}; {artist!r} is not")
        if artist not in found:
            raise TypeError(f"a live artist must belong to axes or to the figure itself; {artist!r} does not")
        if isinstance(artist, AxesImage) and (fault := fault_of(artist)):
            raise TypeError(f"a live image {fault}: {artist!r}")
    return found


def _in_order(parent):
    return sorted(parent.get_children(), key=lambda artist: artist.get_zorder())


def _artists_above(figure, live):
    """Still artists that come after the last live one of their axes.

    One that lies between two live artists is painted beneath both: two pictures cannot do more.
    """
    above = []
    for ax in figure.axes:
        order = [a for a in _in_order(ax) if a is not ax.patch]  # the paper: beneath all, whatever its order
        last = max((k for k, a in enumerate(order) if a in live), default=len(order))
        above += order[last + 1 :]
    return above


def _loose(figure):
    """What is not in axes: titles, texts, legends of the whole, and the same of its subfigures."""
    within = [*figure.axes, *figure.subfigs, figure.patch]
    own = [a for a in figure.get_children() if a not in within]
    return own + [a for sub in figure.subfigs for a in (sub.patch, *_loose(sub))]


@contextlib.contextmanager
def _hidden(artists):
    """Hide artists for a while."""
    shown = [a for a in artists if a.get_visible()]
    for artist in shown:
        artist.set_visible(False)
    try:
        yield
    finally:
        for artist in shown:
            artist.set_visible(True)


@contextlib.contextmanager
def _at_rest(artists):
    """Let live artists be drawn like all others for a while."""
    for artist in artists:
        artist.set_animated(False)
    try:
        yield
    finally:
        for artist in artists:
            artist.set_animated(True)


def _png(image):
    png = io.BytesIO()
    image.save(png, "png", compress_level=3)
    return png.getvalue()
