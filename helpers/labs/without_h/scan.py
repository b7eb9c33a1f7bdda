"""Lab of the lesson on gates without h: a scan, round by round."""

import numpy as np

from helpers.drawing.plots import live_image, live_line, zero_line
from helpers.drawing.style import BLACK, VERMILLION
from helpers.engine import scan
from helpers.lab import Lab, Prediction, Slider

START = "{T} steps. No round has been made: each pair holds its own step. The scan will take {depth} rounds."
SAID = (
    "{T} steps, round {round} of {depth}: each pair holds up to {reach} steps, and {done} of the {T} pairs "
    "reach back to the start."
)
END = "{T} steps, round {depth} of {depth}: all pairs reach back to the start. {equal}"
EQUAL = "Their states are those of the loop, to 14 digits."
APART = "Their states are not those of the loop."


class ScanRounds(Lab):
    """How many rounds does a scan take?

    The recurrence h_t = a_t h_prev + b_t of a single unit, from h_0 = 0. The a_t are drawn uniformly from 0.8
    to 1, and the b_t are noise with the standard deviation 1/2. In each round every pair takes in the pair
    that is 1, 2, 4 ... places before it, if there is one.
    """

    log_T = Slider(2, 12, step=1, default=4, label="length: log₂ T")
    round = Slider(0, 12, step=1, default=1, label="round", time=True)
    anchors = ({"round": 0}, {"round": 2}, {"round": 4}, {"log_T": 12}, {"log_T": 12, "round": 12})
    prediction = Prediction(
        "The sequence has 4096 steps, which is 2 to the power 12. How many rounds does the scan take?",
        {"log_T": 12},
        ["12", "64", "512", "4095"],
    )

    LAST = 64  # steps whose states are drawn

    def measured(self, result):
        """By counting them."""
        return str(result["depth"])

    def because(self, result):
        """The doubling."""
        return f"Each round doubles how far a pair reaches, so {result['depth']} rounds reach {result['T']}."

    def compute(self):
        """The pairs after this round, the states of the loop, and how many steps each pair holds so far."""
        T, rng = 2**self.log_T, np.random.default_rng(4)
        a, b = rng.uniform(0.8, 1, T), rng.standard_normal(T) / 2
        made = list(scan.rounds(a, b))
        now = min(self.round, len(made) - 1)
        held = np.minimum(2.0 ** np.arange(len(made))[:, None], np.arange(1, T + 1))
        h, loop = 0.0, np.empty(T)
        for t in range(T):
            loop[t] = h = a[t] * h + b[t]
        return {
            "T": T, "round": now, "depth": scan.depth(T), "held": held[: now + 1], "b": made[now][1],
            "loop": loop,
        }  # fmt: skip

    def draw(self, result):
        """Above how many steps each pair holds after each round, below what it holds."""
        figure = self.new_figure(8.2, 4.6)
        above, self._below = figure.subplots(2, 1, height_ratios=[3, 2])
        above.grid(False)
        self._held = live_image(above, (0, 1, 1, 0), 0, 1, cmap="viridis")
        above.set(xlim=(0, 1), ylim=(1, 0), xticks=[], yticks=[0, 1])
        above.set_yticklabels(["before", "last round"])
        above.set_title("how many steps each pair holds, round by round", fontsize=11, loc="left")
        bar = figure.colorbar(self._held, ax=above, ticks=[0, 1])
        bar.ax.set_yticklabels(["one", "all"])
        ax = self._below
        zero_line(ax)
        self._loop = live_line(ax, color=BLACK, lw=1.5, label="h by the loop")
        self._pairs = live_line(ax, ls="none", marker="o", ms=4, color=VERMILLION, label="b of each pair")
        ax.set(xlim=(0, 1), ylim=(-6, 6), xticks=[], ylabel="state")
        ax.set_xlabel(f"all steps, or the last {self.LAST} of them")
        ax.legend(loc="upper right", ncols=2, fontsize=10)
        return figure

    def update(self, result):
        """The rounds made so far; those to come are empty."""
        held = np.full((result["depth"] + 1, result["T"]), np.nan)
        held[: result["round"] + 1] = np.log2(result["held"]) / result["depth"]
        self._held.set_data(held)
        n = min(result["T"], self.LAST)
        x = (np.arange(n) + 0.5) / n
        self._loop.set_data(x, result["loop"][-n:])
        self._pairs.set_data(x, result["b"][-n:])

    def readout(self, result):
        """The round, and how far it has come."""
        T, now, depth = result["T"], result["round"], result["depth"]
        reach = 2**now
        if now == 0:
            return START.format(T=T, depth=depth)
        if now < depth:
            return SAID.format(T=T, round=now, depth=depth, reach=reach, done=min(reach, T))
        same = np.abs(result["b"] - result["loop"]).max() < 1e-14 * np.abs(result["loop"]).max()
        return END.format(T=T, depth=depth, equal=EQUAL if same else APART)
