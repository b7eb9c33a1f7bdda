"""Labs of notebook 03: how far back must errors go for a network to learn?"""

import numpy as np

from helpers.drawing.plots import live_line
from helpers.drawing.style import AMBER, VERMILLION
from helpers.engine.cells import LSTM
from helpers.lab import Slider
from helpers.labs.shared.training import TrainingLab
from helpers.tasks import TemporalOrder
from helpers.training import Adam, Model, Readout, cross_entropy, fit

T, H = 30, 32
TASK = TemporalOrder(T)


class SmallestWindow(TrainingLab):
    """How far back must errors be sent for the network to learn the task?

    Temporal order, 30 steps: two marks, each X or Y, stand among noise; after the last step the network
    must say which came first and which second. An LSTM of 32 units learns it with Adam from batches of
    32 new sequences. A seed has the same weights and the same batches whatever k is.
    """

    k = Slider(1, 30, step=1, default=30, label="send errors back k steps")
    anchors = (*({"k": k} for k in (30, 20, 16, 14, 13, 12, 11, 10, 8, 5, 1)),)
    n_steps, widest = 600, "k = 30"
    measure, top, chance, solved = "accuracy", 1.1, TASK.chance, 0.98

    def setting(self):
        """How far errors are sent."""
        return f"k = {self.k}"

    def train(self, seed):
        """The network of a seed, learning."""
        rng = np.random.default_rng(seed)
        cell = LSTM(TASK.D, H, rng=rng, init="orthogonal", chrono=T, dtype=np.float32)
        model = Model(cell, Readout(H, TASK.K, rng=rng, dtype=np.float32))
        way_back = {"cut": self.k, "mode": "window"}
        return fit(model, TASK.batches(rng), cross_entropy, Adam(0.01), metric=TASK.accuracy, **way_back)

    def draw(self, result):
        """Above, where the marks can stand and how far errors reach; below, how the seeds learn."""
        figure = self.new_figure(8.2, 4.6)
        above, below = figure.subfigures(2, 1, height_ratios=[1, 3])
        self._draw_reach(above.subplots())
        self.draw_training(below)
        return figure

    def _draw_reach(self, ax):
        for first, last, word in ((4, 7, "first mark"), (16, 19, "second mark")):
            ax.plot([first - 0.5, last + 0.5], [2, 2], color=AMBER, lw=10, solid_capstyle="butt")
            ax.text(last + 1, 2, word, va="center", fontsize=11)
        ax.text(30.4, 2, "answer", ha="right", va="center", fontsize=11)
        self._reach = live_line(ax, color=VERMILLION, lw=10, solid_capstyle="butt")
        ax.set(xlim=(0.3, 30.7), ylim=(0.3, 2.7), xticks=range(1, 31, 2))
        ax.set_yticks([1, 2], ["errors", "input"])
        ax.set_xlabel("step t", fontsize=11, labelpad=1)
        ax.tick_params(labelsize=10)

    def update(self, result):
        """The reach of the errors, and what has been run."""
        self._reach.set_data([T - self.k + 0.5, T + 0.5], [1, 1])
        super().update(result)

    def readout(self, result):
        """The reach, and who has learned."""
        return f"Errors are sent back from step {T} to step {T - self.k + 1}. {super().readout(result)}"
