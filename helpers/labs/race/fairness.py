"""The lab of lesson 8 that shows the stored race again, seed by seed, at several learning rates."""

import numpy as np

from helpers.drawing.plots import live_line, live_text
from helpers.drawing.style import BLUE, GREEN, INK, PINK, VERMILLION
from helpers.lab import Lab, Prediction
from helpers.lab.controls import Choice
from helpers.labs.race import results
from helpers.labs.race.setup import LENGTHS, N_STEPS, TRACKS

BEST, ASKED = "best", "LSTM, keep long"
OF_RNN, OF_LSTM, OF_GRU, OF_OTHERS = (VERMILLION, "s"), (BLUE, "o"), (GREEN, "^"), (PINK, "D")
STYLES = {
    "RNN": OF_RNN,
    "LSTM, b_f = 0": OF_LSTM,
    "LSTM, b_f = 1": OF_LSTM,
    "LSTM, keep long": OF_LSTM,
    "LSTM, chrono": OF_LSTM,
    "GRU": OF_GRU,
    "GRU, chrono": OF_GRU,
}
"""Colour and marker of a lane's dots."""
APART = 0.11  # rows from one seed to the next, so that equal dots do not hide one another
NONE, BESIDE = N_STEPS * 1.06, N_STEPS * 1.12  # where a seed that failed is drawn; the end of the axis


class OtherRates(Lab):
    """Was the race fair?

    Each dot is one seed of the race that was measured: after how many updates it had solved the task. Seeds
    that did not are drawn hollow, at the right. A row is a lane, with the learning rate at which it ran.
    """

    task = Choice(["agreement", "temporal order", "adding"], label="task")
    length = Choice({"long": "long", "middle": "middle"}, label="length")
    rate = Choice(
        {"0.01": "0.01, as in the race", "0.003": "0.003", "0.03": "0.03", BEST: "each lane at its best"},
        label="learning rate",
    )
    prediction = Prediction(
        "At its best of three rates, with how many of five seeds does “LSTM, keep long” solve the task?",
        {"rate": BEST},
        {"few": "still with one or none", "some": "with two or three", "most": "with four or five"},
    )

    def compute(self):
        """The updates and the rate of each lane."""
        if self.rate == BEST:
            found = results.best(self.task, self.length)
        else:
            found = results.measured(self.task, self.length, float(self.rate))
        return {
            "updates": {lane: np.array([row["updates"] for row in own]) for lane, own in found.items()},
            "rates": {lane: own[0]["lr"] for lane, own in found.items()},
        }

    def draw(self, result):
        """One row per lane, one dot per seed."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        lanes = results.lanes()
        ax.set(xlim=(0, BESIDE), ylim=(len(lanes) - 0.5, -0.5), xlabel="updates until it is solved")
        ax.set_xticks(np.arange(0, N_STEPS + 1, 100))
        ax.set_yticks(range(len(lanes)), lanes)
        ax.tick_params(axis="y", length=0)
        ax.grid(False, axis="y")
        ax.axvspan(N_STEPS, BESIDE, color="0.94", zorder=0)
        ax.text(NONE, -0.6, "not solved", ha="center", va="bottom", fontsize=10)
        self._dots = {lane: self._row(ax, lane) for lane in lanes}
        style = {"va": "center", "fontsize": 11, "color": INK, "clip_on": False}
        self._said = {lane: live_text(ax, BESIDE * 1.01, k, **style) for k, lane in enumerate(lanes)}
        ax.text(1.01, 0.5, "5 of 5, rate 0.003", color="none", fontsize=11, transform=ax.transAxes)
        return figure

    def _row(self, ax, lane):
        colour, marker = STYLES.get(lane, OF_OTHERS)
        dots = {"ls": "none", "marker": marker, "ms": 7}
        return (
            live_line(ax, color=colour, mec="black", mew=0.6, **dots),
            live_line(ax, mfc="white", mec=colour, mew=1.6, **dots),
        )

    def update(self, result):
        """Put the dots where they belong."""
        for row, lane in enumerate(results.lanes()):
            updates = result["updates"][lane]
            y = row + APART * (np.arange(len(updates)) - (len(updates) - 1) / 2)
            solved, failed = self._dots[lane]
            solved.set_data(updates[updates > 0], y[updates > 0])
            failed.set_data(np.full((updates == 0).sum(), NONE), y[updates == 0])
            count = {"solved": (updates > 0).sum(), "n": len(updates), "rate": result["rates"][lane]}
            said = AT_NO_RATE if self.rate == BEST and not count["solved"] else AT_RATE
            self._said[lane].set_text(said.format(**count))

    def measured(self, result):
        """With how many of five seeds the lane in question solves it."""
        solved = (result["updates"][ASKED] > 0).sum()
        return "few" if solved <= 1 else "some" if solved <= 3 else "most"

    def because(self, result):
        """The lane's count, at its best rate and in the race."""
        before = np.array([row["updates"] for row in results.measured(self.task, self.length)[ASKED]])
        counts = {"now": (result["updates"][ASKED] > 0).sum(), "before": (before > 0).sum()}
        return COUNTS.format(n=len(before), **counts)

    def readout(self, result):
        """How many lanes solve it with every seed, and which if it is a single one."""
        sure = [lane for lane, updates in result["updates"].items() if (updates > 0).all()]
        lanes, T = len(result["updates"]), TRACKS[self.task].lengths[LENGTHS.index(self.length)]
        return (ONE_LANE if len(sure) == 1 else LANES_WITH_ALL).format(
            T=T, n=len(sure), lanes=lanes, name="".join(sure[:1])
        )


AT_RATE = "{solved} of {n}, rate {rate:g}"
AT_NO_RATE = "{solved} of {n} at any rate"
LANES_WITH_ALL = "T = {T}: {n} of {lanes} lanes solve it with every seed."
ONE_LANE = "T = {T}: only {name} solves it with every seed."
COUNTS = "At its best rate it solves the task with {now} of {n} seeds; in the race it was {before} of {n}."
