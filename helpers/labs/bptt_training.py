"""Labs of notebook 02: how far back must errors go for a network to learn?"""

import numpy as np

from helpers.cells import LSTM
from helpers.lab import Slider
from helpers.running import RunningLab
from helpers.style import AMBER, BLUE, GREEN, INK, VERMILLION, fixed
from helpers.tasks import TemporalOrder
from helpers.training import Adam, Model, Readout, cross_entropy, fit, running_mean

NOTEBOOK = "02_bptt_vanishing_gradients"


class SmallestWindow(RunningLab):
    """How far back must errors be sent for the network to learn the task?

    Temporal order, 30 steps: two marks, each X or Y, stand among noise; after the last step the network
    must say which came first and which second. An LSTM of 32 units learns it with Adam from batches of
    32 new sequences.
    """

    k = Slider(1, 30, step=1, default=30, label="send errors back k steps")
    seed = Slider(0, 5, step=1, default=0, label="seed (another start)")
    T, H, MEAN_OF, SOLVED = 30, 32, 20, 0.98
    n_steps = 600

    def compute(self):
        """Nothing learned yet."""
        return {"accuracy": np.zeros(0), "solved": False}

    def run_steps(self):
        """Learn, batch by batch, until it is solved."""
        task, rng = TemporalOrder(self.T), np.random.default_rng(self.seed)
        cell = LSTM(task.D, self.H, rng=rng, init="orthogonal", chrono=self.T, dtype=np.float32)
        model = Model(cell, Readout(self.H, task.K, rng=rng, dtype=np.float32))
        steps = fit(
            model, task.batches(rng), cross_entropy, Adam(0.01),
            metric=task.accuracy, cut=self.k, mode="window",
        )  # fmt: skip
        accuracy = []
        for step in steps:
            accuracy.append(step.metric)
            recent = accuracy[-self.MEAN_OF :]
            solved = len(recent) == self.MEAN_OF and np.mean(recent) > self.SOLVED
            yield {"accuracy": running_mean(accuracy, self.MEAN_OF), "solved": bool(solved)}
            if solved or step.diverged or step.step == self.n_steps:
                return

    def draw(self, result):
        """Above, where the marks can stand and how far errors reach; below, the accuracy."""
        figure = self.new_figure(8.2, 4.4)
        above, below = figure.subplots(2, 1, height_ratios=[1, 3])
        for first, last, word in ((4, 7, "first mark"), (16, 19, "second mark")):
            above.plot([first - 0.5, last + 0.5], [2, 2], color=AMBER, lw=12, solid_capstyle="butt")
            above.text((first + last) / 2, 2.6, word, ha="center", va="bottom")
        above.text(30.4, 2, "answer", ha="right", va="center")
        (self._reach,) = above.plot([], [], color=VERMILLION, lw=12, solid_capstyle="butt", animated=True)
        above.set(xlim=(0.3, 30.7), ylim=(0.3, 4), yticks=[1, 2], xlabel="step t", xticks=range(1, 31, 2))
        above.set_yticklabels(["errors", "input"])
        below.axhline(0.25, color=INK, lw=1.5, ls=":", label="chance")
        below.axhline(self.SOLVED, color=GREEN, lw=1.5, ls="--", label="solved")
        (self._accuracy,) = below.plot(
            [], [], color=BLUE, animated=True, label="accuracy, mean of 20 batches"
        )
        below.set(xlim=(0, self.n_steps), ylim=(0, 1.25), yticks=[0, 0.25, 0.5, 0.75, 1], xlabel="updates")
        below.legend(loc="upper center", ncols=3)
        return figure

    def update(self, result):
        """The reach of the errors, and the accuracy so far."""
        self._reach.set_data([self.T - self.k + 0.5, self.T + 0.5], [1, 1])
        accuracy = result["accuracy"]
        self._accuracy.set_data(np.arange(1, len(accuracy) + 1), accuracy)

    def readout(self, result):
        """The reach, and whether it learned."""
        reach = f"k = {self.k}: errors are sent back from step {self.T} to step {self.T - self.k + 1}."
        accuracy = result["accuracy"]
        if not len(accuracy):
            return f"{reach} Press Run."
        ending = "solved." if result["solved"] else f"accuracy {fixed(accuracy[-1], 2)}; chance is 0.25."
        return f"{reach} After {len(accuracy)} updates: {ending}"
