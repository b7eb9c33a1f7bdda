"""Lab of lesson 1: what it means to unroll a recurrent network."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing import Chain
from helpers.drawing.plots import heatmap
from helpers.drawing.style import fixed, sub
from helpers.drawing.time_axis import TimeAxis, numbered
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Lab, Prediction, Slider

H = 32
SHORT, LONG = 6, 30  # steps: where the lab opens, and where the prediction is answered
GROWTH = {"1": "just as many", "5": "five times as many", "30": "30 times as many"}
"""By what the number of parameters may be multiplied, and the words for it."""


class UnrolledChain(Lab):
    """Where do the weights go when you unroll a network?

    One RNN (D = 2, H = 32) reads a wave, two numbers per step. The first slider pulls its steps apart.
    """

    unfold = Slider(0.0, 1.0, step=0.02, default=1.0, label="folded 0 … 1 unrolled", time=True)
    T = Slider(1, LONG, step=1, default=SHORT, label="steps T", time=True)
    anchors = ({"unfold": 0.0}, {"T": 1}, {"T": LONG})
    prediction = Prediction(
        f"Over {SHORT} steps the network has 1120 parameters. How many does it have over {LONG} steps?",
        {"T": LONG},
        GROWTH,
    )

    def measured(self, result):
        """By what the library's count has been multiplied."""
        return f"{result['n'] / _wave_reader().n_parameters:g}"

    def because(self, result):
        """What grows instead."""
        return (
            f"All steps share W, U and b, which hold {result['n']} numbers. "
            f"What grows is the list of states: {self.T} × {H} = {self.T * H} numbers."
        )

    def compute(self):
        """Run the network over the first T points of the wave."""
        cell, t = _wave_reader(), np.arange(self.T)
        x = 2 * np.stack([np.sin(t / 2), np.cos(t / 3)], axis=1)[:, :, None]
        return {"h": unroll(cell, x).h[:, :, 0], "n": cell.n_parameters}

    def draw(self, result):
        """The chain above; below, in the same places, the whole state at each step."""
        figure = self.new_figure(8.2, 4.6)
        top, below = figure.subplots(2, 1, height_ratios=[5, 4])
        self._chain = Chain(top, steps=LONG)
        self._states = heatmap(below, H, 1)
        self._steps = TimeAxis(below, parts=10)
        below.set(xlim=(0, Chain.WIDTH), yticks=[0, 16, 32], ylabel="hidden unit")
        below.set_title("the hidden states, one column per step", fontsize=12)
        self._frame = Rectangle((0, 0), 0, H, fc="none", ec="black", lw=2.5, animated=True)
        below.add_patch(self._frame)
        figure.colorbar(self._states, ax=[top, below], label="value of a unit", shrink=0.6, ticks=[-1, 0, 1])
        return figure

    def update(self, result):
        """Place the steps, colour them with their states, frame the newest."""
        T, h = self.T, result["h"]
        self._chain.show(h[:, 0], self.unfold)
        x, half = self._chain.x_of_steps(T), self._chain.gap(T) / 2
        self._states.set_data(h.T)
        self._states.set_extent((x[1] - half, x[-1] + half, 0, H))
        self._frame.set_bounds(x[-1] - half, 0, 2 * half, H)
        steps = numbered(1, T, 10)
        self._steps.label(steps, x[steps])

    def readout(self, result):
        """The number of parameters against the numbers that are stored."""
        T, first = self.T, fixed(result["h"][-1, 0])
        return (
            f"With T = {T} the network has {result['n']} parameters and stores {T} × {H} = {T * H} numbers "
            f"of state. In the newest block, which was made from x{sub(T)} and h{sub(T - 1)}, the first unit "
            f"is {first}."
        )


def _wave_reader():
    return RNN(2, H, rng=np.random.default_rng(1), init="orthogonal")
