"""Lab of the lesson on gates without h: one mark held in noise, by a fixed λ and by a gate."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, log_axis, logs, zero_line
from helpers.drawing.style import BLUE, VERMILLION, three_digits
from helpers.engine.cells import sigmoid
from helpers.lab import Lab, Prediction, Slider

CHOICES = {"high": "more than 1", "middle": "between 0.1 and 1", "low": "less than 0.1"}
SAID = (
    "After {steps} the fixed unit with λ = {lam} has the ratio {fixed}. The best fixed λ is {best_lam}; "
    "its ratio is {best}. The gate has the ratio {gate}."
)
BECAUSE = (
    "The best λ is {best_lam}: {left} of the mark is left, in noise with the standard deviation {noise}. The "
    "ratio is {best}."
)


class OneMark(Lab):
    """How well can a unit hold a mark in noise?

    The mark is an input of size 1. At all other steps, before it and after it, unit noise comes in. The
    picture shows what is left of the mark after d steps, divided by the standard deviation of the noise in
    the state. (For the fixed unit, noise is counted at the step of the mark, too.) The fixed unit has one λ
    for all steps. The gate writes all of the mark, and then it shuts, to σ(b).
    """

    d = Slider(1, 200, step=1, default=10, label="steps d since the mark")
    lam = Slider(0.5, 0.999, step=0.001, default=0.9, label="λ of the fixed unit")
    b = Slider(-10.0, 0.0, step=0.1, default=-3.0, label="bias b of the gate, shut")
    anchors = ({"d": 100}, {"d": 100, "lam": 0.995}, {"d": 100, "b": -6.0}, {"d": 100, "b": -10.0})
    prediction = Prediction(
        "The mark is 100 steps back. Choose the best λ for it. What is the fixed unit's ratio of signal to "
        "noise?",
        {"d": 100},
        CHOICES,
    )
    colours = MappingProxyType({"fixed unit": VERMILLION, "gate": BLUE})
    LAM = np.concatenate([np.linspace(0.5, 0.99, 99), np.linspace(0.991, 0.9999, 60)])

    def measured(self, result):
        """Of the best λ."""
        best = result["best"]
        return "high" if best > 1 else "middle" if best > 0.1 else "low"

    def because(self, result):
        """What the best λ leaves of the mark, and in how much noise."""
        best_lam = result["best_lam"]
        return BECAUSE.format(
            best_lam=f"{best_lam:.4f}",
            left=three_digits(best_lam**self.d),
            noise=three_digits(1 / np.sqrt(1 - best_lam**2)),
            best=three_digits(result["best"]),
        )

    def compute(self):
        """The ratios."""
        best_lam = np.sqrt(self.d / (self.d + 1))
        return {
            "fixed": ratio(self.lam, self.d), "best_lam": best_lam, "best": ratio(best_lam, self.d),
            "gate": of_a_gate(sigmoid(np.float64(self.b)), self.d),
        }  # fmt: skip

    def draw(self, result):
        """The ratio against λ, and the gate's as a line across."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        zero_line(ax)
        log_axis(ax, -6, 4, every=2, label="signal to noise, log scale")
        self._curve = live_line(ax, color=VERMILLION, lw=2.5, label="fixed unit")
        self._dot = live_line(ax, ls="none", marker="o", ms=9, color=VERMILLION, label="at your λ")
        self._gate = live_line(ax, "--", color=BLUE, lw=2.5, label="gate")
        ax.set(xlim=(0.5, 1), xlabel="λ of the fixed unit")
        ax.legend(loc="lower left", fontsize=11)
        return figure

    def update(self, result):
        """Curve, dot and line; a dot below the axis is drawn at its lower end."""
        shown = logs(ratio(self.LAM, self.d))
        self._curve.set_data(self.LAM, np.where(shown < -6, np.nan, shown))
        self._dot.set_data([self.lam], np.maximum(logs([result["fixed"]]), -6))
        self._gate.set_data([0.5, 1], np.clip(logs([result["gate"]] * 2), -6, 4))

    def readout(self, result):
        """The three ratios."""
        n = {name: three_digits(result[name]) for name in ("fixed", "best", "gate")}
        steps = "1 step" if self.d == 1 else f"{self.d} steps"
        return SAID.format(steps=steps, lam=f"{self.lam:.3f}", best_lam=f"{result['best_lam']:.4f}", **n)


def ratio(lam, d):
    """Signal to noise of a fixed unit d steps after the mark: λ^d over the deviation 1/sqrt(1 - λ²)."""
    return lam**d * np.sqrt(1 - lam**2)


def of_a_gate(z, d):
    """The same of h = (1 - z) h_prev + z x with z = 1 at the mark, and this z in the d steps after it."""
    keep = 1 - z
    noise = z * np.sqrt((1 - keep ** (2 * d)) / (1 - keep**2))
    return keep**d / noise
