"""Labs of the lesson on memory: how long a cell remembers, by its forget bias."""

import numpy as np

from helpers.drawing.plots import live_line, pieces
from helpers.drawing.style import BLACK, BLUE, GREEN, INK, VERMILLION, fixed, two_digits
from helpers.engine import probes
from helpers.engine.cells import LSTM, sigmoid
from helpers.lab import Lab, Prediction, Slider

LONGEST = 200  # steps
T = np.arange(LONGEST + 1)
BIASES = np.linspace(-6, 6, 121)


class HalfLives(Lab):
    """How long does a cell remember, if nothing is written?

    The forget gate is σ(b_f) at every step. The curve on the left ends at the bias that is set.
    """

    b_f = Slider(-6.0, 6.0, step=0.01, default=3.0, label="forget bias b_f")
    anchors = tuple({"b_f": b_f} for b_f in (-1.0, 0.0, 1.0, 2.0, 4.0, 4.97, 5.0))
    prediction = Prediction(
        "b_f = 3 halves the cell in 14.3 steps. How long does it take when b_f goes from 3 to 6?",
        {"b_f": 6.0},
        {"2": "about twice as long", "7": "about 7 times as long", "20": "about 20 times as long"},
    )

    def measured(self, result):
        """Against the opening."""
        times = result["half_life"] / probes.half_life_of_bias(3.0)
        return min(self.prediction.choices, key=lambda value: abs(float(value) - times))

    def because(self, result):
        """Both half-lives."""
        now, before = (fixed(steps, 1) for steps in (result["half_life"], probes.half_life_of_bias(3.0)))
        return f"It takes {now} steps instead of {before}. Each 1 added to b_f multiplies that by nearly e."

    def compute(self):
        """The half-life, and what is left after t = 0, 1, 2, ... steps."""
        return {"half_life": probes.half_life_of_bias(self.b_f), "left": sigmoid(self.b_f) ** T}

    def draw(self, result):
        """Half-life against bias on the left; what is left over time on the right."""
        figure = self.new_figure(8.2, 4.2)
        left, right = figure.subplots(1, 2)
        self._curve = live_line(left, color="0.5")
        self._here = live_line(left, "o", ms=12, mec=BLACK, color=VERMILLION)
        half_life_axes(left)
        for bias, dashes in ((0, ":"), (1, "--")):
            right.plot(T, sigmoid(float(bias)) ** T, dashes, color=BLUE, label=f"b_f = {bias}")
        self._left = live_line(right, color=VERMILLION, lw=3, label="b_f as dragged")
        left_axes(right)
        right.legend(loc="upper right", fontsize=10.5)
        return figure

    def update(self, result):
        """The curve on the left ends at the marker, since the lab asks how it goes on."""
        b = BIASES[self.b_f > BIASES]
        self._curve.set_data(np.r_[b, self.b_f], probes.half_life_of_bias(np.r_[b, self.b_f]))
        self._here.set_data([self.b_f], [result["half_life"]])
        self._left.set_data(T, result["left"])

    def readout(self, result):
        """The gate and its half-life."""
        b_f, steps = two_digits(self.b_f), two_digits(result["half_life"])
        return HALVES.format(b_f=b_f, f=fixed(sigmoid(self.b_f)), steps=steps)


HALVES = "With b_f = {b_f} the forget gate is {f}, and half is left after {steps} steps."


class Chrono(Lab):
    """Which half-lives does chrono initialisation give to the units?

    32 units; their forget biases are drawn as ln u, with u drawn uniformly from 1 to T_max - 1.
    """

    T_max = Slider(5, 500, step=1, default=100, label="chrono up to T_max")
    anchors = ({"T_max": 20}, {"T_max": 500})
    H = 32

    def compute(self):
        """The biases in order, their half-lives, and what each unit has left after t = 0, 1, 2, ... steps."""
        drawn = np.sort(LSTM(1, self.H, rng=4, chrono=self.T_max)["b_f"][:, 0])
        half_lives = probes.half_life_of_bias(drawn)
        return {"drawn": drawn, "half_lives": half_lives, "left": sigmoid(drawn)[:, None] ** T}

    def draw(self, result):
        """The units on the curve of half-lives; what each has left."""
        figure = self.new_figure(8.2, 4.2)
        left, right = figure.subplots(1, 2)
        left.plot(BIASES, probes.half_life_of_bias(BIASES), color="0.5", zorder=1)
        self._drawn = live_line(left, "s", ms=8, mfc="none", color=GREEN)
        half_life_axes(left)
        self._units = live_line(right, color=GREEN, lw=1, alpha=0.6)
        left_axes(right)
        return figure

    def update(self, result):
        """Place the units."""
        self._drawn.set_data(result["drawn"], result["half_lives"])
        self._units.set_data(*pieces(np.broadcast_to(T, result["left"].shape), result["left"]))

    def readout(self, result):
        """The span of the half-lives."""
        low, high = (fixed(result["half_lives"][k], 1) for k in (0, -1))
        return CHRONO.format(T_max=self.T_max, low=low, high=high)


CHRONO = "Chrono up to {T_max} steps: the quickest unit halves in {low} steps, the slowest in {high} steps."


def half_life_axes(ax):
    """Axes for half-lives by forget bias."""
    ax.set(xlim=(-6.3, 6.6), ylim=(0.08, 700), yscale="log", xlabel="forget bias", ylabel="steps")
    ax.set_xticks([-6, -3, 0, 3, 6])
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.set_title("half-life of a cell state")


def left_axes(ax):
    """Axes for what is left over time, with a line at one half."""
    ax.axhline(0.5, color=INK, lw=1, ls=":")
    ax.set(xlim=(0, LONGEST), ylim=(0, 1.03), xlabel="steps", title="what is left of it")
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
