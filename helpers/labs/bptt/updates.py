"""Lab of lesson 2: forty updates with the gradient."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import bars, live_line, log_axis, logs, place_bars
from helpers.drawing.style import BLACK, BLUE, GREEN, VERMILLION, as_factor, fixed
from helpers.engine.bptt import unroll
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.bptt.unit import PUSHES, START, TARGETS, TEACHER, UPDATES, T, errors, learning, unit

WEIGHTS = {"U": 1, "W": 0, "b": 2}  # and their places among the parameters
BEFORE, WANTED = START[2], TEACHER[2]  # b at the start, and in the unit that the targets come from
NONE_MADE = "Before the first update the loss is {loss}."
ONE_MADE = "After one update the loss is {loss}."
SOME_MADE = "After {n} updates the loss is {loss}."
NEXT = "The next one takes {name} to {now} − {rate} × {slope} = {then}."


class Learning(Lab):
    """What do forty updates do to the errors?

    The same unit. Each update subtracts η times the gradient from the weights.
    """

    updates = Slider(0, UPDATES, step=1, default=0, label="updates made so far", time=True)
    rate = Slider(0.05, 0.5, step=0.05, default=0.2, label="learning rate η")
    weight = Choice(list(WEIGHTS), label="work out the update of")
    anchors = (
        {"updates": 1, "weight": "b"},
        {"updates": 2},
        {"updates": UPDATES},
        {"updates": UPDATES, "rate": 0.05},
        {"updates": 1, "rate": 0.5},
        {"updates": UPDATES, "rate": 0.5},
    )
    prediction = Prediction(
        "b is 0.2 and db is 1.087. The targets come from a unit with b = 0.05. Where does one update take b?",
        {"updates": 1},
        {"away": "to more than 0.2", "short": "between 0.2 and 0.05", "past": "past 0.05"},
    )
    colours = MappingProxyType({"W": BLUE, "U": VERMILLION, "b": GREEN, "loss": VERMILLION})

    def measured(self, result):
        """Where the first update has taken b."""
        b = result["weights"][1, WEIGHTS["b"]]
        return "away" if b > BEFORE else "short" if b > WANTED else "past"

    def because(self, result):
        """The arithmetic of that update."""
        db, b = result["gradients"][0, WEIGHTS["b"]], result["weights"][1, WEIGHTS["b"]]
        return f"{BEFORE} − {self.rate} × {fixed(db)} = {fixed(b)}. One update can overshoot."

    def compute(self):
        """The run after so many updates, and the whole path of the weights."""
        weights, losses, gradients = learning(self.rate)
        tape, asked = unroll(unit(*weights[self.updates]), PUSHES), TARGETS["every step"]
        error, _ = errors(tape, asked)
        return {
            "asked": asked, "error": error, "y_hat": tape.h[:, 0, 0], "weights": weights, "losses": losses,
            "gradients": gradients,
        }  # fmt: skip

    def draw(self, result):
        """The outputs and their targets; the loss and the weights over the updates."""
        figure = self.new_figure(8.2, 4.4)
        grid = figure.add_gridspec(2, 2, width_ratios=[5, 4])
        self._draw_output(figure.add_subplot(grid[:, 0]))
        above, below = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        self._falling = live_line(above, color=VERMILLION)
        self._here = live_line(above, "o", ms=8, color=VERMILLION)
        log_axis(above, -6, 0, every=2, label="loss (log)")
        styles = {"W": (BLUE, "-"), "U": (VERMILLION, "--"), "b": (GREEN, "-.")}
        self._weights = [
            live_line(below, dash, color=colour, label=name) for name, (colour, dash) in styles.items()
        ]
        self._now = live_line(below, "o", ms=6, color=BLACK)
        below.set(ylim=(-0.6, 1.9), xlabel="updates made", ylabel="weights")
        below.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.5)
        for ax in (above, below):
            ax.set_xlim(-1, UPDATES + 1)
        return figure

    def _draw_output(self, ax):
        self._sticks = bars(ax, VERMILLION, width=3, label="error")
        self._target = live_line(ax, "s", ms=8, mfc="none", color=BLACK)
        self._output = live_line(ax, "o-", lw=1, color=BLUE)
        self._target.set_label("target $y_t$")
        self._output.set_label("output $\\hat y_t$")
        ax.set(xlim=(0.4, T + 0.6), xticks=range(1, T + 1), xlabel="step t", ylim=(-1.1, 1.4))
        ax.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.2, handletextpad=0.5)

    def update(self, result):
        """Show the errors, and how far learning has come."""
        steps, y_hat = np.arange(1, T + 1), result["y_hat"]
        asked, error = result["asked"], result["error"]
        y = y_hat[asked - 1] - error
        place_bars(self._sticks, asked, y, y + error)
        self._target.set_data(asked, y)
        self._output.set_data(steps, y_hat)
        made = np.arange(self.updates + 1)
        self._falling.set_data(made, logs(result["losses"][made]))
        self._here.set_data([self.updates], logs(result["losses"][[self.updates]]))
        for line, values in zip(self._weights, result["weights"][made].T, strict=True):
            line.set_data(made, values)
        self._now.set_data([self.updates] * 3, result["weights"][self.updates])

    def readout(self, result):
        """The loss, and the arithmetic of the next update."""
        n, place = self.updates, WEIGHTS[self.weight]
        made = NONE_MADE if n == 0 else ONE_MADE if n == 1 else SOME_MADE
        now, slope = (result[name][n, place] for name in ("weights", "gradients"))
        said = {"name": self.weight, "now": fixed(now), "rate": f"{self.rate:g}"}
        said |= {"slope": as_factor(fixed(slope)), "then": fixed(now - self.rate * slope)}
        return f"{made.format(n=n, loss=fixed(result['losses'][n], 4))} {NEXT.format(**said)}"
