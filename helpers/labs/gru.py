"""Lab of notebook 04: one step of a GRU, number by number."""

import numpy as np

from helpers.bptt import unroll
from helpers.cells import GRU, sigmoid
from helpers.diagrams.gru import STAGES, GRUBlock
from helpers.lab import Lab, Slider
from helpers.style import BLACK, BLUE, GREEN, VERMILLION, as_factor, two_digits

NOTEBOOK = "04_gru"
WEIGHTS = {"W_r": 1.0, "U_r": -0.5, "W_z": -1.0, "U_z": 0.5, "W_h": -1.5, "U_h": 1.5, "b_h": 0.0}


class OneStep(Lab):
    """How does a GRU make its next state?

    One unit with one input, z that keeps, r before the product. Its weights are W_r = 1, U_r = -0.5,
    W_z = -1, U_z = 0.5, W_h = -1.5, U_h = 1.5 and b_h = 0.
    """

    stage = Slider(1, 4, step=1, default=4, label="stage: 1 r, 2 z, 3 h̃, 4 h")
    h_prev = Slider(-1.0, 1.0, step=0.05, default=0.8, label="old state")
    x_t = Slider(-2.0, 2.0, step=0.1, default=1.0, label="input")
    b_z = Slider(-6.0, 6.0, step=0.1, default=0.0, label="bias of the update gate b_z")
    b_r = Slider(-6.0, 6.0, step=0.1, default=0.0, label="bias of the reset gate b_r")

    def compute(self):
        """One step by the engine, and what is not on its tape: the pre-activations and both shares."""
        cell = GRU(1, 1, rng=0).put(**WEIGHTS | {"b_z": self.b_z, "b_r": self.b_r})
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
        """The block above; below it the lever, and the gates on their sigmoid."""
        figure = self.new_figure(10, 6.4)
        grid = figure.add_gridspec(2, 2, height_ratios=[5, 2], width_ratios=[3, 2])
        self._block = GRUBlock(figure.add_subplot(grid[0, :]))
        self._draw_lever(figure.add_subplot(grid[1, 0]))
        self._draw_gates(figure.add_subplot(grid[1, 1]))
        return figure

    def _draw_lever(self, ax):
        (self._lever,) = ax.plot([], [], color="0.6", lw=6, solid_capstyle="round", animated=True)
        look = {"ls": "none", "mec": "black", "animated": True}
        (self._old,) = ax.plot([], [], marker="s", ms=13, color=BLUE, label="old state", **look)
        (self._candidate,) = ax.plot([], [], marker="D", ms=12, color=VERMILLION, label="candidate", **look)
        (self._new,) = ax.plot([], [], marker="o", ms=10, color=BLACK, label="new state", **look)
        ax.set(xlim=(-1.1, 1.1), ylim=(-1, 2.6), xticks=[-1, -0.5, 0, 0.5, 1], yticks=[], xlabel="value")
        ax.set_title("one lever: the new state lies between the two")
        ax.legend(loc="upper center", ncols=3, handletextpad=0.1, columnspacing=1)

    def _draw_gates(self, ax):
        a = np.linspace(-10, 10, 200)
        ax.plot(a, sigmoid(a), color="0.6")
        look = {"ls": "none", "mec": "black", "animated": True, "ms": 11}
        (self._r,) = ax.plot([], [], marker="^", color=GREEN, label="r", **look)
        (self._z,) = ax.plot([], [], marker="o", color=BLUE, label="z", **look)
        ax.set(xlim=(-10, 10), ylim=(-0.15, 1.15), xticks=[-10, -5, 0, 5, 10], yticks=[0, 0.5, 1])
        ax.set(xlabel="pre-activation", title="the gates are functions")
        ax.legend(loc="center right", handletextpad=0.1)

    def update(self, result):
        """What a later stage makes is not shown before it."""
        self._block.show(result, self.stage)
        candidate = [result["h_tilde"]] if self.stage >= 3 else []
        new = [result["h"]] if self.stage >= 4 else []
        z = [result["z"]] if self.stage >= 2 else []
        self._lever.set_data([result["h_prev"], *candidate], [0] * (1 + len(candidate)))
        self._old.set_data([result["h_prev"]], [0])
        self._candidate.set_data(candidate, [0] * len(candidate))
        self._new.set_data(new, [0] * len(new))
        self._r.set_data([result["a_r"]], [result["r"]])
        self._z.set_data([result["a_z"]] * len(z), z)

    def readout(self, result):
        """The equation of the stage with its numbers."""
        n = {name: two_digits(value) for name, value in result.items()}
        factor = {name: as_factor(text) for name, text in n.items()}
        said = (
            f"σ({n['a_r']}) = {n['r']}: that share of the old state is shown to the candidate.",
            f"σ({n['a_z']}) = {n['z']}: that share of the old state is kept.",
            f"tanh(−1.5 × {factor['x']} + 1.5 × {factor['r_h']}) = {n['h_tilde']}.",
            f"{n['z']} × {factor['h_prev']} + (1 − {n['z']}) × {factor['h_tilde']} = {n['h']}.",
        )
        return f"Stage {self.stage}, {STAGES[self.stage - 1]}: {said[self.stage - 1]}"
