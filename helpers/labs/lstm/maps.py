"""A lab of the lesson on gates: the gates and states of 32 units over time."""

import numpy as np

from helpers.drawing.plots import heatmap
from helpers.drawing.style import two_digits
from helpers.drawing.time_axis import TimeAxis
from helpers.engine.bptt import unroll
from helpers.lab import Lab, Prediction, Slider
from helpers.labs.shared.noisy_lstm import LONGEST, SIZE, D, H, lstm
from helpers.tasks import noise

BIASES = ("b_f", "b_i", "b_o")


class GateMaps(Lab):
    """What do the three biases do to the gates and to the two states?

    An LSTM of 32 units with 4 inputs reads random noise with standard deviation 2. Its recurrent weights are
    orthogonal.
    """

    b_f = Slider(-6.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=0.0, label="output bias b_o")
    T = Slider(5, LONGEST, step=1, default=60, label="sequence length T", time=True)
    anchors = ({"b_f": 6.0}, {"b_f": 6.0, "b_i": 6.0}, {"b_o": -6.0}, {"b_f": -6.0}, {"b_f": 6.0, "T": 200})
    prediction = Prediction(
        "One of the three biases goes to 6. With which one do the cell states become largest?",
        {"b_f": 6.0},
        BIASES,
    )

    def measured(self, result):
        """The bias at which the cell states are largest on average."""
        return max(BIASES, key=self._cells_at_6)

    def because(self, result):
        """The sizes with each of the three."""
        f, i, o = (two_digits(self._cells_at_6(name)) for name in BIASES)
        return (
            f"On average |c| is {f} with b_f = 6, {i} with b_i = 6 and {o} with b_o = 6: a cell that keeps"
            " everything accumulates."
        )

    def _cells_at_6(self, name):
        """Mean |c| when this bias alone is 6."""
        return float(np.abs(self._run(**{name: 6.0}).c).mean())

    def _run(self, b_f=0.0, b_i=0.0, b_o=0.0):
        return unroll(lstm(b_f).put(b_i=b_i, b_o=b_o), SIZE * noise(self.T, D, seed=2))

    def compute(self):
        """Gates, candidate and states, (T, H) each."""
        tape = self._run(self.b_f, self.b_i, self.b_o)
        return {name: getattr(tape, name)[:, :, 0] for name in MAPS}

    def draw(self, result):
        """Gates on the left, candidate and states on the right. All share one axis of time."""
        figure = self.new_figure(8.2, 4.6)
        axes = figure.subplots(3, 2)
        self._maps = {}
        for ax, (name, (title, low, high)) in zip(axes.T.ravel(), MAPS.items(), strict=True):
            self._maps[name] = heatmap(ax, H, LONGEST, low, high)
            self._maps[name].set_extent((0, 1, 0, H))
            beyond = "both" if name == "c" else "neither"
            bar = figure.colorbar(self._maps[name], ax=ax, ticks=[low, (low + high) / 2, high], extend=beyond)
            bar.ax.tick_params(labelsize=10)
            ax.set_title(title, fontsize=11)
            ax.set(ylabel="unit", yticks=[0, 16, 32], xlim=(0, 1), xticks=[])
            ax.tick_params(labelsize=10)
        self._steps = [TimeAxis(ax) for ax in axes[2]]
        return figure

    def update(self, result):
        """Colour the maps."""
        for name, image in self._maps.items():
            image.set_data(result[name].T)
        for axis in self._steps:
            axis.show(self.T)

    def readout(self, result):
        """The gates on average, and the size of both states."""
        f, i, o = (f"{result[name].mean():.2f}" for name in "fio")
        c, h = (f"{np.abs(result[name]).mean():.2f}" for name in "ch")
        return SAID.format(f=f, i=i, o=o, c=c, h=h)


SAID = "On average f = {f}, i = {i} and o = {o}. The cells hold |c| = {c}, and the blocks show |h| = {h}."


# For each map: its title, and the ends of its colours.
MAPS = {
    "f": ("forget gate f", 0, 1), "i": ("input gate i", 0, 1), "o": ("output gate o", 0, 1),
    "c_tilde": ("candidate c̃", -1, 1), "c": ("cell state c", -2, 2), "h": ("hidden state h", -1, 1),
}  # fmt: skip
