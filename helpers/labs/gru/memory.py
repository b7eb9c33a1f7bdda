"""Lab of the lesson on the GRU: what its two gates do to its memory."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import heatmap, live_line, log_axis, zero_line
from helpers.drawing.style import BLUE, GREEN, VERMILLION, fixed
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, LSTM, RNN
from helpers.lab import Lab, Prediction, Slider
from helpers.tasks import noise

LESS, SAME, MORE = "less than that", "about as much", "more than that"
SAID = (
    "On average z = {z}, r = {r} and |h| = {h}. One step back leaves, as a mean over {T} steps: GRU {GRU}, "
    "LSTM {LSTM}, RNN {RNN}."
)
BECAUSE = (
    "One step leaves {GRU} in the GRU and {RNN} in the plain RNN. Half of the old state is kept, and half is "
    "remade as in the plain RNN."
)


class GateBiases(Lab):
    """How far back does a GRU remember, and what sets it?

    A GRU of 32 units with 4 inputs reads noise of size 2. Beside it are an LSTM, whose forget gate gets the
    same bias, and the plain RNN that has the GRU's own W_h, U_h and b_h.
    """

    b_z = Slider(-6.0, 6.0, step=0.1, default=0.0, label="b_z, and the LSTM's b_f")
    b_r = Slider(-6.0, 6.0, step=0.1, default=0.0, label="reset bias b_r")
    gain = Slider(0.0, 1.5, step=0.05, default=1.0, label="recurrent scale (of U)")
    size = Slider(0.0, 4.0, step=0.1, default=2.0, label="size of the noise")
    anchors = (
        {"b_r": 6.0},
        {"b_r": -6.0},
        {"b_z": 6.0},
        {"b_z": -6.0},
        {"b_z": -6.0, "b_r": 6.0},
        {"b_z": -6.0, "b_r": -6.0},
        {"gain": 0.0},
        {"b_r": 6.0, "gain": 1.5, "size": 0.0},
    )
    H, D, T, LOW, HIGH = 32, 4, 60, -20, 10
    prediction = Prediction(
        "The plain RNN keeps 0.789 of a gradient per step. b_z stays at 0, and b_r = 6 opens the reset "
        "gates. What does the GRU keep per step?",
        {"b_r": 6.0},
        [LESS, SAME, MORE],
    )
    colours = MappingProxyType({"GRU": BLUE, "LSTM": VERMILLION, "RNN": GREEN})

    def measured(self, result):
        """The GRU's factor per step beside the plain RNN's; 0.02 apart is about as much."""
        gru, rnn = (probes.factor_per_step(result[name]) for name in ("GRU", "RNN"))
        return SAME if abs(gru - rnn) < 0.02 else MORE if gru > rnn else LESS

    def because(self, result):
        """The two factors, and where the GRU's comes from."""
        return BECAUSE.format(**factors(result))

    def compute(self):
        """The GRU's gates and states; the norm of dh_T/dh_t in the three networks (LSTM: dc_T/dc_t)."""
        x = self.size * noise(self.T, self.D, seed=2)
        gru, lstm, rnn = self._cells()
        tape = unroll(gru, x)
        return {
            "z": tape.z[:, :, 0], "r": tape.r[:, :, 0], "h": tape.h[:, :, 0],
            "GRU": probes.log_norms_dh_T(tape),
            "LSTM": probes.log_norms_dh_T(unroll(lstm, x), state="c"),
            "RNN": probes.log_norms_dh_T(unroll(rnn, x)),
        }  # fmt: skip

    def _cells(self):
        options = {"rng": 1, "init": "orthogonal", "gain": self.gain}
        gru, lstm = GRU(self.D, self.H, **options), LSTM(self.D, self.H, **options)
        gru["b_z"], gru["b_r"], lstm["b_f"] = self.b_z, self.b_r, self.b_z
        return gru, lstm, plain_rnn(gru)

    def draw(self, result):
        """The gates and the state as heatmaps; the norms beside them."""
        figure = self.new_figure(8.2, 4.6)
        grid = figure.add_gridspec(3, 2, width_ratios=[1, 1])
        self._maps = {}
        titles = {"z": "update gate $z$", "r": "reset gate $r$", "h": "state $h$"}
        for row, (name, title) in enumerate(titles.items()):
            ax = figure.add_subplot(grid[row, 0])
            low = -1 if name == "h" else 0
            self._maps[name] = heatmap(ax, self.H, self.T, low, 1)
            figure.colorbar(self._maps[name], ax=ax, ticks=[low, (low + 1) / 2, 1])
            ax.set(ylabel="unit", yticks=[0, 16, 32])
            ax.set_title(title, fontsize=11)
            ax.tick_params(labelbottom=name == "h", labelsize=10)
        ax.set_xlabel("step t")
        self._draw_norms(figure.add_subplot(grid[:, 1]))
        return figure

    def _draw_norms(self, ax):
        zero_line(ax)
        log_axis(ax, self.LOW, self.HIGH)
        self._norms = {}
        for name, (colour, dashes, label) in STYLES.items():
            self._norms[name] = live_line(ax, dashes, color=colour, lw=2.5, label=label)
        ax.set(xlim=(0, self.T), xlabel="step t")
        ax.legend(loc="upper right", fontsize=11)

    def update(self, result):
        """Colour the maps, place the lines."""
        for name, image in self._maps.items():
            image.set_data(result[name].T)
        for name, line in self._norms.items():
            line.set_data(np.arange(self.T + 1), np.maximum(result[name], 2 * self.LOW))

    def readout(self, result):
        """The gates on average, and each network's factor per step."""
        means = {name: f"{result[name].mean():.2f}" for name in "zr"}
        return SAID.format(T=self.T, h=fixed(np.abs(result["h"]).mean()), **means, **factors(result))


STYLES = {
    "GRU": (BLUE, "-", r"GRU: $\partial h_T/\partial h_t$"),
    "LSTM": (VERMILLION, "--", r"LSTM: $\partial c_T/\partial c_t$"),
    "RNN": (GREEN, ":", r"plain RNN: $\partial h_T/\partial h_t$"),
}


def factors(result):
    """What one step leaves in each network, as a mean over all steps."""
    return {name: fixed(probes.factor_per_step(result[name])) for name in STYLES}


def plain_rnn(gru):
    """The tanh RNN that has the candidate's weights: what a GRU is with r = 1 and z = 0."""
    return RNN(gru.D, gru.H, init="zeros").put(W=gru["W_h"], U=gru["U_h"], b=gru["b_h"])
