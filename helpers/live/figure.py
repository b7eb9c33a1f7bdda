"""A matplotlib figure whose live artists the browser repaints.

matplotlib lays the figure out once. Everything that keeps still becomes two pictures: what lies
beneath the live artists, and what lies above them (legends, frames of axes). Artists made with
`animated=True` are live: `LiveFigure.refresh` writes them as a frame (see `frame.py`) and
`figure.js` paints it between the two pictures. If something else changes, say an axis limit, the
two pictures are made anew: slower, but right.
"""

import contextlib
import io
import pathlib

import anywidget
import matplotlib
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.font_manager import findfont
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from PIL import Image

from helpers.live.frame import FrameRenderer
from helpers.live.image import fault_of

KINDS = (Line2D, AxesImage, PathCollection, LineCollection, PolyCollection, Patch, Text)
"""What may be live: lines and markers, images, scatters, areas, bars and arrows, text."""

SHARPNESS = 2
"""The still pictures are made at twice the page's size, for sharp screens and projectors."""


class LiveFigure(anywidget.AnyWidget):
    """A figure on a page, with a line of words under it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Laid out and with data in it. Its layout is fixed from now on.
    style : dict, optional
        The settings (rcParams) it was made under, and is to be drawn under: matplotlib asks them how many
        ticks have room.

    Attributes
    ----------
    readout : str
        What the figure says, in words: shown beneath it, and the picture's alternative text.
    error : str
        One line shown in the place of the readout, empty when all is well.

    Raises
    ------
    TypeError
        If an artist is live that the page cannot paint; the message names it.
    """

    _esm = pathlib.Path(__file__).with_name("figure.js")

    size = traitlets.List(traitlets.Float()).tag(sync=True)
    beneath = traitlets.Bytes().tag(sync=True)
    above = traitlets.Bytes().tag(sync=True)
    frame = traitlets.Bytes().tag(sync=True)
    readout = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    def __init__(self, figure, style=None, **state):
        self.figure = figure
        self._style = style or {}
        self._live = live_artists(figure)
        self._set_scale()
        with matplotlib.rc_context(self._style):
            figure.draw_without_rendering()
        figure.set_layout_engine("none")
        width, height = figure.bbox.size
        self._renderer = FrameRenderer(width, height, figure.dpi, 1 / SHARPNESS)
        super().__init__(size=[width / SHARPNESS, height / SHARPNESS], **state)
        self.on_msg(self._send_font)
        figure.stale = True  # nothing has been pictured yet
        self.refresh()

    def _set_scale(self):
        """Draw at SHARPNESS device pixels to a pixel of the page, from now on."""
        self.figure.set_dpi(self.figure.dpi * SHARPNESS)
        FigureCanvasAgg(self.figure)

    def refresh(self, key="", **state):
        """Show the live artists as they are now.

        Parameters
        ----------
        key : str
            Names what the frame shows (the control values); the page has it once it is painted.
        **state
            New values of `readout` or `error`, which travel with the frame.
        """
        if self.figure.stale:
            state |= self._still_pictures()
        self._renderer.begin()
        for artist in self._live:
            self._renderer.draw_artist(artist)
        with self.hold_sync():  # one message a frame
            self.set_trait("frame", self._renderer.finish(key))
            for name, value in state.items():
                self.set_trait(name, value)

    def _still_pictures(self):
        """What does not move, as two PNG pictures: `beneath` the live artists and `above` them."""
        over = _artists_above(self.figure, self._live)
        under = [a for ax in self.figure.axes for a in ax.get_children() if a not in over]
        with matplotlib.rc_context(self._style), _hidden(self._live):
            with _hidden([*under, self.figure.patch, *_loose(self.figure)]):
                above = _png(self._draw()) if over else b""
            with _hidden(over):
                beneath = _png(self._draw())
        self.figure.stale = False  # hiding and showing is no change
        return {"beneath": beneath, "above": above}

    def _draw(self):
        self.figure.canvas.draw()
        return np.asarray(self.figure.canvas.buffer_rgba()).copy()

    def png(self, colours=128):
        """The whole figure as a small PNG, at the page's size: for a page without a kernel."""
        picture = io.BytesIO()
        was_stale = self.figure.stale
        with matplotlib.rc_context(self._style):
            self.figure.savefig(picture, format="png", dpi=self.figure.dpi)
        self.figure.stale = was_stale  # saving changes the resolution for a moment, nothing else
        picture.seek(0)
        small = Image.open(picture).convert("RGB").reduce(SHARPNESS)
        result = io.BytesIO()
        small.quantize(colours, dither=Image.Dither.NONE).save(result, "png", optimize=True)
        return result.getvalue()

    def _send_font(self, _, content, __):
        """The page asks once for each font it must set text in."""
        name = content.get("font")
        paths = {pathlib.Path(p).stem: p for p in map(findfont, self._fonts())}
        if name in paths:
            self.send({"font": name}, [pathlib.Path(paths[name]).read_bytes()])

    def _fonts(self):
        return [a.get_fontproperties() for a in self._live if isinstance(a, Text)]


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
        if not isinstance(artist, KINDS):
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
    """The figure's own children that are not axes: titles, texts, legends of the whole."""
    return [a for a in figure.get_children() if a not in figure.axes and a is not figure.patch]


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


def _png(pixels):
    picture = io.BytesIO()
    Image.fromarray(pixels).save(picture, "png", compress_level=3)
    return picture.getvalue()
