"""Lab of the lesson on gates without h: the eigenvalues of an LRU, and what they leave of an impulse."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, zero_line
from helpers.drawing.style import BLUE, GREEN, VERMILLION, fixed, two_digits
from helpers.engine import probes
from helpers.engine.cells import LRU, RNN
from helpers.engine.cells.lru import on_a_ring
from helpers.lab import Lab, Prediction, Slider

CHOICES = {"shorter": "less time", "same": "the same time", "longer": "more time"}
SAID = (
    "The sizes of λ lie between {low} and {high}. The norm of the impulse has halved by step {half}. "
    "Unit noise at every step would make states with the variance {variance}, on average over the ring."
)
NOT_YET = "101 or later"
BECAUSE = (
    "It has halved by step {half} with either angle: after t steps a number has the size |λ| to the power t, "
    "and its angle has only turned it."
)


class Ring(Lab):
    """What does a ring of eigenvalues remember?

    An LRU has 64 complex numbers in its state, and its λ are spread uniformly over the area of a ring (lemma
    3.2 of Orvieto et al. 2023). An impulse sets all 64 numbers to 1. Beside it is a linear RNN as in lesson
    1, whose U is 0.9 times an orthogonal matrix.
    """

    low = Slider(0.0, 0.99, step=0.01, default=0.5, label="inner radius of the ring")
    high = Slider(0.5, 0.999, step=0.001, default=0.95, label="outer radius of the ring")
    phase = Slider(0.0, 2.0, step=0.05, default=2.0, label="largest angle, in π")
    anchors = ({"low": 0.9, "high": 0.999}, {"phase": 0.1}, {"low": 0.0, "high": 0.5}, {"phase": 0.0})
    prediction = Prediction(
        "The largest angle goes from 2π down to 0.1π, and both radii stay. How long does the norm of the "
        "impulse then take to halve?",
        {"phase": 0.1},
        CHOICES,
    )
    colours = MappingProxyType({"λ": VERMILLION, "norm": VERMILLION})
    N, T = 64, 101

    def measured(self, result):
        """Beside the half-life with the whole ring."""
        whole = half(norms(self._response(2.0)[1]))
        found = half(result["norm"])
        return "same" if found == whole else "longer" if found > whole else "shorter"

    def because(self, result):
        """The half-life."""
        return BECAUSE.format(half=half(result["norm"]))

    def compute(self):
        """The eigenvalues; the norm and the mean real part of what an impulse leaves; the variance."""
        cell, response = self._response(self.phase)
        return {
            "lambda": cell.lambda_[:, 0], "norm": norms(response), "sum": response.mean(1).real,
            "variance": variance(min(self.low, self.high), self.high),
        }  # fmt: skip

    def _response(self, phase):
        """The cell, and its complex numbers after the impulse, (T, N)."""
        cell = LRU(1, 2 * self.N, init="zeros")
        ring = (min(self.low, self.high), self.high)
        cell.nu, cell.theta = on_a_ring(np.random.default_rng(0), self.N, ring, phase * np.pi)
        cell.W[: self.N] = 1
        pairs = probes.impulse_response(cell, self.T)
        return cell, pairs[:, : self.N] + 1j * pairs[:, self.N :]

    @classmethod
    def _rnn(cls):
        rnn = RNN(1, cls.N, rng=0, init="orthogonal", gain=0.9, activation="linear").put(W=1)
        return norms(probes.impulse_response(rnn, cls.T))

    def draw(self, result):
        """The plane of complex numbers, and the impulse response beside it."""
        figure = self.new_figure(8.2, 4.2)
        plane, ax = figure.subplots(1, 2, width_ratios=[4, 5])
        turn = np.linspace(0, 2 * np.pi, 200)
        plane.plot(np.cos(turn), np.sin(turn), color="0.5", lw=1)
        self._lambda = live_line(plane, ls="none", marker="o", ms=5, color=VERMILLION, alpha=0.7)
        plane.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        plane.set(xlabel="real part", ylabel="imaginary part")
        plane.set_title("λ, and the circle of size 1", fontsize=11)
        zero_line(ax)
        self._norm = live_line(ax, color=VERMILLION, lw=2.5, label="norm of the LRU's state")
        self._sum = live_line(ax, "-.", color=BLUE, lw=1.5, label="mean of its real parts")
        ax.plot(np.arange(self.T), self._rnn(), ":", color=GREEN, lw=2.5, label="norm in the linear RNN")
        ax.set(xlim=(0, 100), ylim=(-0.5, 1.6), yticks=[-0.5, 0, 0.5, 1], xlabel="steps after the impulse")
        ax.legend(loc="upper right", fontsize=10)
        return figure

    def update(self, result):
        """Points and lines."""
        self._lambda.set_data(result["lambda"].real, result["lambda"].imag)
        steps = np.arange(self.T)
        self._norm.set_data(steps, result["norm"])
        self._sum.set_data(steps, result["sum"])

    def readout(self, result):
        """The sizes, the half-life, the variance."""
        sizes = np.abs(result["lambda"])
        return SAID.format(
            low=fixed(sizes.min()),
            high=fixed(sizes.max()),
            half=half(result["norm"]) or NOT_YET,
            variance=two_digits(result["variance"]),
        )


def norms(states):
    """The norm of the state at each step, so that the impulse itself has norm 1."""
    return np.sqrt((np.abs(states) ** 2).mean(1))


def half(norm):
    """The first step after which half or less is left; None if more is left at the end."""
    below = np.flatnonzero(norm <= 0.5)
    return int(below[0]) if below.size else None


def variance(low, high):
    """The mean of 1/(1 - |λ|²) over the area of a ring (proposition 3.3 of Orvieto et al. 2023)."""
    if high - low < 1e-9:
        return 1 / (1 - high**2)
    return np.log((1 - low**2) / (1 - high**2)) / (high**2 - low**2)
