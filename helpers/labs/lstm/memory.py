"""Labs of notebook 04: the gates of 32 units over time, and the road that the gradient takes."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.block import GATES
from helpers.drawing.plots import heatmap, live_line, live_text, log_axis, zero_line
from helpers.drawing.style import BLACK, BLUE, GREEN, VERMILLION, power, two_digits
from helpers.drawing.time_axis import TimeAxis
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM, RNN
from helpers.lab import Lab, Prediction, Slider
from helpers.tasks import noise

D, H, LONGEST = 4, 32, 200
SIZE = 2.0  # of the noise: the same in all labs that show this LSTM, so that they show the same numbers
LOW, HIGH, METER = -20, 10, 1.4  # ends of the axes


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
            f"back leaves {_factor(result['norms c'])} of ∂c_T/∂c_t, as a mean over {self.T}."
        )


# Of each map: its title, and the ends of its colours.
MAPS = {
    "f": ("forget gate $f$", 0, 1), "i": ("input gate $i$", 0, 1), "o": ("output gate $o$", 0, 1),
    "c": ("cell state $c$", -2, 2), "h": ("hidden state $h$", -1, 1),
}  # fmt: skip


class Highway(Lab):
    """Is the cell state a road on which the gradient keeps its size?

    The LSTM of the maps, and a tanh RNN of the same size, read the same noise. Both have orthogonal
    recurrent weights, times the recurrent scale.
    """

    b_f = Slider(-6.0, 6.0, step=0.1, default=1.0, label="forget bias b_f")
    scale = Slider(0.0, 1.5, step=0.05, default=0.0, label="recurrent scale (of U)")
    T = Slider(5, LONGEST, step=1, default=60, label="sequence length T", time=True)
    size = Slider(0.0, 4.0, step=0.1, default=SIZE, label="size of the noise", more=True)
    anchors = ({"b_f": 0.0, "scale": 1.0}, {"b_f": 5.0, "scale": 1.0}, {"b_f": 5.0})
    prediction = Prediction(
        "Scale 0 leaves the direct path alone. At scale 1 the measured gradient, against the product of the "
        "forget gates, is ...",
        {"scale": 1.0},
        ["less", "the same", "more"],
    )
    colours = MappingProxyType({"the product of f": GATES["f"], "∂c_T/∂c_t": VERMILLION, "RNN": GREEN})

    def measured(self, result):
        """Against the product."""
        apart = result["c"][0] - result["f"][0]
        return "the same" if abs(apart) < 0.05 else "more" if apart > 0 else "less"

    def because(self, result):
        """The factors of a step."""
        f, c, rnn = (_factor(result[name]) for name in ROADS)
        return f"{c} a step, the product {f}: the rest came through h and the gates. The RNN keeps {rnn}."

    def compute(self):
        """Three logs of norms, (T+1,) each: the product of f, dc_T/dc_t, and the RNN's dh_T/dh_t."""
        cell, rnn = lstm(self.b_f, self.scale), RNN(D, H, rng=1, init="orthogonal", gain=self.scale)
        x = self.size * noise(self.T, D, seed=2)
        tape = unroll(cell, x)
        return {
            "f": probes.log_norms_forget(tape),
            "c": probes.log_norms_dh_T(tape, state="c"),
            "rnn": probes.log_norms_dh_T(unroll(rnn, x)),
        }

    def draw(self, result):
        """The norms over time; beside them the meter: what one step leaves, on average."""
        figure = self.new_figure(8.2, 4.4)
        left, right = figure.subplots(1, 2, width_ratios=[5, 2.8])
        zero_line(left)
        self._norms = {}
        for name, (colour, dashes, _, label) in ROADS.items():
            self._norms[name] = live_line(left, dashes, color=colour, lw=2.5, label=label)
        log_axis(left, LOW, HIGH)
        self._steps = TimeAxis(left)
        left.legend(loc="upper left", fontsize=11)
        self._draw_meter(right)
        return figure

    def _draw_meter(self, ax):
        ax.axhspan(1, METER, color="0.92", zorder=0)
        zero_line(ax, 1)
        word = {"ha": "left", "va": "center", "fontsize": 11, "rotation": 90}
        ax.text(2.65, (1 + METER) / 2, "explodes", **word)
        ax.text(2.65, 0.45, "vanishes", **word)
        self._meter, self._words = {}, {}
        for k, (name, (colour, _, marker, _)) in enumerate(ROADS.items()):
            look = {"color": colour, "ms": 12, "mec": BLACK, "animated": True}
            (self._meter[name],) = ax.plot([k], [0], marker, **look)
            self._words[name] = live_text(ax, k, 0, ha="center", va="bottom")
        ax.set(xlim=(-0.6, 2.6), ylim=(-0.1, METER), xticks=range(3), yticks=[0, 0.5, 1])
        ax.set_title("left after one step", fontsize=12)
        ax.set_xticklabels(["product\nof f", "LSTM", "RNN"])

    def update(self, result):
        """Place the lines and the meter's needles; a factor beyond the meter stays at its end."""
        along = np.arange(self.T + 1) / self.T
        for name, logs in result.items():
            self._norms[name].set_data(along, np.maximum(logs, 2 * LOW))
            factor = min(probes.factor_per_step(logs), METER - 0.2)
            self._meter[name].set_ydata([factor])
            above = 0.05 if factor < 0.75 or factor > 1 else -0.17  # not on the line at 1
            self._words[name].set_position((self._words[name].get_position()[0], factor + above))
            self._words[name].set_text(_factor(logs))
        self._steps.show(self.T)

    def readout(self, result):
        """What a step leaves on each road, and all steps together on the LSTM's."""
        f, c, rnn = (_factor(result[name]) for name in ROADS)
        return (
            f"One step back leaves {f} by the product of f, {c} of ∂c_T/∂c_t as measured, and {rnn} in the "
            f"RNN. Over {self.T} steps the LSTM's gradient is multiplied by {power(result['c'][0])}."
        )


ROADS = {
    "f": (GATES["f"], ":", "v", "product of the forget gates"),
    "c": (VERMILLION, "-", "o", r"LSTM, measured: $\partial c_T/\partial c_t$"),
    "rnn": (GREEN, "--", "s", r"RNN: $\partial h_T/\partial h_t$"),
}


def lstm(b_f, gain=1.0):
    """The LSTM of both labs."""
    return LSTM(D, H, rng=1, init="orthogonal", gain=gain, forget_bias=b_f)


def _factor(logs):
    """What one step leaves, as a mean over all steps, written with three digits."""
    return f"{probes.factor_per_step(logs):.3f}"
