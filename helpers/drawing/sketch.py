"""The small sketch of the unrolled chain that opens every lesson, with the part in question lit."""

from matplotlib.patches import FancyBboxPatch

from helpers.drawing.painting import PaintedFigure
from helpers.drawing.picture import Picture
from helpers.drawing.style import AMBER, BLUE, GREEN, INK, VERMILLION

PALE = "0.72"
STEPS, APART = 3, 2.6  # blocks, and from the middle of one to that of the next
PARTS = {
    "x": ("the inputs", AMBER),
    "W": ("the input weights W", AMBER),
    "h": ("the hidden states", BLUE),
    "U": ("the recurrent weights U, which are the same at every step", GREEN),
    "y": ("the outputs", INK),
    "back": ("the error signal, which travels from the last step to the first", VERMILLION),
}
"""Of each part that can be lit: what it is in words, and its colour."""


class Sketch(Picture):
    """A picture of three steps of a recurrent network, in which some parts are lit.

    Parameters
    ----------
    *lit : str
        Names of parts, as in `PARTS`.

    Raises
    ------
    ValueError
        For a part that the sketch does not have.
    """

    def __init__(self, *lit):
        unknown = [name for name in lit if name not in PARTS]
        if unknown:
            raise ValueError(
                f"The sketch has the parts {', '.join(PARTS)}; {unknown[0]!r} is not one of them."
            )
        self.lit = lit

    def __repr__(self):
        named = ", and ".join(PARTS[name][0] for name in self.lit)
        return f"Three steps of an unrolled network, with these parts lit: {named or 'none'}."

    def draw(self):
        """The figure."""
        figure = PaintedFigure(figsize=(6.4, 1.9), dpi=100)
        ax = figure.add_axes([0, 0, 1, 1])
        ax.set(xlim=(-1.7, (STEPS - 1) * APART + 1.7), ylim=(-1.45, 1.72))
        ax.axis("off")
        for k in range(STEPS):
            self._step(ax, k)
        for k in range(STEPS - 1):
            self._back(ax, (k + 1) * APART - 0.5, k * APART + 0.5)
        return figure

    def _step(self, ax, k):
        x, name = k * APART, "h"
        box = {"boxstyle": "round,pad=0,rounding_size=0.12", "fc": "white", "lw": 2 + (name in self.lit)}
        ax.add_patch(FancyBboxPatch((x - 0.45, -0.42), 0.9, 0.84, ec=self._colour("h"), zorder=3, **box))
        index = ("t-1", "t", "t+1")[k]
        self._text(ax, "h", x, 0, f"$h_{{{index}}}$")
        self._text(ax, "x", x, -1.2, f"$x_{{{index}}}$")
        self._text(ax, "y", x, 1.4, rf"$\hat{{y}}_{{{index}}}$")
        self._arrow(ax, "W", (x, -1.02), (x, -0.46))
        self._text(ax, "W", x + 0.22, -0.76, "$W$")
        self._arrow(ax, "y", (x, 0.46), (x, 1.12))
        self._arrow(ax, "U", (x - APART + 0.5 if k else x - 1.5, 0.12), (x - 0.5, 0.12))
        self._text(ax, "U", x - APART / 2 if k else x - 1.0, 0.36, "$U$")
        if k == STEPS - 1:
            self._arrow(ax, "U", (x + 0.5, 0.12), (x + 1.5, 0.12))

    def _colour(self, name):
        return PARTS[name][1] if name in self.lit else PALE

    def _text(self, ax, name, x, y, text):
        ax.text(x, y, text, ha="center", va="center", fontsize=13, color=self._colour(name), zorder=4)

    def _arrow(self, ax, name, start, end):
        style = {"arrowstyle": "-|>,head_width=0.22,head_length=0.42", "shrinkA": 0, "shrinkB": 0}
        style |= {"color": self._colour(name), "lw": 2.4 if name in self.lit else 1.4}
        ax.annotate("", end, start, arrowprops=style, zorder=2 + (name in self.lit))

    def _back(self, ax, start, end):
        """A dashed line from the later step, and the head of an arrow on the earlier one."""
        style = {"color": self._colour("back"), "lw": 2.4 if "back" in self.lit else 1.4}
        ax.plot([start, end + 0.15], [-0.3, -0.3], "--", **style)
        self._arrow(ax, "back", (end + 0.16, -0.3), (end, -0.3))
