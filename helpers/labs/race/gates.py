"""A lab of lesson 8: the gates of one network before it learnt and now, on one sequence."""

import functools

import numpy as np

from helpers.drawing.plots import heatmap, live_line
from helpers.drawing.style import AMBER, BLUE, GREEN, PINK, VERMILLION
from helpers.engine.bptt import unroll
from helpers.lab import Prediction
from helpers.lab.controls import Choice, Slider
from helpers.lab.running import RunningLab
from helpers.labs.race.learner import SEED, Learner, answers_on_the_way
from helpers.labs.race.setup import new_model
from helpers.tasks import TemporalOrder
from helpers.training import softmax

T, H = 60, 16
TASK = TemporalOrder(T)
ORDERS = ("XX", "XY", "YX", "YY")
GATES = {"keep": "keep: f or z", "write": "write: i or 1 − z", "show": "show: o, or r of a GRU"}
NAMES = {"LSTM": {"keep": "f", "write": "i", "show": "o"}, "GRU": {"keep": "z", "write": "z", "show": "r"}}


class GatesLearnt(Learner, RunningLab):
    """What have the gates learnt?

    A network of 16 units learns temporal order at T = 60. The curves show the probability that it gives each
    of the four answers, step by step. The maps show one gate of all units on the same sequence, one unit per
    row: before the first update, and now. The pale bands are the two marks.
    """

    cell = Choice(["GRU", "LSTM, b_f = 1", "LSTM, keep long", "GRU, chrono"], label="cell")
    gate = Choice(GATES, label="gate")
    example = Slider(1, 20, step=1, default=1, label="sequence")
    n_steps = 300
    prediction = Prediction(
        "At b_f = 1, how open are the forget gates at a mark after training, compared with elsewhere?",
        {"cell": "LSTM, b_f = 1"},
        {"open": "more open", "shut": "more closed", "same": "the same, within 0.02"},
        then="Then press Run.",
    )

    def course(self):
        """Temporal order."""
        return TASK, self.cell, H, 0.01

    def show_of(self, model, scores):
        """The answers on the way, and the gate before and now."""
        x = _examples().x[:, :, [self.example - 1]]
        p = softmax(answers_on_the_way(model, x))[:, :, 0]
        before = new_model(TASK, self.cell, SEED, H)
        return {
            "x": x[:, :, 0], "p": p, "before": self._gate(before, x), "now": self._gate(model, x),
            "updates": scores[-1].update, "accuracy": scores[-1].accuracy,
        }  # fmt: skip

    def _gate(self, model, x):
        name = NAMES[type(model.cell).__name__][self.gate]
        gate = getattr(unroll(model.cell, x), name)[:, :, 0].T
        return 1 - gate if name == "z" and self.gate == "write" else gate

    def draw(self, result):
        """Answers, and two maps of a gate, one below the other."""
        figure = self.new_figure(8.2, 4.6)
        axes = figure.subplots(3, 1, sharex=True, height_ratios=[5, 4, 4])
        self._marks = [
            axes[0].axvline(1, color=AMBER, lw=9, alpha=0.4, animated=True, zorder=0.5) for _ in range(2)
        ]
        styles = zip(ORDERS, (BLUE, VERMILLION, GREEN, PINK), ("-", "--", "-.", ":"), strict=True)
        self._answers = [live_line(axes[0], ls, color=c, lw=2.2, label=word) for word, c, ls in styles]
        axes[0].set(ylim=(-0.05, 1.05), ylabel="probability")
        axes[0].legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize=11)
        self._before, self._now = (heatmap(ax, H, T, low=0) for ax in axes[1:])
        for ax, name in ((axes[1], "before"), (axes[2], "now")):
            ax.set(ylabel=name, yticks=[])
        for ax in axes[:2]:
            ax.tick_params(labelbottom=False)
        axes[2].set_xlabel("step t")
        figure.colorbar(self._now, ax=axes[1:], label="gate", pad=0.02)
        return figure

    def update(self, result):
        """The marks, the answers, the maps."""
        steps = np.arange(1, T + 1)
        for line, place in zip(self._marks, np.flatnonzero(result["x"][:, 4:].any(axis=1)), strict=True):
            line.set_xdata([place + 1, place + 1])
        for line, p in zip(self._answers, result["p"].T, strict=True):
            line.set_data(steps, p)
        self._before.set_data(result["before"])
        self._now.set_data(result["now"])

    def measured(self, result):
        """How the gate at the marks differs from elsewhere: by less than 0.02 is the same."""
        at, off = at_the_marks(result)
        if not self.has_learnt:
            return None
        return "same" if abs(at - off) < 0.02 else "open" if at > off else "shut"

    def because(self, result):
        """Both averages."""
        at, off = at_the_marks(result)
        return f"On average over the units it is {at:.2f} at the marks and {off:.2f} elsewhere."

    def readout(self, result):
        """What is right and what it says; how far the gate moves at the marks."""
        right, said = ORDERS[_examples().target[self.example - 1]], ORDERS[result["p"][-1].argmax()]
        at, off = at_the_marks(result)
        return (
            f"After {result['updates']} updates it answers {result['accuracy']:.0%} of new sequences "
            f"correctly. Here it says {said}; the answer is {right}. On average the gate is {at:.2f} at the "
            f"marks and {off:.2f} elsewhere."
        )


def at_the_marks(result):
    """The mean of the gate now, over the units: at the marks, and elsewhere."""
    marked = result["x"][:, 4:].any(axis=1)
    return result["now"][:, marked].mean(), result["now"][:, ~marked].mean()


@functools.cache
def _examples():
    return TASK.batch(np.random.default_rng(11), 20)
