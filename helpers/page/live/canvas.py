"""The pixels that a figure is drawn on, which are freed as soon as they have been read.

A figure at twice the page's size takes 6 MB of them. matplotlib keeps them for as long as the figure lives:
its canvas has them in a renderer, and every text keeps that renderer too, to measure itself with.
"""

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from PIL import Image

_PARSER = RendererAgg(1, 1, 72).mathtext_parser


class Canvas(FigureCanvasAgg):
    """matplotlib's own canvas, but what one renderer has understood of a formula serves the next one too.

    Formulas take most of the time of a drawing, and a figure is drawn by several renderers until it is shown.
    """

    def get_renderer(self):
        """The renderer that draws this figure."""
        renderer = super().get_renderer()
        renderer.mathtext_parser = _PARSER
        return renderer


def lay_out(figure):
    """Settle where everything in a figure lies, as drawing it would, but without drawing it."""
    Canvas(figure)
    if figure.axes and (engine := figure.get_layout_engine()):
        engine.execute(figure)
    for ax in figure.axes:
        ax.apply_aspect()
    _put_away(figure)


def drawn(figure):
    """The figure as matplotlib draws it now, without what is live: an RGBA image of Pillow."""
    figure.canvas.draw()
    size, pixels = figure.canvas.get_width_height(), figure.canvas.buffer_rgba()
    image = Image.frombytes("RGBA", size, pixels)
    _put_away(figure)
    return image


def _put_away(figure):
    """Leave the renderer one pixel: texts go on to measure with it. The next drawing makes another."""
    figure.canvas.get_renderer().__init__(1, 1, figure.dpi)
    Canvas(figure)
