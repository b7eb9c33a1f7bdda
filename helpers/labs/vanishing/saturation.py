"""Lab of the lesson on vanishing gradients: what the slopes of tanh do to a gradient."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import bars, live_line, live_text, log_axis, place_bars, zero_line
from helpers.drawing.style import BLUE, SKY, VERMILLION, fixed
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.lab import Lab, Prediction, Slider
from helpers.labs.vanishing.norms import LONGEST, H, network
from helpers.tasks import noise

VANISHES, KEEPS, EXPLODES = "vanishes", "keeps", "explodes"
SAID = {
    VANISHES: "U alone gives × {gain} per step. Measured with tanh it is × {factor} per step, so the "
    "gradient vanishes. The mean slope of tanh is {slope}.",
    KEEPS: "U alone gives × {gain} per step. Measured with tanh it is × {factor} per step, so the "
    "gradient keeps its size. The mean slope of tanh is {slope}.",
    EXPLODES: "U alone gives × {gain} per step. Measured with tanh it is × {factor} per step, so the "
    "gradient explodes. The mean slope of tanh is {slope}.",
}


class Saturation(Lab):
    """Does a spectral radius above 1 mean that gradients explode?

    The same orthogonal U, times the gain, in a tanh network and in a linear one; 100 steps of noise.
    """

    gain = Slider(0.5, 2.0, step=0.01, default=0.9, label="gain (spectral radius of U)")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input")
    anchors = (
        {"gain": 1.1},
        {"gain": 1.1, "size": 0.0},
        {"gain": 1.1, "size": 0.1},
        {"gain": 1.1, "size": 1.0},
        {"gain": 1.1, "size": 2.0},
        {"gain": 2.0},
        {"gain": 1.3},
    )
    T, BINS = 100, 20
    prediction = Prediction(
        "At gain 1.1 all eigenvalues of U have size 1.1. What does the gradient do with tanh?",
        {"gain": 1.1},
        {VANISHES: "it vanishes", KEEPS: "it keeps its size", EXPLODES: "it explodes"},
    )
    colours = MappingProxyType({"U alone": BLUE, "Measured with tanh": VERMILLION})

    def measured(self, result):
        """By what is left after 100 steps."""
        return trend(probes.factor_per_step(result["norms"]))

    def because(self, result):
        """The factor, and the slope that makes it."""
        factor, slope = fixed(probes.factor_per_step(result["norms"])), fixed(result["mean"])
        return (
            f"It is × {factor} per step: tanh saturates, and its slope, {slope} on average, is a factor too."
        )

    def compute(self):
        """What 100 steps leave of ∂h_T/∂h_t, and the slopes of tanh that were met on the way."""
        cell = network(self.gain, "tanh")
        tape = unroll(cell, self.size * noise(LONGEST, H, 2)[: self.T])
        slopes = 1 - tape.h**2
        fractions = np.histogram(slopes, self.BINS, (0, 1))[0] / slopes.size
        return {"norms": probes.log_norms_dh_T(tape), "fractions": fractions, "mean": float(slopes.mean())}

    def draw(self, result):
        """The norms on the left, tanh's slopes on the right."""
        figure = self.new_figure(8.2, 4.2)
        left, right = figure.subplots(1, 2, width_ratios=[4, 3])
        zero_line(left)
        self._linear = live_line(left, "--", color=BLUE, label="linear: gain only")
        self._tanh = live_line(left, color=VERMILLION, label="tanh, measured")
        log_axis(left, -20, 20, every=10)
        left.set(xlim=(0, self.T), xlabel="step t", title=r"$\partial h_T/\partial h_t$")
        left.legend(loc="upper right")
        self._slopes = bars(right, SKY, width=9)
        self._mean = live_line(right, color=VERMILLION, lw=2.5)
        self._word = live_text(right, 0, 0.9, ha="right", va="center", color=VERMILLION)
        right.set(xlim=(0, 1.02), ylim=(0, 1.05), xlabel="slope of tanh, 1 − h²")
        right.set(ylabel="fraction of units and steps", title="slopes met on the way")
        return figure

    def update(self, result):
        """The linear one needs no run: its norm is a power of the gain."""
        t = np.arange(self.T + 1)
        self._linear.set_data(t, np.log10(self.gain) * (self.T - t))
        self._tanh.set_data(t, result["norms"])
        place_bars(self._slopes, (np.arange(self.BINS) + 0.5) / self.BINS, 0, result["fractions"])
        self._mean.set_data([result["mean"]] * 2, [0, 1])
        self._word.set_text(f"mean {fixed(result['mean'], 2)}")
        self._word.set_ha("right" if result["mean"] > 0.5 else "left")
        self._word.set_x(min(result["mean"] + (-0.03 if result["mean"] > 0.5 else 0.03), 0.93))

    def readout(self, result):
        """The factor per step, by U alone and as measured."""
        factor = probes.factor_per_step(result["norms"])
        numbers = {"gain": fixed(self.gain), "factor": fixed(factor), "slope": fixed(result["mean"])}
        return SAID[trend(factor)].format(**numbers)


def trend(factor):
    """What happens to a gradient that is multiplied by this at each step."""
    return VANISHES if factor < 0.995 else EXPLODES if factor > 1.005 else KEEPS
