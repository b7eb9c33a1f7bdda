"""What the diagrams of a block share: wires, boxes, knots, roads, and numbers that come stage by stage."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from helpers.drawing.plots import live_line, live_text
from helpers.drawing.style import AMBER, BLUE, GREEN, INK, PINK, SKY, VERMILLION, two_digits

KNOT = 0.2  # half a knot, across
# A gate has one colour in every lesson: what keeps, what writes, what is shown, what the candidate sees.
GATES = {"f": BLUE, "z": BLUE, "i": VERMILLION, "1 - z": VERMILLION, "o": GREEN, "r": SKY, "candidate": PINK}


class Block:
    """One step of one recurrent unit as a diagram; the cells' own diagrams are made from it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Loses its ticks and gets the diagram's coordinates: 0..10 across, `bottom`..`top` up.
    bottom, top : float
        The ends.
    half_box : tuple of float
        Half a box, across and up.
    places : dict
        Of each quantity: its name as mathematics, where the name and the number stand across,
        (x, x), how high both stand, and from which stage on the number is known (0: given).
    """

    def __init__(self, ax, bottom, top, half_box, places):
        ax.set(xlim=(0, 10), ylim=(bottom, top))
        ax.axis("off")
        self._ax, self._half_box, self._places = ax, np.array(half_box), places
        self._roads = {}
        text_style = {"ha": "center", "va": "center"}
        for label, (x, _), y, _ in places.values():
            ax.text(x, y, label, fontsize=12, **text_style)
        style = text_style | {"zorder": 6, "fontsize": 11}
        self._numbers = {name: live_text(ax, x, y, **style) for name, (_, (_, x), y, _) in places.items()}
        self._frame = live_line(ax, color="black", lw=2.5, zorder=7)
        self._equation = live_text(ax, 5, top, **text_style | {"zorder": 8, "fontsize": 13})

    def _wires(self, wires, inputs):
        """Draw wires, lists of (x, y); those of the input x in its own colour."""
        line = {"color": INK, "lw": 1.5, "zorder": 1, "solid_capstyle": "round"}
        for group, style in ((wires, line), (inputs, line | {"color": AMBER, "lw": 2.5})):
            for wire in group:
                self._ax.plot(*zip(*wire, strict=True), **style)

    def _boxes(self, *boxes):
        """Draw functions, each (x, y, name, colour)."""
        style = {"boxstyle": "round,pad=0,rounding_size=0.1", "fc": "white", "lw": 2.5, "zorder": 3}
        for x, y, name, colour in boxes:
            corner = np.array([x, y]) - self._half_box
            self._ax.add_patch(FancyBboxPatch(corner, *(2 * self._half_box), ec=colour, **style))
            self._ax.text(x, y, name, ha="center", va="center", fontsize=13, zorder=4)

    def _knots(self, *knots):
        """Draw where two wires meet, each (x, y, "×" or "+")."""
        for x, y, name in knots:
            self._ax.plot([x], [y], "o", ms=16, mfc="white", mec=INK, mew=1.5, zorder=3)
            self._ax.text(x, y, name, ha="center", va="center", fontsize=12, zorder=4)

    def _road(self, name, x, y, colour):
        """Draw a wire whose width will be what a gate lets through."""
        style = {"solid_capstyle": "butt", "animated": True, "zorder": 1.5}
        (self._roads[name],) = self._ax.plot(x, y, color=colour, **style)

    def _veil(self, low, high):
        """A pale sheet from one corner to the other, for a part that a variant does not have."""
        size = np.subtract(high, low)
        veil = Rectangle(low, *size, fc="white", ec="none", alpha=0.85, animated=True, zorder=5)
        return self._ax.add_patch(veil)

    def _write(self, values, stage):
        """Write the numbers that are known at a stage."""
        for name, text in self._numbers.items():
            known = self._places[name][3] <= stage
            text.set_text(two_digits(values[name]) if known else "")

    def _widen(self, name, share, known):
        """Give a road the width of what is let through, 0..1; pale and thin while that is not known."""
        self._roads[name].set_linewidth(0.8 + 10 * share if known else 1.5)
        self._roads[name].set_alpha(0.75 if known else 0.3)

    def _light(self, x, y, knot, equation, at):
        """Frame a box, or a knot, and write its equation at a place beside it, in its colour."""
        half = np.array([0.3, 0.38]) if knot else self._half_box + 0.1
        self._frame.set_data(
            x + half[0] * np.array([-1, 1, 1, -1, -1]), y + half[1] * np.array([-1, -1, 1, 1, -1])
        )
        self._equation.set_text(equation)
        self._equation.set_position(at)
