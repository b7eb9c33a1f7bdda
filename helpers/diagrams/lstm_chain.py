"""LSTM blocks side by side: one block a step, joined by the cell state and the hidden state."""

import numpy as np

from helpers.style import AMBER, BLUE, GREEN, INK, two_digits

FIRST, GAP, HALF = 1.4, 0.91, 0.29  # the first block, from block to block, half a block
X, H_ROAD, CELL, C_ROAD, SHOWN = 0.0, 1.05, 1.3, 1.55, 2.75  # heights
WRITTEN = {"t": -0.6, "x": X, "c": CELL, "f": C_ROAD + 0.38, "h": SHOWN}  # the heights of the numbers


class LSTMChain:
    """The unrolled LSTM of one unit: squares are blocks, coloured by the cell state they hold.

    Two roads lead from block to block, above the cell state, below the hidden state. The upper one is as
    wide as the forget gate at its end lets through; the way up to h is as wide as the output gate.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.8..3.2 up.
    steps : int
        The most steps it will ever show, at most 10.
    """

    def __init__(self, ax, steps):
        ax.set(xlim=(0, 10), ylim=(-0.8, 3.2))
        ax.axis("off")
        road = {"solid_capstyle": "butt", "alpha": 0.75, "animated": True}
        (self._thin,) = ax.plot([], [], color=INK, lw=1.5, animated=True)
        self._kept = [ax.plot([], [], color=BLUE, **road)[0] for _ in range(steps)]
        self._shown = [ax.plot([], [], color=GREEN, **road)[0] for _ in range(steps)]
        look = {"edgecolors": INK, "animated": True, "zorder": 3}
        signed = look | {"vmin": -1, "vmax": 1, "cmap": "RdBu_r", "c": np.zeros(steps)}
        none = np.zeros(steps)
        self._inputs = ax.scatter(none, none, s=1350, marker="o", c=AMBER, **look)
        self._cells = ax.scatter(none, none, s=1900, marker="s", **signed)
        self._states = ax.scatter(none, none, s=1350, marker="o", **signed)
        word = {"ha": "center", "va": "center", "animated": True, "zorder": 5}
        self._words = {name: [ax.text(0, 0, "", **word) for _ in range(steps)] for name in WRITTEN}
        names = {
            "t": "step $t$",
            "x": "input $x_t$",
            "c": "cell $c_t$",
            "f": "gate $f_t$",
            "h": "shown $h_t$",
        }
        for name, label in names.items():
            ax.text(0, WRITTEN[name], label, ha="left", va="center", fontsize=14)

    def show(self, values):
        """Place the blocks and write their numbers.

        Parameters
        ----------
        values : dict
            x, f, o, c, h of every step, (T,) each.
        """
        T = len(values["c"])
        x = FIRST + GAP * np.arange(T)
        for name, dots in (("x", self._inputs), ("c", self._cells), ("h", self._states)):
            dots.set_offsets(np.c_[x, np.full(T, WRITTEN[name])])
        self._cells.set_array(np.clip(values["c"], -1, 1))
        self._states.set_array(values["h"])
        self._thin.set_data(*_wires(x))
        roads = zip(self._kept, self._shown, strict=True)
        for t, (kept, shown) in enumerate(roads):
            link, way_up = ([x[t] - GAP + HALF, x[t] - HALF], [x[t]] * 2) if t < T else ([], [])
            kept.set_data(link if t else [], [C_ROAD] * len(link) if t else [])
            shown.set_data(way_up, [CELL + HALF, SHOWN - 0.25][: len(way_up)])
            kept.set_linewidth(0.5 + 11 * values["f"][t] if t < T else 0.5)
            shown.set_linewidth(0.5 + 11 * values["o"][t] if t < T else 0.5)
        self._write(x, values)

    def _write(self, x, values):
        for name, words in self._words.items():
            for t, word in enumerate(words):
                if t >= len(x) or (name == "f" and t == 0):
                    word.set_text("")
                    continue
                value = t + 1 if name == "t" else values[name][t]
                word.set_position((x[t] - GAP / 2 * (name == "f"), WRITTEN[name]))
                word.set_text(str(value) if name == "t" else two_digits(value))
                word.set_color("white" if name in "ch" and abs(value) > 0.7 else "black")


def _wires(x):
    """The thin lines: from each input up to what its block shows, and the hidden road between blocks."""
    gap = np.full(len(x), np.nan)
    upright = np.c_[x, x, gap].ravel(), np.tile([X, SHOWN, np.nan], len(x))
    along = np.c_[x[:-1], x[1:], gap[1:]].ravel(), np.tile([H_ROAD, H_ROAD, np.nan], len(x) - 1)
    return np.hstack([upright, along])
