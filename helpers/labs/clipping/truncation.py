"""Labs of the lesson on clipping and truncation: what truncated BPTT saves, and what it loses."""

import functools
import time
from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, log_axis, logs, zero_line
from helpers.drawing.style import AMBER, BLACK, BLUE, GREEN, INK, VERMILLION, fixed, sub, three_digits
from helpers.engine import probes
from helpers.engine.bptt import backprop, cost, unroll
from helpers.engine.cells import LSTM, RNN
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.lab.running import RunningLab

T, H = 60, 32
NETWORKS = {
    "rnn": lambda rng: RNN(8, H, rng=rng, init="orthogonal", gain=0.9),
    "lstm 1": lambda rng: LSTM(8, H, rng=rng, init="orthogonal", forget_bias=1),
    "lstm 5": lambda rng: LSTM(8, H, rng=rng, init="orthogonal", forget_bias=5),
}
NAMES = {"rnn": "plain RNN", "lstm 1": "LSTM, longer memory", "lstm 5": "LSTM, longest memory"}
LAST, EVERY = "last", "every"
LOSSES = {LAST: "last step", EVERY: "every step"}
HIGH, HALF, ZERO, BELOW = "high", "half", "zero", "below"
CUT, FASTER, SAME = "cut", "faster", "same"
STEPS_BACK = "send errors back k steps"


class Truncation(Lab):
    """What do you save by sending errors only k steps back, and what do you lose?

    60 steps of noise, a network with fixed weights. The LSTM is the subject of the next lesson; here it
    stands for a network with a longer memory.
    """

    k = Slider(1, T, step=1, default=T, label=STEPS_BACK, time=True)
    network = Choice(NAMES, label="network")
    loss = Choice(LOSSES, label="loss at")
    anchors = (
        {"k": 10},
        {"k": 10, "network": "lstm 5"},
        {"k": 30, "network": "lstm 5", "loss": EVERY},
    )
    prediction = Prediction(
        "Errors are sent back 10 steps instead of 60. What is the cosine between this gradient and the full "
        "one?",
        {"k": 10},
        {HIGH: "above 0.9", HALF: "about 0.5", ZERO: "near 0", BELOW: "below 0"},
    )
    colours = MappingProxyType(
        {"cosine": BLUE, "norm": VERMILLION, "stored": GREEN, "multiplications": AMBER}
    )

    def measured(self, result):
        """In which of four bands the cosine lies."""
        cosine = result["cosines"][self.k - 1]
        bands = ((0.9, HIGH), (0.25, HALF), (-0.1, ZERO))
        return next((name for least, name in bands if cosine > least), BELOW)

    def because(self, result):
        """What is left, and for how much."""
        cosine, work = fixed(result["cosines"][self.k - 1]), fixed(result["work"][self.k - 1], 2)
        return (
            f"It is {cosine}, for {work} of the multiplications: the contributions of longer lags had "
            "vanished already."
        )

    def compute(self):
        """What is left of the gradient, and what it costs, for every k."""
        cosines, ratios = _agreement(self.network, self.loss)
        stored, work = _costs(self.network, self.loss)
        return {"cosines": cosines, "ratios": ratios, "stored": stored, "work": work}

    def draw(self, result):
        """What is lost, and what is saved."""
        figure = self.new_figure(8.2, 4.2)
        lost, saved = figure.subplots(1, 2)
        self._curves = self._pair(lost, ("cosine", "norm ratio"), (BLUE, VERMILLION), -0.8)
        self._curves += self._pair(saved, ("stored", "multiplications"), (GREEN, AMBER), 0)
        lost.set_title("what is left of the gradient", fontsize=12)
        saved.set_title("what it costs, full BPTT = 1", fontsize=12)
        self._cursors = [live_line(ax, "--", color=BLACK, lw=1.5) for ax in (lost, saved)]
        return figure

    def _pair(self, ax, labels, colours, low):
        zero_line(ax)
        ticks = np.arange(np.ceil(low * 2) / 2, 1.1, 0.5)
        ax.set(xlim=(0, T + 1), ylim=(low, 1.4), xlabel="k", yticks=ticks)
        lines = [
            live_line(ax, dash, color=colour, label=label)
            for label, colour, dash in zip(labels, colours, ("-", "-."), strict=True)
        ]
        ax.legend(loc="upper center", ncols=2, columnspacing=1, handlelength=1.6)
        return lines

    def update(self, result):
        """The curves belong to the network; k moves the cursors, and shows them from there on."""
        at = np.arange(self.k, T + 1)
        for line, name in zip(self._curves, ("cosines", "ratios", "stored", "work"), strict=True):
            line.set_data(at, result[name][self.k - 1 :])
        for cursor in self._cursors:
            cursor.set_data([self.k, self.k], [-0.8, 1.05])

    def readout(self, result):
        """What is left, and what it costs."""
        n = {name: values[self.k - 1] for name, values in result.items()}
        return (
            f"k = {self.k} of {T}: cosine {fixed(n['cosines'])}, norm × {fixed(n['ratios'])}. "
            f"Numbers stored × {fixed(n['stored'], 2)}, multiplications × {fixed(n['work'], 2)}."
        )


class BothWays(Lab):
    """Does truncation shorten the network's memory?

    The same networks. One error is sent back from the last step; one nudge of the first input goes forward.
    """

    k = Slider(1, T, step=1, default=T, label=STEPS_BACK, time=True)
    network = Choice(NAMES, label="network")
    anchors = ({"k": 10}, {"k": 10, "network": "lstm 5"})
    prediction = Prediction(
        "The error will be sent back 10 steps and no further. What happens to the nudge that goes forward?",
        {"k": 10},
        {CUT: "it is cut off too", FASTER: "it fades faster", SAME: "it stays as it is"},
    )
    colours = MappingProxyType({"the error": VERMILLION, "nudge": BLUE})

    def measured(self, result):
        """By what is left of the nudge, against what is left when the error goes back all the way."""
        echo, whole = result["echo"][-1], _echo(self.network)[-1]
        return SAME if echo == whole else FASTER if echo else CUT

    def because(self, result):
        """How far both reach."""
        left = three_digits(result["echo"][-1])
        return (
            f"The error now reaches step {T - self.k + 1}. Of the nudge {left} is left at the end, as before."
        )

    def compute(self):
        """The norms of the error signal that goes back, and of the nudge that goes forward."""
        tape, direct = _setting(self.network, LAST)
        sent = [backprop(tape, direct, cut, "window").dh[1:, :, 0] for cut in (self.k, None)]
        cut, full = (np.linalg.norm(d, axis=1) for d in sent)
        return {"sent": cut, "full": full, "echo": _echo(self.network)}

    def draw(self, result):
        """The norms of both against the steps."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        self._full = live_line(ax, ":", color=INK, lw=2, label="error signal, in full")
        self._sent = live_line(ax, "o-", ms=4, color=VERMILLION, label="truncated")
        self._echo = live_line(ax, "--", color=BLUE, label="nudge at step 1, going forward")
        log_axis(ax, -6, 4, every=2, label="norm, log scale")
        ax.set(xlim=(0, T + 1), xlabel="step t")
        ax.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.5, fontsize=11)
        return figure

    def update(self, result):
        """k cuts the red line and nothing else."""
        at = np.arange(1, T + 1)
        for line, name in ((self._full, "full"), (self._sent, "sent"), (self._echo, "echo")):
            line.set_data(at, logs(result[name]))

    def readout(self, result):
        """How far both reach."""
        return BOTH_WAYS.format(
            k=self.k, first=T - self.k + 1, last=f"h{sub(T)}", left=three_digits(result["echo"][-1])
        )


BOTH_WAYS = (
    "With k = {k} the error reaches back to step {first}. A nudge of x₁ moves {last} {left} times as much as "
    "it moves h₁."
)
TIMED = (
    "Measured {n} of {all} cuts. With k = {k} the backward pass took × {time} of the time of full BPTT, with "
    "× {work} of its multiplications."
)


class TimeOfTheBackwardPass(RunningLab):
    """If the backward pass has a tenth of the multiplications, does it take a tenth of the time?

    Measured on the computer that runs this, beside the number of multiplications.
    """

    network = Choice(NAMES, label="network")
    loss = Choice(LOSSES, label="loss at")
    CUTS = (1, 2, 4, 8, 15, 30, 45, 60)
    n_steps = len(CUTS)

    def compute(self):
        """Nothing measured yet."""
        return {"times": np.zeros(0), "work": _costs(self.network, self.loss)[1]}

    def run_steps(self):
        """One k after the other: its time and that of full BPTT in turn, the best of ten each."""
        tape, direct = _setting(self.network, self.loss)
        times = []
        for cut in self.CUTS:
            best = {}
            for one in (cut, T) * 10:
                start = time.perf_counter()
                backprop(tape, direct, one, _mode(self.loss))
                best[one] = min(best.get(one, np.inf), time.perf_counter() - start)
            times.append(best[cut] / best[T])
            yield {"times": np.array(times), "work": _costs(self.network, self.loss)[1]}

    def draw(self, result):
        """Time and multiplications, both over those of full BPTT."""
        figure = self.new_figure(8.2, 3.8)
        ax = figure.subplots()
        self._work = live_line(ax, "-.", color=AMBER, label="multiplications")
        self._times = live_line(ax, "o-", color=VERMILLION, label="time, measured")
        ax.set(xlim=(0, T + 1), ylim=(0, 1.7), xlabel="k", ylabel="full BPTT = 1")
        ax.legend(loc="upper center", ncols=2)
        return figure

    def update(self, result):
        """As many cuts as have been measured."""
        self._work.set_data(np.arange(1, T + 1), result["work"])
        self._times.set_data(self.CUTS[: len(result["times"])], result["times"])

    def readout(self, result):
        """The last k that was measured; at the end k = 8."""
        n = len(result["times"])
        if not n:
            return "Nothing has been measured yet. Press Run."
        at = n - 1 if n < self.n_steps else self.CUTS.index(8)
        k = self.CUTS[at]
        time_of_it, work = fixed(result["times"][at], 2), fixed(result["work"][k - 1], 2)
        return TIMED.format(n=n, all=self.n_steps, k=k, time=time_of_it, work=work)


@functools.cache
def _setting(network, loss, seed=0):
    """The run of a cell over noise, and what the losses send to its states."""
    rng = np.random.default_rng(seed)
    cell = NETWORKS[network](rng)
    tape = unroll(cell, 0.5 * rng.standard_normal((T, cell.D, 1)))
    direct = rng.standard_normal((T, H, 1)) / np.sqrt(H)
    return tape, direct if loss == EVERY else direct[-1]


def _mode(loss):
    """Pieces are usual where every step has a loss; for one loss at the end a window need not line up."""
    return "segments" if loss == EVERY else "window"


@functools.cache
def _agreement(network, loss, seed=0):
    """Cosine with the full gradient, and norm over its norm, for k = 1..T."""
    tape, direct = _setting(network, loss, seed)
    cuts = range(1, T + 1)
    all_of_them = np.stack([_flat(backprop(tape, direct, k, _mode(loss))) for k in cuts])
    norms, full = np.linalg.norm(all_of_them, axis=1), all_of_them[-1]
    return all_of_them @ full / norms / norms[-1], norms / norms[-1]


def _flat(grads):
    return np.concatenate([g.ravel() for g in grads.parameters.values()])


@functools.cache
def _costs(network, loss):
    """Numbers stored and multiplications of the backward pass, over those of full BPTT, for k = 1..T."""
    cell = _setting(network, loss)[0].cell
    costs = [cost(cell, T, cut=k, mode=_mode(loss), loss=loss) for k in range(1, T + 1)]
    both = np.array([[c.stored, c.backward] for c in costs], float)
    return (both / both[-1]).T


@functools.cache
def _echo(network):
    """How much a nudge of the first input moves each state, over how much it moves h_1."""
    tape, _ = _setting(network, LAST)
    moved = probes.perturbation(tape.cell, tape.x, 1, 1e-3)[:, :, 0]
    sizes = np.linalg.norm(moved, axis=1)
    return sizes / sizes[0]
