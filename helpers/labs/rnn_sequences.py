"""Labs of notebook 01: real sequences, read step by step."""

import functools

import numpy as np

from helpers import data
from helpers.bptt import unroll
from helpers.cells import RNN
from helpers.lab import Choice, Lab, Slider
from helpers.style import BLUE, VERMILLION

NOTEBOOK = "01_rnn_unrolling"
H = 32


class RealSequences(Lab):
    """Does the order matter?

    A network with fixed random weights reads 64 steps of something real.
    """

    what = Choice(["text", "speech", "sunspots", "digit"], label="sequence")
    order = Choice(["as it is", "reversed", "shuffled"], label="order")
    t = Slider(0, 64, step=1, default=64, label="steps read so far")
    T = 64

    def compute(self):
        """Read the sequence in the chosen order, and as it is for comparison."""
        x = _sequence(self.what)
        places = _order(self.order, self.T)
        both = np.concatenate([x, x[places]], axis=2)
        cell = RNN(x.shape[1], H, rng=np.random.default_rng(5), init="orthogonal", gain=0.95)
        h = unroll(cell, both).h
        apart = float(np.linalg.norm(h[-1, :, 1] - h[-1, :, 0]))
        mean = float(np.abs(both[:, :, 1].mean(axis=0) - both[:, :, 0].mean(axis=0)).max())
        return {"x": x[places][:, :, 0], "h": h[:, :, 1], "plain": h[-1, :, 0], "apart": apart, "mean": mean}

    def draw(self, result):
        """The input, the states so far, and the last state in both orders."""
        figure = self.new_figure(10, 6.6)
        grid = figure.add_gridspec(3, 2, width_ratios=[4, 1], height_ratios=[2, 3, 0.01])
        above, below = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        side = figure.add_subplot(grid[:2, 1])
        self._input = above.imshow(np.zeros((2, self.T)), cmap="Greys", vmin=0, vmax=1, animated=True)
        (self._curve,) = above.plot([], [], color=BLUE, animated=True)
        self._letters = [
            above.text(k + 1, 0.5, "", ha="center", va="center", animated=True) for k in range(self.T)
        ]
        above.set(xlim=(0.5, self.T + 0.5), ylim=(0, 1), yticks=[], title="what is read")
        self._states = below.imshow(
            np.zeros((H, 1)), vmin=-1, vmax=1, cmap="RdBu_r", origin="lower", animated=True
        )
        below.set(xlim=(0.5, self.T + 0.5), ylim=(0, H), xlabel="step t", ylabel="hidden unit")
        below.set_title("the hidden state so far")
        self._last = side.plot([], [], "o", ms=6, color=VERMILLION, animated=True, label="in this order")[0]
        self._plain = side.plot([], [], "s", ms=6, mfc="none", color=BLUE, animated=True, label="as it is")[0]
        side.set(xlim=(-1.1, 1.1), ylim=(0, H), xlabel="value", yticks=[], title="last state $h_{64}$")
        figure.legend(handles=[self._last, self._plain], loc="outside lower right", ncols=2)
        for ax in (above, below):
            ax.grid(False)
        return figure

    def update(self, result):
        """Show the input as what it is: letters, a spectrum, or a curve."""
        steps, x = np.arange(1, self.T + 1), result["x"]
        letters = data.decode(x, _alphabet()) if self.what == "text" else " " * self.T
        for artist, letter in zip(self._letters, letters, strict=True):
            artist.set_text(letter)
        self._input.set_visible(self.what == "speech")
        self._curve.set_visible(self.what in ("sunspots", "digit"))
        if self.what == "speech":
            self._input.set_data(x.T[::-1])
            self._input.set_extent((0.5, self.T + 0.5, 0, 1))
        self._curve.set_data(steps, 0.05 + 0.9 * x[:, 0])
        units = np.arange(H) + 0.5
        self._states.set_data(np.where(steps <= self.t, result["h"].T, np.nan))
        self._states.set_extent((0.5, self.T + 0.5, 0, H))
        self._last.set_data(result["h"][-1], units)
        self._plain.set_data(result["plain"], units)

    def readout(self, result):
        """The same inputs on average, but not the same state."""
        if self.order == "as it is":
            return (
                f"{self.what}, {self.t} of {self.T} steps read. In this order both last states are the same."
            )
        return (
            f"{self.what}, {self.order}: the average input has changed by {result['mean']:.4f}, "
            f"the last state by {result['apart']:.3f} (Euclidean distance)."
        )


@functools.cache
def _sequence(what):
    """64 steps of a real sequence, (64, D, 1), each input between 0 and 1."""
    T = RealSequences.T
    if what == "text":
        return data.encode(data.load_text()[:T], _alphabet())
    if what == "speech":
        x = data.spectrum(*data.load_speech()["three"])[:T]
        return (x - x.min()) / np.ptp(x)
    if what == "sunspots":
        numbers = data.load_sunspots()[1][-T:]
        return (numbers / numbers.max()).reshape(T, 1, 1)
    return (data.load_digits()[0][0] / 16).reshape(T, 1, 1)


@functools.cache
def _alphabet():
    return "".join(sorted(set(data.load_text())))


def _order(order, T):
    """The places to read, in order."""
    places = {"as it is": np.arange(T), "reversed": np.arange(T)[::-1]}
    return places.get(order, np.random.default_rng(6).permutation(T))
