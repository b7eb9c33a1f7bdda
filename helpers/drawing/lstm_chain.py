"""LSTM blocks side by side: one block a step, joined by the cell state above and the hidden state below."""

import numpy as np

from helpers.drawing.block import GATES
from helpers.drawing.plots import live_line, live_text, pieces
from helpers.drawing.style import AMBER, INK, two_digits

FIRST, GAP, HALF = 1.75, 0.87, 0.27  # the first block, from block to block, half a cell
IN, OUT = -0.2, 0.16  # where the input comes up and the hidden state goes down, beside a cell's middle
LEFT, F, CELL, I, H, X, STEP = 4.15, 3.5, 2.9, 1.2, 1.75, 0.45, -0.15  # heights
WRITTEN = {"left": LEFT, "f": F, "c": CELL, "h": H, "i": I, "x": X, "t": STEP}
SYMBOL = 1.02  # where the symbols of the rows end
NAMES = {
    "left": ("left of step 1", ""), "f": ("gate", "$f_t$"), "c": ("cell", "$c_t$"), "h": ("hidden", "$h_t$"),
    "i": ("gate", "$i_t$"), "x": ("input", "$x_t$"), "t": ("step", "$t$"),
}  # fmt: skip


class LSTMChain:
    """The unrolled LSTM of one unit: squares are cells, circles are hidden states and inputs.

    Two roads lead from step to step. The upper one is the cell state; it is as wide as the forget gate at its
    end is open. The lower one is the hidden state. The way up from an input is as wide as the input gate is
    open, and the way down to the hidden state as the output gate. Above each cell is written how much of what
    step 1 wrote is left in it.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.4..4.5 up.
    steps : int
        The most steps it will ever show, at most 10.
    """

    def __init__(self, ax, steps):
        ax.set(xlim=(0, 10), ylim=(-0.4, 4.5))
        ax.axis("off")
        road = {"solid_capstyle": "butt", "alpha": 0.75}
        self._thin = live_line(ax, color=INK, lw=1.5)
        self._roads = {
            gate: [live_line(ax, color=GATES[gate], **road) for _ in range(steps)] for gate in "fio"
        }
        style = {"edgecolors": INK, "animated": True, "zorder": 3}
        signed = style | {"vmin": -1, "vmax": 1, "cmap": "RdBu_r", "c": np.zeros(steps)}
        none = np.zeros(steps)
        self._inputs = ax.scatter(none, none, s=880, marker="o", c=AMBER, **style)
        self._cells = ax.scatter(none, none, s=1050, marker="s", **signed)
        self._states = ax.scatter(none, none, s=880, marker="o", **signed)
        text_style = {"ha": "center", "va": "center", "zorder": 5, "fontsize": 10}
        self._words = {name: [live_text(ax, 0, 0, **text_style) for _ in range(steps)] for name in WRITTEN}
        for text in self._words["left"]:
            text.set_fontweight("bold")
        for name, (label, symbol) in NAMES.items():
            ax.text(0, WRITTEN[name], label, ha="left", va="center", fontsize=11)
            ax.text(SYMBOL, WRITTEN[name], symbol, ha="right", va="center", fontsize=11)

    def show(self, values):
        """Place the steps and write their numbers.

        Parameters
        ----------
        values : dict
            x, f, i, o, c, h, and left, how much of what step 1 wrote is left, at every step, (T,) each.
        """
        T = len(values["c"])
        x = FIRST + GAP * np.arange(T)
        places = {"x": (self._inputs, IN), "c": (self._cells, 0), "h": (self._states, OUT)}
        for name, (dots, aside) in places.items():
            dots.set_offsets(np.c_[x + aside, np.full(T, WRITTEN[name])])
        self._cells.set_array(np.clip(values["c"], -1, 1))
        self._states.set_array(values["h"])
        self._thin.set_data(*_wires(x))
        for t in range(len(self._roads["f"])):
            for gate, line in _roads(x[min(t, T - 1)]).items():
                drawn = t < T and (t > 0 or gate != "f")
                self._roads[gate][t].set_data(*(line if drawn else ([], [])))
                self._roads[gate][t].set_linewidth(0.5 + 10 * values[gate][min(t, T - 1)])
        self._write(x, values)

    def _write(self, x, values):
        aside = {"f": -GAP / 2, "i": IN + 0.3, "h": OUT, "x": IN}
        for name, words in self._words.items():
            for t, text in enumerate(words):
                if t >= len(x) or (name == "f" and t == 0):
                    text.set_text("")
                    continue
                value = t + 1 if name == "t" else values[name][t]
                text.set_position((x[t] + aside.get(name, 0), WRITTEN[name]))
                text.set_text(_text(name, value))
                text.set_color("white" if name in "ch" and abs(value) > 0.7 else "black")


def _text(name, value):
    if name == "t":
        return str(value)
    if name == "left":
        return f"{value:.0%}" if value > 0.095 or value < 5e-4 else f"{value:.1%}"
    return two_digits(value)


def _roads(x):
    """The line each gate's road follows at a step that stands at x."""
    return {
        "f": ([x - GAP + HALF, x - HALF], [CELL, CELL]),
        "i": ([x + IN, x + IN], [X + 0.24, CELL - 0.26]),
        "o": ([x + OUT, x + OUT], [CELL - 0.26, H + 0.25]),
    }


def _wires(x):
    """The hidden road: from each hidden state to the next step."""
    ends = np.c_[x[:-1] + OUT, x[1:] + OUT]
    return pieces(ends, np.full_like(ends, H))
