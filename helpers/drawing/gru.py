"""The GRU block: two gates, a candidate, and the road from the old state to the new one."""

from helpers.drawing.block import GATES, KNOT, Block
from helpers.drawing.style import INK

ROAD, BRANCH, BOX, H_BUS, X_BUS = 4.2, 3.15, 2.0, 0.95, 0.3  # heights
Z, R, TIMES_R, CANDIDATE, END = 2.6, 4.7, 6.0, 7.7, 9.7  # places from left to right
BELOW, ABOVE = -0.3, 5.1  # the heights of the equations
HALF_BOX = (0.5, 0.38)
# Each quantity: where its name and its number stand, and from which stage on it is known (0: given).
PLACES = {
    "h_prev": ("$h_{t-1}$", (0.4, 0.95), ROAD + 0.4, 0), "x": ("$x_t$", (0.4, 0.85), X_BUS + 0.37, 0),
    "r": ("$r_t$", (R + 0.8, R + 1.3), BOX + 0.3, 1), "z": ("$z_t$", (Z + 0.3, Z + 0.8), BOX + 0.7, 2),
    "r_h": ("$r_t h_{t-1}$", (6.45, 7.0), H_BUS + 0.4, 3),
    "h_tilde": (r"$\tilde h_t$", (CANDIDATE + 0.3, CANDIDATE + 0.85), BOX + 0.7, 3),
    "kept": ("$z_t h_{t-1}$", (4.7, 5.5), ROAD + 0.4, 4),
    "written": (r"$(1-z_t)\,\tilde h_t$", (CANDIDATE + 0.85, CANDIDATE + 1.8), 3.66, 4),
    "h": ("$h_t$", (END - 0.85, END - 0.3), ROAD + 0.4, 4),
}  # fmt: skip
FRAMED = ((R, BOX), (Z, BOX), (CANDIDATE, BOX), (CANDIDATE, ROAD))
# Each stage: its equation, and where it stands, beneath a box or above a knot.
EQUATIONS = (
    (r"$r_t = \sigma(W_r x_t + U_r h_{t-1} + b_r)$", (R, BELOW)),
    (r"$z_t = \sigma(W_z x_t + U_z h_{t-1} + b_z)$", (Z, BELOW)),
    (r"$\tilde h_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)$", (CANDIDATE - 0.2, BELOW)),
    (r"$h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t$", (CANDIDATE - 0.4, ABOVE)),
)


class GRUBlock(Block):
    """One step of a GRU unit (update="keep", reset="before"), with its numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.65..5.4 up.
    """

    def __init__(self, ax):
        super().__init__(ax, -0.65, 5.4, HALF_BOX, PLACES)
        self._draw_wires()
        self._boxes(
            (Z, BOX, "σ", GATES["z"]), (R, BOX, "σ", GATES["r"]), (CANDIDATE, BOX, "tanh", GATES["candidate"])
        )
        self._knots((Z, ROAD, "×"), (TIMES_R, H_BUS, "×"), (CANDIDATE, BRANCH, "×"), (CANDIDATE, ROAD, "+"))
        self._road("z", [Z + KNOT, CANDIDATE - KNOT], [ROAD, ROAD], GATES["z"])
        self._road("1 - z", [CANDIDATE] * 2, [BRANCH + KNOT, ROAD - KNOT], GATES["1 - z"])
        self._road("r", [TIMES_R + KNOT, CANDIDATE - 0.2], [H_BUS, H_BUS], GATES["r"])
        text_style = {"ha": "center", "va": "center", "fontsize": 12}
        ax.text((Z + CANDIDATE) / 2, BRANCH + 0.28, "$1 - z_t$", **text_style)
        ax.plot([END], [ROAD], ">", color=INK, ms=9)

    def _draw_wires(self):
        bottom, top = BOX - HALF_BOX[1], BOX + HALF_BOX[1]
        wires = [
            [(0.2, ROAD), (Z, ROAD)], [(CANDIDATE, ROAD), (END, ROAD)],
            [(1.1, ROAD), (1.1, H_BUS), (TIMES_R, H_BUS)],
            [(R + HALF_BOX[0], BOX), (TIMES_R, BOX), (TIMES_R, H_BUS)],
            [(Z, top), (Z, ROAD)], [(Z, BRANCH), (CANDIDATE, BRANCH)],
            [(CANDIDATE, top), (CANDIDATE, BRANCH)],
            *([(x - 0.2, H_BUS), (x - 0.2, bottom)] for x in (Z, R, CANDIDATE)),
        ]  # fmt: skip
        inputs = [[(x + 0.2, X_BUS), (x + 0.2, bottom)] for x in (Z, R, CANDIDATE)]
        self._wires(wires, [[(0.2, X_BUS), (CANDIDATE + 0.2, X_BUS)], *inputs])

    def show(self, values, stage):
        """Write the numbers, widen the roads, light a part and write its equation.

        Parameters
        ----------
        values : dict
            Numbers named as in `PLACES`: h_prev, x, r, z, r_h = r h_prev, h_tilde, kept = z h_prev,
            written = (1 - z) h_tilde, h.
        stage : int
            1 to 4: the reset gate, the update gate, the candidate or the new state is framed; what comes
            later is not shown yet.
        """
        self._write(values, stage)
        self._widen("r", values["r"], stage >= 3)
        self._widen("z", values["z"], stage >= 4)
        self._widen("1 - z", 1 - values["z"], stage >= 4)
        self._light(*FRAMED[stage - 1], stage == 4, *EQUATIONS[stage - 1])
