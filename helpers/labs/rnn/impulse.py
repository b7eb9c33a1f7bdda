"""Lab of lesson 1: how long a single input echoes in the state of one unit."""

import numpy as np

from helpers.drawing.plots import log_axis, logs, zero_line
from helpers.drawing.style import VERMILLION, fixed, three_digits
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider

STEPS = 40
ROUNDED = np.finfo(float).eps  # of a state near 1/2: a smaller change of it is lost in rounding
LEFT = {
    "nothing": "At the last step less than rounding error is left.",
    "something": "At the last step it is {left}.",
}


class ImpulseResponse(Lab):
    """How long does one push echo in the state?

    One hidden unit, h_t = φ(w h_(t-1) + x_t), with x_1 = the push and no input after that. What is shown is
    what the push changed: the state with the push minus the state without it.
    """

    w = Slider(-1.5, 1.5, step=0.01, default=0.9, label="recurrent weight w")
    push = Slider(0.1, 3.0, step=0.1, default=1.0, label="the push x₁", more=True)
    activation = Choice(["linear", "tanh", "sigmoid"], label="activation φ")
    anchors = (
        {"w": -0.9},
        {"w": 1.0},
        {"w": 1.2},
        {"w": 1.2, "activation": "tanh"},
        {"activation": "sigmoid"},
    )
    prediction = Prediction(
        "With w = 1.2 the echo of a linear unit grows and grows. What does it do with tanh?",
        {"w": 1.2, "activation": "tanh"},
        {
            "grows": "it grows without end",
            "settles": "it settles at a value above 0",
            "fades": "it fades to 0",
        },
    )

    def measured(self, result):
        """By how the last steps change the echo."""
        change = result["size"][-1] / result["size"][-2]
        return "settles" if abs(change - 1) < 1e-3 else "grows" if change > 1 else "fades"

    def because(self, result):
        """Where it begins, and where it ends."""
        first, last = fixed(result["echo"][0]), fixed(result["echo"][-1])
        return f"It starts at {first} and falls to {last}, where tanh({self.w:g} h) = h."

    def compute(self):
        """The echo of the push at each step."""
        cell = RNN(1, 1, activation=self.activation, init="zeros").put(W=1, U=self.w)
        x = np.zeros((STEPS, 1, 2))
        x[0, 0, 0] = self.push  # two sequences side by side: with the push, and without
        h = unroll(cell, x).h[:, 0, :]
        echo = h[:, 0] - h[:, 1]
        return {"echo": echo, "size": np.abs(echo), "halved": _steps_to_half(np.abs(echo))}

    def draw(self, result):
        """The echo itself, and its size on a log axis."""
        figure = self.new_figure(8.2, 4)
        left, right = figure.subplots(1, 2)
        steps = np.arange(1, STEPS + 1)
        zero_line(left)
        (self._echo,) = left.plot(steps, 0 * steps, "o-", ms=4, animated=True)
        left.set(ylim=(-3.2, 3.2), xlabel="step t", ylabel="change of $h_t$", title="what the push changed")
        (self._size,) = right.plot(steps, 0 * steps, "o-", ms=4, color=VERMILLION, animated=True)
        (self._half,) = right.plot([1, STEPS], [0, 0], "--", color="0.35", lw=1.5, animated=True)
        self._word = right.text(STEPS, 0, "half", ha="right", va="top", animated=True)
        log_axis(right, -8, 8, every=4, label="size (log)")
        right.set(xlabel="step t", title="its size")
        return figure

    def update(self, result):
        """Draw the echo; the dashed line is half of its first value."""
        steps = np.arange(1, STEPS + 1)
        half = np.log10(result["size"][0] / 2)
        self._echo.set_data(steps, result["echo"])
        self._size.set_data(steps, logs(result["size"]))
        self._half.set_ydata([half, half])
        self._word.set_position((STEPS, half - 0.2))

    def readout(self, result):
        """The half-life: by formula for a linear unit, by counting for the others."""
        return self._by_formula() if self.activation == "linear" else self._by_counting(result)

    def _by_formula(self):
        w, factor = fixed(self.w, 2), abs(self.w)
        if factor == 0:
            return "With w = 0 nothing is kept: the push is gone at the next step."
        if self.w == 1:
            return f"With w = {w} every step keeps all of it: the echo neither fades nor grows."
        if self.w == -1:
            return f"With w = {w} every step flips the sign of the echo, which neither fades nor grows."
        steps = f"ln 2 / |ln {factor:.2f}| = {abs(probes.half_life(factor)):.2f}"
        if factor < 1:
            return f"With w = {w} each step multiplies the echo by {w}, so it halves every {steps} steps."
        return f"With w = {w} each step multiplies the echo by {w}, so it doubles every {steps} steps."

    def _by_counting(self, result):
        n, last = result["halved"], result["echo"][-1]
        if n is None:
            halved = f"In {STEPS - 1} steps it does not fall below half of that."
        elif n == 1:
            halved = "One step later it is below half of that."
        else:
            halved = f"It takes {n} steps to fall below half of that."
        # A sigmoid's states are near 1/2; those of the others are near 0, where no small change is lost.
        lost = self.activation == "sigmoid" and self.w != 0 and abs(last) < ROUNDED
        left = LEFT["nothing" if lost else "something"].format(left=three_digits(last))
        first, w = fixed(result["echo"][0]), fixed(self.w, 2)
        return f"With {self.activation} and w = {w} the echo starts at {first}. {halved} {left}"


def _steps_to_half(size):
    """How many steps until the echo first falls below half of what it was; None if it does not."""
    below = np.flatnonzero(size < size[0] / 2)
    return int(below[0]) if below.size else None
