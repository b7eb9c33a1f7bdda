"""Labs of notebook 03: one step inside the block, and the chain that the blocks make."""

import numpy as np

from helpers.bptt import unroll
from helpers.cells import LSTM
from helpers.diagrams.lstm import STAGES, LSTMBlock
from helpers.diagrams.lstm_chain import LSTMChain
from helpers.lab import Lab, Slider
from helpers.style import as_factor, two_digits

NOTEBOOK = "03_lstm_gates"
H = 4
# Of each block, unit by unit: the weight of the input, and of the unit's own old state (U is diagonal).
WEIGHTS = {
    "f": ([0.5, -1.0, 1.5, -0.5], [1.0, 1.0, -1.0, 2.0]),
    "i": ([1.0, 0.5, -1.5, 2.0], [-0.5, 1.0, 1.0, 0.5]),
    "c": ([1.0, 1.0, 0.5, 2.0], [1.0, 0.5, -1.0, 1.0]),
    "o": ([0.5, 1.5, -1.0, 1.0], [0.5, -1.0, 1.0, -0.5]),
}
C_PREV, H_PREV = np.array([0.8, -0.6, 1.5, 0.2]), np.array([0.4, -0.3, 0.6, 0.1])


class OneStep(Lab):
    """What happens inside an LSTM block in one step?

    Four units with one input. Each looks at the input and at its own old state, with weights of its own.
    The block shows the unit that is framed in the table; the table shows all four.
    """

    stage = Slider(1, 6, step=1, default=6, label="stage: f i c̃ c o h")
    unit = Slider(1, H, step=1, default=1, label="unit in the block")
    x_t = Slider(-2.0, 2.0, step=0.1, default=1.0, label="input")
    b_f = Slider(-6.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=0.0, label="output bias b_o")

    def compute(self):
        """One step by the engine, and what is not on its tape: the pre-activations and the products."""
        cell = LSTM(1, H, rng=0)
        biases = {"f": self.b_f, "i": self.b_i, "c": 0.0, "o": self.b_o}
        for k, (of_x, of_h) in WEIGHTS.items():
            cell[f"W_{k}"], cell[f"U_{k}"], cell[f"b_{k}"] = np.c_[of_x], np.diag(of_h), biases[k]
        tape = unroll(cell, [[[self.x_t]]], h_0=np.c_[H_PREV], c_0=np.c_[C_PREV])
        made = {name: getattr(tape, name)[0, :, 0] for name in ("f", "i", "c_tilde", "c", "o", "h")}
        before = {
            f"a_{k}": np.array(of_x) * self.x_t + np.array(of_h) * H_PREV + biases[k]
            for k, (of_x, of_h) in WEIGHTS.items()
        }
        products = {
            "kept": made["f"] * C_PREV, "written": made["i"] * made["c_tilde"], "tanh_c": np.tanh(made["c"])
        }  # fmt: skip
        return made | before | products | {"c_prev": C_PREV, "h_prev": H_PREV, "x": np.full(H, self.x_t)}

    def draw(self, result):
        """The block above, the table of all units below."""
        figure = self.new_figure(10, 6.6)
        block, table = figure.subplots(2, 1, height_ratios=[5, 2.2])
        self._block = LSTMBlock(block)
        self._draw_table(table)
        return figure

    def _draw_table(self, ax):
        look = {"extent": (0, len(COLUMNS), H, 0), "aspect": "auto", "animated": True}
        nothing = np.full((H, len(COLUMNS)), np.nan)
        self._states = ax.imshow(nothing, cmap="RdBu_r", vmin=-2, vmax=2, **look)
        self._gates = ax.imshow(nothing, cmap="viridis", vmin=0, vmax=1, **look)
        ax.set(xticks=np.arange(len(COLUMNS)) + 0.5, yticks=np.arange(H) + 0.5)
        ax.set_xticklabels([label for label, _ in COLUMNS.values()], fontsize=14)
        ax.set_yticklabels([f"unit {k}" for k in range(1, H + 1)])
        ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        ax.set(xlim=(0, len(COLUMNS)), ylim=(H, 0))
        ax.grid(False)
        word = {"ha": "center", "va": "center", "animated": True}
        self._entries = [
            [ax.text(k + 0.5, j + 0.5, "", **word) for k in range(len(COLUMNS))] for j in range(H)
        ]
        (self._row,) = ax.plot([], [], color="black", lw=3, animated=True, clip_on=False)

    def update(self, result):
        """What a later stage makes is not shown before it."""
        k = self.unit - 1
        self._block.show({name: values[k] for name, values in result.items()}, self.stage)
        table = np.column_stack([result[name] for name in COLUMNS])
        table[:, [when > self.stage for _, when in COLUMNS.values()]] = np.nan
        gates = np.array([name in ("f", "i", "o") for name in COLUMNS])
        self._states.set_data(np.where(gates, np.nan, table))
        self._gates.set_data(np.where(gates, table, np.nan))
        for row, words in zip(table, self._entries, strict=True):
            for value, gate, word in zip(row, gates, words, strict=True):
                word.set_text("" if np.isnan(value) else two_digits(value))
                word.set_color("white" if (value < 0.55 if gate else abs(value) > 1.2) else "black")
        self._row.set_data([0, len(COLUMNS), len(COLUMNS), 0, 0], [k, k, k + 1, k + 1, k])

    def readout(self, result):
        """The equation of the stage with its numbers."""
        n = {name: two_digits(values[self.unit - 1]) for name, values in result.items()}
        factor = {name: as_factor(text) for name, text in n.items()}
        said = (
            f"σ({n['a_f']}) = {n['f']}: that share of the old cell state is kept.",
            f"σ({n['a_i']}) = {n['i']}: the strength of the writing.",
            f"tanh({n['a_c']}) = {n['c_tilde']}: the direction of the writing.",
            f"{n['f']} × {factor['c_prev']} + {n['i']} × {factor['c_tilde']} = {n['c']}.",
            f"σ({n['a_o']}) = {n['o']}: that share of tanh c is shown.",
            f"{n['o']} × tanh({n['c']}) = {n['h']}.",
        )
        return f"Unit {self.unit}, stage {self.stage}, {STAGES[self.stage - 1]}: {said[self.stage - 1]}"


# The columns of the table: their heading, and the stage that makes them.
COLUMNS = {
    "c_prev": ("$c_{t-1}$", 0), "f": ("$f_t$", 1), "kept": (r"$f_t \odot c_{t-1}$", 1), "i": ("$i_t$", 2),
    "c_tilde": (r"$\tilde c_t$", 3), "written": (r"$i_t \odot \tilde c_t$", 4), "c": ("$c_t$", 4),
    "o": ("$o_t$", 5), "tanh_c": (r"$\tanh c_t$", 6), "h": ("$h_t$", 6),
}  # fmt: skip


class Chain(Lab):
    """What becomes of a memory on its way through the chain?

    One unit that reads 1 first and smaller numbers after it; W_i = W_c = 2, and U = 0, so that you can
    follow. At one step, which you choose, a second input shuts the forget gate with a weight of -1000.
    """

    T = Slider(2, 10, step=1, default=10, label="sequence length T")
    b_f = Slider(-6.0, 6.0, step=0.1, default=3.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=2.0, label="output bias b_o")
    erase = Slider(0, 10, step=1, default=0, label="erase at step (0: none)")
    INPUTS = np.array([1.0, 0.1, -0.2, 0.1, -0.1, 0.2, -0.1, -0.2, 0.1, 0.1])

    def compute(self):
        """The gates and both states of the unit, (T,) each."""
        cell = LSTM(2, 1, rng=0)
        cell.put(W=0, U=0, W_i=[2.0, 0], W_c=[2.0, 0], W_f=[0, -1000.0])
        cell.put(b_f=self.b_f, b_i=self.b_i, b_o=self.b_o)
        shut = np.arange(1, self.T + 1) == self.erase
        tape = unroll(cell, np.stack([self.INPUTS[: self.T], shut], axis=1)[:, :, None])
        return tape.of_unit() | {"x": self.INPUTS[: self.T]}

    def draw(self, result):
        """The chain, and nothing else."""
        figure = self.new_figure(10, 3.9)
        self._chain = LSTMChain(figure.add_subplot(), len(self.INPUTS))
        return figure

    def update(self, result):
        """Place the blocks and write their numbers."""
        self._chain.show(result)

    def readout(self, result):
        """What the first step wrote, and what has come of it."""
        first, last = two_digits(result["c"][0]), two_digits(result["c"][-1])
        left = np.prod(result["f"][1:])
        return (
            f"Step 1 wrote {first} into the cell. After step {self.T} the cell holds {last}, and of what was "
            f"written at step 1 there is {left:.1%} in it. The block shows {two_digits(result['h'][-1])}."
        )
