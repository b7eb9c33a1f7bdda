"""Lab of the lesson on gates without h: one step as a map from the old state to the new one."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, zero_line
from helpers.drawing.style import BLUE, VERMILLION, fixed, two_digits
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, MinGRU
from helpers.lab import Lab, Prediction, Slider

CHOICES = {"gru": "the GRU's", "mingru": "the minGRU's", "both": "both", "none": "neither"}
SAID = (
    "The minGRU writes z = {z} of its candidate {h_tilde}: its line has the slope 1 − z = {slope}. The slope "
    "of the GRU's curve at old state 0 is {bend}."
)
BECAUSE = (
    "At old state 0 the GRU's slope is {bend}: its candidate sees the old state with the weight −3. The "
    "minGRU's is 1 − z = {slope}, never negative."
)


class StepAsMap(Lab):
    """What does one step make of each old state?

    A GRU and a minGRU, one unit and one input each; z writes in both. W_z = 1 in both, and the GRU's U_z is
    0.5. The GRU's reset gate is open, its candidate is tanh(x_t + U_h h_prev); the minGRU's candidate is x_t.
    """

    x_t = Slider(-1.5, 1.5, step=0.1, default=0.5, label="input")
    b_z = Slider(-6.0, 6.0, step=0.1, default=0.0, label="update bias b_z")
    U_h = Slider(-3.0, 3.0, step=0.1, default=1.0, label="U_h (the GRU only)")
    anchors = ({"b_z": 6.0}, {"b_z": -6.0}, {"b_z": 6.0, "U_h": -3.0}, {"x_t": -1.5}, {"x_t": 1.5})
    prediction = Prediction(
        "U_h goes to −3, and b_z to 6, so that z is nearly 1. Which of the two lines then falls from left "
        "to right?",
        {"U_h": -3.0, "b_z": 6.0},
        CHOICES,
    )
    colours = MappingProxyType({"minGRU": VERMILLION, "GRU": BLUE})
    OLD = np.linspace(-1.5, 1.5, 61)

    def measured(self, result):
        """By the slopes at old state 0."""
        falls = {name: result[name][31] < result[name][29] for name in ("gru", "mingru")}
        return "both" if all(falls.values()) else next((k for k, down in falls.items() if down), "none")

    def because(self, result):
        """Both slopes."""
        return BECAUSE.format(bend=two_digits(result["bend"]), slope=fixed(result["slope"]))

    def compute(self):
        """One step from each old state: the old states are the batch."""
        gru = GRU(1, 1, init="zeros", update="write").put(
            W_z=1, U_z=0.5, b_z=self.b_z, b_r=1000, W_h=1, U_h=self.U_h
        )
        small = MinGRU(1, 1, init="zeros").put(W_z=1, b_z=self.b_z, W_h=1)
        x = np.full((1, 1, len(self.OLD)), self.x_t)
        curve, line = (unroll(cell, x, self.OLD[None]) for cell in (gru, small))
        bend = (curve.h[0, 0, 31] - curve.h[0, 0, 29]) / (self.OLD[31] - self.OLD[29])
        return {
            "gru": curve.h[0, 0], "mingru": line.h[0, 0], "bend": bend,
            "z": line.z[0, 0, 0], "slope": 1 - line.z[0, 0, 0], "h_tilde": line.h_tilde[0, 0, 0],
        }  # fmt: skip

    def draw(self, result):
        """New state against old state."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        zero_line(ax)
        ax.axvline(0, color="0.5", lw=1)
        ax.plot([-1.5, 1.5], [-1.5, 1.5], ":", color="0.5", lw=1.5, label="the state stays")
        self._gru = live_line(ax, color=BLUE, lw=2.5, label="GRU")
        self._mingru = live_line(ax, "--", color=VERMILLION, lw=2.5, label="minGRU")
        ax.set(xlim=(-1.5, 1.5), ylim=(-1.6, 1.6), xlabel="old state", ylabel="new state")
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=11, frameon=False)
        return figure

    def update(self, result):
        """Both maps."""
        self._gru.set_data(self.OLD, result["gru"])
        self._mingru.set_data(self.OLD, result["mingru"])

    def readout(self, result):
        """Where the minGRU's line comes from, and both slopes."""
        n = {name: fixed(result[name]) for name in ("z", "slope")}
        return SAID.format(h_tilde=two_digits(result["h_tilde"]), bend=two_digits(result["bend"]), **n)
