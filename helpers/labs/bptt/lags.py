"""Labs of notebook 02: the gradient as a sum over lags."""

import numpy as np

from helpers.drawing.plots import bars, live_line, place_bars, zero_line
from helpers.drawing.style import AMBER, BLACK, GREEN, PINK, SKY, fixed
from helpers.engine.bptt import by_lag, unroll
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.bptt.walking_back import PUSHES, START, TARGETS, T, errors, unit


class LagByLag(Lab):
    """How much of the gradient comes from how far back?

    The unit of the first lab. All errors are sent back at once: at 0 none has moved, at 1 each has gone
    one step, and so on.
    """

    lag = Slider(0, T - 1, step=1, default=0, label="errors sent back, in steps", time=True)
    targets = Choice(TARGETS, label="targets at")
    weight = Choice(["U", "W", "b"], label="gradient of")
    anchors = ({"lag": 3}, {"lag": 9}, {"lag": 4, "weight": "b"})
    prediction = Prediction(
        "How many of the ten lags, counted from 0, does it take until the sum has 95% of dU?",
        {"lag": T - 1},
        ["1", "4", "8", "all 10"],
    )

    def measured(self, result):
        """The first lag from which on nothing more than 5% is missing."""
        missing = np.abs(1 - result["shares"].cumsum() / result["shares"].sum())
        n = int(np.flatnonzero(np.r_[True, missing > 0.05])[-1]) + 1
        return "all 10" if n == T else str(n)

    def because(self, result):
        """What that many lags come to."""
        sums = result["shares"].cumsum()
        return f"Lags 0 to 3 make {fixed(sums[3])} of {fixed(sums[-1])}; the long ones add next to nothing."

    def compute(self):
        """What has arrived at each state, and the share of every lag."""
        cell = unit(*START)
        tape = unroll(cell, PUSHES)
        _, _, direct = errors(tape, self.targets)
        lags = list(by_lag(tape, direct))
        later = np.zeros(T)
        for lag in lags[1 : self.lag + 1]:
            later[: len(lag.da)] += lag.dstates[:, 0, 0, 0]
        shares = [lag.weight_gradients()[self.weight].item() for lag in lags]
        return {"direct": direct[:, 0, 0], "later": later, "shares": np.array(shares)}

    def draw(self, result):
        """The gradient at each state; the gradient of the weight."""
        figure = self.new_figure(8.2, 4.2)
        left, right = figure.subplots(1, 2)
        zero_line(left)
        self._direct = bars(left, AMBER, width=7, label="direct")
        self._later = bars(left, SKY, width=7, label="later steps")
        self._total = live_line(left, "D", ms=4, color=BLACK, label="sum")
        left.set(xlim=(0.4, T + 0.6), xticks=range(1, T + 1), xlabel="step t", ylim=(-0.4, 0.85))
        left.set_title("gradient of the loss at $h_t$")
        zero_line(right)
        self._shares = bars(right, GREEN, width=11, label="share")
        self._sum = live_line(right, "D-", ms=4, lw=1.5, color=BLACK, label="so far")
        self._full = live_line(right, "--", color=PINK, label="in full")
        right.set(xlim=(-0.6, T - 0.4), xticks=range(T), xlabel="lag", ylim=(-0.35, 1.6))
        right.set_title("gradient of the weight")
        for ax in (left, right):
            ax.legend(loc="upper center", ncols=3, columnspacing=0.8, handlelength=1.1, handletextpad=0.4)
        return figure

    def update(self, result):
        """Show what has been sent back so far."""
        steps, direct, later = np.arange(1, T + 1), result["direct"], result["later"]
        place_bars(self._direct, steps - 0.17, 0, direct)
        place_bars(self._later, steps + 0.17, 0, later)
        self._total.set_data(steps, direct + later)
        lags, shares = np.arange(self.lag + 1), result["shares"][: self.lag + 1]
        place_bars(self._shares, lags, 0, shares)
        self._sum.set_data(lags, shares.cumsum())
        self._full.set_data([-0.6, T - 0.4], [result["shares"].sum()] * 2)

    def readout(self, result):
        """The sum so far against the whole."""
        so_far, full = result["shares"][: self.lag + 1].sum(), result["shares"].sum()
        lags = "lag 0" if self.lag == 0 else f"lags 0 to {self.lag}"
        return (
            f"d{self.weight} is {fixed(so_far)} from {lags}, {fixed(full)} in full. "
            f"h₄ gets {fixed(result['direct'][3])} directly and {fixed(result['later'][3])} from later steps."
        )
