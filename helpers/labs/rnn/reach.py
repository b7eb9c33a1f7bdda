"""Lab of lesson 1: which states a change of one input reaches."""

import numpy as np

from helpers.drawing.plots import heatmap, live_line, log_axis, logs
from helpers.drawing.style import VERMILLION, sub, three_digits
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Lab, Prediction, Slider

H, T, ASKED = 32, 40, 8  # units, steps, and the step that the prediction speaks of
ROUNDED = np.finfo(float).eps  # of a state whose size is near 1
REACH = {
    "one": (range(ASKED, ASKED + 1), f"step {ASKED} only"),
    "before": (range(1, ASKED + 1), f"steps 1 to {ASKED}"),
    "after": (range(ASKED, T + 1), f"steps {ASKED} to {T}"),
    "all": (range(1, T + 1), f"all {T} steps"),
}
"""The choices: the steps whose states each of them means, and its words."""
ONE_LATER = "The last state, one step later, moves by {last}, which is {ratio} times as much."
LATER = "The last state, {later} steps later, moves by {last}, which is {ratio} times as much."


class PerturbThePast(Lab):
    """If you change one input, which states change?

    An RNN of 32 units reads the same random numbers twice; the second time one input is different.
    """

    k = Slider(1, T, step=1, default=T, label="change the input of step k", time=True)
    change = Slider(0.0, 2.0, step=0.05, default=0.5, label="by how much", more=True)
    gain = Slider(0.2, 1.6, step=0.02, default=0.9, label="recurrent gain (scales U)")
    anchors = ({"gain": 0.2, "k": ASKED}, {"gain": 1.1, "k": ASKED}, {"gain": 1.6, "k": ASKED})
    prediction = Prediction(
        f"Now only the state of step {T} moves. Which states move if input {ASKED} changes instead?",
        {"k": ASKED},
        {choice: words for choice, (_, words) in REACH.items()},
    )

    def measured(self, result):
        """The choice that means the very steps whose states have moved."""
        moved = {int(step) + 1 for step in np.flatnonzero(result["norm"])}
        return next(choice for choice, (steps, _) in REACH.items() if set(steps) == moved)

    def because(self, result):
        """How much is left at the end."""
        now, last = three_digits(result["norm"][self.k - 1]), three_digits(result["norm"][-1])
        return f"h{sub(self.k)} moves by {now}, the last state by {last}, and no earlier state moves."

    def compute(self):
        """The difference between the states with the change and those without it."""
        cell = RNN(1, H, rng=np.random.default_rng(3), init="orthogonal", gain=self.gain)
        x = 0.5 * np.random.default_rng(4).standard_normal((T, 1, 1)) + np.zeros((1, 1, 2))
        x[self.k - 1, 0, 1] += self.change
        h = unroll(cell, x).h
        difference = h[:, :, 1] - h[:, :, 0]
        return {"difference": difference, "norm": np.sqrt((difference**2).sum(axis=1))}

    def draw(self, result):
        """Every unit's difference, and its norm at each step."""
        figure = self.new_figure(8.2, 4.6)
        top, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 2])
        self._difference = heatmap(top, H, T, low=-0.3, high=0.3)
        top.set(ylabel="hidden unit", yticks=[0, 16, 32])
        top.set_title("state with the change, minus state without it", fontsize=12)
        figure.colorbar(self._difference, ax=top, extend="both", ticks=[-0.3, 0, 0.3])
        self._norm = live_line(below, "o-", ms=4, color=VERMILLION)
        self._when = live_line(below, "--", color="black", lw=1.5)
        log_axis(below, -6, 2, every=2, label="norm (log)")
        below.set(xlim=(0.5, T + 0.5), xlabel="step t")
        return figure

    def update(self, result):
        """Steps before the change have no difference, so no point on a log axis."""
        self._difference.set_data(result["difference"].T)
        self._norm.set_data(np.arange(1, T + 1), logs(result["norm"]))
        self._when.set_data([self.k, self.k], [-6, 2])

    def readout(self, result):
        """Which states have moved, and how much is left at the end."""
        if not result["norm"].any():
            return "No input has changed, so no state has moved."
        before = f"No state before step {self.k} moves. " if self.k > 1 else ""
        moved = three_digits(result["norm"][self.k - 1])
        return f"{before}h{sub(self.k)} moves by {moved}. {self._left(result)}"

    def _left(self, result):
        """What the last state says of the change, as a sentence."""
        now, last, later = result["norm"][self.k - 1], result["norm"][-1], T - self.k
        if later == 0:
            return "It is the last state, and it reads the changed input."
        if last < ROUNDED:
            return f"The last state, {later} steps later, moves by less than rounding error."
        left = ONE_LATER if later == 1 else LATER
        return left.format(later=later, last=three_digits(last), ratio=three_digits(last / now))
