"""Lab of the lesson on clipping and truncation: how far back must errors go for a network to learn?"""

import functools

import numpy as np

from helpers.drawing.plots import live_line
from helpers.drawing.style import AMBER, VERMILLION
from helpers.engine.cells import LSTM, RNN
from helpers.lab import Choice, Slider
from helpers.labs.shared.training import TrainingLab
from helpers.tasks import TemporalOrder
from helpers.training import Adam, Model, Readout, cross_entropy, fit

T, H = 30, 32
TASK = TemporalOrder(T)
LONG, SHORT, PLAIN = "long", "short", "rnn"
NETWORKS = {
    LONG: "LSTM, long memory at first",
    SHORT: "LSTM, short memory at first",
    PLAIN: "plain RNN",
}
ROWS = {LONG: "k = {k}, long", SHORT: "k = {k}, short", PLAIN: "k = {k}, RNN"}
MAKE = {
    LONG: functools.partial(LSTM, chrono=T),
    SHORT: functools.partial(LSTM, forget_bias=0),
    PLAIN: RNN,
}
REACH = "Errors are sent back from step {last} to step {first}. {tally}"


class SmallestWindow(TrainingLab):
    """How far back must errors be sent for the network to learn the task?

    Temporal order, 30 steps: two marks, each X or Y, stand among noise; after the last step the network
    must say which came first and which second. A network of 32 units learns with Adam from batches of 32
    new sequences. With the same seed the weights and the batches are the same, whatever k is.
    """

    k = Slider(1, T, step=1, default=T, label="send errors back k steps")
    network = Choice(NETWORKS, label="network")
    anchors = (
        *({"k": k} for k in (30, 16, 14, 13, 12, 11, 10, 5)),
        *({"k": k, "network": network} for k in (30, 12) for network in (SHORT, PLAIN)),
    )
    n_steps, widest = 600, "k = 30, short"
    measure, top, chance, solved = "accuracy", 1.1, TASK.chance, 0.98

    def setting(self):
        """How far errors are sent, and in which network."""
        return ROWS[self.network].format(k=self.k)

    def train(self, seed):
        """The network of a seed, learning."""
        rng = np.random.default_rng(seed)
        cell = MAKE[self.network](TASK.D, H, rng=rng, init="orthogonal", dtype=np.float32)
        model = Model(cell, Readout(H, TASK.K, rng=rng, dtype=np.float32))
        truncated = {"cut": self.k, "mode": "window"}
        return fit(model, TASK.batches(rng), cross_entropy, Adam(0.01), metric=TASK.accuracy, **truncated)

    def draw(self, result):
        """Above, where the marks can stand and how far errors reach; below, how the seeds learn."""
        figure = self.new_figure(8.2, 4.6)
        above, below = figure.subfigures(2, 1, height_ratios=[1, 3])
        self._draw_reach(above.subplots())
        self.draw_training(below)
        return figure

    def _draw_reach(self, ax):
        for first, last, name in ((4, 7, "first mark"), (16, 19, "second mark")):
            ax.plot([first - 0.5, last + 0.5], [2, 2], color=AMBER, lw=10, solid_capstyle="butt")
            ax.text(last + 1, 2, name, va="center", fontsize=11)
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
        """The reach, and with how many seeds it has learnt."""
        return REACH.format(last=T, first=T - self.k + 1, tally=super().readout(result))
