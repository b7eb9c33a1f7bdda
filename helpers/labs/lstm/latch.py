"""A lab of the lesson on gates: an LSTM of one unit, programmed by hand."""

import functools

import numpy as np

from helpers.drawing.block import GATES
from helpers.drawing.plots import live_line, pieces, place_bars, zero_line
from helpers.drawing.style import AMBER, BLACK, BLUE, INK, VERMILLION, fixed, two_digits
from helpers.drawing.time_axis import TimeAxis
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.lab import Lab, Slider

CLEAR = 0.5  # how far from 0, on the right side, the last hidden state has to be
SHOWN = 2.2  # how far the axis of the states reaches: a latch needs no more


class Latch(Lab):
    """Can you program an LSTM to remember the value at the last flag?

    One unit with two inputs: a value, 1 or -1 at every step, and a flag, 1 at one or two steps and 0 at
    the others. After the last step the hidden state must have the sign of the value at the latest flag,
    and be at least 0.5 away from 0. Weights without a slider are 0.
    """

    b_f = Slider(-10.0, 10.0, step=0.5, default=0.0, label="f: bias b_f")
    w_f = Slider(-20.0, 20.0, step=1.0, default=0.0, label="f: weight of the flag")
    b_i = Slider(-10.0, 10.0, step=0.5, default=0.0, label="i: bias b_i")
    w_i = Slider(-20.0, 20.0, step=1.0, default=0.0, label="i: weight of the flag")
    w_c = Slider(-5.0, 5.0, step=0.5, default=1.0, label="c̃: weight of the value")
    b_o = Slider(-10.0, 10.0, step=0.5, default=0.0, label="o: bias b_o")
    T = Slider(5, 200, step=1, default=60, label="sequence length T", more=True, time=True)
    anchors = ({"b_i": -8.0, "w_i": 16.0, "b_f": 8.0, "w_f": -16.0, "w_c": 4.0, "b_o": 6.0, "T": 200},)
    N = 20

    def compute(self):
        """The run of one sequence in full, and the last hidden state of all."""
        cell = LSTM(2, 1, init="zeros").put(W_f=[0, self.w_f], W_i=[0, self.w_i], W_c=[self.w_c, 0])
        cell.put(b_f=self.b_f, b_i=self.b_i, b_o=self.b_o)
        x, target = sequences(self.T, self.N)
        tape = unroll(cell, x)
        shown = tape.of_unit("f", "i", "o", "c", "h")
        last = tape.h[-1, 0]
        return shown | {
            "value": x[:, 0, 0], "flag": x[:, 1, 0], "target": target, "last": last,
            "right": int((last * target >= CLEAR).sum()),
        }  # fmt: skip

    def draw(self, result):
        """One sequence on the left: inputs, gates, states. All sequences on the right: how they end."""
        figure = self.new_figure(8.2, 4.6)
        grid = figure.add_gridspec(3, 2, width_ratios=[5, 2], height_ratios=[2, 3, 4])
        top, middle, below = (figure.add_subplot(grid[row, 0]) for row in range(3))
        self._values = live_line(top, color="0.6", lw=1.5)
        self._flags = live_line(top, "D", ms=10, color=AMBER, mec=BLACK, label="flag")
        top.set(ylim=(-1.5, 1.5), yticks=[-1, 0, 1], title="sequence 1: the values and the flags")
        styles = {"f": "-", "i": "--", "o": ":"}
        self._gates = {
            name: live_line(middle, dashes, color=GATES[name], label=name) for name, dashes in styles.items()
        }
        middle.set(ylim=(-0.1, 1.1), yticks=[0, 0.5, 1], title="gates")
        middle.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        self._target = live_line(below, color="0.7", lw=6, label="wanted")
        self._c = live_line(below, color=INK, label="c")
        self._h = live_line(below, "--", color=VERMILLION, label="h")
        zero_line(below)
        below.set(ylim=(-SHOWN, SHOWN), yticks=[-2, -1, 0, 1, 2], title="the states, and what is wanted")
        below.legend(loc="center left", bbox_to_anchor=(1, 0.5))
        for ax in (top, middle):
            ax.set(xlim=(0, 1), xticks=[])
        self._steps = TimeAxis(below)
        self._draw_ends(figure.add_subplot(grid[:, 1]))
        return figure

    def _draw_ends(self, ax):
        for sign in (-1, 1):
            ax.axhspan(CLEAR * sign, 1.2 * sign, color="0.92", zorder=0)
            ax.text(self.N / 2 + 0.5, 1.1 * sign, "far enough", ha="center", va="center", fontsize=12)
        zero_line(ax)
        style = {"ls": "none", "ms": 9, "mec": BLACK}
        self._plus = live_line(ax, "^", color=VERMILLION, label="wanted: 1", **style)
        self._minus = live_line(ax, "v", color=BLUE, label="wanted: −1", **style)
        ax.set(xlim=(0, self.N + 1), ylim=(-1.2, 1.7), yticks=[-1, -0.5, 0, 0.5, 1], xlabel="sequence")
        ax.set(xticks=[1, 5, 10, 15, 20])
        ax.set_title("h after the last step", fontsize=11)
        ax.legend(loc="upper center", handletextpad=0.2)

    def update(self, result):
        """What is wanted is known from the first flag on."""
        T = self.T
        along = np.arange(1, T + 1) / T
        place_bars(self._values, along, 0, result["value"])
        flagged = np.flatnonzero(result["flag"])
        self._flags.set_data(along[flagged], result["value"][flagged])
        for name, line in self._gates.items():
            line.set_data(along, result[name])
        until = [*along[flagged[1:]], 1.0]
        wanted = result["value"][flagged]
        self._target.set_data(*pieces(np.c_[along[flagged], until], np.c_[wanted, wanted]))
        self._c.set_data(along, result["c"])
        self._h.set_data(along, result["h"])
        for marks, sign in ((self._plus, 1), (self._minus, -1)):
            which = np.flatnonzero(result["target"] == sign)
            marks.set_data(which + 1, result["last"][which])
        self._steps.show(T)

    def readout(self, result):
        """How many are right, and what the first one shows."""
        most = np.abs(result["c"]).max()
        said = SAID if most <= SHOWN else SAID_BEYOND
        return said.format(
            right=result["right"], N=self.N, T=self.T, wanted=fixed(result["target"][0], 0),
            shown=two_digits(result["last"][0]), most=fixed(most, 1),
        )  # fmt: skip


SAID = (
    "The end is right in {right} of {N} sequences of {T} steps. In sequence 1 the sign of {wanted} is wanted,"
    " and h is {shown}."
)
SAID_BEYOND = SAID + " Its cell state reaches {most}, beyond the axis."


@functools.lru_cache(maxsize=256)
def sequences(T, N):
    """Values and flags (T, 2, N), and the sign wanted of each (N,).

    Every sequence has a flag in its first fifth. Three of four have a second flag in their middle, at the
    opposite value.
    """
    rng = np.random.default_rng(T)
    x = np.zeros((T, 2, N))
    x[:, 0] = rng.choice([-1.0, 1.0], (T, N))
    first, second = rng.integers(0, max(1, T // 5), N), rng.integers(T // 3, max(T // 3 + 1, 2 * T // 3), N)
    x[first, 1, range(N)] = 1
    two = np.arange(N) % 4 != 3
    x[second[two], 1, np.flatnonzero(two)] = 1
    x[second[two], 0, np.flatnonzero(two)] = -x[first[two], 0, np.flatnonzero(two)]
    latest = np.where(two, second, first)
    target = x[latest, 0, range(N)]
    x.flags.writeable = target.flags.writeable = False
    return x, target
