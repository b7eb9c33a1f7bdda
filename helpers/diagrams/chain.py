"""A recurrent network as a chain of its steps."""

import numpy as np

from helpers.style import AMBER, INK, sub


class Chain:
    """A recurrent network, folded into one block with a loop, or unrolled into a chain, or in between.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.8..2.9 up.
    steps : int
        The most steps it will ever show.
    """

    MIDDLE, WIDEST, GAP = 5.0, 9.5, 1.5
    INPUT, CELL, OUTPUT = 0.0, 1.25, 2.3  # heights

    def __init__(self, ax, steps):
        ax.set(xlim=(0, 10), ylim=(-0.8, 2.9))
        ax.axis("off")
        self._ax = ax
        line = {"color": INK, "lw": 1.5, "animated": True}
        head = {"color": INK, "ls": "none", "animated": True, "ms": 6}
        (self._links,) = ax.plot([], [], **line)
        (self._right,) = ax.plot([], [], marker=">", **head)
        (self._up,) = ax.plot([], [], marker="^", **head)
        (self._loop,) = ax.plot([], [], **line)
        (self._loop_head,) = ax.plot([], [], marker="<", **head)
        self._inputs = ax.scatter([], [], marker="o", c=AMBER, edgecolors=INK, animated=True, zorder=3)
        self._cells = ax.scatter(
            np.zeros(steps), np.zeros(steps), marker="s", c=np.zeros(steps), vmin=-1, vmax=1,
            cmap="RdBu_r", edgecolors=INK, animated=True, zorder=3,
        )  # fmt: skip
        (self._frame,) = ax.plot([], [], "s", mfc="none", mec="black", mew=3, animated=True, zorder=4)
        word = {"ha": "center", "va": "center", "animated": True, "zorder": 5}
        self._words = {name: ax.text(0, 0, "", **word) for name in ("x", "h", "W", "U", "loop")}

    def show(self, T, unfold, values, t):
        """Place T steps.

        Parameters
        ----------
        T : int
            How many steps.
        unfold : float
            0: all of them in one place, the loop drawn; 1: side by side, the links drawn.
        values : array (T,)
            What colours the cells, -1..1.
        t : int
            The step to frame and to label, from 1.
        """
        wide, high = self._ax.get_window_extent().size / self._ax.figure.dpi * 72 / (10, 3.7)  # points a unit
        widest = min(self.WIDEST / T, self.GAP)
        size = (1 - unfold) * 40 + unfold * min(40, 0.6 * widest * wide)  # points
        half = size / 2 / np.array([wide, high])  # of a cell, in the diagram's units
        gap = unfold * widest
        x = self.MIDDLE + gap * (np.arange(T) - (T - 1) / 2)
        self._place_cells(x, size, values, t)
        self._place_links(x, gap, half)
        self._place_loop(1 - unfold, half)
        self._label(x[t - 1], t, gap, half)

    def _place_cells(self, x, size, values, t):
        self._cells.set_offsets(np.c_[x, np.full_like(x, self.CELL)])
        self._cells.set_array(values)
        self._cells.set_sizes([size**2])
        self._inputs.set_offsets(np.c_[x, np.full_like(x, self.INPUT)])
        self._inputs.set_sizes([(0.55 * size) ** 2])
        self._frame.set_data([x[t - 1]], [self.CELL])
        self._frame.set_markersize(size)

    def _place_links(self, x, gap, half):
        low, middle, high = (np.full_like(x, y) for y in (self.INPUT, self.CELL, self.OUTPUT))
        lines = [_segments(x, low, x, high)]
        apart = gap > 2.2 * half[0]
        if apart:
            lines.append(_segments(x[:-1], middle[1:], x[1:], middle[1:]))
        self._links.set_data(*np.hstack(lines))
        self._up.set_data(np.r_[x, x], np.r_[middle - half[1] - 0.12, high])
        tips = x[1:] - half[0] - 0.06 if apart else x[:0]
        self._right.set_data(tips, middle[: len(tips)])

    def _place_loop(self, strength, half):
        """The state fed back: out of the cell's side, round, and in again."""
        turn = np.linspace(-0.8, 0.8, 40) * np.pi
        x = self.MIDDLE + half[0] + 0.45 + 0.5 * np.cos(turn)
        y = self.CELL + 0.55 * np.sin(turn)
        for artist in (self._loop, self._loop_head, self._words["loop"]):
            artist.set_alpha(strength)
        self._loop.set_data(x, y)
        self._loop_head.set_data([x[-1] + 0.05], [y[-1]])
        self._words["loop"].set_position((x.max() + 0.2, self.CELL))
        self._words["loop"].set_text("U")

    def _label(self, x, t, gap, half):
        between = (self.INPUT + self.CELL) / 2
        self._say("x", x, self.INPUT - 0.55, f"x{sub(t)}")
        self._say("h", x, self.OUTPUT + 0.35, f"h{sub(t)}")
        self._say("W", x + 0.25, between - 0.1, "W")
        self._say("U", x - gap / 2, self.CELL + 0.3, "U" if t > 1 and gap > 2.2 * half[0] else "")

    def _say(self, name, x, y, text):
        self._words[name].set_position((x, y))
        self._words[name].set_text(text)


def _segments(x0, y0, x1, y1):
    """Separate straight lines as one: (2, 3n), with a gap after each."""
    gap = np.full(len(x0), np.nan)
    return np.stack([np.c_[x0, x1, gap].ravel(), np.c_[y0, y1, gap].ravel()])
