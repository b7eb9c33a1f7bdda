"""Labs of the lesson on the GRU: a GRU without one of its gates."""

import functools
import itertools

import numpy as np

from helpers.drawing.plots import heatmap, live_line, live_text
from helpers.drawing.style import VERMILLION
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.gru.memory import plain_rnn
from helpers.labs.shared.training import TrainingLab
from helpers.tasks import TemporalOrder
from helpers.training import Adam, Model, Readout, cross_entropy, fit

TASK, H, CLASSES = TemporalOrder(40), 16, ("XX", "XY", "YX", "YY")
FAR = 1000.0  # a bias that makes a gate exactly 1 or 0 in floating point: it then gets no gradient either


NO_Z, NO_R = "z = 0", "r = 1"
OTHER = (
    "It answers {right} of {N} new sequences correctly; chance is 25%. Its states differ from those of the "
    "plain RNN with the same W_h, U_h and b_h."
)
PLAIN = (
    "It answers {right} of {N} new sequences correctly; chance is 25%. Its states are exactly those of the "
    "plain RNN with the same W_h, U_h and b_h."
)


class GateOff(Lab):
    """What breaks when you switch off a gate of a trained GRU?

    A GRU of 16 units reads 40 symbols, two of which are X or Y, and has learnt to say which two, and in which
    order. Its gates are then held at 0 or 1; its other weights stay as they are.
    """

    update_gate = Choice(["as learnt", NO_Z, "z = 1"], label="update gate")
    reset_gate = Choice(["as learnt", NO_R, "r = 0"], label="reset gate")
    sequence = Slider(1, 20, step=1, default=1, label="show sequence")
    anchors = (
        {"update_gate": NO_Z},
        {"reset_gate": NO_R},
        {"update_gate": "z = 1"},
        {"update_gate": NO_Z, "reset_gate": NO_R},
    )
    N = 200
    prediction = Prediction(
        "Remove one gate: set z = 0 (none of the old state is kept as it is), or r = 1 (the candidate always "
        "sees all of it). Which removal costs more right answers?",
        {"update_gate": NO_Z},
        {NO_Z: "update gate", NO_R: "reset gate"},
    )

    def measured(self, result):
        """The gate whose removal leaves fewer right answers."""
        return NO_Z if result["right"] < right_answers(r=1) else NO_R

    def because(self, result):
        """Both fractions."""
        return f"With z = 0 it answers {result['right']:.0%} correctly, with r = 1 {right_answers(r=1):.0%}."

    def compute(self):
        """States on one sequence; distance to the plain RNN; answers on 200 new sequences."""
        held = {"z": HELD[self.update_gate], "r": HELD[self.reset_gate]}
        gru, batch = hold(_trained().cell, **held), _new_sequences(self.N)
        tape = unroll(gru, batch.x)
        answer = _trained().readout(tape.h[-1]).argmax(axis=0)
        counts = np.zeros((4, 4))
        np.add.at(counts, (batch.target, answer), 1)
        some = slice(None, 20)
        apart = tape.h[:, :, some] - unroll(plain_rnn(gru), batch.x[:, :, some]).h
        return {
            "h": tape.h[:, :, self.sequence - 1], "marks": self._marks(batch),
            "apart": np.sqrt((apart**2).mean(axis=(1, 2))),
            "answers": counts / counts.sum(axis=1, keepdims=True), "right": np.trace(counts) / self.N,
        }  # fmt: skip

    def draw(self, result):
        """States and distance on the left, the table of answers on the right."""
        figure = self.new_figure(8.2, 4.6)
        grid = figure.add_gridspec(2, 2, width_ratios=[6, 5], height_ratios=[3, 2])
        top, below = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        self._h = heatmap(top, H, TASK.T)
        text_style = {"ha": "center", "va": "top", "clip_on": False, "weight": "bold"}
        self._words = [live_text(top, 0, -0.4, **text_style) for _ in range(2)]
        top.set_title("states on one sequence", fontsize=11)
        top.set(ylabel="unit", xticks=[], yticks=[0, 8, 16])
        top.set_xlabel(" ")  # room for X and Y
        figure.colorbar(self._h, ax=top, ticks=[-1, 0, 1])
        self._apart = live_line(below, "o-", ms=4, color=VERMILLION)
        below.set(xlim=(0.5, TASK.T + 0.5), ylim=(-0.1, 1.6), xlabel="step t")
        below.set_title("distance from the plain RNN (rms)", fontsize=11)
        self._draw_answers(figure.add_subplot(grid[:, 1]))
        return figure

    def _marks(self, batch):
        """Where X and Y stand in the sequence that is shown: (step, letter) twice."""
        symbols = batch.x[:, :, self.sequence - 1].argmax(axis=1)
        return [(int(k) + 1, "XY"[symbols[k] - 4]) for k in np.flatnonzero(symbols >= 4)]

    def _draw_answers(self, ax):
        self._answers = ax.imshow(np.zeros((4, 4)), vmin=0, vmax=1, cmap="viridis", animated=True)
        ax.set_xticks(range(4), CLASSES)
        ax.set_yticks(range(4), CLASSES)
        ax.set(xlabel="what it answers", ylabel="what was there")
        ax.set_title("fraction of the answers", fontsize=11)
        ax.grid(False)
        text_style = {"ha": "center", "va": "center", "fontsize": 14}
        self._fractions = [[live_text(ax, k, j, **text_style) for k in range(4)] for j in range(4)]

    def update(self, result):
        """Dark cells get white words."""
        self._h.set_data(result["h"].T)
        for text, (step, letter) in zip(self._words, result["marks"], strict=True):
            text.set_position((step, -0.4))
            text.set_text(letter)
        self._apart.set_data(np.arange(1, TASK.T + 1), result["apart"])
        self._answers.set_data(result["answers"])
        for row, words in zip(result["answers"], self._fractions, strict=True):
            for fraction, text in zip(row, words, strict=True):
                text.set_text(f"{fraction:.0%}")
                text.set_color("black" if fraction > 0.55 else "white")

    def readout(self, result):
        """How often it is right, and whether it is a plain RNN."""
        said = PLAIN if result["apart"].max() < 1e-12 else OTHER
        return said.format(right=f"{result['right']:.0%}", N=self.N)


HELD = {"as learnt": None, "z = 0": 0, "z = 1": 1, "r = 0": 0, "r = 1": 1}


def hold(gru, z=None, r=None):
    """A copy of a GRU (update="keep") whose gates are held.

    Parameters
    ----------
    gru : GRU
        Left as it is.
    z, r : {0, 1}, optional
        Where a gate is held; left out, it stays as it is.

    Returns
    -------
    GRU
        Its W and U are 0 for a gate that is held; the bias does it.
    """
    held = gru.like()
    for letter, value in (("z", z), ("r", r)):
        if value is not None:
            held[f"W_{letter}"], held[f"U_{letter}"] = 0, 0
            held[f"b_{letter}"] = FAR if value else -FAR
    return held


@functools.cache
def _trained():
    """A GRU that has learnt temporal order: about a second, once."""
    rng = np.random.default_rng(0)
    model = _new_model(rng)
    steps = fit(model, TASK.batches(rng), cross_entropy, Adam(0.01))
    for _ in itertools.islice(steps, 300):
        pass
    return model


def _new_model(rng):
    cell = GRU(TASK.D, H, rng=rng, init="orthogonal", chrono=TASK.T)
    return Model(cell, Readout(H, TASK.K, rng=rng))


@functools.cache
def _new_sequences(N):
    return TASK.batch(np.random.default_rng(9), N)


@functools.cache
def right_answers(**held):
    """The fraction of the new sequences that the trained network answers correctly with gates held."""
    batch, gru = _new_sequences(GateOff.N), hold(_trained().cell, **held)
    return float((_trained().readout(unroll(gru, batch.x).h[-1]).argmax(axis=0) == batch.target).mean())


class LearnWithout(TrainingLab):
    """Can a GRU learn without one of its gates, if it never had it?

    The task and the 16 units are the same, but the gate is held from the start. A seed gives all networks
    the same weights and the same batches.
    """

    network = Choice(["both gates", NO_R, NO_Z, "r = 1 and z = 0"], label="network")
    prediction = Prediction(
        "z is held at 0 from the start, so there is a reset gate but no update gate. With how many of four "
        "seeds does the network learn the task?",
        {"network": NO_Z},
        TrainingLab.OUTCOMES,
        then="Then press Run.",
    )
    n_steps, widest = 600, "r = 1 and z = 0"
    chance, chance_label, solved = TASK.baseline, "chance: ln 4", TASK.solved

    def setting(self):
        """Which gate is held."""
        return self.network

    def train(self, seed):
        """The network of a seed, learning."""
        rng = np.random.default_rng(seed)
        model = _new_model(rng)
        model.cell = hold(model.cell, **WITHOUT[self.network])
        return fit(model, TASK.batches(rng), cross_entropy, Adam(0.01))


WITHOUT = {"both gates": {}, "r = 1": {"r": 1}, "z = 0": {"z": 0}, "r = 1 and z = 0": {"r": 1, "z": 0}}
