"""Labs of the lesson on vanishing gradients: what one step of a matrix does, and what many steps do."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, live_text, log_axis, logs, zero_line
from helpers.drawing.style import BLACK, BLUE, GREEN, VERMILLION, fixed, sup, three_digits
from helpers.lab import Lab, Prediction, Slider

FALLS, HUMP, RISES = "falls", "hump", "rises"
SHRINK, TWICE, THOUSAND = "shrink", "twice", "thousand"


class TwoByTwo(Lab):
    """What happens when many steps multiply by the same matrix?

    Two linear units. U stretches one direction s₁ times and the one at right angles to it s₂ times, then
    turns the result. An error signal that is sent back n steps is multiplied by the transpose of the product
    of n such matrices.
    """

    s1 = Slider(0.0, 2.5, step=0.05, default=0.9, label="singular value s₁")
    s2 = Slider(0.0, 2.5, step=0.05, default=0.4, label="singular value s₂")
    angle = Slider(0, 90, step=1, default=0, label="turned by (degrees)")
    n = Slider(0, 40, step=1, default=5, label="steps back n", time=True)
    anchors = (
        {"s1": 2.0, "angle": 42},
        {"s1": 2.0, "angle": 42, "n": 1},
        {"s1": 2.0, "angle": 42, "n": 8},
        {"s1": 2.0, "angle": 42, "n": 28},
        {"s1": 2.0, "angle": 90},
        {"s1": 2.0, "angle": 30},
    )
    LONGEST, LOW, HIGH, SEEN = 40, -6, 6, 2.6
    AHEAD = True  # whether the sizes are shown for all steps, or for those up to n
    START = np.array([np.cos(np.pi / 3), np.sin(np.pi / 3)])  # an error signal of norm 1
    prediction = Prediction(
        "At s₁ = 2, s₂ = 0.4, 42 degrees, both eigenvalues have size 0.894. What does the largest stretch do "
        "as n grows?",
        {"s1": 2.0, "s2": 0.4, "angle": 42},
        {FALLS: "it only falls", HUMP: "it rises, then falls", RISES: "it only rises"},
    )
    colours = MappingProxyType(
        {"largest stretch": GREEN, "spectral radius": BLUE, "The error signal": VERMILLION}
    )

    def measured(self, result):
        """By the largest stretch of 1 to 40 steps."""
        largest = result["singular"][:, 0]
        if largest[-1] > 1:
            return RISES
        return HUMP if largest.max() > 1 else FALLS

    def because(self, result):
        """Where it is largest, and from where on it is below 1."""
        largest = result["singular"][:, 0]
        below = int(np.flatnonzero(largest >= 1)[-1]) + 1
        most = three_digits(largest.max())
        return f"It is {most} at {largest.argmax()} steps, and below 1 from {below} steps on."

    def steps(self, U):
        """The matrices that the error signal meets in turn."""
        return [U]

    def compute(self):
        """The products, their singular values and eigenvalues, and where the error is after each step."""
        steps = self.steps(self._turn() @ np.diag([self.s1, self.s2]))
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
        left.set_title("where error signals of norm 1 end", fontsize=12)
        for side in ("top", "right"):
            left.spines[side].set_visible(True)
        self._draw_sizes(right)
        figure.legend(handles=self._lines, loc="outside upper right", ncols=4, fontsize=10, columnspacing=1)
        return figure

    def _draw_sizes(self, ax):
        zero_line(ax)
        styles = {
            "largest stretch": (GREEN, "-"), "smallest stretch": (GREEN, ":"),
            "spectral radius": (BLUE, "--"), "norm of the error signal": (VERMILLION, ".-"),
        }  # fmt: skip
        self._lines = [
            live_line(ax, dash, color=colour, ms=5, lw=1.8, label=name)
            for name, (colour, dash) in styles.items()
        ]
        self._here = live_line(ax, color=BLACK, lw=1)
        log_axis(ax, self.LOW, self.HIGH, every=2, label="after n steps, log scale")
        ax.set(xlim=(0, self.LONGEST), xlabel="steps back n")

    def update(self, result):
        """An error signal that is sent back is multiplied by the transpose of the product."""
        ellipse, path = result["product"].T @ self._circle, result["error"][: self.n + 1].T
        far = max(np.abs(ellipse).max(), np.abs(path).max(), 1)
        power = max(0, int(np.ceil(np.log10(far / self.SEEN))))
        for line, points in ((self._unit, self._circle), (self._ellipse, ellipse), (self._path, path)):
            line.set_data(*(points / 10**power))
        self._tip.set_data(*(path[:, -1:] / 10**power))
        times = "10" if power == 1 else f"10{sup(power)}"
        self._scale.set_text(f"drawn {times} times smaller" if power else "")
        steps = np.arange((self.LONGEST if self.AHEAD else self.n) + 1)
        norms = np.linalg.norm(result["error"], axis=1)
        sizes = (result["singular"][:, 0], result["singular"][:, 1], result["eigen"][:, 0], norms)
        for line, values in zip(self._lines, sizes, strict=True):
            line.set_data(steps, logs(values[: len(steps)]))
        self._here.set_data([self.n, self.n], [self.LOW, self.HIGH])

    def readout(self, result):
        """One step, and the product of n."""
        stretch, radius = three_digits(result["singular"][1, 0]), three_digits(result["eigen"][1, 0])
        norm = three_digits(np.linalg.norm(result["error"][self.n]))
        one = f"One step has the largest stretch {stretch} and the spectral radius {radius}."
        if self.n < 2:
            return f"{one} The error signal has norm {norm}."
        stretch, radius = (three_digits(result[name][self.n, 0]) for name in ("singular", "eigen"))
        product = f"The product of {self.n} steps has {stretch} and {radius}."
        return f"{one} {product} The error signal has norm {norm}."


class InTurn(TwoByTwo):
    """What if a matrix and its transpose take turns?

    The same two units; the error signal meets U and its transpose in turn.
    """

    s1 = Slider(0.0, 2.5, step=0.05, default=2.0, label="singular value s₁")
    angle = Slider(0, 90, step=1, default=42, label="turned by (degrees)")
    n = Slider(0, 40, step=1, default=1, label="steps back n", time=True)
    AHEAD = False
    anchors = ({"n": 2}, {"n": 10}, {"angle": 90}, {"angle": 0})
    prediction = Prediction(
        "Each of the matrices has eigenvalues of size 0.894. How far can ten of them, in turn, stretch an "
        "error signal?",
        {"n": 10},
        {SHRINK: "they shrink it", TWICE: "about twice", THOUSAND: "about a thousand times"},
    )

    def measured(self, result):
        """By the largest stretch of ten steps."""
        largest = result["singular"][self.n, 0]
        return SHRINK if largest < 1 else TWICE if largest < 30 else THOUSAND

    def because(self, result):
        """The power of two."""
        return (
            f"They stretch it up to {fixed(result['singular'][self.n, 0], 0)} times: 2 to the power {self.n}."
        )

    def steps(self, U):
        """One after the other."""
        return [U, U.T]


def _both(largest, determinants):
    """The larger and the smaller of two whose product is known: beside a large one rounding would bury it."""
    return np.stack([largest, determinants / np.where(largest > 0, largest, 1)], axis=1)
