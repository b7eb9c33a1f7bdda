"""Labs of notebook 04: where the biases of the gates should start."""

import numpy as np

from helpers.drawing.plots import live_line
from helpers.drawing.style import BLACK, BLUE, GREEN, INK, VERMILLION, two_digits
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM, sigmoid
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.shared.training import TrainingLab
from helpers.tasks import TemporalOrder, data
from helpers.training import Adam, Model, Readout, cross_entropy, fit


class HalfLives(Lab):
    """How long does a cell remember when its training begins?

    Nothing is written and the forget gate is σ(b_f) at every step. Beside the bias that you drag: the
    biases that a chrono initialisation draws for 32 units.
    """

    b_f = Slider(-6.0, 6.0, step=0.01, default=1.0, label="forget bias b_f")
    T_max = Slider(5, 500, step=1, default=100, label="chrono up to T_max")
    anchors = (*({"b_f": b_f} for b_f in (0.0, 1.0, 2.0, 3.0, 4.97, 5.0)), {"T_max": 500})
    H, LONGEST = 32, 200

    def compute(self):
        """Half-lives, and what is left after t = 0, 1, 2, ... steps."""
        drawn = np.sort(LSTM(1, self.H, rng=4, chrono=self.T_max)["b_f"][:, 0])
        t = np.arange(self.LONGEST + 1)
        return {
            "half_life": probes.half_life_of_bias(self.b_f), "drawn": drawn,
            "half_lives": probes.half_life_of_bias(drawn), "left": sigmoid(self.b_f) ** t,
            "left_chrono": sigmoid(drawn)[:, None] ** t,
        }  # fmt: skip

    def draw(self, result):
        """Half-life against bias on the left; what is left over time on the right."""
        figure = self.new_figure(8.2, 4.2)
        left, right = figure.subplots(1, 2)
        b = np.linspace(-6, 6.5, 300)
        left.plot(b, probes.half_life_of_bias(b), color="0.5", zorder=1)
        look = {"ls": "none"}
        self._drawn = live_line(left, "s", ms=7, mfc="none", color=GREEN, label="chrono", **look)
        self._here = live_line(left, "o", ms=12, mec=BLACK, color=VERMILLION, label="$b_f$", **look)
        left.set(xlim=(-6.3, 6.6), ylim=(0.08, 700), yscale="log", xlabel="forget bias", ylabel="steps")
        left.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        left.set_title("half-life of a cell state")
        left.legend(loc="upper left")
        thin = {"color": GREEN, "lw": 1, "alpha": 0.5}
        self._units = [live_line(right, **thin) for _ in range(self.H)]
        t = np.arange(self.LONGEST + 1)
        for bias, dashes in ((0, ":"), (1, "--")):
            right.plot(t, sigmoid(float(bias)) ** t, dashes, color=BLUE, label=f"$b_f$ = {bias}")
        self._left = live_line(right, color=VERMILLION, lw=3, label="$b_f$ dragged")
        right.plot([], [], color=GREEN, lw=1, label="chrono, each unit")
        right.axhline(0.5, color=INK, lw=1, ls=":")
        right.set(xlim=(0, self.LONGEST), ylim=(0, 1.45), xlabel="steps", title="what is left of it")
        right.set_yticks([0, 0.25, 0.5, 0.75, 1])
        right.legend(loc="upper center", ncols=2, fontsize=10.5, columnspacing=1, handlelength=1.5)
        return figure

    def update(self, result):
        """Place the markers and the curves."""
        self._here.set_data([self.b_f], [result["half_life"]])
        self._drawn.set_data(result["drawn"], result["half_lives"])
        t = np.arange(self.LONGEST + 1)
        self._left.set_data(t, result["left"])
        for line, left in zip(self._units, result["left_chrono"], strict=True):
            line.set_data(t, left)

    def readout(self, result):
        """The gate, its half-life, and the span of chrono's."""
        low, high = result["half_lives"][[0, -1]]
        return (
            f"b_f = {two_digits(self.b_f)}: f = {sigmoid(self.b_f):.3f}, and half is left after "
            f"{result['half_life']:.2f} steps. Chrono up to {self.T_max} steps: half-lives from {low:.1f} to "
            f"{high:.1f}."
        )


class StartRace(TrainingLab):
    """Does the start decide whether an LSTM learns?

    Temporal order: two marks, each X or Y, stand among noise; after the last step the network must say
    which came first and which second. An LSTM of 16 units learns it with Adam, learning rate 0.01, from
    batches of 32 new sequences. A seed has the same weights and the same batches at every setting; only
    the biases differ. *Spread*: the forget biases of the units are ln u, u drawn evenly from 1 to
    exp(b_f), and their input biases are as many times b_i / b_f. With b_i = -b_f that is chrono.
    """

    b_f = Slider(0.0, 6.0, step=0.1, default=0.0, label="forget bias b_f")
    b_i = Slider(-6.0, 0.0, step=0.1, default=0.0, label="input bias b_i")
    units = Choice(["all alike", "spread"], label="the units' biases")
    T = Slider(20, 120, step=10, default=60, label="sequence length T")
    anchors = (
        *({"b_f": b_f, "T": 60} for b_f in (0.0, 1.0, 4.1)),
        *({"b_f": b_f, "T": 120} for b_f in (0.0, 1.0, 4.8)),
        *({"b_f": 4.1, "b_i": -4.1, "units": units, "T": 60} for units in ("all alike", "spread")),
        *({"b_f": 4.8, "b_i": -4.8, "units": units, "T": 120} for units in ("all alike", "spread")),
    )
    prediction = Prediction(
        "120 steps, and b_f = ln 120 = 4.8 with b_i = 0: long half-lives. Who learns it within 500 updates?",
        {"b_f": 4.8, "T": 120},
        TrainingLab.OUTCOMES,
        then="press Run",
    )
    n_steps, widest = 500, "T 120: b_f 0.0, b_i −0.0, spread"
    chance, chance_label, solved = TemporalOrder().baseline, "chance: ln 4", TemporalOrder().solved

    def setting(self):
        """The biases and the length."""
        spread = ", spread" if self.units == "spread" else ""
        return f"T {self.T}: b_f {two_digits(self.b_f)[:-1]}, b_i {two_digits(self.b_i)[:-1]}{spread}"

    def train(self, seed, U=1):
        """The network of a seed, learning; its recurrent weights start at U times what was drawn."""
        task, rng = TemporalOrder(self.T), np.random.default_rng(seed)
        cell = start(rng, self.b_f, self.b_i, self.units == "spread")
        cell.U *= U
        readout = Readout(cell.H, task.K, rng=np.random.default_rng(seed), dtype=cell.dtype)
        batches = task.batches(np.random.default_rng(seed))
        return fit(Model(cell, readout), batches, cross_entropy, Adam(0.01), metric=task.accuracy)


def start(rng, b_f, b_i, spread=False, dtype=np.float32):
    """The LSTM of the race before it learns: its weights are drawn first, so the biases do not move them."""
    biases = {"chrono": np.exp(b_f) + 1} if spread else {"forget_bias": b_f}
    cell = LSTM(TemporalOrder.D, 16, rng=rng, init="orthogonal", dtype=dtype, **biases)
    cell["b_i"] = b_i if b_f == 0 or not spread else cell["b_f"] * (b_i / b_f)
    return cell


def at_the_start(T, b_f, b_i, seeds=4, B=50):
    """What the race's networks are like before the first update, on average over seeds.

    Parameters
    ----------
    T : int
        Steps of the task.
    b_f, b_i : float
        The biases, alike in all units.
    seeds, B : int
        From so many seeds, on so many sequences each.

    Returns
    -------
    dict
        log10 of what is left of the gradient at the last cell state when it has come back to the first mark:
        `direct`, of the product of the forget gates, and `all paths`, as measured (of the first sequence of
        a seed; Frobenius norms, divided by the square root of H). `c`: mean |c_T|. `slope`: mean slope of
        tanh at c_T.
    """
    task, found = TemporalOrder(T), []
    first = 3 * T // 20  # in the middle of where the first mark can stand
    for seed in range(1, seeds + 1):
        cell = start(np.random.default_rng(seed), b_f, b_i, dtype=np.float64)
        tape = unroll(cell, task.batch(np.random.default_rng(seed), B).x)
        c = tape.c[-1]
        both = probes.log_norms_forget(tape), probes.log_norms_dh_T(tape, state="c")
        found.append([both[0][first], both[1][first], np.abs(c).mean(), (1 - np.tanh(c) ** 2).mean()])
    return dict(zip(("direct", "all paths", "c", "slope"), np.mean(found, axis=0).tolist(), strict=True))


def measured(T, U=1):
    """What `tools/measure_start.py` has found.

    Parameters
    ----------
    T : int
        Steps of the task: 60 or 120.
    U : {1, 0}
        0 for the runs whose recurrent weights were 0 at the start.

    Returns
    -------
    list of dict
        Of each start `b_f`, `b_i`, `units`; `solved`, how many runs have solved it within 500 updates, of
        how many `runs`; `updates`, those of the runs that have.
    """
    arms = {}
    for row in data.load_start_race():
        if (row["T"], row["U"]) == (T, U):
            arms.setdefault((row["b_f"], row["b_i"], row["units"]), []).append(row["updates"])
    names = ("b_f", "b_i", "units")
    return [
        dict(zip(names, arm, strict=True))
        | {"solved": np.count_nonzero(all_), "runs": len(all_), "updates": sorted(filter(None, all_))}
        for arm, all_ in arms.items()
    ]
