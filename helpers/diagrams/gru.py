"""The GRU block: two gates, a candidate, and the road from the old state to the new one."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from helpers.style import AMBER, BLUE, GREEN, INK, VERMILLION, two_digits

ROAD, BRANCH, BOX, H_BUS, X_BUS = 4.2, 3.15, 2.0, 0.95, 0.3  # heights
Z, R, TIMES_R, CANDIDATE, END = 2.6, 4.7, 6.0, 7.7, 9.7  # places from left to right
HALF_BOX, KNOT = (0.5, 0.36), 0.2
STAGES = ("reset gate r", "update gate z", "candidate", "new state")
# Each quantity: where its name and its number stand, and from which stage on it is known (0: given).
PLACES = {
    "h_prev": ("$h_{t-1}$", (0.4, 0.95), ROAD + 0.4, 0), "x": ("$x_t$", (0.4, 0.85), X_BUS + 0.37, 0),
    "r": ("$r_t$", (R + 0.8, R + 1.3), BOX + 0.3, 1), "z": ("$z_t$", (Z + 0.3, Z + 0.8), BOX + 0.7, 2),
    "r_h": ("$r_t h_{t-1}$", (6.5, 7.15), H_BUS + 0.42, 3),
    "h_tilde": (r"$\tilde h_t$", (CANDIDATE + 0.3, CANDIDATE + 0.85), BOX + 0.7, 3),
    "kept": ("$z_t h_{t-1}$", (4.7, 5.5), ROAD + 0.4, 4),
    "written": (r"$(1-z_t)\,\tilde h_t$", (CANDIDATE + 0.85, CANDIDATE + 1.8), 3.66, 4),
    "h": ("$h_t$", (END - 0.85, END - 0.3), ROAD + 0.4, 4),
}  # fmt: skip


class GRUBlock:
    """One step of a GRU unit (update="keep", reset="before"), with its numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.1..5 up.
    """

    def __init__(self, ax):
        ax.set(xlim=(0, 10), ylim=(-0.1, 5))
        ax.axis("off")
        self._draw_wires(ax)
        self._draw_parts(ax)
        self._draw_labels(ax)
        road = {"solid_capstyle": "butt", "animated": True, "zorder": 1.5}
        self._roads = {
            "z": ax.plot([Z + KNOT, CANDIDATE - KNOT], [ROAD, ROAD], color=BLUE, **road)[0],
            "1 - z": ax.plot([CANDIDATE] * 2, [BRANCH + KNOT, ROAD - KNOT], color=VERMILLION, **road)[0],
            "r": ax.plot([TIMES_R + KNOT, CANDIDATE - 0.2], [H_BUS, H_BUS], color=GREEN, **road)[0],
        }
        word = {"ha": "center", "va": "center", "animated": True, "zorder": 6}
        self._numbers = {name: ax.text(x, y, "", **word) for name, (_, (_, x), y, _) in PLACES.items()}
        (self._frame,) = ax.plot([], [], color="black", lw=3, animated=True, zorder=7)

    def _draw_wires(self, ax):
        line = {"color": INK, "lw": 1.5, "zorder": 1, "solid_capstyle": "round"}
        bottom, top = BOX - HALF_BOX[1], BOX + HALF_BOX[1]
        wires = [
            [(0.2, ROAD), (Z, ROAD)], [(CANDIDATE, ROAD), (END, ROAD)],
            [(1.1, ROAD), (1.1, H_BUS), (TIMES_R, H_BUS)],
            [(CANDIDATE - 0.2, H_BUS), (CANDIDATE - 0.2, bottom)],
            [(Z - 0.2, H_BUS), (Z - 0.2, bottom)], [(R - 0.2, H_BUS), (R - 0.2, bottom)],
            [(R + HALF_BOX[0], BOX), (TIMES_R, BOX), (TIMES_R, H_BUS)],
            [(Z, top), (Z, ROAD)], [(Z, BRANCH), (CANDIDATE, BRANCH)],
            [(CANDIDATE, top), (CANDIDATE, BRANCH)],
        ]  # fmt: skip
        for wire in wires:
            ax.plot(*zip(*wire, strict=True), **line)
        inputs = line | {"color": AMBER, "lw": 2.5}
        ax.plot([0.2, CANDIDATE + 0.2], [X_BUS, X_BUS], **inputs)
        for x in (Z, R, CANDIDATE):
            ax.plot([x + 0.2, x + 0.2], [X_BUS, bottom], **inputs)
        ax.plot([END], [ROAD], ">", color=INK, ms=9)

    def _draw_parts(self, ax):
        word = {"ha": "center", "va": "center", "zorder": 4}
        for x, name, colour in ((Z, "σ", BLUE), (R, "σ", GREEN), (CANDIDATE, "tanh", VERMILLION)):
            corner, size = (x - HALF_BOX[0], BOX - HALF_BOX[1]), 2 * np.array(HALF_BOX)
            look = {"boxstyle": "round,pad=0,rounding_size=0.1", "fc": "white", "ec": colour, "lw": 2.5}
            ax.add_patch(FancyBboxPatch(corner, *size, zorder=3, **look))
            ax.text(x, BOX, name, fontsize=15, **word)
        for x, y, name in (
            (Z, ROAD, "×"),
            (TIMES_R, H_BUS, "×"),
            (CANDIDATE, BRANCH, "×"),
            (CANDIDATE, ROAD, "+"),
        ):
            ax.plot([x], [y], "o", ms=19, mfc="white", mec=INK, mew=1.5, zorder=3)
            ax.text(x, y, name, fontsize=14, **word)

    def _draw_labels(self, ax):
        word = {"ha": "center", "va": "center", "fontsize": 14}
        ax.text((Z + CANDIDATE) / 2, BRANCH + 0.28, "$1 - z_t$", **word)
        for label, (x, _), y, _ in PLACES.values():
            ax.text(x, y, label, **word)

    def show(self, values, stage):
        """Write the numbers and widen the roads.

        Parameters
        ----------
        values : dict
            Numbers named as in `PLACES`: h_prev, x, r, z, r_h = r h_prev, h_tilde, kept = z h_prev,
            written = (1 - z) h_tilde, h.
        stage : int
            1 to 4, the place in `STAGES` that is framed; what comes later is not shown yet.
        """
        for name, text in self._numbers.items():
            known = PLACES[name][3] <= stage
            text.set_text(two_digits(values[name]) if known else "")
        shares = {"z": (values["z"], 4), "1 - z": (1 - values["z"], 4), "r": (values["r"], 3)}
        for name, (share, when) in shares.items():
            self._roads[name].set_linewidth(0.8 + 11 * share if stage >= when else 1.5)
            self._roads[name].set_alpha(0.75 if stage >= when else 0.3)
        x, y = ((R, BOX), (Z, BOX), (CANDIDATE, BOX), (CANDIDATE, ROAD))[stage - 1]
        half = np.array(HALF_BOX) + 0.12 if stage < 4 else np.array([0.3, 0.33])
        self._frame.set_data(
            x + half[0] * np.array([-1, 1, 1, -1, -1]), y + half[1] * np.array([-1, -1, 1, 1, -1])
        )
