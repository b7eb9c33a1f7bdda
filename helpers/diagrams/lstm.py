"""The LSTM block: three gates, a candidate, and the road of the cell state from step to step."""

from helpers.diagrams.block import KNOT, Block
from helpers.style import BLUE, GREEN, INK, PINK, VERMILLION

ROAD, JOIN, SHOWN, BOX, H_BUS, X_BUS = 4.4, 3.15, 2.75, 1.75, 0.75, 0.2  # heights
F, I, CANDIDATE, O, OUT, END = 2.0, 3.6, 5.1, 6.7, 8.1, 9.9  # places from left to right
TANH = 3.65  # the height of the tanh above the output
HALF_BOX = (0.5, 0.34)
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


class LSTMBlock(Block):
    """One step of one LSTM unit, with its numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.1..5.1 up.
    """

    def __init__(self, ax):
        super().__init__(ax, 5.1, HALF_BOX, PLACES)
        self._draw_wires()
        self._boxes(
            (F, BOX, "σ", BLUE), (I, BOX, "σ", VERMILLION), (CANDIDATE, BOX, "tanh", PINK),
            (O, BOX, "σ", GREEN), (OUT, TANH, "tanh", INK),
        )  # fmt: skip
        self._knots((F, ROAD, "×"), (CANDIDATE, JOIN, "×"), (CANDIDATE, ROAD, "+"), (OUT, SHOWN, "×"))
        self._road("f", [F + KNOT, CANDIDATE - KNOT], [ROAD, ROAD], BLUE)
        self._road("i", [CANDIDATE] * 2, [JOIN + KNOT, ROAD - KNOT], VERMILLION)
        self._road("o", [OUT, OUT, END - 0.1], [SHOWN - KNOT, H_BUS, H_BUS], GREEN)
        ax.plot([END, END], [ROAD, H_BUS], ">", color=INK, ms=9)

    def _draw_wires(self):
        bottom, top = BOX - HALF_BOX[1], BOX + HALF_BOX[1]
        boxes = (F, I, CANDIDATE, O)
        wires = [
            [(0.2, ROAD), (F, ROAD)], [(CANDIDATE, ROAD), (END, ROAD)], [(0.2, H_BUS), (O - 0.2, H_BUS)],
            [(F, top), (F, ROAD)], [(I, top), (I, JOIN), (CANDIDATE, JOIN)],
            [(CANDIDATE, top), (CANDIDATE, JOIN)], [(O, top), (O, SHOWN), (OUT, SHOWN)],
            [(OUT, ROAD), (OUT, SHOWN)], *([(x - 0.2, H_BUS), (x - 0.2, bottom)] for x in boxes),
        ]  # fmt: skip
        inputs = [[(x + 0.2, X_BUS), (x + 0.2, bottom)] for x in boxes]
        self._wires(wires, [[(0.2, X_BUS), (O + 0.2, X_BUS)], *inputs])

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
        self._write(values, stage)
        for name, when in (("f", 1), ("i", 4), ("o", 6)):
            self._widen(name, values[name], stage >= when)
        self._frame_part(*FRAMED[stage - 1], knot=stage in (4, 6))
