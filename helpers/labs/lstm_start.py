"""Labs of notebook 03: where the forget bias should start."""

import numpy as np

from helpers import probes
from helpers.cells import LSTM, sigmoid
from helpers.lab import Lab, Slider
from helpers.running import RunningLab
from helpers.style import BLACK, BLUE, GREEN, INK, VERMILLION, two_digits
from helpers.tasks import TemporalOrder
from helpers.training import Adam, Model, Readout, cross_entropy, fit, running_mean

NOTEBOOK = "03_lstm_gates"


class HalfLives(Lab):
    """How long does a cell remember when its training begins?

    Nothing is written and the forget gate is σ(b_f) at every step. Beside the bias that you drag: the
    biases that a chrono initialisation draws for 32 units.
    """

    b_f = Slider(-6.0, 6.0, step=0.01, default=1.0, label="forget bias b_f")
    T_max = Slider(5, 500, step=1, default=100, label="chrono up to T_max")
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
        figure = self.new_figure(10, 4.8)
        left, right = figure.subplots(1, 2)
        b = np.linspace(-6, 6.5, 300)
        left.plot(b, probes.half_life_of_bias(b), color="0.5", zorder=1)
        look = {"ls": "none", "animated": True}
        (self._drawn,) = left.plot([], [], "s", ms=7, mfc="none", color=GREEN, label="chrono", **look)
        (self._here,) = left.plot([], [], "o", ms=12, mec=BLACK, color=VERMILLION, label="$b_f$", **look)
        left.set(xlim=(-6.3, 6.6), ylim=(0.08, 700), yscale="log", xlabel="forget bias", ylabel="steps")
        left.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        left.set_title("half-life of a cell state")
        left.legend(loc="upper left")
        thin = {"color": GREEN, "lw": 1, "alpha": 0.5, "animated": True}
        self._units = [right.plot([], [], **thin)[0] for _ in range(self.H)]
        t = np.arange(self.LONGEST + 1)
        for bias, dashes in ((0, ":"), (1, "--")):
            right.plot(t, sigmoid(float(bias)) ** t, dashes, color=BLUE, label=f"$b_f$ = {bias}")
        (self._left,) = right.plot([], [], color=VERMILLION, lw=3, label="$b_f$ dragged", animated=True)
        right.plot([], [], color=GREEN, lw=1, label="chrono, each unit")
        right.axhline(0.5, color=INK, lw=1, ls=":")
        right.set(xlim=(0, self.LONGEST), ylim=(0, 1.45), xlabel="steps", title="what is left of it")
        right.set_yticks([0, 0.25, 0.5, 0.75, 1])
        right.legend(loc="upper center", ncols=2)
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


class StartRace(RunningLab):
    """Does the start decide whether an LSTM learns?

    Temporal order: two marks, each X or Y, stand among noise; after the last step the network must say
    which came first and which second. Three LSTMs of 16 units learn it with Adam from the same batches of
    32 sequences. All their weights start alike; only the biases differ.
    """

    T = Slider(20, 120, step=10, default=60, label="sequence length T")
    seed = Slider(1, 8, step=1, default=2, label="seed (another start)")
    H, MEAN_OF = 16, 20
    n_steps = 500

    def compute(self):
        """Nothing learned yet."""
        return {name: np.zeros(0) for name in STARTS} | {"accuracy": dict.fromkeys(STARTS, 0.0)}

    def run_steps(self):
        """All three side by side, update by update; who has solved it rests."""
        starts = {"0": {"forget_bias": 0.0}, "1": {"forget_bias": 1.0}, "chrono": {"chrono": self.T}}
        runs = {name: self._run_one(**start) for name, start in starts.items()}
        losses, right = {name: [] for name in STARTS}, {name: [] for name in STARTS}
        for _ in range(self.n_steps):
            for name in [name for name in runs if not self._solved(losses[name])]:
                step = next(runs[name])
                losses[name].append(step.loss)
                right[name].append(step.metric)
            accuracy = {name: float(np.mean(own[-self.MEAN_OF :])) for name, own in right.items()}
            yield {name: np.array(own) for name, own in losses.items()} | {"accuracy": accuracy}
            if all(self._solved(own) for own in losses.values()):
                return

    def _run_one(self, **start):
        """The weights are drawn before the biases, so they are the same for the same seed."""
        task, rng = TemporalOrder(self.T), np.random.default_rng(self.seed)
        cell = LSTM(task.D, self.H, rng=rng, init="orthogonal", dtype=np.float32, **start)
        readout = Readout(self.H, task.K, rng=np.random.default_rng(self.seed), dtype=np.float32)
        batches = task.batches(np.random.default_rng(self.seed))
        return fit(Model(cell, readout), batches, cross_entropy, Adam(0.01), metric=task.accuracy)

    def _solved(self, losses):
        return len(losses) >= self.MEAN_OF and np.mean(losses[-self.MEAN_OF :]) < TemporalOrder(self.T).solved

    def draw(self, result):
        """The three losses."""
        figure = self.new_figure(10, 4.6)
        ax = figure.subplots()
        chance = TemporalOrder(self.T).baseline
        ax.axhline(chance, color=INK, lw=1.5, ls=":")
        ax.text(self.n_steps, chance + 0.03, "chance: ln 4 = 1.386", ha="right", va="bottom")
        ax.axhline(TemporalOrder(self.T).solved, color=INK, lw=1, ls="--")
        ax.text(self.n_steps, TemporalOrder(self.T).solved + 0.03, "solved", ha="right", va="bottom")
        self._lines = {
            name: ax.plot([], [], dashes, color=colour, lw=2.5, animated=True, label=label)[0]
            for name, (colour, dashes, label) in STARTS.items()
        }
        look = {"ha": "center", "va": "center", "fontsize": 14, "animated": True}
        self._invitation = ax.text(self.n_steps / 2, 0.7, "", **look)
        ax.set(xlim=(0, self.n_steps), ylim=(0, 2), xlabel="updates")
        ax.set_ylabel(f"loss, mean of the last {self.MEAN_OF}")
        ax.legend(loc="upper left", ncols=3)
        return figure

    def update(self, result):
        """The losses so far; before there are any, what to do."""
        self._invitation.set_text("" if len(result["0"]) else "press Run")
        for name, line in self._lines.items():
            losses = result[name]
            line.set_data(np.arange(1, len(losses) + 1), running_mean(losses, self.MEAN_OF))

    def readout(self, result):
        """When each solved it, or where it is: loss and share of right answers, means of the last 20."""
        if not len(result["0"]):
            return f"T = {self.T}: three LSTMs, alike but for their biases. Press Run."
        said = [self._said(name, result[name], result["accuracy"][name]) for name in STARTS]
        return f"T = {self.T}: " + ", ".join(said) + "."

    def _said(self, name, losses, accuracy):
        label = STARTS[name][2].replace("$", "")
        if self._solved(losses):
            return f"{label} solved after {len(losses)} updates"
        loss = np.mean(losses[-self.MEAN_OF :])
        return f"{label} at a loss of {loss:.2f} ({accuracy:.0%} right) after {len(losses)}"


# Of each network: colour, dashes, name.
STARTS = {
    "0": (BLUE, ":", "$b_f$ = 0"),
    "1": (VERMILLION, "--", "$b_f$ = 1"),
    "chrono": (GREEN, "-", "chrono"),
}
