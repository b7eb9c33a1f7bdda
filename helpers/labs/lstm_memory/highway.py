"""A lab of the lesson on memory: the road that the gradient takes."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.block import GATES
from helpers.drawing.plots import live_line, live_text, log_axis, zero_line
from helpers.drawing.style import BLACK, GREEN, VERMILLION, power
from helpers.drawing.time_axis import TimeAxis
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Lab, Prediction, Slider
from helpers.labs.shared.noisy_lstm import HIGH, LONGEST, LOW, SIZE, D, H, factor, lstm
from helpers.tasks import noise

METER = 1.4  # end of the axis of factors


class Highway(Lab):
    """Is the cell state a road on which the gradient keeps its size?

    The LSTM of the maps in lesson 5, and a tanh RNN of the same size, read the same noise. Both have
    orthogonal recurrent weights, times the recurrent scale.
    """

    b_f = Slider(-6.0, 6.0, step=0.1, default=1.0, label="forget bias b_f")
    scale = Slider(0.0, 1.5, step=0.05, default=0.0, label="recurrent scale (of U)")
    T = Slider(5, LONGEST, step=1, default=60, label="sequence length T", time=True)
    size = Slider(0.0, 4.0, step=0.1, default=SIZE, label="size of the noise", more=True)
    anchors = ({"b_f": 0.0, "scale": 1.0}, {"b_f": 5.0, "scale": 1.0}, {"b_f": 5.0})
    prediction = Prediction(
        "At scale 0 only the direct path is open. How does the measured gradient at scale 1 compare with the"
        " product of the forget gates?",
        {"scale": 1.0},
        {"smaller": "smaller", "same": "the same", "larger": "larger"},
    )
    colours = MappingProxyType({"the forget gates": GATES["f"], "the LSTM": VERMILLION, "the RNN": GREEN})

    def measured(self, result):
        """Against the product."""
        apart = result["c"][0] - result["f"][0]
        if abs(apart) < 0.05:
            return "same"
        return "larger" if apart > 0 else "smaller"

    def because(self, result):
        """The factors per step."""
        f, c, rnn = (factor(result[name]) for name in ROADS)
        return WHY.format(f=f, c=c, rnn=rnn)

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
        text_style = {"ha": "left", "va": "center", "fontsize": 11, "rotation": 90}
        ax.text(2.65, (1 + METER) / 2, "explodes", **text_style)
        ax.text(2.65, 0.45, "vanishes", **text_style)
        self._meter, self._words = {}, {}
        for k, (name, (colour, _, marker, _)) in enumerate(ROADS.items()):
            style = {"color": colour, "ms": 12, "mec": BLACK, "animated": True}
            (self._meter[name],) = ax.plot([k], [0], marker, **style)
            self._words[name] = live_text(ax, k, 0, ha="center", va="bottom")
        ax.set(xlim=(-0.6, 2.6), ylim=(-0.1, METER), xticks=range(3), yticks=[0, 0.5, 1])
        ax.set_title("left after one step", fontsize=12)
        ax.set_xticklabels(["forget\ngates", "LSTM", "RNN"])

    def update(self, result):
        """Place the lines and the meter's needles; a factor beyond the meter stays at its end."""
        along = np.arange(self.T + 1) / self.T
        for name, logs in result.items():
            self._norms[name].set_data(along, np.maximum(logs, 2 * LOW))
            gain = min(probes.factor_per_step(logs), METER - 0.2)
            self._meter[name].set_ydata([gain])
            above = 0.05 if gain < 0.75 or gain > 1 else -0.17  # not on the line at 1
            self._words[name].set_position((self._words[name].get_position()[0], gain + above))
            self._words[name].set_text(factor(logs))
        self._steps.show(self.T)

    def readout(self, result):
        """What a step leaves on each road, and all steps together on the LSTM's."""
        f, c, rnn = (factor(result[name]) for name in ROADS)
        return SAID.format(f=f, c=c, rnn=rnn, T=self.T, whole=power(result["c"][0]))


WHY = (
    "All paths together leave {c} per step, the forget gates alone {f}: the rest comes through h and the"
    " gates. The RNN leaves {rnn}."
)
SAID = (
    "On average, each step back leaves {f} by the forget gates, {c} in the LSTM as measured, and {rnn} in the"
    " RNN. Over {T} steps the LSTM multiplies the gradient by {whole}."
)


# For each road: its colour, its dashes, its marker, and what it is called.
ROADS = {
    "f": (GATES["f"], ":", "v", "product of the forget gates"),
    "c": (VERMILLION, "-", "o", "cell state of the LSTM, measured"),
    "rnn": (GREEN, "--", "s", "hidden state of the RNN, measured"),
}
