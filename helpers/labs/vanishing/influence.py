"""Lab of the lesson on vanishing gradients: the gradient on a sentence beside what swapping a word does."""

import functools
from types import MappingProxyType

import numpy as np

from helpers import english
from helpers.drawing.plots import live_image, live_line, live_text
from helpers.drawing.style import BLACK, BLUE, GREEN, INK, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis, middle
from helpers.english.sentences import parse
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.shared.sentences import SENTENCES, chosen, network, typed_control

KINDS = ("rnn", "lstm", "gru")
LONGEST = 10  # words
TINY = 1e-12  # no word may have a partner
WAY = np.linspace(0, 1, 21)  # of a gradual swap
STYLES = {
    "rnn": {"colour": BLUE, "line": "o-"}, "lstm": {"colour": VERMILLION, "line": "s--"},
    "gru": {"colour": GREEN, "line": "^:"},
}  # fmt: skip
LESS, SAME, MORE = "less", "same", "more"
GRADIENTS = {"dh": "|dL/dh_t|", "dx": "|dL/dx_t|"}


class GradientOrInfluence(Lab):
    """Does a word with a small gradient have a small influence?

    Three trained networks read a sentence up to its verb. L = -ln p, where p is the probability of *are* when
    only *are* and *is* compete. Left, upper row: the norm of the gradient of L at each word; lower row: how
    far the swap of a word moves the log-odds of the two forms. Right: the word is turned into its partner
    little by little, and the gradient is the slope of the curve at 0.
    """

    sentence = Choice(list(SENTENCES), label="sentence, up to its verb")
    gradient = Choice(GRADIENTS, label="gradient", more=True)
    anchors = ({"t": 2}, {"t": 9})
    t = Slider(1, LONGEST, step=1, default=9, label="swap word", time=True)
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "the that the"])
    prediction = Prediction(
        "In the RNN “keys” has 4% of the gradient of “door”. How far does its swap move the log-odds, "
        "compared with the swap of “door”?",
        {"t": 2},
        {LESS: "a tenth as far", SAME: "about as far", MORE: "over ten times as far"},
    )
    colours = MappingProxyType({"(RNN)": BLUE, "(LSTM)": VERMILLION, "(GRU)": GREEN})

    def measured(self, result):
        """By the two swaps in the RNN."""
        ratio = self._ratio(result)
        return MORE if ratio > 10 else SAME if 0.5 < ratio < 2 else LESS

    def because(self, result):
        """Both swaps."""
        keys, door = (_written(abs(result["moved"]["rnn"][t])) for t in (self.t - 1, -1))
        times = fixed(self._ratio(result), 0)
        return f"Its swap moves them by {keys}, and the swap of “door” by {door}: {times} times as far."

    def _ratio(self, result):
        """How far the chosen swap moves the log-odds, over how far that of the last word does: in the RNN."""
        moved = np.abs(result["moved"]["rnn"])
        return moved[self.t - 1] / max(moved[-1], TINY)

    def compute(self):
        """Of each network: fractions of the gradient, and what the swaps do and should do, (T,) each."""
        text = chosen(self.sentence, self.typed)
        words = text.split()
        t = min(self.t, len(words))
        found = {kind: _influence(kind, text) for kind in KINDS}
        norms = {kind: getattr(i, self.gradient) for kind, i in found.items()}
        return {
            "words": words, "t": t, "partners": found["rnn"].partners,
            "odds": {kind: i.odds for kind, i in found.items()},
            "fraction": {kind: norm / norm.max() for kind, norm in norms.items()},
            "estimated": {kind: np.nan_to_num(i.promised) for kind, i in found.items()},
            "moved": {kind: np.nan_to_num(i.moved) for kind, i in found.items()},
            "curve": {kind: _curve(kind, text, t) for kind in KINDS},
        }  # fmt: skip

    def draw(self, result):
        """A band for each network, with two rows; the words and what they are swapped for below."""
        figure = self.new_figure(8.2, 4.3)
        grid = figure.add_gridspec(1, 2, width_ratios=[5, 2])
        left = grid[0].subgridspec(3, 1)
        bands = [figure.add_subplot(left[row]) for row in range(3)]
        self._bands = {kind: self._draw_band(ax, kind) for ax, kind in zip(bands, KINDS, strict=True)}
        self._words = WordAxis(bands[-1], LONGEST)
        self._draw_curves(figure.add_subplot(grid[1]))
        return figure

    def _draw_curves(self, ax):
        self._curves = {}
        for kind, style in STYLES.items():
            line = live_line(ax, style["line"], ms=4, color=style["colour"], label=kind.upper())
            slope = live_line(ax, "-", lw=1, color=style["colour"])
            self._curves[kind] = line, slope
        ax.set(xlim=(0, 1), ylim=(-10.5, 17), yticks=[-10, -5, 0, 5, 10], xlabel="fraction of the way")
        ax.set_xticks([0, 0.5, 1])
        ax.set_ylabel("log-odds of are against is", labelpad=0)
        ax.axhline(0, color=INK, lw=1)
        ax.legend(loc="upper right", fontsize=10)
        ax.set_title(" ", fontsize=11)  # keeps the room; the words are live
        place = {"transform": ax.transAxes, "ha": "center", "va": "bottom"}
        self._swap = live_text(ax, 0.5, 1.02, fontsize=11, clip_on=False, **place)

    def _draw_band(self, ax, kind):
        above = live_image(ax, (0, 1, 1, 2), low=0, cmap="Purples", zorder=1)
        below = live_image(ax, (0, 1, 0, 1), low=0, cmap="Oranges", zorder=1)
        ax.set(xlim=(0, 1), ylim=(0, 2), xticks=[], title=network(kind).name)
        ax.title.set_fontsize(11)
        ax.set_yticks([1.5, 0.5], ["gradient", "swap"])
        ax.tick_params(length=0, labelsize=11)
        ax.grid(False)
        centred = {"ha": "center", "va": "center", "fontsize": 9}
        numbers = [[live_text(ax, 0, y, **centred) for _ in range(LONGEST)] for y in (1.5, 0.5)]
        frame = live_line(ax, color=BLACK, lw=2, clip_on=False)
        return above, below, numbers, frame

    def update(self, result):
        """Shade each row by its own largest value; the swaps are those that were tried, from word t on."""
        words, T, t = result["words"], len(result["words"]), result["t"]
        for kind, (above, below, (gradients, swaps), frame) in self._bands.items():
            fraction, moved = result["fraction"][kind], result["moved"][kind]
            size = np.abs(moved) / max(np.abs(moved).max(), TINY)
            above.set_data(fraction[None])
            tried = np.arange(T) >= t - 1
            there = [p is not None and here for p, here in zip(result["partners"], tried, strict=True)]
            below.set_data(np.where(tried, size, np.nan)[None])
            _write(gradients, [f"{100 * f:.0f}%" for f in fraction], fraction)
            _write(swaps, [fixed(m, 1) if here else "" for m, here in zip(moved, there, strict=True)], size)
            frame.set_data(np.array([t - 1, t, t, t - 1, t - 1]) / T, [0, 0, 2, 2, 0])
        self._words.show(words)
        self._show_curves(result)

    def _show_curves(self, result):
        t = result["t"] - 1
        partner = result["partners"][t]
        for kind, (line, slope) in self._curves.items():
            m, estimate = result["odds"][kind], result["estimated"][kind][t]
            line.set_data(WAY, result["curve"][kind])
            slope.set_data([0, 1] if partner else [], [m, m + estimate] if partner else [])
        self._swap.set_text(f"{result['words'][t]} → {partner}" if partner else result["words"][t])

    def readout(self, result):
        """What a swap does, and what the gradient estimates that it does."""
        t = result["t"] - 1
        word, other = result["words"][t], result["partners"][t]
        if other is None:
            return f"“{word}” has no partner that it could be swapped for. Choose another word."
        does = [_signed(result["moved"][kind][t]) for kind in KINDS]
        estimate = [_signed(result["estimated"][kind][t]) for kind in KINDS]
        return (
            f"Swapping {word} for {other} moves the log-odds by {does[0]} (RNN), {does[1]} (LSTM) and "
            f"{does[2]} (GRU). The gradient's estimate is {estimate[0]} (RNN), {estimate[1]} (LSTM) and "
            f"{estimate[2]} (GRU)."
        )


def _write(texts, words, shades):
    """Numbers in the cells of a row, white on dark."""
    T = len(words)
    for k, text in enumerate(texts):
        text.set_text(words[k] if k < T else "")
        text.set_x(middle(k, T) if k < T else 0)
        text.set_color("white" if k < T and shades[k] > 0.6 else "black")


def _signed(value):
    """A change with its sign."""
    return ("+" if value >= 0.005 else "") + _written(value)


def _written(value):
    """One decimal if it is large, two if it is small."""
    return fixed(value, 1 if abs(value) >= 0.95 else 2)


@functools.lru_cache(256)
def _influence(kind, text):
    return english.influence(network(kind), parse(text))


@functools.lru_cache(1024)
def _curve(kind, text, t):
    """The log-odds while word t, from 1, is swapped little by little; flat if it has no partner."""
    words = parse(text)
    if _influence(kind, text).partners[t - 1] is None:
        return np.full(len(WAY), _influence(kind, text).odds)
    return english.gradual_swap(network(kind), words, t - 1, n=len(WAY))[1]
