"""A recurrent network as a chain of its steps."""

import matplotlib
import numpy as np

from helpers.drawing.plots import live_line, live_text, pieces
from helpers.drawing.style import AMBER, INK, sub


class Chain:
    """A recurrent network, folded into one block with a loop, or unrolled into a chain, or in between.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, `low`..`top` up.
    steps : int
        The most steps it will ever show.
    low, top : float
        What is shown of the diagram's heights; see `INPUT`, `CELL` and `OUTPUT`.
    """

    WIDTH, MIDDLE, WIDEST, GAP = 10.0, 5.0, 9.4, 1.5
    INPUT, CELL, OUTPUT = 0.0, 1.25, 2.3  # heights
    LINK = 0.0  # how much higher than the middle of a block the links are
    LARGEST, SHARE = 40, 0.6  # across a block: points at the most, and of the way from block to block
    ROUND = 0.55  # across an input, of a block

    def __init__(self, ax, steps, low=-0.8, top=2.9):
        ax.set(xlim=(0, self.WIDTH), ylim=(low, top))
        ax.axis("off")
        self._ax = ax
        self._points_up = ax.get_ylim()[1] - ax.get_ylim()[0]
        line = {"color": INK, "lw": 1.5}
        head = {"color": INK, "ls": "none", "ms": 6}
        self._links = live_line(ax, **line)
        self._right = live_line(ax, marker=">", **head)
        self._up = live_line(ax, marker="^", **head)
        self._loop = live_line(ax, **line)
        self._loop_head = live_line(ax, marker="<", **head)
        self._start = live_line(ax, "s", mfc="white", mec=INK, mew=1.2, zorder=2.5)
        self._inputs = ax.scatter([], [], marker="o", c=AMBER, edgecolors=INK, animated=True, zorder=3)
        self._cells = ax.scatter(
            np.zeros(steps), np.zeros(steps), marker="s", c=np.zeros(steps), vmin=-1, vmax=1,
            cmap=matplotlib.colormaps["RdBu_r"].with_extremes(bad="white"),  # white: no value yet
            edgecolors=INK, animated=True, zorder=3,
        )  # fmt: skip
        self._frame = live_line(ax, "s", mfc="none", mec="black", mew=3, zorder=4)
        text_style = {"ha": "center", "va": "center", "zorder": 5}
        self._words = {name: live_text(ax, 0, 0, **text_style) for name in ("x", "h", "loop", "start")}
        self._letters = {
            name: [live_text(ax, 0, 0, **text_style) for _ in range(steps)] for name in ("W", "U")
        }

    def gap(self, T):
        """From block to block when T steps stand side by side."""
        return min(self.WIDEST / (T + 0.8), self.GAP)

    def x_of_steps(self, T, unfold=1.0):
        """Where h_0 and the T steps stand across, (T+1,)."""
        return self.MIDDLE + unfold * self.gap(T) * (np.arange(T + 1) - T / 2)

    def show(self, values, unfold=1.0, t=None):
        """Place the steps.

        Parameters
        ----------
        values : array (T,)
            What colours the blocks, -1..1; nan for one that has no value yet.
        unfold : float
            0: all of them in one place, the loop drawn; 1: side by side, the links drawn.
        t : int, optional
            The step to frame and to number, from 1; the last one if left out. 0 for none.
        """
        T = len(values)
        t = T if t is None else t
        x = self.x_of_steps(T, unfold)
        self._size = (1 - unfold) * self.LARGEST + unfold * min(
            self.LARGEST, self.SHARE * self._across(self.gap(T))
        )
        self._half = self._size / 2 / np.array([self._across(1), self._upwards(1)])  # in the diagram's units
        self._apart = unfold * self.gap(T) > 2.2 * self._half[0]
        self._place_cells(x, values, t)
        self._place_links(x)
        self._place_loop(x[-1], max(0.0, 1 - 4 * unfold))
        self._label(x, t)

    def _across(self, units):
        """Points, from the diagram's units."""
        return units * self._ax.get_window_extent().width / self._ax.figure.dpi * 72 / self.WIDTH

    def _upwards(self, units):
        return units * self._ax.get_window_extent().height / self._ax.figure.dpi * 72 / self._points_up

    def _place_cells(self, x, values, t):
        """Those near t are painted last: where all blocks lie in one place, it is t that is seen."""
        order = np.argsort(-np.abs(np.arange(1, len(x)) - t), kind="stable")
        steps = x[1:]
        self._cells.set_offsets(np.c_[steps, np.full_like(steps, self.CELL)][order])
        self._cells.set_array(np.asarray(values)[order])
        self._cells.set_sizes([self._size**2])
        self._inputs.set_offsets(np.c_[steps, np.full_like(steps, self.INPUT)])
        self._inputs.set_sizes([(self.ROUND * self._size) ** 2])
        self._start.set_data(x[:1], [self.CELL])
        self._start.set_markersize(0.7 * self._size)
        self._frame.set_data(x[t : t + 1] if t else [], [self.CELL] if t else [])
        self._frame.set_markersize(self._size)

    def _place_links(self, x):
        steps = x[1:]
        low, middle, high = (np.full_like(steps, y) for y in (self.INPUT, self.CELL, self.OUTPUT))
        lines = [pieces(np.c_[steps, steps], np.c_[low, high])]
        if self._apart:
            level = middle + self.LINK
            lines.append(pieces(np.c_[x[:-1], steps], np.c_[level, level]))
        self._links.set_data(*np.hstack(lines))
        self._up.set_data(np.r_[steps, steps], np.r_[middle - self._half[1] - 0.12, high])
        tips = steps - self._half[0] - 0.06 if self._apart else steps[:0]
        self._right.set_data(tips, middle[: len(tips)] + self.LINK)

    def _place_loop(self, last, strength):
        """The state fed back: out of the last block's side, round, and in again."""
        turn = np.linspace(-0.8, 0.8, 40) * np.pi
        x = last + self._half[0] + 0.45 + 0.5 * np.cos(turn)
        y = self.CELL + 0.55 * np.sin(turn)
        for artist in (self._loop, self._loop_head, self._words["loop"]):
            artist.set_alpha(strength)
        self._loop.set_data(x, y)
        self._loop_head.set_data([x[-1] + 0.05], [y[-1]])
        self.say("loop", x.max() + 0.2, self.CELL, "U")

    def _label(self, x, t):
        self.say("x", x[t], self.INPUT - 0.55, f"x{sub(t)}" if t else "")
        self.say("h", x[t], self.OUTPUT + 0.35, f"h{sub(t)}" if t else "")
        self.say("start", x[0], self.CELL - self._half[1] - 0.2, f"h{sub(0)}" if self._apart else "")
        self._name_weights(x, range(1, len(x)) if self._apart else [t])

    def _name_weights(self, x, steps):
        """Write W and U at these steps, each time the same two letters, since the steps share them."""
        gap, half = x[-1] - x[-2], self._half[1]
        middle = (self.INPUT + self.ROUND * half + self.CELL - half) / 2  # of the arrow that can be seen
        places = {"W": (min(0.25, 0.4 * gap) if self._apart else 0.25, middle)}
        places["U"] = (-gap / 2, self.CELL + self.LINK + 0.25)
        size = 12 if gap > 1 or not self._apart else 10 if gap > 0.55 else 8
        for name, (across, up) in places.items():
            for s, letter in enumerate(self._letters[name], start=1):
                here = s in steps and (name == "W" or self._apart)
                letter.set_text(name if here else "")
                letter.set_position((x[s] + across, up) if here else (0, 0))
                letter.set_fontsize(size)

    def say(self, name, x, y, text):
        """Put one of the words in its place."""
        self._words[name].set_position((x, y))
        self._words[name].set_text(text)
