"""Lab of the lesson on the GRU: parameters, work and memory of the three cells."""

import time
from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_text
from helpers.drawing.style import AMBER, BLUE, GREEN, VERMILLION
from helpers.engine.bptt import backprop, cost, unroll
from helpers.engine.cells import GRU, LSTM, RNN
from helpers.lab import Choice, Lab, Prediction, Slider, Toggle

KINDS = {"RNN": RNN, "GRU": GRU, "LSTM": LSTM}


COUNTS = (
    "Parameters: RNN {p[RNN]}, GRU {p[GRU]}, LSTM {p[LSTM]}. Units: {H[RNN]} / {H[GRU]} / {H[LSTM]}. Numbers "
    "carried from step to step: {c[RNN]} / {c[GRU]} / {c[LSTM]}."
)
BECAUSE = "{H} units have {now} parameters, and {more_H} have {more}: parameters grow with H times H."
TIMES = "Time per step, just measured: {RNN} : {GRU} : {LSTM}."


class Costs(Lab):
    """What do the gates cost?

    The three cells side by side, either with equally many units, or with as many parameters as the LSTM has.
    Multiplications and stored numbers are those of one forward and one backward pass, per step.
    """

    H = Slider(1, 128, step=1, default=32, label="units H (of the LSTM)")
    D = Slider(1, 64, step=1, default=2, label="inputs D")
    compare = Choice(["equal size", "equal budget"], label="compare at")
    biases = Choice(["one, as here", "two, as in PyTorch"], label="biases of a gate", more=True)
    timed = Toggle(label="measure the time here")
    anchors = ({"compare": "equal budget"}, {"biases": "two, as in PyTorch"}, {"timed": True})
    T, HIGH = 20, 5.0
    keeps_frames = False  # it may measure time
    prediction = Prediction(
        "The LSTM of 32 units has 4480 parameters. How many units does that allow a GRU?",
        {"compare": "equal budget"},
        ["37", "43", "48"],
    )
    colours = MappingProxyType({"RNN": GREEN, "GRU": BLUE, "LSTM": VERMILLION})

    def measured(self, result):
        """By trying."""
        return str(result["GRU"]["H"])

    def because(self, result):
        """What one more unit would cost."""
        H = result["GRU"]["H"]
        now, more = (n_parameters("GRU", self.D, units) for units in (H, H + 1))
        return BECAUSE.format(H=H, now=now, more_H=H + 1, more=more)

    def compute(self):
        """For each cell: units, parameters; multiplications and stored numbers per step; time, if asked."""
        two = self.biases != "one, as here"
        budget = n_parameters("LSTM", self.D, self.H, two)
        found = {}
        for kind, cls in KINDS.items():
            H = self.H if self.compare == "equal size" else largest_H(kind, self.D, budget, two)
            cell = cls(self.D, H, init="zeros")
            count = cost(cell, self.T)
            found[kind] = {
                "H": H, "carried": cell.S * H, "parameters": n_parameters(kind, self.D, H, two),
                "multiplications": (count.forward + count.backward) / self.T,
                "stored": cost(cell, self.T + 1).stored - count.stored,
                "time": microseconds(cell, self.T) if self.timed else 0.0,
            }  # fmt: skip
        return found

    def draw(self, result):
        """Four groups of bars, each relative to the RNN, with the numbers above them."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        colours = {"RNN": GREEN, "GRU": BLUE, "LSTM": VERMILLION}
        self._bars, self._words = {}, {}
        for k, kind in enumerate(KINDS):
            places = np.arange(len(GROUPS)) + 0.27 * (k - 1)
            self._bars[kind] = ax.bar(
                places, np.zeros(len(GROUPS)), width=0.24, fc=colours[kind], ec="black", animated=True
            )
            ax.bar([0], [0], fc=colours[kind], ec="black", label=kind)
            text_style = {"ha": "center", "va": "bottom"}
            self._words[kind] = [live_text(ax, x, 0, **text_style) for x in places]
        self._hint = live_text(ax, 3, 0.2, ha="center", color="0.35")
        ax.axhline(1, color=AMBER, lw=1.5, ls="--")
        ax.set(xlim=(-0.5, len(GROUPS) - 0.5), ylim=(0, self.HIGH), ylabel="times the RNN")
        ax.set_xticks(range(len(GROUPS)), GROUPS.values())
        ax.grid(axis="x", visible=False)
        ax.legend(loc="upper center", ncols=3)
        return figure

    def update(self, result):
        """Heights relative to the RNN."""
        for kind, bars in self._bars.items():
            for name, bar, text in zip(GROUPS, bars, self._words[kind], strict=True):
                value, base = result[kind][name], result["RNN"][name]
                height = min(value / base, self.HIGH - 0.9) if base else 0.0
                bar.set_height(height)
                text.set_position((bar.get_x() + 0.12, height + 0.03))
                text.set_text(_short(value) if base else "")
        self._hint.set_text("" if self.timed else "tick the box")

    def readout(self, result):
        """Parameters, units, and what is carried from step to step."""
        names = {"p": "parameters", "H": "H", "c": "carried"}
        counts = {k: {kind: found[name] for kind, found in result.items()} for k, name in names.items()}
        said = COUNTS.format(**counts)
        if not self.timed:
            return said
        ratios = {kind: f"{found['time'] / result['RNN']['time']:.1f}" for kind, found in result.items()}
        return f"{said} {TIMES.format(**ratios)}"


GROUPS = {
    "parameters": "parameters",
    "multiplications": "multiplications\nper step",
    "stored": "numbers stored\nper step",
    "time": "time per step\n(microseconds)",
}


def n_parameters(kind, D, H, two_biases=False):
    """Parameters of a cell of H units: G (D + H + 1) H, or G (D + H + 2) H with PyTorch's second bias."""
    G = len(KINDS[kind].blocks)
    return G * H * (D + H + 1 + two_biases)


def largest_H(kind, D, budget, two_biases=False):
    """The most units whose parameters stay within the budget."""
    H = 1
    while n_parameters(kind, D, H + 1, two_biases) <= budget:
        H += 1
    return H


def microseconds(cell, T):
    """Time per step of both passes, in microseconds: the best of three runs of one sequence."""
    x, direct = np.zeros((T, cell.D, 1)), np.ones((T, cell.H, 1))
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        backprop(unroll(cell, x), direct)
        best = min(best, time.perf_counter() - start)
    return best / T * 1e6


def _short(value):
    if value >= 100_000:  # with a decimal it would touch its neighbour
        return f"{value / 1000:.0f}k"
    return f"{value / 1000:.1f}k" if value >= 10_000 else f"{value:.0f}"
