"""Lab of the lesson on the GRU: one step and its numbers."""

from helpers.drawing.block import GATES
from helpers.drawing.gru import GRUBlock
from helpers.drawing.plots import live_line
from helpers.drawing.style import BLACK, as_factor, fixed, two_digits
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU
from helpers.lab import Lab, Prediction, Slider

OLD, HALF_WAY, CANDIDATE = "at the old state", "half way", "at the candidate"
SAID = (
    "Stage 1, reset gate: σ({a_r}) = {r}. This fraction of the old state is shown to the candidate.",
    "Stage 2, update gate: σ({a_z}) = {z}. This fraction of the old state is kept.",
    "Stage 3, candidate: tanh(−1.5 × {x} + 1.5 × {r_h}) = {h_tilde}.",
    "Stage 4, new state: {keep} × {h_prev} + {write} × {candidate} = {h}.",
)
WEIGHTS = {"W_r": 1.0, "U_r": -0.5, "W_z": -1.0, "U_z": 0.5, "W_h": -1.5, "U_h": 1.5, "b_h": 0.0}


class OneStep(Lab):
    """How does a GRU make its next state?

    One unit with one input, z that keeps, r before the product. Its weights are W_r = 1, U_r = -0.5,
    W_z = -1, U_z = 0.5, W_h = -1.5, U_h = 1.5 and b_h = 0.
    """

    stage = Slider(1, 4, step=1, default=4, label="stage: r z h̃ h", time=True)
    h_prev = Slider(-1.0, 1.0, step=0.05, default=0.8, label="old state")
    x_t = Slider(-2.0, 2.0, step=0.1, default=1.0, label="input")
    b_z = Slider(-6.0, 6.0, step=0.1, default=0.0, label="update bias b_z")
    b_r = Slider(-6.0, 6.0, step=0.1, default=0.0, label="reset bias b_r")
    anchors = (
        {"stage": 4},
        {"b_z": 6.0},
        {"b_z": 6.0, "x_t": -2.0},
        {"b_z": 6.0, "x_t": 2.0},
        {"b_z": -6.0},
        {"b_r": -6.0},
        {"b_r": -6.0, "h_prev": -1.0},
        {"b_r": 6.0},
    )
    prediction = Prediction(
        "You set the bias b_z to 6. Where on the lever will the new state be?",
        {"b_z": 6.0},
        [OLD, HALF_WAY, CANDIDATE],
    )

    def measured(self, result):
        """By how far the new state has moved from the old state to the candidate."""
        way = (result["h"] - result["h_prev"]) / (result["h_tilde"] - result["h_prev"])
        return (OLD, HALF_WAY, CANDIDATE)[round(2 * way)]

    def because(self, result):
        """The gate, and the three numbers."""
        old, candidate, new = (two_digits(result[name]) for name in ("h_prev", "h_tilde", "h"))
        z = fixed(result["z"])
        return f"z is {z}. The old state is {old}, the candidate is {candidate}, and the new state is {new}."

    def compute(self):
        """One step, and what is not on its tape: the pre-activations and both parts of the sum."""
        cell = GRU(1, 1, init="zeros").put(**WEIGHTS | {"b_z": self.b_z, "b_r": self.b_r})
        tape = unroll(cell, [[[self.x_t]]], h_0=[[self.h_prev]])
        z, r, h_tilde, h = (getattr(tape, name).item() for name in ("z", "r", "h_tilde", "h"))
        before = {
            f"a_{k}": WEIGHTS[f"W_{k}"] * self.x_t + WEIGHTS[f"U_{k}"] * self.h_prev + bias
            for k, bias in (("z", self.b_z), ("r", self.b_r))
        }
        return before | {
            "x": self.x_t, "h_prev": self.h_prev, "z": z, "r": r, "h_tilde": h_tilde, "h": h,
            "r_h": r * self.h_prev, "kept": z * self.h_prev, "written": (1 - z) * h_tilde,
        }  # fmt: skip

    def draw(self, result):
        """The block above, the lever below."""
        figure = self.new_figure(8.2, 4.6)
        block, lever = figure.subplots(2, 1, height_ratios=[5, 1])
        self._block = GRUBlock(block)
        self._draw_lever(lever)
        return figure

    def _draw_lever(self, ax):
        self._lever = live_line(ax, color="0.6", lw=6, solid_capstyle="round")
        style = {"ls": "none", "mec": "black"}
        self._old = live_line(ax, marker="s", ms=12, color=GATES["z"], label="old state", **style)
        self._candidate = live_line(
            ax, marker="D", ms=11, color=GATES["candidate"], label="candidate", **style
        )
        self._new = live_line(ax, marker="o", ms=10, color=BLACK, label="new state", **style)
        ax.set(xlim=(-1.1, 1.1), ylim=(-1, 1), xticks=[-1, -0.5, 0, 0.5, 1], yticks=[])
        ax.set_title("one lever: the new state lies between the two", fontsize=11, loc="left")
        ax.legend(
            loc="lower right", bbox_to_anchor=(1, 1), ncols=3, fontsize=11, handletextpad=0.1,
            columnspacing=1, frameon=False, borderpad=0,
        )  # fmt: skip

    def update(self, result):
        """What a later stage makes is not shown before it."""
        self._block.show(result, self.stage)
        candidate = [result["h_tilde"]] if self.stage >= 3 else []
        new = [result["h"]] if self.stage >= 4 else []
        self._lever.set_data([result["h_prev"], *candidate], [0] * (1 + len(candidate)))
        self._old.set_data([result["h_prev"]], [0])
        self._candidate.set_data(candidate, [0] * len(candidate))
        self._new.set_data(new, [0] * len(new))

    def readout(self, result):
        """The equation of the stage with its numbers."""
        n = {name: two_digits(value) for name, value in result.items()}
        z = round(result["z"], 3)  # with two digits a gate that is nearly 1 would be written as 1
        n |= {name: as_factor(n[name]) for name in ("x", "r_h", "h_prev")}
        n |= {"candidate": as_factor(n["h_tilde"]), "keep": f"{z:.3f}", "write": f"{1 - z:.3f}"}
        return SAID[self.stage - 1].format(**n)
