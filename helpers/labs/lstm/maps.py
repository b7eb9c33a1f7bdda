"""A lab of notebook 05: the gates of 32 units over time."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import heatmap, live_line, log_axis, zero_line
from helpers.drawing.style import BLUE, VERMILLION, two_digits
from helpers.drawing.time_axis import TimeAxis
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.lab import Lab, Prediction, Slider
from helpers.labs.shared.noisy_lstm import HIGH, LONGEST, LOW, SIZE, D, H, factor, lstm
from helpers.tasks import noise


class GateMaps(Lab):
    """What do the three biases do to the gates, to the two states, and to the gradient?

    An LSTM of 32 units with 4 inputs reads noise of size 2. Its recurrent weights are orthogonal.
    """

    b_f = Slider(-6.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=0.0, label="output bias b_o")
    T = Slider(5, LONGEST, step=1, default=60, label="sequence length T", time=True)
    anchors = ({"b_f": 6.0}, {"b_f": 6.0, "b_i": 6.0}, {"b_o": -6.0}, {"b_f": -6.0}, {"b_f": 6.0, "T": 200})
    prediction = Prediction(
        "One of the three biases goes to 6. With which will the cell states become largest?",
        {"b_f": 6.0},
        ["b_f", "b_i", "b_o"],
    )
    colours = MappingProxyType({"∂c_T/∂c_t": VERMILLION})

    def measured(self, result):
        """The bias at which the cell states are largest on average."""
        return max(("b_f", "b_i", "b_o"), key=self._cells_at_6)

    def because(self, result):
        """All three."""
        sizes = ", ".join(f"{two_digits(self._cells_at_6(name))} ({name})" for name in ("b_f", "b_i", "b_o"))
        return f"On average |c| = {sizes}: a cell that keeps all collects."

    def _cells_at_6(self, name):
        """Mean |c| when this bias alone is 6."""
        cell = lstm(0.0)
        cell.put(**{name: 6.0})
        return float(np.abs(unroll(cell, SIZE * noise(self.T, D, seed=2)).c).mean())

    def compute(self):
        """Gates and states (T, H), and the norms of dc_T/dc_t and dh_T/dh_t."""
        cell = lstm(self.b_f)
        cell.put(b_i=self.b_i, b_o=self.b_o)
        tape = unroll(cell, SIZE * noise(self.T, D, seed=2))
        maps = {name: getattr(tape, name)[:, :, 0] for name in MAPS}
        return maps | {
            "norms c": probes.log_norms_dh_T(tape, state="c"),
            "norms h": probes.log_norms_dh_T(tape),
        }  # fmt: skip

    def draw(self, result):
        """Gates on the left; states and norms on the right. All share one axis of time, 0 to T."""
        figure = self.new_figure(8.2, 4.6)
        axes = figure.subplots(3, 2)
        self._maps = {}
        for ax, (name, (title, low, high)) in zip(axes.T.ravel(), MAPS.items(), strict=False):
            self._maps[name] = heatmap(ax, H, LONGEST, low, high)
            self._maps[name].set_extent((0, 1, 0, H))
            beyond = "both" if name == "c" else "neither"
            bar = figure.colorbar(self._maps[name], ax=ax, ticks=[low, (low + high) / 2, high], extend=beyond)
            bar.ax.tick_params(labelsize=10)
            ax.set_title(title, fontsize=11)
            ax.set(ylabel="unit", yticks=[0, 16, 32])
        self._draw_norms(axes[2, 1])
        for ax in axes.ravel():
            ax.tick_params(labelsize=10)
        for ax in axes[:2].ravel():
            ax.set(xlim=(0, 1), xticks=[])
        self._steps = [TimeAxis(ax) for ax in axes[2]]
        return figure

    def _draw_norms(self, ax):
        zero_line(ax)
        log_axis(ax, LOW, HIGH, every=10, word="norm, log")
        self._c = live_line(ax, color=VERMILLION, label=r"$\partial c_T/\partial c_t$")
        self._h = live_line(ax, "--", color=BLUE, label=r"$\partial h_T/\partial h_t$")
        ax.set_title("gradient norms", fontsize=11)
        ax.legend(loc="lower right", fontsize=10, labelspacing=0.2)

    def update(self, result):
        """Colour the maps, place the lines."""
        for name, image in self._maps.items():
            image.set_data(result[name].T)
        along = np.arange(self.T + 1) / self.T
        self._c.set_data(along, np.maximum(result["norms c"], 2 * LOW))
        self._h.set_data(along, np.maximum(result["norms h"], 2 * LOW))
        for axis in self._steps:
            axis.show(self.T)

    def readout(self, result):
        """The gates on average, the size of both states, the factor of a step."""
        f, i, o = (result[name].mean() for name in "fio")
        c, h = (np.abs(result[name]).mean() for name in "ch")
        return (
            f"On average f = {f:.2f}, i = {i:.2f}, o = {o:.2f}; |c| = {c:.2f} and |h| = {h:.2f}. One step "
            f"back leaves {factor(result['norms c'])} of ∂c_T/∂c_t, as a mean over {self.T}."
        )


# Of each map: its title, and the ends of its colours.
MAPS = {
    "f": ("forget gate $f$", 0, 1), "i": ("input gate $i$", 0, 1), "o": ("output gate $o$", 0, 1),
    "c": ("cell state $c$", -2, 2), "h": ("hidden state $h$", -1, 1),
}  # fmt: skip
