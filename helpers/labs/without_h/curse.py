"""Lab of the lesson on gates without h: gradients that misbehave without exploding."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, log_axis, logs, zero_line
from helpers.drawing.style import BLUE, GREEN, VERMILLION, three_digits
from helpers.lab import Lab, Prediction, Slider

CHOICES = {"10": "about 10 times", "100": "about 100 times", "1000": "about 1000 times"}
SAID = (
    "λ = {lam}: the mean of (dh/dλ)² is {formula}; 400 runs of the unit gave {sampled}. The state itself has "
    "the variance {state}. With λ = exp(−e^ν) and γ, the mean of (dh/dν)² is {normed}."
)
BECAUSE = (
    "It grows from {before} to {after}, by a factor of {times}. 1 − λ² falls to about a tenth, and the "
    "denominator is its third power."
)


class Curse(Lab):
    """How large is the gradient of λ?

    One unit, h_t = λ h_prev + x_t, has been reading unit noise for a long time. Its state and its gradient
    are both finite. But as λ comes near 1, the gradient grows much faster than the state.
    """

    lam = Slider(0.5, 0.99, step=0.01, default=0.9, label="λ")
    anchors = ({"lam": 0.5}, {"lam": 0.99}, {"lam": 0.95})
    prediction = Prediction(
        "λ goes from 0.9 to 0.99. How many times as large is the mean of (dh/dλ)² then?",
        {"lam": 0.99},
        CHOICES,
    )
    colours = MappingProxyType({"(dh/dλ)²": VERMILLION, "variance": BLUE, "(dh/dν)²": GREEN})
    LAGS, RUNS = 1500, 400

    def measured(self, result):
        """The nearest power of ten."""
        return str(10 ** round(float(np.log10(result["formula"] / gradient(0.9)))))

    def because(self, result):
        """Before, after, and their ratio."""
        before, after = gradient(0.9), result["formula"]
        return BECAUSE.format(before=f"{before:.0f}", after=f"{after:.0f}", times=f"{after / before:.0f}")

    def compute(self):
        """The formulas at λ, and the mean over runs of dh/dλ = Σ k λ^(k-1) x_(t-k), squared."""
        k = np.arange(1, self.LAGS)
        found = (k * self.lam ** (k - 1)) @ noise()[1:]
        return {
            "formula": gradient(self.lam), "sampled": (found**2).mean(), "state": 1 / (1 - self.lam**2),
            "normed": normed(self.lam),
        }  # fmt: skip

    def draw(self, result):
        """Three curves against λ, each drawn as far as λ has been dragged."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        zero_line(ax)
        log_axis(ax, -1, 6, every=1, label="mean square, log scale")
        looks = {"formula": (VERMILLION, "-"), "state": (BLUE, "--"), "normed": (GREEN, "-.")}
        words = {
            "formula": "(dh/dλ)²",
            "state": "variance of h",
            "normed": "(dh/dν)², with γ",
        }
        self._curves = {
            name: live_line(ax, dashes, color=colour, lw=2.5, label=words[name])
            for name, (colour, dashes) in looks.items()
        }
        self._sampled = live_line(ax, ls="none", marker="o", ms=9, color=VERMILLION, label="400 runs")
        ax.set(xlim=(0.5, 1.0), xlabel="λ")
        ax.legend(loc="upper left", fontsize=11)
        return figure

    def update(self, result):
        """The curves up to λ."""
        lam = np.linspace(0.5, self.lam, 50)
        curves = {"formula": gradient(lam), "state": 1 / (1 - lam**2), "normed": normed(lam)}
        for name, line in self._curves.items():
            line.set_data(lam, logs(curves[name]))
        self._sampled.set_data([self.lam], logs([result["sampled"]]))

    def readout(self, result):
        """All four numbers."""
        return SAID.format(lam=f"{self.lam:.2f}", **{name: number(value) for name, value in result.items()})


def gradient(lam):
    """The mean of (dh/dλ)² in unit noise: (1 + λ²)/(1 - λ²)³ (Zucchet and Orvieto 2024)."""
    return (1 + lam**2) / (1 - lam**2) ** 3


def normed(lam):
    """The mean of (dh/dν)² with λ = exp(-e^ν), the input times γ = sqrt(1 - λ²), and γ held fixed."""
    return (lam * np.log(lam)) ** 2 * (1 - lam**2) * gradient(lam)


def number(value):
    """Whole from 100 on."""
    return f"{value:.0f}" if 100 <= value < 1e6 else three_digits(value)


_NOISE = []


def noise():
    """Unit noise, (lags, runs), made once."""
    if not _NOISE:
        _NOISE.append(np.random.default_rng(7).standard_normal((Curse.LAGS, Curse.RUNS)))
    return _NOISE[0]
