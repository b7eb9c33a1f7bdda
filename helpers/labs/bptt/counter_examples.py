"""Labs of notebook 02: counter-examples. What U says of one step, and what many steps make of it."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import bars, live_line, live_text, log_axis, logs, place_bars, zero_line
from helpers.drawing.style import BLACK, BLUE, GREEN, SKY, VERMILLION, fixed, size, sup
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.bptt.norms import LONGEST, H, network
from helpers.tasks import noise


class Saturation(Lab):
    """Does a spectral radius above 1 mean that gradients explode?

    The same orthogonal U, times the gain, in a tanh network and in a linear one; 100 steps of noise.
    """

    gain = Slider(0.5, 2.0, step=0.01, default=0.9, label="gain (spectral radius of U)")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input")
    anchors = (
        {"gain": 1.1},
        {"gain": 1.1, "size": 0.0},
        {"gain": 1.1, "size": 2.0},
        {"gain": 2.0},
        {"gain": 1.3},
    )
    T, BINS = 100, 20
    prediction = Prediction(
        "At gain 1.1 all eigenvalues of U lie outside the unit circle. What does the gradient do with tanh?",
        {"gain": 1.1},
        ["it vanishes", "it keeps its size", "it explodes"],
    )
    colours = MappingProxyType({"U alone": BLUE, "Measured with tanh": VERMILLION})

    def measured(self, result):
        """By what is left after 100 steps."""
        return f"it {_trend(probes.factor_per_step(result['norms']))}"

    def because(self, result):
        """The factor, and the slope that makes it."""
        factor, slope = fixed(probes.factor_per_step(result["norms"])), fixed(result["mean"])
        return (
            f"It is {factor} a step: tanh saturates, its slope was {slope} on average, and is a factor too."
        )

    def compute(self):
        """What 100 steps leave of ∂h_T/∂h_t, and the slopes of tanh that were met on the way."""
        cell = network(self.gain, "tanh")
        tape = unroll(cell, self.size * noise(LONGEST, H, 2)[: self.T])
        slopes = 1 - tape.h**2
        shares = np.histogram(slopes, self.BINS, (0, 1))[0] / slopes.size
        return {"norms": probes.log_norms_dh_T(tape), "shares": shares, "mean": float(slopes.mean())}

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
        right.set(xlim=(0, 1.02), ylim=(0, 1.05), xlabel="slope of tanh, 1 − h²", ylabel="share of the units")
        right.set_title("slopes met on the way")
        return figure

    def update(self, result):
        """The linear one needs no run: its norm is a power of the gain."""
        t = np.arange(self.T + 1)
        self._linear.set_data(t, np.log10(self.gain) * (self.T - t))
        self._tanh.set_data(t, result["norms"])
        place_bars(self._slopes, (np.arange(self.BINS) + 0.5) / self.BINS, 0, result["shares"])
        self._mean.set_data([result["mean"]] * 2, [0, 1])
        self._word.set_text(f"mean {fixed(result['mean'], 2)}")
        self._word.set_ha("right" if result["mean"] > 0.5 else "left")
        self._word.set_x(min(result["mean"] + (-0.03 if result["mean"] > 0.5 else 0.03), 0.93))

    def readout(self, result):
        """Factor a step by U alone, and as measured."""
        factor = probes.factor_per_step(result["norms"])
        return (
            f"U alone: × {fixed(self.gain)} a step. Measured with tanh: × {fixed(factor)} a step, so the "
            f"gradient {_trend(factor)}. The slope of tanh was {fixed(result['mean'])} on average."
        )


class TwoByTwo(Lab):
    """What do many steps make of a matrix?

    Two linear units. U stretches one direction s₁ times and the one at right angles to it s₂ times, then
    turns by an angle. An error sent back n steps meets the product of n such matrices.
    """

    s1 = Slider(0.0, 2.5, step=0.05, default=0.9, label="singular value s₁")
    s2 = Slider(0.0, 2.5, step=0.05, default=0.4, label="singular value s₂")
    angle = Slider(0, 90, step=1, default=0, label="turned by (degrees)")
    n = Slider(0, 40, step=1, default=5, label="steps back n", time=True)
    matrices = Choice(["U at every step", "U and its transpose in turn"], label="on the way")
    anchors = (
        {"s1": 2.0, "angle": 42, "n": 1},
        {"s1": 2.0, "angle": 42, "n": 8},
        {"s1": 2.0, "angle": 42, "n": 28},
        {"s1": 2.0, "angle": 90},
        {"s1": 2.0, "angle": 42, "matrices": "U and its transpose in turn"},
    )
    LONGEST, LOW, HIGH, SEEN = 40, -6, 6, 2.6
    START = np.array([np.cos(np.pi / 3), np.sin(np.pi / 3)])  # an error of length 1
    prediction = Prediction(
        "s₁ = 2, s₂ = 0.4, turned by 42 degrees: both eigenvalues have the size 0.894. The error ...",
        {"s1": 2.0, "s2": 0.4, "angle": 42},
        ["only shrinks", "grows, then shrinks", "only grows"],
    )
    colours = MappingProxyType({"singular values": GREEN, "|eigenvalues|": BLUE, "the error": VERMILLION})

    def measured(self, result):
        """By the error's length after each of 40 steps."""
        length = np.linalg.norm(result["error"], axis=1)
        if length[-1] > 1:
            return "only grows"
        return "grows, then shrinks" if length.max() > 1 else "only shrinks"

    def because(self, result):
        """How far it grows, and when it is back."""
        length = np.linalg.norm(result["error"], axis=1)
        below = int(np.flatnonzero(length >= 1)[-1]) + 1
        return f"It is {size(length.max())} long after {length.argmax()} steps, and below 1 from {below} on."

    def compute(self):
        """The products, their singular values and eigenvalues, and where the error is after each step."""
        U = self._turn() @ np.diag([self.s1, self.s2])
        steps = [U] if self.matrices == "U at every step" else [U, U.T]
        products = [np.eye(2)]
        for k in range(self.LONGEST):
            products.append(products[-1] @ steps[k % len(steps)])  # that of the last step stands leftmost
        products = np.array(products)
        determinants = (self.s1 * self.s2) ** np.arange(self.LONGEST + 1.0)
        return {
            "product": products[self.n],
            "singular": _both(np.linalg.norm(products, 2, axis=(1, 2)), determinants),
            "eigen": _both(np.abs(np.linalg.eigvals(products)).max(axis=1), determinants),
            "error": products.transpose(0, 2, 1) @ self.START,
        }

    def _turn(self):
        """A rotation; exact at 0 and 90 degrees."""
        cos, sin = np.round([np.cos(np.deg2rad(self.angle)), np.sin(np.deg2rad(self.angle))], 15)
        return np.array([[cos, -sin], [sin, cos]])

    def draw(self, result):
        """Left the plane of the two units, right the sizes over the steps."""
        figure = self.new_figure(8.2, 4.15)
        left, right = figure.subplots(1, 2)
        turn = np.linspace(0, 2 * np.pi, 121)
        self._circle = np.stack([np.cos(turn), np.sin(turn)])
        self._unit = live_line(left, color="0.5", lw=1.5)
        self._ellipse = live_line(left, color=GREEN)
        self._path = live_line(left, ".-", color=VERMILLION, lw=1, ms=7)
        self._tip = live_line(left, "o", color=VERMILLION, ms=9)
        self._scale = live_text(left, 0, -2.45, ha="center", va="center")
        ends = (-self.SEEN, self.SEEN)
        left.set(xlim=ends, ylim=ends, aspect="equal", xticks=[], yticks=[])
        left.set_title("one error, and all errors of length 1", fontsize=12)
        for side in ("top", "right"):
            left.spines[side].set_visible(True)
        self._draw_sizes(right)
        figure.legend(handles=self._lines, loc="outside upper right", ncols=4, fontsize=10, columnspacing=1)
        return figure

    def _draw_sizes(self, ax):
        zero_line(ax)
        looks = {
            "largest singular value": (GREEN, "-"), "smallest singular value": (GREEN, ":"),
            "largest |eigenvalue|": (BLUE, "--"), "length of the error": (VERMILLION, ".-"),
        }  # fmt: skip
        self._lines = [
            live_line(ax, dash, color=colour, ms=5, lw=1.8, label=name)
            for name, (colour, dash) in looks.items()
        ]
        self._here = live_line(ax, color=BLACK, lw=1)
        log_axis(ax, self.LOW, self.HIGH, every=2, word="of the product, log scale")
        ax.set(xlim=(0, self.LONGEST), xlabel="steps back n")

    def update(self, result):
        """An error sent back is multiplied by the transpose of the product."""
        ellipse, path = result["product"].T @ self._circle, result["error"][: self.n + 1].T
        far = max(np.abs(ellipse).max(), np.abs(path).max(), 1)
        power = max(0, int(np.ceil(np.log10(far / self.SEEN))))
        for line, points in ((self._unit, self._circle), (self._ellipse, ellipse), (self._path, path)):
            line.set_data(*(points / 10**power))
        self._tip.set_data(*(path[:, -1:] / 10**power))
        times = "10" if power == 1 else f"10{sup(power)}"
        self._scale.set_text(f"drawn {times} times smaller" if power else "")
        steps = np.arange(self.LONGEST + 1)
        lengths = np.linalg.norm(result["error"], axis=1)
        sizes = (result["singular"][:, 0], result["singular"][:, 1], result["eigen"][:, 0], lengths)
        for line, values in zip(self._lines, sizes, strict=True):
            line.set_data(steps, logs(values))
        self._here.set_data([self.n, self.n], [self.LOW, self.HIGH])

    def readout(self, result):
        """One step, and the product of n."""
        singular, eigen = result["singular"], result["eigen"]
        length = size(np.linalg.norm(result["error"][self.n]))
        return (
            f"1 step: singular values {_two(singular[1])}; |eigenvalues| {_two(eigen[1])}. "
            f"{_steps(self.n)}: singular values {_two(singular[self.n])}; "
            f"|eigenvalues| {_two(eigen[self.n])}; the error is {length} long."
        )


def _trend(factor):
    """What a gradient does that is multiplied by this at each step."""
    return "vanishes" if factor < 0.995 else "explodes" if factor > 1.005 else "keeps its size"


def _both(largest, determinants):
    """The larger and the smaller of two whose product is known: beside a large one rounding would bury it."""
    return np.stack([largest, determinants / np.where(largest > 0, largest, 1)], axis=1)


def _steps(n):
    return "1 step" if n == 1 else f"{n} steps"


def _two(values):
    return f"{size(values[0])}, {size(values[1])}"
