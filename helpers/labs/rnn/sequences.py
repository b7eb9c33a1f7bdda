"""Lab of lesson 1: a sequence read step by step, in one order and in another."""

import functools

import numpy as np

from helpers.drawing.plots import heatmap, live_line, live_text
from helpers.drawing.style import BLUE, VERMILLION, fixed
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.rnn.recordings import SEQUENCES, T, recording

H = 32
PALE, DARK = "0.72", "black"
OWN = np.arange(T)
ORDERS = {"as it is": OWN, "reversed": OWN[::-1], "shuffled": np.random.default_rng(6).permutation(T)}
"""The choices, and the places of the sequence in the order in which each of them reads."""
APART = {"same": 0.0, "near": 0.1, "different": np.inf}
"""The choices, and how far apart the states may then be, as a fraction of the norm of one."""


class RealSequences(Lab):
    """Does the order matter?

    A network with fixed random weights reads 64 steps, in the order you choose and in their own order.
    """

    what = Choice(list(SEQUENCES), label="sequence")
    order = Choice(list(ORDERS), default="reversed", label="order")
    anchors = (
        {"what": "mirrored text", "t": T},
        {"what": "mirrored text", "order": "shuffled", "t": T},
        {"what": "synthetic speech", "t": T},
        {"what": "sunspots", "t": T},
        {"what": "digit", "t": T},
    )
    t = Slider(0, T, step=1, default=8, label="steps read so far", time=True)
    prediction = Prediction(
        "The text is read once backwards and once in its own order. How do the two last states compare?",
        {"t": T},
        {"same": "they are the same", "near": "they are nearly the same", "different": "they clearly differ"},
    )

    def measured(self, result):
        """The first choice that allows the two last states to be so far apart."""
        fraction = result["apart"][-1] / np.linalg.norm(result["h"][-1])
        return next(choice for choice, most in APART.items() if fraction <= most)

    def because(self, result):
        """How far apart they are, and the norm of one."""
        apart, norm = fixed(result["apart"][-1]), fixed(np.linalg.norm(result["h"][-1]))
        return (
            f"Their distance is {apart}, and the state itself has norm {norm}. The average input is the same."
        )

    def compute(self):
        """Read the sequence in the chosen order, and in its own for comparison."""
        x, places = recording(self.what).x, ORDERS[self.order]
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
        axes[1, 0].set_title("the hidden states so far, in this order", fontsize=12)
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
        style = {"ha": "center", "va": "center", "family": "DejaVu Sans Mono", "fontsize": 9}
        self._letters = [live_text(ax, k + 1, 0.5, **style) for k in range(T)]
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
        steps, read = np.arange(1, T + 1), recording(self.what)
        self._show_input(steps, result["x"][result["places"]], read.kind, read.names)
        self._show_now(result["x"], read.kind, read.names)
        self._states.set_data(np.where(steps <= self.t, result["h"][1:].T, np.nan))
        units = np.arange(H) + 0.5
        self._here.set_data(result["h"][self.t], units)
        self._plain.set_data(result["plain"][self.t], units)

    def _show_input(self, steps, x, kind, names):
        places = ORDERS[self.order]
        for k, artist in enumerate(self._letters):
            letter = names[places[k]] if kind == "letters" else ""
            artist.set_text("␣" if letter == "space" else letter)
            artist.set_color(DARK if k < self.t else PALE)
        self._spectrum.set_visible(kind == "spectrum")
        if kind == "spectrum":
            self._spectrum.set_data(np.where(steps <= self.t, x.T, 0.35 * x.T))
            self._spectrum.set_extent((0.5, T + 0.5, 0, 1))
        curve = 0.05 + 0.9 * x[:, 0] if kind in ("curve", "image") else np.full(T, np.nan)
        self._ahead.set_data(steps, curve)
        self._read.set_data(steps[: self.t], curve[: self.t])

    def _show_now(self, x, kind, names):
        places = ORDERS[self.order][: self.t]
        self._digit.set_visible(kind == "image")
        if kind == "image":
            seen = np.where(np.isin(OWN, places), x[:, 0], np.nan)
            self._digit.set_data(seen.reshape(8, 8))
        self._now.set_text(names[places[-1]] if self.t else "")

    def readout(self, result):
        """How far apart the two states are, and how far the averages of all inputs."""
        apart, norm = fixed(result["apart"][self.t]), fixed(np.linalg.norm(result["h"][self.t]))
        if self.t == 0:
            return "Nothing has been read yet, so both states are 0."
        if ORDERS[self.order] is OWN:
            return "Both runs read the sequence in its own order, so their states are the same throughout."
        if result["apart"][self.t] == 0:
            return f"{self._read_so_far()} The two states are exactly the same."
        states = f"The two states are {apart} apart; in this order the state has norm {norm}."
        if self.t < T:
            return f"{self._read_so_far()} {states}"
        mean = fixed(result["mean"], 4)
        return f"All {T} inputs have been read, and their averages differ by {mean}. {states}"

    def _read_so_far(self):
        if self.t == T:
            return f"All {T} inputs have been read."
        if self.t == 1:
            return f"So far one of {T} inputs has been read."
        return f"So far {self.t} of {T} inputs have been read."


@functools.cache
def _network(D):
    return RNN(D, H, rng=np.random.default_rng(5), init="orthogonal", gain=0.95)
