"""The LSTM block: three gates, a candidate, and the road of the cell state from step to step."""

from helpers.drawing.block import GATES, KNOT, Block
from helpers.drawing.plots import live_text
from helpers.drawing.style import INK

ROAD, JOIN, SHOWN, BOX, H_BUS, X_BUS = 4.4, 3.15, 2.75, 1.75, 0.75, 0.2  # heights
F, I, CANDIDATE, O, OUT, END = 2.0, 3.6, 5.1, 6.7, 8.1, 9.9  # places from left to right
TANH = 3.65  # the height of the tanh above the output
BELOW, ABOVE = -0.32, 5.3  # the heights of the equations
HALF_BOX = (0.5, 0.36)
# Each quantity: where its name and its number stand, and from which stage on it is known (0: given).
PLACES = {
    "c_prev": ("$c_{t-1}$", (0.4, 1.05), ROAD + 0.42, 0),
    "h_prev": ("$h_{t-1}$", (0.4, 1.05), H_BUS + 0.34, 0), "x": ("$x_t$", (0.4, 0.95), X_BUS + 0.22, 0),
    "f": ("$f_t$", (F + 0.28, F + 0.75), 2.55, 1),
    "kept": ("$f_t c_{t-1}$", (F + 0.85, F + 1.7), ROAD + 0.42, 1),
    "i": ("$i_t$", (I + 0.28, I + 0.75), JOIN + 0.35, 2),
    "c_tilde": (r"$\tilde c_t$", (CANDIDATE + 0.28, CANDIDATE + 0.8), 2.55, 3),
    "written": (r"$i_t \tilde c_t$", (CANDIDATE + 0.45, CANDIDATE + 1.1), 3.75, 4),
    "c": ("$c_t$", (CANDIDATE + 1.3, CANDIDATE + 1.85), ROAD + 0.42, 4),
    "o": ("$o_t$", (O + 0.28, O + 0.75), SHOWN + 0.36, 5),
    "tanh_c": (r"$\tanh c_t$", (OUT + 0.78, OUT + 1.55), SHOWN, 6),
    "h": ("$h_t$", (OUT + 0.4, OUT + 0.95), H_BUS + 0.4, 6),
}  # fmt: skip
FRAMED = ((F, BOX), (I, BOX), (CANDIDATE, BOX), (CANDIDATE, ROAD), (O, BOX), (OUT, SHOWN))
# Each stage: its equation, and where it stands, beneath a box or above a knot.
EQUATIONS = (
    (r"$f_t = \sigma(W_f x_t + U_f h_{t-1} + b_f)$", (F + 0.2, BELOW)),
    (r"$i_t = \sigma(W_i x_t + U_i h_{t-1} + b_i)$", (I, BELOW)),
    (r"$\tilde c_t = \tanh(W_c x_t + U_c h_{t-1} + b_c)$", (CANDIDATE, BELOW)),
    (r"$c_t = f_t \odot c_{t-1} + i_t \odot \tilde c_t$", (CANDIDATE, ABOVE)),
    (r"$o_t = \sigma(W_o x_t + U_o h_{t-1} + b_o)$", (O, BELOW)),
    (r"$h_t = o_t \odot \tanh(c_t)$", (OUT + 1.05, 1.9)),
)
# Where a variant has another equation, by stage.
VARIANTS = {
    "2000": {},
    "1997": {1: "$f_t = 1$", 4: r"$c_t = c_{t-1} + i_t \odot \tilde c_t$"},
    "coupled": {
        2: r"$i_t = 1 - f_t$",
        4: r"$c_t = f_t \odot c_{t-1} + (1 - f_t) \odot \tilde c_t$",
    },
}


class LSTMBlock(Block):
    """One step of one LSTM unit, with its numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Is emptied of ticks and given the diagram's coordinates: 0..10 across, -0.65..5.6 up.
    """

    def __init__(self, ax):
        super().__init__(ax, -0.65, 5.6, HALF_BOX, PLACES)
        self._draw_wires()
        self._boxes(
            (F, BOX, "σ", GATES["f"]), (I, BOX, "σ", GATES["i"]), (O, BOX, "σ", GATES["o"]),
            (CANDIDATE, BOX, "tanh", GATES["candidate"]), (OUT, TANH, "tanh", INK),
        )  # fmt: skip
        self._knots((F, ROAD, "×"), (CANDIDATE, JOIN, "×"), (CANDIDATE, ROAD, "+"), (OUT, SHOWN, "×"))
        self._road("f", [F + KNOT, CANDIDATE - KNOT], [ROAD, ROAD], GATES["f"])
        self._road("i", [CANDIDATE] * 2, [JOIN + KNOT, ROAD - KNOT], GATES["i"])
        self._road("o", [OUT, OUT, END - 0.1], [SHOWN - KNOT, H_BUS, H_BUS], GATES["o"])
        ax.plot([END, END], [ROAD, H_BUS], ">", color=INK, ms=8)
        # What the variants lack or have besides: no box of f, no box of i but a wire from f.
        low, high = BOX - HALF_BOX[1] - 0.05, BOX + HALF_BOX[1] + 0.05
        self._veils = {
            "1997": self._veil((F - 0.6, low), (F + 0.6, high)),
            "coupled": self._veil((I - 0.6, low), (I + 0.6, high)),
        }
        turned = [F, F, I, I], [BOX + 0.36, 2.9, 2.9, JOIN]
        (self._turned,) = ax.plot(*turned, color=GATES["f"], lw=2, animated=True, zorder=2)
        self._minus = live_text(ax, (F + I) / 2, 3.12, ha="center", va="center", fontsize=11)

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

    def show(self, values, stage, variant="2000"):
        """Write the numbers, widen the roads, light a part and write its equation.

        Parameters
        ----------
        values : dict
            Numbers named as in `PLACES`: c_prev, h_prev, x, f, kept = f c_prev, i, c_tilde,
            written = i c_tilde, c, o, tanh_c, h.
        stage : int
            What is framed, from 1 to 6: f, i, candidate, c, o, h. What a later stage makes is not shown yet.
        variant : {"2000", "1997", "coupled"}
            With all gates; without a forget gate; with i = 1 - f.
        """
        self._write(values, stage)
        for name, when in (("f", 1), ("i", 4), ("o", 6)):
            self._widen(name, values[name], stage >= when)
        for name, veil in self._veils.items():
            veil.set_visible(name == variant)
        self._turned.set_visible(variant == "coupled")
        self._minus.set_text("1 − f" if variant == "coupled" else "")
        equation, at = EQUATIONS[stage - 1]
        self._light(*FRAMED[stage - 1], stage in (4, 6), VARIANTS[variant].get(stage, equation), at)
