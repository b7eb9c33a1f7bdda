"""The chain of steps, and the error signals that are sent back along it."""

import numpy as np
from matplotlib.collections import PolyCollection

from helpers.drawing.chain import Chain
from helpers.drawing.plots import live_line, live_text
from helpers.drawing.style import BLACK, VERMILLION, fixed, sub


class ErrorChain(Chain):
    """A `Chain` that runs from left to right, and along which error signals then travel from right to left.

    An error enters at its own step, and the sum that has collected there is sent on to the step before. The
    width of an arrow shows its size, so an arrow narrows (or widens) on each link by the factor that is
    written under the link.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its ticks are removed, and it gets the diagram's coordinates.
    steps : int
        T, the number of steps; all of them are shown.
    full : float
        The size of an error signal that gets the widest arrow.
    """

    ERROR, BACK, FACTOR = 3.15, 1.13, 0.66  # heights: of the errors' numbers, the arrows back, the factors
    LINK, SHARE, ROUND, BREADTH = 0.13, 0.46, 0.75, 0.42
    BESIDE = 0.14  # from the way up to the way down

    def __init__(self, ax, steps, full):
        super().__init__(ax, steps, low=-0.62, top=3.4)
        self._full = full
        self._x = self.x_of_steps(steps)
        self._errors = PolyCollection([], fc=VERMILLION, ec="none", animated=True, zorder=2)
        ax.add_collection(self._errors)
        head = {"ls": "none", "ms": 6, "color": VERMILLION, "zorder": 4}
        self._left = live_line(ax, "<", **head)
        self._down = live_line(ax, "v", **head)
        self._pulse = live_line(ax, "o", ms=11, color=VERMILLION, mec=BLACK, zorder=6)
        text_style = {"ha": "center", "va": "center", "fontsize": 10, "zorder": 5}
        self._numbers = {
            name: [live_text(ax, x, y, color=colour, **text_style) for x in places]
            for name, places, y, colour in (
                ("x", self._x[1:], self.INPUT, BLACK),
                ("error", self._x[1:], self.ERROR, VERMILLION),
                ("factor", (self._x[1:-1] + self._x[2:]) / 2, self.FACTOR, VERMILLION),
            )
        }
        ax.text(self._x[0], self.ERROR, "error", color=VERMILLION, ha="center", va="center", fontsize=11)

    def walk(self, at, values):
        """Show how far it has come.

        Parameters
        ----------
        at : float
            0 to T is the forward pass, T to 2T the backward pass; fractions lie between two blocks.
        values : dict
            Of each step, (T,): x; h; error; direct, what the loss sends to h_t; total, what comes
            together at h_t; factor, φ'(a_t) U. And asked, the steps that have a target, from 1.
        """
        T = len(values["h"])
        read, done = min(int(at), T), max(int(at) - T, 0)  # steps read; steps that have sent theirs back
        t = read if at <= T else T - done + 1
        self.show(np.where(np.arange(T) < read, values["h"], np.nan), t=min(t, T))
        self._write("x", values["x"], np.arange(T) < read, decimals=0)
        asked = np.isin(np.arange(1, T + 1), values["asked"])
        self._write("error", values["error"], (read == T) & asked)
        self._write("factor", values["factor"][1:], np.arange(1, T) > T - 1 - done)
        self._name_weights(self._x, [t] if not done and t else [])  # else they would lie under the errors
        if done:
            self.say("h", self._x[t] - 0.22, self.OUTPUT + 0.3, f"h{sub(t)}")
        self._errors.set_verts(list(self._shapes(at, values, T, done)))
        self._place_heads(values["direct"], values["total"] * values["factor"], T, done)
        self._place_pulse(at, T, done)

    def link(self, s):
        """Where the link from step s back lies: left, bottom, right and top, as shares of the figure."""
        corners = [
            [self._x[s - 1] + self._half[0], self.FACTOR - 0.12],
            [self._x[s] - self._half[0], self.CELL + 0.4],
        ]
        figure = self._ax.figure
        return tuple(figure.transFigure.inverted().transform(self._ax.transData.transform(corners)).ravel())

    def _write(self, name, values, which, decimals=2):
        for text, value, here in zip(self._numbers[name], values, np.resize(which, len(values)), strict=True):
            text.set_text(fixed(value, decimals) if here else "")

    def _shapes(self, at, values, T, done):
        """What has come down to its step, and what has gone on to the step before."""
        top, half = self.ERROR - 0.2, self._half
        under_way = at - int(at) if at > T else 0.0
        for s in range(T, 0, -1):
            reached = 1.0 if s > T - done else under_way if s == T - done else 0.0
            if reached and values["direct"][s - 1]:
                b, x = self._breadth(values["direct"][s - 1]), self._x[s] + self.BESIDE
                low = top - reached * (top - self.CELL - half[1])
                yield [(x - b, top), (x + b, top), (x + b, low), (x - b, low)]
        for s in range(T, 1, -1):
            gone = 1.0 if s > T - done + 1 else under_way if s == T - done + 1 else 0.0
            if gone:
                right, left = self._x[s] - half[0], self._x[s - 1] + half[0]
                end = right - gone * (right - left)
                arriving = values["total"][s - 1] * (1 + gone * (values["factor"][s - 1] - 1))
                b, c, y = self._breadth(values["total"][s - 1]), self._breadth(arriving), self.BACK
                yield [(right, y - b), (right, y + b), (end, y + c), (end, y - c)]

    def _place_heads(self, direct, sent, T, done):
        """At the ends of what has arrived: at the steps that have sent theirs on, and the step before."""
        x, half = self._x, self._half
        below = np.arange(T - done + 1, T + 1) if done else np.zeros(0, int)
        below = below[direct[below - 1] != 0]
        self._down.set_data(x[below] + self.BESIDE, np.full(len(below), self.CELL + half[1] + 0.06))
        before = np.arange(max(T - done + 1, 1), T) if done else np.zeros(0, int)
        before = before[sent[before] != 0]
        self._left.set_data(x[before] + half[0] + 0.06, np.full(len(before), self.BACK))

    def _breadth(self, error):
        """Half of it; what is small is still to be seen."""
        return self.BREADTH / 2 * max(min(abs(error) / self._full, 1), 0.04) if error else 0.0

    def _place_pulse(self, at, T, done):
        """Where the walk is, on its way from one block to the next."""
        part = at - int(at)
        if not part or at < 1 or T < at < T + 1:
            self._pulse.set_data([], [])
        elif at < T:
            self._pulse.set_data([self._x[int(at)] + part * self.gap(T)], [self.CELL])
        else:
            self._pulse.set_data([self._x[T - done + 1] - part * self.gap(T)], [self.BACK])
