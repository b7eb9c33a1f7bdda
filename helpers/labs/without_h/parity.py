"""Lab of the lesson on gates without h: a unit that must flip at every one."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, zero_line
from helpers.drawing.style import BLACK, BLUE, VERMILLION
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, MinGRU
from helpers.lab import Choice, Lab, Prediction, Slider

ONES, RANDOM = "1, 1, 1, …", "random bits"
CHOICES = {"never": "never", "once": "once", "all": "30 times"}
SAID = (
    "Flips of the sign in {T} steps: GRU {gru_flips}, minGRU {mingru_flips}. Steps at which the sign is "
    "right: GRU {gru}, minGRU {mingru}."
)
BECAUSE = (
    "It flips {gru_flips} times in {T} steps: each 1 makes the state tanh(−3 h), which has the other sign."
)


class FlipFlop(Lab):
    """Can one unit count to two?

    A GRU and a minGRU of one unit each read bits. Both start at 1. After an even number of ones the state
    should be positive, after an odd number negative. Both keep their state at a 0. At a 1 the GRU writes its
    candidate tanh(U_h h_prev), and the minGRU writes the fraction z of a candidate that you set.
    """

    bits = Choice([ONES, RANDOM], label="bits")
    U_h = Slider(-4.0, 4.0, step=0.1, default=3.0, label="U_h of the GRU")
    h_tilde = Slider(-2.0, 2.0, step=0.1, default=-1.0, label="candidate of the minGRU")
    b_z = Slider(-6.0, 6.0, step=0.1, default=-1.0, label="minGRU: b_z at a 1")
    anchors = (
        {"U_h": -3.0},
        {"U_h": -3.0, "bits": RANDOM},
        {"U_h": -1.0},
        {"b_z": 6.0},
        {"h_tilde": 2.0},
        {"h_tilde": -2.0, "b_z": 6.0},
    )
    prediction = Prediction(
        "U_h goes from 3 to −3, and all bits are 1. How often does the sign of the GRU's state flip?",
        {"U_h": -3.0},
        CHOICES,
    )
    colours = MappingProxyType({"GRU": BLUE, "minGRU": VERMILLION})
    T = 30

    def measured(self, result):
        """By counting."""
        return {0: "never", 1: "once"}.get(result["gru_flips"], "all")

    def because(self, result):
        """How many there are."""
        return BECAUSE.format(T=self.T, gru_flips=result["gru_flips"])

    def compute(self):
        """The states of both, and how often they are right."""
        bits = np.ones(self.T) if self.bits == ONES else np.random.default_rng(5).integers(0, 2, self.T)
        gru = GRU(1, 1, init="zeros").put(W_z=-2000, b_z=1000, b_r=1000, U_h=self.U_h)
        small = MinGRU(1, 1, init="zeros").put(W_z=1000 + self.b_z, b_z=-1000, b_h=self.h_tilde)
        right = 1 - 2 * (bits.cumsum() % 2)
        found = {"bits": bits, "right": right}
        for name, cell in (("gru", gru), ("mingru", small)):
            h = unroll(cell, bits[:, None, None], [[1.0]]).h[:, 0, 0]
            signs = np.sign(np.concatenate([[1.0], h]))
            found |= {name: h, f"{name}_flips": int((signs[1:] * signs[:-1] < 0).sum())}
            found[f"{name}_right"] = int((h * right > 0).sum())
        return found

    def draw(self, result):
        """One plot a cell; a black mark where the state should be."""
        figure = self.new_figure(8.2, 4.6)
        axes = figure.subplots(2, 1, sharex=True)
        self._lines, self._wanted = {}, []
        looks = {"gru": ("GRU", BLUE), "mingru": ("minGRU", VERMILLION)}
        for ax, (name, (word, colour)) in zip(axes, looks.items(), strict=True):
            zero_line(ax)
            self._wanted.append(
                live_line(ax, ls="none", marker="_", ms=11, mew=2, color=BLACK, label="sign wanted")
            )
            self._lines[name] = live_line(ax, color=colour, marker="o", ms=5, lw=1.5, label=word)
            ax.set(xlim=(-0.5, self.T + 0.5), ylim=(-2.2, 2.2), yticks=[-2, 0, 2], ylabel="state")
            ax.legend(loc="upper right", bbox_to_anchor=(1, 1.22), ncols=2, fontsize=11, framealpha=1)
        axes[-1].set_xlabel("step t")
        return figure

    def update(self, result):
        """The states from the start on."""
        steps = np.arange(self.T + 1)
        for name, line in self._lines.items():
            line.set_data(steps, np.concatenate([[1.0], result[name]]))
        for line in self._wanted:
            line.set_data(steps[1:], 1.8 * result["right"])

    def readout(self, result):
        """Flips and right signs of both."""
        n = {name: result[f"{name}_right"] for name in ("gru", "mingru")}
        flips = {name: result[name] for name in ("gru_flips", "mingru_flips")}
        return SAID.format(T=self.T, **n, **flips)
