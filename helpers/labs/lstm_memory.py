"""Labs of notebook 03: the gates of 32 units over time, and the road that the gradient takes."""

import functools

import numpy as np

from helpers import probes
from helpers.bptt import unroll
from helpers.cells import LSTM, RNN
from helpers.diagrams.time_axis import TimeAxis
from helpers.lab import Lab, Slider
from helpers.style import BLACK, BLUE, GREEN, VERMILLION, power

NOTEBOOK = "03_lstm_gates"
D, H, LONGEST = 4, 32, 200
LOW, HIGH = -20, 10


class GateMaps(Lab):
    """What do the three biases do to the gates, to the two states, and to the gradient?

    An LSTM of 32 units reads noise of size 3. Its recurrent weights are orthogonal.
    """

    b_f = Slider(-6.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=0.0, label="output bias b_o")
    T = Slider(5, LONGEST, step=1, default=60, label="sequence length T")

    def compute(self):
        """Gates and states (T, H), and the norms of dc_T/dc_t and dh_T/dh_t."""
        cell = lstm(self.b_f)
        cell.put(b_i=self.b_i, b_o=self.b_o)
        tape = unroll(cell, 3 * _noise()[: self.T])
        maps = {name: getattr(tape, name)[:, :, 0] for name in MAPS}
        return maps | {
            "norms c": probes.log_norms_dh_T(tape, state="c"),
            "norms h": probes.log_norms_dh_T(tape),
        }  # fmt: skip

    def draw(self, result):
        """Gates on the left; states and norms on the right. All share one axis of time, 0 to T."""
        figure = self.new_figure(10, 6.6)
        axes = figure.subplots(3, 2)
        self._maps = {}
        for ax, (name, (title, low, high, colours)) in zip(axes.T.ravel(), MAPS.items(), strict=False):
            self._maps[name] = ax.imshow(
                np.zeros((H, 2)), extent=(0, 1, 0, H), vmin=low, vmax=high, cmap=colours, aspect="auto",
                origin="lower", interpolation="nearest", animated=True,
            )  # fmt: skip
            figure.colorbar(self._maps[name], ax=ax, ticks=[low, (low + high) / 2, high])
            ax.set(title=title, ylabel="unit", yticks=[0, 16, 32])
            ax.grid(False)
        self._draw_norms(axes[2, 1])
        for ax in axes[:2].ravel():
            ax.set_xticks([])
        self._steps = [TimeAxis(ax) for ax in axes[2]]
        return figure

    def _draw_norms(self, ax):
        ax.axhline(0, color="0.5", lw=1)
        (self._c,) = ax.plot([], [], color=VERMILLION, animated=True, label=r"$\partial c_T/\partial c_t$")
        (self._h,) = ax.plot([], [], "--", color=BLUE, animated=True, label=r"$\partial h_T/\partial h_t$")
        ax.set(ylim=(LOW, HIGH), ylabel="norm, log", title="gradient norms")
        ax.set_yticks(range(LOW, HIGH + 1, 10), [f"$10^{{{p}}}$" for p in range(LOW, HIGH + 1, 10)])
        ax.legend(loc="upper center", ncols=2)

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
            f"back leaves {_factor(result['norms c'], self.T)} of ∂c_T/∂c_t."
        )


# Of each map: its title, the ends of its colours, and the colours.
MAPS = {
    "f": ("forget gate $f$", 0, 1, "viridis"), "i": ("input gate $i$", 0, 1, "viridis"),
    "o": ("output gate $o$", 0, 1, "viridis"), "c": ("cell state $c$", -2, 2, "RdBu_r"),
    "h": ("hidden state $h$", -1, 1, "RdBu_r"),
}  # fmt: skip


class Highway(Lab):
    """Is the cell state a road on which the gradient keeps its size?

    An LSTM of 32 units, and a tanh RNN of the same size, read the same noise. Both have orthogonal
    recurrent weights, times the recurrent scale.
    """

    b_f = Slider(-6.0, 6.0, step=0.1, default=1.0, label="forget bias b_f")
    scale = Slider(0.0, 1.5, step=0.05, default=1.0, label="recurrent scale (of U)")
    T = Slider(5, LONGEST, step=1, default=60, label="sequence length T")
    size = Slider(0.0, 2.0, step=0.1, default=1.0, label="size of the input")

    def compute(self):
        """Three logs of norms, (T+1,) each: the product of f, dc_T/dc_t, and the RNN's dh_T/dh_t."""
        cell, rnn = lstm(self.b_f, self.scale), RNN(D, H, rng=1, init="orthogonal", gain=self.scale)
        x = self.size * _noise()[: self.T]
        tape = unroll(cell, x)
        return {
            "f": probes.log_norms_forget(tape),
            "c": probes.log_norms_dh_T(tape, state="c"),
            "rnn": probes.log_norms_dh_T(unroll(rnn, x)),
        }

    def draw(self, result):
        """The norms over time; beside them the meter: what one step leaves, on average."""
        figure = self.new_figure(10, 5)
        left, right = figure.subplots(1, 2, width_ratios=[5, 2.6])
        left.axhline(0, color="0.5", lw=1)
        self._norms = {}
        for name, (colour, dashes, _, label) in ROADS.items():
            (self._norms[name],) = left.plot([], [], dashes, color=colour, lw=2.5, label=label, animated=True)
        left.set(ylim=(LOW, HIGH), ylabel="norm, log scale")
        left.set_yticks(range(LOW, HIGH + 1, 5), [f"$10^{{{p}}}$" for p in range(LOW, HIGH + 1, 5)])
        self._steps = TimeAxis(left)
        left.legend(loc="upper left")
        self._draw_meter(right)
        return figure

    def _draw_meter(self, ax):
        ax.axhspan(1, 1.3, color="0.92", zorder=0)
        ax.axhline(1, color="0.5", lw=1)
        ax.text(2.45, 1.2, "explodes", va="center", fontsize=12)
        ax.text(2.45, 0.5, "vanishes", va="center", fontsize=12)
        self._meter, self._words = {}, {}
        for k, (name, (colour, _, marker, _)) in enumerate(ROADS.items()):
            look = {"color": colour, "ms": 13, "mec": BLACK, "animated": True}
            (self._meter[name],) = ax.plot([k], [0], marker, **look)
            self._words[name] = ax.text(k, 0, "", ha="center", va="bottom", animated=True)
        ax.set(xlim=(-0.5, 3.8), ylim=(-0.1, 1.3), xticks=range(3), title="left after one step")
        ax.set_xticklabels(["product\nof f", "LSTM", "RNN"])

    def update(self, result):
        """Place the lines and the meter's needles; a factor beyond the meter stays at its end."""
        along = np.arange(self.T + 1) / self.T
        for name, logs in result.items():
            self._norms[name].set_data(along, np.maximum(logs, 2 * LOW))
            factor = min(10 ** (logs[0] / self.T), 1.3)
            self._meter[name].set_ydata([factor])
            self._words[name].set_position((self._words[name].get_position()[0], min(factor + 0.05, 1.2)))
            self._words[name].set_text(_factor(logs, self.T))
        self._steps.show(self.T)

    def readout(self, result):
        """What a step leaves on each road, and all steps together on the LSTM's."""
        f, c, rnn = (_factor(result[name], self.T) for name in ROADS)
        return (
            f"One step back leaves {f} by the product of f, {c} of ∂c_T/∂c_t as measured, and {rnn} in the "
            f"RNN. Over {self.T} steps the LSTM's gradient is multiplied by {power(result['c'][0])}."
        )


ROADS = {
    "f": (BLUE, ":", "v", "product of the forget gates"),
    "c": (VERMILLION, "-", "o", r"LSTM, measured: $\partial c_T/\partial c_t$"),
    "rnn": (GREEN, "--", "s", r"RNN: $\partial h_T/\partial h_t$"),
}


def lstm(b_f, gain=1.0):
    """The LSTM of both labs."""
    return LSTM(D, H, rng=1, init="orthogonal", gain=gain, forget_bias=b_f)


def _factor(logs, T):
    """What one step leaves, as a mean over all T, written with three digits."""
    return f"{10 ** (logs[0] / T):.3f}"


@functools.cache
def _noise():
    return np.random.default_rng(2).standard_normal((LONGEST, D, 1))
