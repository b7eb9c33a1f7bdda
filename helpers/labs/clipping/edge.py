"""Lab of the lesson on clipping and truncation: where a unit ends, against one of its weights."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line
from helpers.drawing.style import BLUE, INK, VERMILLION, fixed
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.lab import Lab, Prediction, Slider

T, H_0, TARGET = 20, -0.5, 0.5
LOWER, BETWEEN, UPPER = "lower", "between", "upper"
SAID = (
    "With U = {U} and b = {b} the unit ends at {end}, and the loss is {loss}. The loss has the slope {slope} "
    "along b, and the end has the slope {moves}."
)


class Edge(Lab):
    """How much can a small change of one weight do?

    One unit without input, h_t = tanh(U h_(t-1) + b), starts at -0.5 and should be at 0.5 after 20 steps.
    """

    U = Slider(0.5, 1.5, step=0.1, default=1.3, label="U")
    b = Slider(0.0, 0.3, step=0.01, default=0.05, label="b")
    anchors = ({"b": 0.1}, {"b": 0.11}, {"b": 0.12}, {"b": 0.13}, {"U": 0.5, "b": 0.3})
    prediction = Prediction(
        "With U = 1.3 and b = 0.10 the unit ends at −0.508. Where does it end when b is 0.12?",
        {"b": 0.12},
        {LOWER: "near −0.5", BETWEEN: "near 0", UPPER: "above 0.5"},
    )
    colours = MappingProxyType({"the unit ends": BLUE, "slope": VERMILLION})
    ALONG = np.linspace(0, 0.3, 301)  # b, ten places per step of the slider

    def measured(self, result):
        """By where it ends."""
        end = result["h"][-1]
        return UPPER if end > TARGET else LOWER if end < -0.25 else BETWEEN

    def because(self, result):
        """The end, and the slope there."""
        end, moves = fixed(result["h"][-1]), fixed(result["moves"], 0)
        return f"It ends at {end}. Here the end moves by {moves} per unit of b."

    def compute(self):
        """One run with its gradient, and the ends of runs with all values of b."""
        cell = RNN(1, 1, init="zeros").put(U=self.U, b=self.b)
        tape = unroll(cell, np.zeros((T, 1, 1)), [[H_0]])
        end = tape.h[-1].item()
        moves = backprop(tape, np.ones((1, 1))).db.item()
        return {
            "h": np.concatenate([[H_0], tape.h[:, 0, 0]]),
            "loss": (end - TARGET) ** 2,
            "moves": moves,
            "slope": 2 * (end - TARGET) * moves,
            "ends": self._ends(),
        }

    def _ends(self):
        """h_T for each b in `ALONG`: where W = 1, an input is a bias."""
        cell = RNN(1, 1, init="zeros").put(W=1, U=self.U)
        x = np.broadcast_to(self.ALONG, (T, 1, len(self.ALONG)))
        return unroll(cell, x, np.full((1, len(self.ALONG)), H_0)).h[-1, 0]

    def draw(self, result):
        """The run on the left; where it ends, against b, on the right."""
        figure = self.new_figure(8.2, 4.0)
        left, right = figure.subplots(1, 2, sharey=True)
        for ax in (left, right):
            ax.axhline(TARGET, color=INK, ls=":", lw=1.5)
            ax.axhline(0, color=INK, lw=0.8)
        left.text(0.2, TARGET + 0.03, "target", va="bottom")
        self._run = live_line(left, "o-", ms=4, color=BLUE)
        self._end = live_line(left, "s", ms=9, color=BLUE)
        left.set(xlim=(-0.5, T + 0.7), ylim=(-1, 1.05), xlabel="step t", xticks=range(0, T + 1, 5))
        left.set_title("the run", fontsize=12)
        left.set_ylabel("state of the unit")
        self._slope = live_line(right, "--", lw=1.5, color=VERMILLION)
        self._ends_line = live_line(right, color=BLUE)
        self._here = live_line(right, "s", ms=9, color=BLUE)
        right.set(xlim=(-0.005, 0.305), xlabel="b", xticks=[0, 0.1, 0.2, 0.3])
        right.set_title("where it ends, up to this b", fontsize=12)
        return figure

    def update(self, result):
        """The curve of the ends is drawn up to the b that has been chosen, with its slope there."""
        h, end = result["h"], result["h"][-1]
        self._run.set_data(np.arange(T + 1), h)
        self._end.set_data([T], [end])
        tried = self.b + 1e-9 >= self.ALONG
        self._ends_line.set_data(self.ALONG[tried], result["ends"][tried])
        self._here.set_data([self.b], [end])
        across = 0.04 / np.hypot(1, result["moves"] * 0.15)  # as long on paper, however steep
        self._slope.set_data(
            [self.b - across, self.b + across],
            [end - across * result["moves"], end + across * result["moves"]],
        )

    def readout(self, result):
        """The end, the loss, and both slopes."""
        return SAID.format(
            U=fixed(self.U, 1),
            b=fixed(self.b, 2),
            end=fixed(result["h"][-1]),
            loss=fixed(result["loss"]),
            slope=fixed(result["slope"], 1),
            moves=fixed(result["moves"], 1),
        )
