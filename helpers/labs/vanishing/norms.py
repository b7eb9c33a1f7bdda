"""Lab of the lesson on vanishing gradients: how much of a gradient is left, many steps back."""

import functools
from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, log_axis, zero_line
from helpers.drawing.style import BLUE, GREEN, INK, VERMILLION, fixed, power
from helpers.drawing.time_axis import TimeAxis
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.tasks import noise

H, LONGEST = 32, 500
MORE, SAME, LESS = "more", "same", "less"
LAST, EVERY = "last", "every"


class GradientNorms(Lab):
    """How much of the gradient is left, many steps back?

    An RNN of 32 units, each of which reads noise of its own. L is the sum of the 32 states of the last step,
    or of every step, divided by √32: each loss gives the state of its own step a direct part of norm 1.
    """

    gain = Slider(0.2, 2.0, step=0.02, default=0.9, label="gain")
    T = Slider(5, LONGEST, step=1, default=100, label="sequence length T", time=True)
    activation = Choice(["tanh", "sigmoid", "linear"], default="linear", label="activation φ")
    kind = Choice(["orthogonal", "random"], label="kind of U")
    loss = Choice({LAST: "last step", EVERY: "every step"}, label="loss at")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input", more=True)
    anchors = (
        {"activation": "tanh"},
        {"activation": "tanh", "kind": "random"},
        {"activation": "tanh", "loss": EVERY},
        {"activation": "sigmoid", "gain": 2.0},
        {"activation": "tanh", "T": 500},
        {"activation": "linear", "gain": 1.1},
    )
    LOW, HIGH = -20, 20
    DIRECT = MappingProxyType({LAST: lambda part, T: part, EVERY: lambda part, T: [part] * T})
    prediction = Prediction(
        "With linear units 0.9 to the power 100 is left after 100 steps. How much is left with tanh?",
        {"activation": "tanh"},
        {MORE: "more", SAME: "the same", LESS: "less"},
    )
    colours = MappingProxyType({"∂h_T/∂h₀": BLUE, "bound": GREEN, "dL/dh₀": VERMILLION})

    def measured(self, result):
        """Against the power of the gain."""
        apart = result["dh_T"][0] - self.T * np.log10(self.gain)
        return SAME if abs(apart) < 0.05 else MORE if apart > 0 else LESS

    def because(self, result):
        """The norm, and the factor per step."""
        left, factor = power(result["dh_T"][0]), fixed(probes.factor_per_step(result["dh_T"]))
        return f"{left} is left, × {factor} per step: the slopes of tanh are factors too, and below 1."

    def compute(self):
        """Both gradients at every step, and the most that Pascanu's bound allows."""
        cell = network(self.gain, self.activation, self.kind)
        tape = unroll(cell, self.size * noise(LONGEST, H, 2)[: self.T])
        direct = np.array(self.DIRECT[self.loss](np.full((H, 1), 1 / np.sqrt(H)), self.T))
        most = self.gain * _largest(self.kind) / probes.vanishing_bound(cell)
        return {
            "dL": probes.log_norms_dL(tape, direct)[:, 0],
            "dh_T": probes.log_norms_dh_T(tape),
            "most": most,
        }

    def draw(self, result):
        """The norms, from the first step to the last."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        zero_line(ax)
        zero_line(ax, -16, ls=":")
        ax.text(0.5, -16.3, "lost when added to 1", ha="center", va="top", color=INK)
        self._bound = live_line(ax, ":", lw=2.2, color=GREEN, label="at most, by the bound")
        self._dh_T = live_line(ax, "--", color=BLUE, label=r"$\partial h_T/\partial h_t$")
        self._dL = live_line(ax, color=VERMILLION, label=r"$dL/dh_t$")
        log_axis(ax, self.LOW, self.HIGH)
        self._steps = TimeAxis(ax, parts=10)
        ax.legend(loc="upper right", ncols=3, columnspacing=1.2)
        return figure

    def update(self, result):
        """The x axis always runs from step 0 to T; its numbers are live."""
        along = np.arange(self.T + 1) / self.T
        self._dL.set_data(along, result["dL"])
        self._dh_T.set_data(along, result["dh_T"])
        self._bound.set_data([0, 1], [self.T * np.log10(result["most"]), 0])
        self._steps.show(self.T)

    def readout(self, result):
        """What is left over all steps, per step, and by the bound."""
        log, factor = result["dh_T"][0], fixed(probes.factor_per_step(result["dh_T"]))
        return (
            f"Over {self.T} steps the norm of ∂h_T/∂h₀ comes to {power(log)}, × {factor} per step. The bound "
            f"allows × {fixed(result['most'])} per step. The norm of dL/dh₀ is {power(result['dL'][0])}."
        )


def network(gain, activation, kind="orthogonal"):
    """H units, one input each; the spectral radius of U is the gain."""
    return RNN(H, H, init="zeros", activation=activation).put(W=np.eye(H), U=gain * _recurrent(kind))


@functools.cache
def _recurrent(kind):
    """An (H, H) matrix of spectral radius 1."""
    if kind == "orthogonal":
        return RNN(H, H, rng=np.random.default_rng(0), init="orthogonal").U
    U = np.random.default_rng(1).standard_normal((H, H))
    return U / probes.spectral_radius(U)


@functools.cache
def _largest(kind):
    return probes.largest_singular_value(_recurrent(kind))
