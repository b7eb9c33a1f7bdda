"""A small picture of a stacked network: steps from left to right, layers one above the other."""

from matplotlib.patches import FancyBboxPatch

from helpers.drawing.painting import PaintedFigure
from helpers.drawing.picture import Picture
from helpers.drawing.sketch import STEPS
from helpers.drawing.style import BLUE, GREEN, INK

ACROSS, UP, HALF = 2.6, 1.7, 0.4  # from block to block, from layer to layer, and half of a block
LAYERS = {"layer 1": ("$W_1$", "$U_1$", BLUE), "layer 2": ("$W_2$", "$U_2$", GREEN)}
"""From the name of a layer to its two weights and its colour, from the bottom to the top."""


class Stack(Picture):
    """Three steps of a network of two layers, each of which has weights of its own."""

    def __repr__(self):
        return (
            "Three steps of a network of two layers. At each step layer 1 reads the input, and layer 2 reads "
            "the state of layer 1. Each layer uses its own two weights at every step."
        )

    def draw(self):
        """The figure."""
        figure = PaintedFigure(figsize=(6.4, 2.5), dpi=100)
        ax = figure.add_axes([0, 0, 1, 1])
        ax.set(xlim=(-2.4, (STEPS - 1) * ACROSS + 1.1), ylim=(-1.75, len(LAYERS) * UP - 0.6))
        ax.axis("off")
        for t in range(STEPS):
            self._say(ax, t * ACROSS, -1.5, f"$x_{t + 1}$", INK)
        for k, (name, style) in enumerate(LAYERS.items()):
            self._layer(ax, k * UP, name, *style)
        return figure

    def _layer(self, ax, y, name, W, U, colour):
        self._say(ax, -1.7, y, name, colour)
        for t in range(STEPS):
            x = t * ACROSS
            box = {"boxstyle": "round,pad=0,rounding_size=0.12", "fc": "white", "ec": colour, "lw": 2}
            ax.add_patch(FancyBboxPatch((x - HALF, y - HALF), 2 * HALF, 2 * HALF, zorder=3, **box))
            self._link(ax, (x, y - UP + HALF + 0.04), (x, y - HALF - 0.04), colour)
            self._say(ax, x + 0.32, y - UP / 2, W, colour)
            if t:
                self._link(ax, (x - ACROSS + HALF + 0.04, y), (x - HALF - 0.04, y), colour)
                self._say(ax, x - ACROSS / 2, y + 0.24, U, colour)

    def _link(self, ax, start, end, colour):
        style = {"arrowstyle": "-|>,head_width=0.22,head_length=0.42", "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops=style | {"color": colour, "lw": 2})

    def _say(self, ax, x, y, words, colour):
        ax.text(x, y, words, ha="center", va="center", fontsize=13, color=colour)
