"""Labs of notebook 01: sequences read step by step, in one order and in another."""

import functools

import numpy as np

from helpers.drawing.plots import heatmap, live_line, live_text
from helpers.drawing.style import BLUE, VERMILLION, fixed
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.tasks import data, sound

H, T = 32, 64
PALE, DARK = "0.72", "black"


class RealSequences(Lab):
    """Does the order matter?

    A network with fixed random weights reads 64 steps, in the order you choose and as they are.
    """

    what = Choice(["text", "mirrored text", "synthetic speech", "sunspots", "digit"], label="sequence")
    order = Choice(["as it is", "reversed", "shuffled"], default="reversed", label="order")
    anchors = (
        {"what": "mirrored text", "t": T},
        {"what": "mirrored text", "order": "shuffled", "t": T},
        {"what": "synthetic speech", "t": T},
        {"what": "sunspots", "t": T},
        {"what": "digit", "t": T},
    )
    t = Slider(0, T, step=1, default=0, label="steps read so far", time=True)
    prediction = Prediction(
        "The text is read from its end, and once more as it is. Will the two last states be the same?",
        {"t": T},
        ["the same", "nearly the same", "not at all the same"],
    )

    def measured(self, result):
        """By how far they are apart, against how long one is."""
        share = result["apart"][-1] / np.linalg.norm(result["h"][-1])
        return "the same" if share < 1e-9 else "nearly the same" if share < 0.1 else "not at all the same"

    def because(self, result):
        """Both lengths."""
        apart, long = fixed(result["apart"][-1]), fixed(np.linalg.norm(result["h"][-1]))
        return f"They are {apart} apart, and one is {long} long. The average input is the same."

    def compute(self):
        """Read the sequence in the chosen order, and as it is for comparison."""
        x, places = _sequence(self.what), _order(self.order)
        both = np.concatenate([x, x[places]], axis=2)
        h = np.concatenate([np.zeros((1, H, 2)), unroll(_network(x.shape[1]), both).h])
        return {
            "x": x[:, :, 0], "places": places, "h": h[:, :, 1], "plain": h[:, :, 0],
            "apart": np.linalg.norm(h[:, :, 1] - h[:, :, 0], axis=1),
            "mean": float(np.abs(both[:, :, 1].mean(axis=0) - both[:, :, 0].mean(axis=0)).max()),
        }  # fmt: skip

    def draw(self, result):
        """What is read, what is read now, the states so far, and the state in both orders."""
        figure = self.new_figure(8.2, 4.6)
        axes = figure.subplots(2, 2, width_ratios=[18, 5], height_ratios=[2, 3])
        self._draw_input(axes[0, 0])
        self._draw_now(axes[0, 1])
        self._states = heatmap(axes[1, 0], H, T)
        axes[1, 0].set(xlabel="step t", ylabel="hidden unit", yticks=[0, 16, 32])
        axes[1, 0].set_title("the hidden state so far, in this order", fontsize=12)
        side = axes[1, 1]
        self._plain = live_line(side, "s", ms=6, mfc="none", color=BLUE, label="as it is")
        self._here = live_line(side, "o", ms=4, color=VERMILLION, label="this order")
        side.set(xlim=(-1.1, 1.1), ylim=(0, H), xticks=[-1, 0, 1], yticks=[0, 16, 32])
        side.set_title("state now", fontsize=12)
        figure.legend(handles=[self._here, self._plain], loc="outside lower right", ncols=2, fontsize=11)
        return figure

    def _draw_input(self, ax):
        self._spectrum = heatmap(ax, 2, T, low=0)
        self._spectrum.set_cmap("Greys")
        self._ahead = live_line(ax, ".-", color=PALE, lw=1.5, ms=4)
        self._read = live_line(ax, ".-", color=BLUE, lw=1.5, ms=4)
        look = {"ha": "center", "va": "center", "family": "DejaVu Sans Mono", "fontsize": 9}
        self._letters = [live_text(ax, k + 1, 0.5, **look) for k in range(T)]
        ax.set(ylim=(0, 1), yticks=[])
        ax.tick_params(bottom=False, labelbottom=False)
        ax.set_title("what is read, in this order", fontsize=12)

    def _draw_now(self, ax):
        self._digit = heatmap(ax, 8, 8, low=0, down=True)
        self._digit.set_cmap("Greys")
        ax.set(aspect="equal", xticks=[], yticks=[])
        ax.spines[["top", "right"]].set_visible(True)
        ax.set_title("read now", fontsize=12)
        self._now = live_text(ax, 4.5, 4, ha="center", va="center", fontsize=22)

    def update(self, result):
        """Show the input as what it is: letters, a spectrum, a curve or an image."""
        steps, x = np.arange(1, T + 1), result["x"][result["places"]]
        self._show_input(steps, x)
        self._show_now(result["x"], result["places"])
        self._states.set_data(np.where(steps <= self.t, result["h"][1:].T, np.nan))
        units = np.arange(H) + 0.5
        self._here.set_data(result["h"][self.t], units)
        self._plain.set_data(result["plain"][self.t], units)

    def _show_input(self, steps, x):
        text = data.decode(x, _alphabet()) if "text" in self.what else " " * T
        for k, (artist, letter) in enumerate(zip(self._letters, text, strict=True)):
            artist.set_text("␣" if letter == " " and "text" in self.what else letter)
            artist.set_color(DARK if k < self.t else PALE)
        self._spectrum.set_visible(self.what == "synthetic speech")
        if self.what == "synthetic speech":
            self._spectrum.set_data(np.where(steps <= self.t, x.T, 0.35 * x.T))
            self._spectrum.set_extent((0.5, T + 0.5, 0, 1))
        curve = 0.05 + 0.9 * x[:, 0] if self.what in ("sunspots", "digit") else np.full(T, np.nan)
        self._ahead.set_data(steps, curve)
        self._read.set_data(steps[: self.t], curve[: self.t])

    def _show_now(self, x, places):
        self._digit.set_visible(self.what == "digit")
        if self.what == "digit":
            read = np.isin(np.arange(T), places[: self.t])
            self._digit.set_data(np.where(read, x[:, 0], np.nan).reshape(8, 8))
        self._now.set_text(
            "" if self.what == "digit" or not self.t else _label(self.what, places[self.t - 1])
        )

    def readout(self, result):
        """The same inputs on average, but not the same state."""
        apart, long = result["apart"][self.t], np.linalg.norm(result["h"][self.t])
        read = f"{self.what}, {self.order}: {self.t} of {T} steps read. "
        if self.order == "as it is" or not self.t:
            return f"{read}Both states are the same so far; read on, or choose another order."
        if apart == 0:
            return f"{read}The two states are exactly the same: this sequence is its own mirror image."
        states = f"the two states are {fixed(apart)} apart (one is {fixed(long)} long)."
        if self.t < T:
            return f"{read}Now {states}"
        return f"{read}The average input differs by {fixed(result['mean'], 4)}, but {states}"


def _label(what, place):
    """What a step of a sequence is, in one short word."""
    if "text" in what:
        letter = _texts()[what][place]
        return "space" if letter == " " else letter
    return f"{8 * place} ms" if what == "synthetic speech" else f"{data.load_sunspots()[0][-T:][place]:.0f}"


@functools.cache
def _network(D):
    return RNN(D, H, rng=np.random.default_rng(5), init="orthogonal", gain=0.95)


@functools.cache
def _sequence(what):
    """64 steps, (64, D, 1), each input between 0 and 1."""
    if "text" in what:
        return data.encode(_texts()[what], _alphabet())
    if what == "synthetic speech":
        x = sound.spectrum(*data.load_speech()["three"])[:T]
        return (x - x.min()) / np.ptp(x)
    if what == "sunspots":
        numbers = data.load_sunspots()[1][-T:]
        return (numbers / numbers.max()).reshape(T, 1, 1)
    return data.digit_sequences(data.load_digits()[0][:1])


@functools.cache
def _texts():
    line = data.load_text()[:T]
    return {"text": line, "mirrored text": line[: T // 2] + line[T // 2 - 1 :: -1]}


@functools.cache
def _alphabet():
    return "".join(sorted(set(data.load_text())))


@functools.cache
def _order(order):
    """The places to read, in order."""
    places = {"as it is": np.arange(T), "reversed": np.arange(T)[::-1]}
    return places.get(order, np.random.default_rng(6).permutation(T))
