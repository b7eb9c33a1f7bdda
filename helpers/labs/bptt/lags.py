"""Lab of lesson 2: the gradient as a sum over lags."""

import numpy as np

from helpers.drawing.plots import bars, live_line, place_bars, zero_line
from helpers.drawing.style import AMBER, BLACK, GREEN, PINK, SKY, fixed
from helpers.engine.bptt import by_lag, unroll
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.bptt.unit import PUSHES, START, TARGETS, T, errors, unit

MOST = 0.9  # of the gradient: what the prediction asks about
FIRST = "Lag 0 contributes {so_far} to d{weight}, which is {full} in full."
SUM = "Lags 0 to {lag} contribute {so_far} to d{weight}, which is {full} in full."
AT_4 = "h₄ has received {direct} directly and {later} from later steps."


class LagByLag(Lab):
    """How much of the gradient comes from how far back?

    The unit of the first lab. All errors are sent back at once: at 0 none has moved, at 1 each has gone
    one step, and so on.
    """

    lag = Slider(0, T - 1, step=1, default=0, label="errors sent back, in steps", time=True)
    targets = Choice(list(TARGETS), label="targets at")
    weight = Choice(["U", "W", "b"], label="gradient of")
    anchors = (
        {"lag": 3},
        {"lag": T - 1},
        {"lag": 3, "weight": "b"},
        {"lag": 4, "weight": "b"},
        {"lag": 3, "weight": "W"},
        {"lag": T - 1, "weight": "W"},
    )
    prediction = Prediction(
        "How many of the ten lags, counted from lag 0, does it take to reach 90 per cent of dU?",
        {"lag": T - 1},
        {"1": "one", "4": "four", "8": "eight", "10": "all ten"},
    )

    def measured(self, result):
        """How many lags it takes until no more than a tenth is missing, then or later."""
        missing = np.abs(1 - result["shares"].cumsum() / result["shares"].sum())
        return str(np.flatnonzero(np.r_[True, missing > 1 - MOST])[-1] + 1)

    def because(self, result):
        """What the sums are around there."""
        three, four, full = (fixed(result["shares"][:n].sum()) for n in (3, 4, None))
        return f"Lags 0 to 2 contribute {three} of {full}; lags 0 to 3 contribute {four}."

    def compute(self):
        """What has arrived at each state, and what each lag contributes."""
        tape = unroll(unit(*START), PUSHES)
        _, direct = errors(tape, TARGETS[self.targets])
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
        left.set_title("error signal at $h_t$")
        zero_line(right)
        self._shares = bars(right, GREEN, width=11, label="one lag")
        self._sum = live_line(right, "D-", ms=4, lw=1.5, color=BLACK, label="sum so far")
        self._full = live_line(right, "--", color=PINK, label="in full")
        right.set(xlim=(-0.6, T - 0.4), xticks=range(T), xlabel="lag", ylim=(-0.45, 1.6))
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
        """The sum so far against the whole, and what one state has received."""
        sums, n = result["shares"].cumsum(), self.lag
        said = {"so_far": fixed(sums[n]), "full": fixed(sums[-1]), "lag": n, "weight": self.weight}
        here = {"direct": fixed(result["direct"][3]), "later": fixed(result["later"][3])}
        return f"{(SUM if n else FIRST).format(**said)} {AT_4.format(**here)}"
