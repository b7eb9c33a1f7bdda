"""Labs of notebook 01: what it means to unroll a recurrent network."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing import Chain
from helpers.drawing.plots import heatmap, live_line, log_axis, logs, zero_line
from helpers.drawing.style import VERMILLION, fixed, size, sub
from helpers.drawing.time_axis import TimeAxis, numbered
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider

H = 32
ROUNDED, UNTOLD = np.finfo(float).eps, "less than the computer can tell"  # of states of a size near 1


class UnrolledChain(Lab):
    """Where do the weights go when you unroll a network?

    One RNN (D=2, H=32) reads a two-dimensional wave. The first slider pulls its steps apart.
    """

    unfold = Slider(0.0, 1.0, step=0.02, default=1.0, label="folded 0 … 1 unrolled", time=True)
    T = Slider(1, 30, step=1, default=6, label="steps T", time=True)
    anchors = ({"unfold": 0.0}, {"T": 1}, {"T": 30})
    prediction = Prediction(
        "At 6 steps the network has 1120 parameters. How many at 30?", {"T": 30}, ["1120", "5600", "33600"]
    )

    def measured(self, result):
        """The engine's count."""
        return str(result["n"])

    def because(self, result):
        """What grows instead."""
        return f"All steps share W, U and b. What grows is the states: {self.T} × {H} = {self.T * H} numbers."

    def compute(self):
        """Run the network over the first T points of the wave."""
        cell = RNN(2, H, rng=np.random.default_rng(1), init="orthogonal")
        wave = np.arange(self.T)
        x = 2 * np.stack([np.sin(wave / 2), np.cos(wave / 3)], axis=1)[:, :, None]
        return {"h": unroll(cell, x).h[:, :, 0], "n": cell.n_parameters}

    def draw(self, result):
        """The chain above; below, in the same places, the whole state at each step."""
        figure = self.new_figure(8.2, 4.6)
        top, below = figure.subplots(2, 1, height_ratios=[5, 4])
        self._chain = Chain(top, steps=30)
        self._states = heatmap(below, H, 1)
        self._steps = TimeAxis(below, parts=10)
        below.set(xlim=(0, Chain.WIDTH), yticks=[0, 16, 32], ylabel="hidden unit")
        below.set_title("the hidden state $h_t$: one column a step", fontsize=12)
        self._frame = Rectangle((0, 0), 0, H, fc="none", ec="black", lw=2.5, animated=True)
        below.add_patch(self._frame)
        figure.colorbar(self._states, ax=[top, below], label="value of a unit", shrink=0.6, ticks=[-1, 0, 1])
        return figure

    def update(self, result):
        """Place the steps, colour them with their states, frame the newest."""
        T, h = self.T, result["h"]
        self._chain.show(h[:, 0], self.unfold)
        x, half = self._chain.places(T), self._chain.gap(T) / 2
        self._states.set_data(h.T)
        self._states.set_extent((x[1] - half, x[-1] + half, 0, H))
        self._frame.set_bounds(x[-1] - half, 0, 2 * half, H)
        steps = numbered(1, T, 10)
        self._steps.label(steps, x[steps])

    def readout(self, result):
        """Parameters against numbers stored."""
        T, first = self.T, fixed(result["h"][-1, 0])
        return (
            f"T = {T}: {result['n']} parameters, and {T} × {H} = {T * H} numbers of state. "
            f"In the newest block the first unit is {first}; it was made from x{sub(T)} and h{sub(T - 1)}."
        )


class ImpulseResponse(Lab):
    """How long does one push echo in the state?

    One hidden unit, h_t = φ(w h_(t-1) + x_t), with x_1 = the push and no input after that. What is
    shown is what the push changed: the state with it, less the state without it.
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
    STEPS = 40
    prediction = Prediction(
        "With w = 1.2 the echo of a linear unit grows and grows. And with tanh?",
        {"w": 1.2, "activation": "tanh"},
        ["it grows too", "it settles", "it dies away"],
    )

    def measured(self, result):
        """By what the last step makes of it."""
        change = result["size"][-1] / result["size"][-2]
        return "it settles" if abs(change - 1) < 1e-3 else "it grows too" if change > 1 else "it dies away"

    def because(self, result):
        """Where it begins and ends."""
        first, last = fixed(result["echo"][0]), fixed(result["echo"][-1])
        return f"It starts at {first} and comes to rest at {last}: tanh cannot give more than 1."

    def compute(self):
        """The echo of the push at each step."""
        cell = RNN(1, 1, activation=self.activation, init="zeros").put(W=1, U=self.w)
        x = np.zeros((self.STEPS, 1, 2))
        x[0, 0, 0] = self.push  # two sequences side by side: with the push, and without
        h = unroll(cell, x).h[:, 0, :]
        echo = h[:, 0] - h[:, 1]
        size = np.abs(echo)
        return {
            "echo": echo,
            "size": size,
            "seen": _steps_to_half(size),
        }

    def draw(self, result):
        """The echo itself, and its size on a log axis."""
        figure = self.new_figure(8.2, 4)
        left, right = figure.subplots(1, 2)
        steps = np.arange(1, self.STEPS + 1)
        zero_line(left)
        (self._echo,) = left.plot(steps, 0 * steps, "o-", ms=4, animated=True)
        left.set(ylim=(-3.2, 3.2), xlabel="step t", ylabel="change of $h_t$", title="what the push changed")
        (self._size,) = right.plot(steps, 0 * steps, "o-", ms=4, color=VERMILLION, animated=True)
        (self._half,) = right.plot([1, self.STEPS], [0, 0], "--", color="0.35", lw=1.5, animated=True)
        self._word = right.text(self.STEPS, 0, "half", ha="right", va="bottom", animated=True)
        log_axis(right, -8, 8, every=4, word="size, log scale")
        right.set(xlabel="step t", title="its size")
        return figure

    def update(self, result):
        """Draw the echo; the dashed line is half of its first value."""
        steps = np.arange(1, self.STEPS + 1)
        half = np.log10(result["size"][0] / 2)
        self._echo.set_data(steps, result["echo"])
        self._size.set_data(steps, logs(result["size"]))
        self._half.set_ydata([half, half])
        self._word.set_position((self.STEPS, half + 0.1))

    def readout(self, result):
        """The half-life by formula (linear) and as it is measured."""
        factor, w = abs(self.w), fixed(self.w, 2)
        if self.activation == "linear":
            if factor == 0:
                return "w = 0: no memory at all. The push is gone at the next step."
            if factor == 1:
                return f"w = {w}: every step keeps all of it. The echo never fades and never grows."
            word = "halves" if factor < 1 else "doubles"
            return (
                f"w = {w}: each step multiplies the echo by {w}, so it {word} every "
                f"ln 2 / |ln {factor:.2f}| = {abs(probes.half_life(factor)):.2f} steps."
            )
        seen = result["seen"]
        steps = "step" if seen == 1 else "steps"
        when = (
            f"is below half after {seen} {steps}"
            if seen
            else f"is not yet halved after {self.STEPS - 1} steps"
        )
        last = result["echo"][-1]
        rounded = self.activation == "sigmoid" and factor > 0 and abs(last) < ROUNDED
        left = UNTOLD if rounded else size(last)  # its states are near 1/2, those of the others near 0
        return (
            f"{self.activation}, w = {w}: the echo starts at {fixed(result['echo'][0])} and {when}; "
            f"at the last step it is {left}."
        )


def _steps_to_half(size):
    """How many steps until the echo first falls below half of what it was; None if it does not."""
    below = np.flatnonzero(size < size[0] / 2)
    return int(below[0]) if below.size else None


class PerturbThePast(Lab):
    """If you change one input, which states change?

    An RNN of 32 units reads the same noise twice; the second time one input is different.
    """

    k = Slider(1, 40, step=1, default=40, label="change the input of step k", time=True)
    change = Slider(0.0, 2.0, step=0.05, default=0.5, label="by how much", more=True)
    gain = Slider(0.2, 1.6, step=0.02, default=0.9, label="recurrent gain (scales U)")
    anchors = ({"gain": 0.2}, {"gain": 1.1}, {"gain": 1.6})
    T = 40
    prediction = Prediction(
        "The last input has changed, and the last state alone moves. Change the input of step 8: which move?",
        {"k": 8},
        ["step 8 only", "steps 1 to 8", "steps 8 to 40", "all 40"],
    )

    def measured(self, result):
        """From the first step that has moved to the last."""
        first, last = (np.flatnonzero(result["norm"] > 0) + 1)[[0, -1]]
        whole = first == 1 and last == self.T
        return "all 40" if whole else f"step {first} only" if first == last else f"steps {first} to {last}"

    def because(self, result):
        """How much is left at the end."""
        now, last = size(result["norm"][self.k - 1]), size(result["norm"][-1])
        return f"h{sub(self.k)} moves by {now}, the last state still by {last}, and none before."

    def compute(self):
        """The states with and without the change, and their difference."""
        cell = RNN(1, H, rng=np.random.default_rng(3), init="orthogonal", gain=self.gain)
        x = 0.5 * np.random.default_rng(4).standard_normal((self.T, 1, 1)) + np.zeros((1, 1, 2))
        x[self.k - 1, 0, 1] += self.change
        h = unroll(cell, x).h
        difference = h[:, :, 1] - h[:, :, 0]
        return {"difference": difference, "norm": np.sqrt((difference**2).sum(axis=1))}

    def draw(self, result):
        """Every unit's difference, and its norm at each step."""
        figure = self.new_figure(8.2, 4.6)
        top, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        self._difference = heatmap(top, H, self.T, low=-0.3, high=0.3)
        top.set(ylabel="hidden unit", yticks=[0, 16, 32])
        top.set_title("state with the change, less state without it", fontsize=12)
        figure.colorbar(self._difference, ax=top, extend="both", ticks=[-0.3, 0, 0.3])
        self._norm = live_line(below, "o-", ms=4, color=VERMILLION)
        self._when = live_line(below, "--", color="black", lw=1.5)
        log_axis(below, -6, 2, every=2, word="length, log")
        below.set(xlim=(0.5, self.T + 0.5), xlabel="step t")
        return figure

    def update(self, result):
        """Steps before the change have no difference, so no point on a log axis."""
        steps = np.arange(1, self.T + 1)
        self._difference.set_data(result["difference"].T)
        self._norm.set_data(steps, logs(result["norm"]))
        self._when.set_data([self.k, self.k], [-6, 2])

    def readout(self, result):
        """Which states changed, and how much is left at the end."""
        norm = result["norm"]
        changed = np.flatnonzero(norm > 0)
        if not changed.size:
            return "No input has changed, so no state has."
        now, last = norm[self.k - 1], norm[-1]
        before = f"No state before step {self.k} has changed. " if self.k > 1 else ""
        if self.k == self.T:
            return f"{before}The last state, which reads the changed input, moves by {size(now)}."
        left = f"{size(last)} ({size(last / now)} times as much)" if last > ROUNDED else UNTOLD
        later = f"the last state, {self.T - self.k} steps on, by {left}"
        return f"{before}h{sub(self.k)} moves by {size(now)}, and {later}."
