"""Labs of the lesson on gates: one step inside the block, and four units side by side."""

import numpy as np

from helpers.drawing.lstm import LSTMBlock
from helpers.drawing.plots import live_image, live_text
from helpers.drawing.style import as_factor, two_digits
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.lab import Choice, Lab, Prediction, Slider

H = 4
# For each block, unit by unit: the weights of the input, and of the unit's own old state (U is diagonal).
WEIGHTS = {
    "f": ([0.5, -1.0, 1.5, -0.5], [1.0, 1.0, -1.0, 2.0]),
    "i": ([1.0, 0.5, -1.5, 2.0], [-0.5, 1.0, 1.0, 0.5]),
    "c": ([1.0, 1.0, 0.5, 2.0], [1.0, 0.5, -1.0, 1.0]),
    "o": ([0.5, 1.5, -1.0, 1.0], [0.5, -1.0, 1.0, -0.5]),
}
C_PREV, H_PREV = np.array([0.8, -0.6, 1.5, 0.2]), np.array([0.4, -0.3, 0.6, 0.1])
VARIANTS = {"2000": "2000: f, i and o", "1997": "1997: f = 1", "coupled": "coupled: i = 1 − f"}
OPEN = 1000.0  # a bias at which a sigmoid is exactly 1


def one_step(x_t, b_f=0.0, b_i=0.0, b_o=0.0, variant="2000"):
    """One step of the four units, by an LSTM of the library.

    A variant is a setting of the weights: f = 1 has none and a huge bias; i = 1 - f has those of f with
    the other sign, since 1 - sigmoid(a) = sigmoid(-a).

    Returns
    -------
    dict
        Gates, states, pre-activations `a_f` to `a_o` and products, (H,) each.
    """
    cell = LSTM(1, H, init="zeros")
    biases = {"f": b_f, "i": b_i, "c": 0.0, "o": b_o}
    for k, (of_x, of_h) in WEIGHTS.items():
        cell[f"W_{k}"], cell[f"U_{k}"], cell[f"b_{k}"] = np.c_[of_x], np.diag(of_h), biases[k]
    if variant == "1997":
        cell["W_f"], cell["U_f"], cell["b_f"] = 0, 0, OPEN
    elif variant == "coupled":
        cell["W_i"], cell["U_i"], cell["b_i"] = -cell["W_f"], -cell["U_f"], -cell["b_f"]
    tape = unroll(cell, [[[x_t]]], h_0=np.c_[H_PREV], c_0=np.c_[C_PREV])
    made = {name: getattr(tape, name)[0, :, 0] for name in ("f", "i", "c_tilde", "c", "o", "h")}
    before = {
        f"a_{k}": cell[f"W_{k}"][:, 0] * x_t + cell[f"U_{k}"] @ H_PREV + cell[f"b_{k}"][:, 0] for k in "fico"
    }
    products = {
        "kept": made["f"] * C_PREV, "written": made["i"] * made["c_tilde"], "tanh_c": np.tanh(made["c"])
    }  # fmt: skip
    return made | before | products | {"c_prev": C_PREV, "h_prev": H_PREV, "x": np.full(H, x_t)}


class OneStep(Lab):
    """What happens inside an LSTM block in one step?

    One unit with one input; its weights are those of the calculation by hand. The variants: the LSTM of
    2000, with all three gates; that of 1997, which has no forget gate; and one whose input gate is tied to
    the forget gate.
    """

    stage = Slider(1, 6, step=1, default=6, label="stage: f i c̃ c o h", time=True)
    variant = Choice(VARIANTS, label="variant")
    x_t = Slider(-2.0, 2.0, step=0.1, default=1.0, label="input")
    b_f = Slider(-6.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_o = Slider(-6.0, 6.0, step=0.1, default=0.0, label="output bias b_o")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i", more=True)
    anchors = (
        {"b_f": -6.0},
        {"b_f": 6.0},
        {"b_o": -6.0},
        {"variant": "1997"},
        {"variant": "coupled"},
        {"x_t": 2.0},
    )
    prediction = Prediction(
        "The cell holds 1.18 and the block shows 0.55. Which of the two comes near 0 when b_o goes to −6?",
        {"b_o": -6.0},
        {"c": "what the cell holds", "h": "what the block shows", "both": "both"},
    )

    def measured(self, result):
        """Which of the two has come near 0."""
        if abs(result["h"]) > 0.05:
            return "c"
        return "h" if abs(result["c"]) > 0.05 else "both"

    def because(self, result):
        """The gate and both states."""
        o, c, h = (two_digits(result[name]) for name in ("o", "c", "h"))
        return f"With o = {o} the cell still holds {c}, and the block shows {h}."

    def compute(self):
        """One step of the first unit."""
        found = one_step(self.x_t, self.b_f, self.b_i, self.b_o, self.variant)
        return {name: float(values[0]) for name, values in found.items()}

    def draw(self, result):
        """The block, and nothing else."""
        figure = self.new_figure(8.2, 4.5)
        self._block = LSTMBlock(figure.add_subplot())
        return figure

    def update(self, result):
        """What a later stage makes is not shown before it."""
        self._block.show(result, self.stage, self.variant)

    def readout(self, result):
        """The equation of the stage with its numbers."""
        n = {name: two_digits(value) for name, value in result.items()}
        n |= {f"{name} as factor": as_factor(n[name]) for name in ("c_prev", "c_tilde")}
        said = OF_A_VARIANT.get((self.variant, self.stage), SAID[self.stage - 1])
        return said.format(**n)


# What the line under the picture says at each stage, and where a variant says something else.
SAID = (
    "Stage 1, forget gate f: σ({a_f}) = {f}. This fraction of the old cell state is kept.",
    "Stage 2, input gate i: σ({a_i}) = {i}. This is how strongly the unit writes.",
    "Stage 3, candidate c̃: tanh({a_c}) = {c_tilde}. Its sign says whether the unit writes up or down.",
    "Stage 4, cell state c: {f} × {c_prev as factor} + {i} × {c_tilde as factor} = {c}.",
    "Stage 5, output gate o: σ({a_o}) = {o}. This fraction of tanh c is shown.",
    "Stage 6, hidden state h: {o} × tanh({c}) = {h}.",
)
OF_A_VARIANT = {
    ("1997", 1): "Stage 1, no forget gate: f = {f}, so all of the old cell state is kept.",
    ("coupled", 2): "Stage 2, input gate i: 1 − {f} = {i}. This is how strongly the unit writes.",
}


class FourUnits(Lab):
    """What do four units do with the same input?

    The unit of the block is the first. Each unit looks at the input and at its own old state, with weights
    of its own.
    """

    x_t = Slider(-2.0, 2.0, step=0.1, default=1.0, label="input")
    b_f = Slider(-6.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=0.0, label="output bias b_o")
    anchors = ({"x_t": -2.0},)

    def compute(self):
        """One step of all four."""
        return one_step(self.x_t, self.b_f, self.b_i, self.b_o)

    def draw(self, result):
        """A table with a row for each unit and a column for each quantity."""
        figure = self.new_figure(8.2, 2.9)
        ax = figure.subplots()
        extent = (0, len(COLUMNS), H, 0)
        self._states, self._gates = live_image(ax, extent, -2, 2), live_image(ax, extent, 0, 1)
        ax.set(xticks=np.arange(len(COLUMNS)) + 0.5, yticks=np.arange(H) + 0.5)
        ax.set_xticklabels(COLUMNS.values(), fontsize=13)
        ax.set_yticklabels([f"unit {k}" for k in range(1, H + 1)])
        ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.set(xlim=(0, len(COLUMNS)), ylim=(H, 0))
        ax.grid(False)
        text_style = {"ha": "center", "va": "center"}
        self._entries = [
            [live_text(ax, k + 0.5, j + 0.5, **text_style) for k in range(len(COLUMNS))] for j in range(H)
        ]
        return figure

    def update(self, result):
        """Gates have a colour map of their own. On dark colours the numbers are white."""
        table = np.column_stack([result[name] for name in COLUMNS])
        gates = np.array([name in ("f", "i", "o") for name in COLUMNS])
        self._states.set_data(np.where(gates, np.nan, table))
        self._gates.set_data(np.where(gates, table, np.nan))
        for row, words in zip(table, self._entries, strict=True):
            for value, gate, text in zip(row, gates, words, strict=True):
                text.set_text(two_digits(value))
                text.set_color("white" if (value < 0.55 if gate else abs(value) > 1.2) else "black")

    def readout(self, result):
        """What the units write, and what they then hold."""
        return FOUR.format(*(two_digits(v) for name in ("written", "c") for v in result[name]))


FOUR = "The four units write {}, {}, {} and {}. Their cells then hold {}, {}, {} and {}."


# The columns of the table, and their headings.
COLUMNS = {
    "c_prev": "$c_{t-1}$", "f": "$f_t$", "kept": r"$f_t \odot c_{t-1}$", "i": "$i_t$",
    "c_tilde": r"$\tilde c_t$", "written": r"$i_t \odot \tilde c_t$", "c": "$c_t$", "o": "$o_t$",
    "tanh_c": r"$\tanh c_t$", "h": "$h_t$",
}  # fmt: skip
