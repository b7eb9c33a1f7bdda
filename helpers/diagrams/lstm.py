"""The LSTM block: three gates, a candidate, and the road of the cell state from step to step."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from helpers.style import AMBER, BLUE, GREEN, INK, PINK, VERMILLION, two_digits

ROAD, JOIN, SHOWN, BOX, H_BUS, X_BUS = 4.4, 3.15, 2.75, 1.75, 0.75, 0.2  # heights
F, I, CANDIDATE, O, OUT, END = 2.0, 3.6, 5.1, 6.7, 8.1, 9.9  # places from left to right
TANH = 3.65  # the height of the tanh above the output
HALF_BOX, KNOT = (0.5, 0.34), 0.2
STAGES = ("forget gate f", "input gate i", "candidate c̃", "cell state c", "output gate o", "hidden state h")
# Each quantity: where its name and its number stand, and from which stage on it is known (0: given).
PLACES = {
    "c_prev": ("$c_{t-1}$", (0.45, 1.05), ROAD + 0.4, 0),
    "h_prev": ("$h_{t-1}$", (0.45, 1.05), H_BUS + 0.34, 0), "x": ("$x_t$", (0.45, 0.95), X_BUS + 0.26, 0),
    "f": ("$f_t$", (F + 0.3, F + 0.8), 2.55, 1),
    "kept": ("$f_t c_{t-1}$", (F + 0.95, F + 1.75), ROAD + 0.4, 1),
    "i": ("$i_t$", (I + 0.3, I + 0.8), JOIN + 0.35, 2),
    "c_tilde": (r"$\tilde c_t$", (CANDIDATE + 0.3, CANDIDATE + 0.85), 2.55, 3),
    "written": (r"$i_t \tilde c_t$", (CANDIDATE + 0.45, CANDIDATE + 1.1), 3.75, 4),
    "c": ("$c_t$", (CANDIDATE + 1.4, CANDIDATE + 1.95), ROAD + 0.4, 4),
    "o": ("$o_t$", (O + 0.3, O + 0.8), SHOWN + 0.34, 5),
    "tanh_c": (r"$\tanh c_t$", (OUT + 0.82, OUT + 1.5), SHOWN, 6),
    "h": ("$h_t$", (OUT + 0.4, OUT + 0.95), H_BUS + 0.36, 6),
}  # fmt: skip
FRAMED = ((F, BOX), (I, BOX), (CANDIDATE, BOX), (CANDIDATE, ROAD), (O, BOX), (OUT, SHOWN))


class LSTMBlock:
    """One step of one LSTM unit, with its numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.1..5.1 up.
    """

    def __init__(self, ax):
        ax.set(xlim=(0, 10), ylim=(-0.1, 5.1))
        ax.axis("off")
        self._draw_wires(ax)
        self._draw_parts(ax)
        road = {"solid_capstyle": "butt", "animated": True, "zorder": 1.5}
        shown = [OUT, OUT, END - 0.1], [SHOWN - KNOT, H_BUS, H_BUS]
        self._roads = {
            "f": ax.plot([F + KNOT, CANDIDATE - KNOT], [ROAD, ROAD], color=BLUE, **road)[0],
            "i": ax.plot([CANDIDATE] * 2, [JOIN + KNOT, ROAD - KNOT], color=VERMILLION, **road)[0],
            "o": ax.plot(*shown, color=GREEN, **road)[0],
        }
        word = {"ha": "center", "va": "center"}
        for label, (x, _), y, _ in PLACES.values():
            ax.text(x, y, label, fontsize=14, **word)
        look = word | {"animated": True, "zorder": 6}
        self._numbers = {name: ax.text(x, y, "", **look) for name, (_, (_, x), y, _) in PLACES.items()}
        (self._frame,) = ax.plot([], [], color="black", lw=3, animated=True, zorder=7)

    def _draw_wires(self, ax):
        line = {"color": INK, "lw": 1.5, "zorder": 1, "solid_capstyle": "round"}
        bottom, top = BOX - HALF_BOX[1], BOX + HALF_BOX[1]
        wires = [
            [(0.2, ROAD), (F, ROAD)], [(CANDIDATE, ROAD), (END, ROAD)], [(0.2, H_BUS), (O - 0.2, H_BUS)],
            [(F, top), (F, ROAD)], [(I, top), (I, JOIN), (CANDIDATE, JOIN)],
            [(CANDIDATE, top), (CANDIDATE, JOIN)], [(O, top), (O, SHOWN), (OUT, SHOWN)],
            [(OUT, ROAD), (OUT, SHOWN)],
        ]  # fmt: skip
        wires += [[(x - 0.2, H_BUS), (x - 0.2, bottom)] for x in (F, I, CANDIDATE, O)]
        for wire in wires:
            ax.plot(*zip(*wire, strict=True), **line)
        inputs = line | {"color": AMBER, "lw": 2.5}
        ax.plot([0.2, O + 0.2], [X_BUS, X_BUS], **inputs)
        for x in (F, I, CANDIDATE, O):
            ax.plot([x + 0.2, x + 0.2], [X_BUS, bottom], **inputs)
        ax.plot([END, END], [ROAD, H_BUS], ">", color=INK, ms=9)

    def _draw_parts(self, ax):
        word = {"ha": "center", "va": "center", "zorder": 4}
        boxes = (
            (F, BOX, "σ", BLUE), (I, BOX, "σ", VERMILLION), (CANDIDATE, BOX, "tanh", PINK),
            (O, BOX, "σ", GREEN), (OUT, TANH, "tanh", INK),
        )  # fmt: skip
        for x, y, name, colour in boxes:
            corner, size = (x - HALF_BOX[0], y - HALF_BOX[1]), 2 * np.array(HALF_BOX)
            look = {"boxstyle": "round,pad=0,rounding_size=0.1", "fc": "white", "ec": colour, "lw": 2.5}
            ax.add_patch(FancyBboxPatch(corner, *size, zorder=3, **look))
            ax.text(x, y, name, fontsize=15, **word)
        knots = (F, ROAD, "×"), (CANDIDATE, JOIN, "×"), (CANDIDATE, ROAD, "+"), (OUT, SHOWN, "×")
        for x, y, name in knots:
            ax.plot([x], [y], "o", ms=19, mfc="white", mec=INK, mew=1.5, zorder=3)
            ax.text(x, y, name, fontsize=14, **word)

    def show(self, values, stage):
        """Write the numbers and widen the roads.

        Parameters
        ----------
        values : dict
            Numbers named as in `PLACES`: c_prev, h_prev, x, f, kept = f c_prev, i, c_tilde,
            written = i c_tilde, c, o, tanh_c, h.
        stage : int
            1 to 6, the place in `STAGES` that is framed; what comes later is not shown yet.
        """
        for name, text in self._numbers.items():
            known = PLACES[name][3] <= stage
            text.set_text(two_digits(values[name]) if known else "")
        for name, when in (("f", 1), ("i", 4), ("o", 6)):
            self._roads[name].set_linewidth(0.8 + 11 * values[name] if stage >= when else 1.5)
            self._roads[name].set_alpha(0.75 if stage >= when else 0.3)
        x, y = FRAMED[stage - 1]
        half = np.array([0.3, 0.33]) if stage in (4, 6) else np.array(HALF_BOX) + 0.12
        self._frame.set_data(
            x + half[0] * np.array([-1, 1, 1, -1, -1]), y + half[1] * np.array([-1, -1, 1, 1, -1])
        )
