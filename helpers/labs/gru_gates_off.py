"""Labs of notebook 04: a GRU without one of its gates."""

import copy
import functools
import itertools

import numpy as np

from helpers.bptt import unroll
from helpers.cells import GRU
from helpers.lab import Choice, Lab, Slider
from helpers.labs.gru_memory import plain_rnn
from helpers.running import RunningLab
from helpers.style import BLUE, GREEN, INK, VERMILLION
from helpers.tasks import TemporalOrder
from helpers.training import Adam, Model, Readout, cross_entropy, fit

NOTEBOOK = "04_gru"
TASK, H, CLASSES = TemporalOrder(40), 16, ("XX", "XY", "YX", "YY")
FAR = 1000.0  # a bias that makes a gate exactly 1 or 0 in floating point: it then gets no gradient either


class GateOff(Lab):
    """What breaks when you switch off a gate of a trained GRU?

    A GRU of 16 units has learned to say, after 40 symbols, which of X and Y came first and which second.
    Its gates are then held at 0 or 1; its other weights stay as they are.
    """

    update_gate = Choice(["as learned", "z = 0", "z = 1"], label="update gate")
    reset_gate = Choice(["as learned", "r = 1", "r = 0"], label="reset gate")
    sequence = Slider(1, 20, step=1, default=1, label="show sequence")
    N = 200

    def compute(self):
        """States on one sequence; distance to the plain RNN; answers on 200 new sequences."""
        model = _trained()
        gru = hold(model.cell, z=HELD[self.update_gate], r=HELD[self.reset_gate])
        batch = _new_sequences(self.N)
        tape = unroll(gru, batch.x)
        answer = model.readout(tape.h[-1]).argmax(axis=0)
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
        figure = self.new_figure(10, 5.4)
        grid = figure.add_gridspec(2, 2, width_ratios=[6, 5], height_ratios=[3, 2])
        top, below = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        self._h = top.imshow(
            np.zeros((H, TASK.T)), extent=(0.5, TASK.T + 0.5, 0, H), vmin=-1, vmax=1, cmap="RdBu_r",
            origin="lower", animated=True,
        )  # fmt: skip
        word = {"ha": "center", "va": "top", "animated": True, "clip_on": False, "weight": "bold"}
        self._words = [top.text(0, -0.4, "", **word) for _ in range(2)]
        top.set(title="states on one sequence", ylabel="unit", xticks=[], yticks=[0, 8, 16])
        top.set_xlabel(" ")  # room for X and Y
        top.grid(False)
        figure.colorbar(self._h, ax=top, ticks=[-1, 0, 1])
        (self._apart,) = below.plot([], [], "o-", ms=4, color=VERMILLION, animated=True)
        below.set(xlim=(0.5, TASK.T + 0.5), ylim=(-0.1, 1.6), xlabel="step t")
        below.set_title("difference from the plain RNN (root mean square)")
        self._draw_answers(figure.add_subplot(grid[:, 1]), figure)
        return figure

    def _marks(self, batch):
        """Where X and Y stand in the sequence that is shown: (step, letter) twice."""
        symbols = batch.x[:, :, self.sequence - 1].argmax(axis=1)
        return [(int(k) + 1, "XY"[symbols[k] - 4]) for k in np.flatnonzero(symbols >= 4)]

    def _draw_answers(self, ax, figure):
        self._answers = ax.imshow(np.zeros((4, 4)), vmin=0, vmax=1, cmap="viridis", animated=True)
        ax.set_xticks(range(4), CLASSES)
        ax.set_yticks(range(4), CLASSES)
        ax.set(xlabel="what it answers", ylabel="what was there", title="share of the answers")
        ax.grid(False)
        word = {"ha": "center", "va": "center", "animated": True, "fontsize": 14}
        self._shares = [[ax.text(k, j, "", **word) for k in range(4)] for j in range(4)]

    def update(self, result):
        """Dark cells get white words."""
        self._h.set_data(result["h"].T)
        for word, (step, letter) in zip(self._words, result["marks"], strict=True):
            word.set_position((step, -0.4))
            word.set_text(letter)
        self._apart.set_data(np.arange(1, TASK.T + 1), result["apart"])
        self._answers.set_data(result["answers"])
        for row, words in zip(result["answers"], self._shares, strict=True):
            for share, word in zip(row, words, strict=True):
                word.set_text(f"{share:.0%}")
                word.set_color("black" if share > 0.55 else "white")

    def readout(self, result):
        """How often it is right, and whether it is a plain RNN."""
        if result["apart"].max() < 1e-12:
            states = "exactly these states: that is what is left"
        else:
            states = "other states"
        return (
            f"Right in {result['right']:.0%} of {self.N} new sequences; chance is 25%. The plain RNN with "
            f"the same W_h, U_h and b_h has {states}."
        )


HELD = {"as learned": None, "z = 0": 0, "z = 1": 1, "r = 0": 0, "r = 1": 1}


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
    held = copy.deepcopy(gru)
    for letter, value in (("z", z), ("r", r)):
        if value is not None:
            held[f"W_{letter}"], held[f"U_{letter}"] = 0, 0
            held[f"b_{letter}"] = FAR if value else -FAR
    return held


@functools.cache
def _trained():
    """A GRU that has learned temporal order: about a second, once."""
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


class LearnWithout(RunningLab):
    """Can a GRU learn without one of its gates, if it never had it?

    The same task, the same 16 units, from the start and with the gate held.
    """

    network = Choice(["both gates", "r = 1", "z = 0", "r = 1 and z = 0"], label="network")
    seed = Slider(0, 5, step=1, default=0, label="seed (another start)")
    n_steps = 600

    def compute(self):
        """Nothing learned yet."""
        return {"network": self.network, "losses": np.zeros(0)}

    def run_steps(self):
        """Learn, batch by batch, until it is solved."""
        rng, losses = np.random.default_rng(self.seed), []
        model = _new_model(rng)
        model.cell = hold(model.cell, **WITHOUT[self.network])
        for step in fit(model, TASK.batches(rng), cross_entropy, Adam(0.01)):
            losses.append(step.loss)
            recent = np.mean(losses[-20:])
            yield {"network": self.network, "losses": np.array(losses)}
            if step.diverged or step.step == self.n_steps or (len(losses) > 20 and recent < TASK.solved):
                return

    def draw(self, result):
        """The loss so far, chance, and when we call it solved."""
        figure = self.new_figure(10, 4)
        ax = figure.subplots()
        ax.axhline(TASK.baseline, color=INK, ls="--", lw=1.5)
        ax.text(self.n_steps, TASK.baseline + 0.03, "chance: ln 4 = 1.386", ha="right", va="bottom")
        ax.axhline(TASK.solved, color=GREEN, ls=":", lw=2)
        ax.text(self.n_steps, TASK.solved + 0.03, "solved", ha="right", va="bottom")
        (self._loss,) = ax.plot([], [], color=BLUE, lw=2, animated=True)
        self._name = ax.text(12, 1.75, "", color=BLUE, fontsize=14, animated=True)
        ax.set(xlim=(0, self.n_steps), ylim=(0, 2), xlabel="updates", ylabel="loss, mean of the last 20")
        return figure

    def update(self, result):
        """A running mean: single batches are noisy."""
        losses = result["losses"]
        mean = np.convolve(losses, np.full(20, 1 / 20), "valid") if len(losses) >= 20 else losses[:0]
        self._loss.set_data(np.arange(20, 20 + len(mean)), mean)
        self._name.set_text(result["network"])

    def readout(self, result):
        """How far it has come."""
        losses = result["losses"]
        if not len(losses):
            return f"{result['network']}: not started. Press Run."
        recent = np.mean(losses[-20:])
        if recent < TASK.solved:
            return f"{result['network']}: solved after {len(losses)} updates."
        return f"{result['network']}: loss {recent:.2f} after {len(losses)} updates; chance is 1.39."


WITHOUT = {"both gates": {}, "r = 1": {"r": 1}, "z = 0": {"z": 0}, "r = 1 and z = 0": {"r": 1, "z": 0}}
