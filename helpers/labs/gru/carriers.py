"""Lab of the lesson on the GRU: which units of two networks carry singular or plural, word by word."""

import functools
from types import MappingProxyType

import numpy as np

from helpers import english
from helpers.drawing.plots import live_line, live_text
from helpers.drawing.style import BLACK, BLUE, PINK, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis, middle
from helpers.english.sentences import parse
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.shared.sentences import SENTENCES, ExpectedBars, network, probability
from helpers.training import softmax

KINDS = ("lstm", "gru")
TITLE = "{kind}: units that carry singular or plural"
LONGEST, MOST = 9, 6  # words of a sentence, units that carry it at one word
NEAR, FAR, CLEAR = 0.022, 0.056, 4  # of the number of a unit: right of its dot, and units between two numbers
OUTCOMES = {(True, True): "both", (True, False): "LSTM", (False, True): "GRU", (False, False): "neither"}
CHOICES = {
    "both": "in both networks",
    "LSTM": "in the LSTM only",
    "GRU": "in the GRU only",
    "neither": "in neither network",
}
DONE = "LSTM {{{lstm}}} and GRU {{{gru}}} are exchanged after “{word}”."
FLIPS = {
    "both": "The verb flips in both networks.",
    "LSTM": "The verb flips in the LSTM only.",
    "GRU": "The verb flips in the GRU only.",
    "neither": "The verb flips in neither network.",
}
EXPECTED = (
    "In the LSTM “is” has probability {is_lstm} and “are” {are_lstm}; in the GRU they have {is_gru} and "
    "{are_gru}."
)


class WhoCarries(Lab):
    """Which units carry singular or plural at each word?

    The LSTM of 32 and the GRU of 40 units read a sentence up to its verb. After one word some units are given
    the state that they have in the twin sentence, which has *key* for *keys*, say. If the verb flips, these
    units carried it. The numbers beside the dots name the units of the smallest set that was found.
    """

    sentence = Choice(list(SENTENCES), label="sentence, up to its verb")
    own = Slider(2, LONGEST, step=1, default=2, label="take the units of word")
    at = Slider(2, LONGEST, step=1, default=2, label="exchange them after word")
    anchors = ({"at": 4}, {"at": 9}, {"own": 4, "at": 4}, {"own": 9, "at": 9}, {"own": 9})
    prediction = Prediction(
        "The units that flip the verb after “keys” are exchanged two words later, after “the”. Where does "
        "the verb flip now?",
        {"at": 4},
        CHOICES,
    )
    colours = MappingProxyType({"LSTM": VERMILLION, "GRU": BLUE})

    def measured(self, result):
        """Where the verb has flipped."""
        return OUTCOMES[tuple(result["flips"][kind] for kind in KINDS)]

    def because(self, result):
        """What the two networks expect then."""
        return expected(result)

    def compute(self):
        """The sets of units up to the word that was chosen, and what is expected after the exchange."""
        sets = {kind: carriers(kind, self.sentence) for kind in KINDS}
        chosen = {kind: sets[kind][self.own - 2] for kind in KINDS}
        free = {kind: exchanged(kind, self.sentence, self.at, ()) for kind in KINDS}
        p = {kind: exchanged(kind, self.sentence, self.at, chosen[kind]) for kind in KINDS}
        return {
            "words": self.sentence.split(), "sets": sets, "chosen": chosen, "free": free, "p": p,
            "flips": {kind: is_plural(free[kind]) != is_plural(p[kind]) for kind in KINDS},
        }  # fmt: skip

    def draw(self, result):
        """A row for each network: the units against the words, and the verb."""
        figure = self.new_figure(8.2, 4.6)
        axes = figure.subplots(2, 2, width_ratios=[5, 1.7], height_ratios=[1, 1.25])
        self._rows = {kind: self._draw_row(kind, *row) for kind, row in zip(KINDS, axes, strict=True)}
        self._axis = WordAxis(axes[1, 0], LONGEST)
        axes[0, 1].tick_params(labelbottom=False)
        axes[1, 1].set_xlabel("probability (◇ untouched)", fontsize=10)
        return figure

    def _draw_row(self, kind, ax, verb):
        H = network(kind).H
        ax.set(xlim=(0, 1), ylim=(H + 0.5, -2.5), xticks=[], yticks=[0, H // 2, H - 1], ylabel="unit")
        ax.set_title(TITLE.format(kind=kind.upper()), fontsize=11, loc="left")
        band = live_line(ax, color=PINK, lw=20, alpha=0.3, solid_capstyle="butt", zorder=0.5)
        dots = live_line(ax, "o", ms=5, color=self.colours[kind.upper()])
        crosses = live_line(ax, "x", ms=11, mew=2.5, color=BLACK)
        style = {"fontsize": 10, "ha": "left", "va": "center", "clip_on": False}
        numbers = [live_text(ax, 0, 0, **style) for _ in range(MOST * (LONGEST - 1))]
        bars = ExpectedBars(verb, ("is", "are"))
        verb.set(xlim=(0, 0.52), xticks=[0, 0.25, 0.5])
        verb.set_title(" ", fontsize=11)  # keeps the room; the word is live
        flips = live_text(verb, 0.5, 1.03, ha="center", fontsize=11, transform=verb.transAxes, clip_on=False)
        return {
            "band": band, "dots": dots, "crosses": crosses, "numbers": numbers, "bars": bars, "flips": flips,
        }  # fmt: skip

    def update(self, result):
        """Sets are shown up to the word whose units are taken: what comes later is not given away."""
        T = len(result["words"])
        at = middle(self.at - 1, T)
        for kind, row in self._rows.items():
            marks = [
                (middle(step, T), unit, aside)
                for step, units in enumerate(result["sets"][kind][: self.own - 1], 1)
                for unit, aside in beside(units)
            ]
            row["dots"].set_data(*(np.array(marks).T[:2]))
            row["crosses"].set_data([at] * len(result["chosen"][kind]), result["chosen"][kind])
            row["band"].set_data([at, at], [-2.5, network(kind).H + 0.5])
            for k, number in enumerate(row["numbers"]):
                x, unit, aside = marks[k] if k < len(marks) else (0, 0, 0)
                number.set_text(str(unit) if k < len(marks) else "")
                number.set_position((x + aside, unit))
            row["bars"].show(result["p"][kind], result["free"][kind])
            row["flips"].set_text("flips" if result["flips"][kind] else "stays")
        colours = [VERMILLION if step + 1 == self.at else "black" for step in range(T)]
        self._axis.show(result["words"], colours)

    def readout(self, result):
        """Which units are exchanged where, and what both networks then expect."""
        names = {kind: ", ".join(map(str, result["chosen"][kind])) for kind in KINDS}
        word = result["words"][self.at - 1]
        return " ".join([DONE.format(word=word, **names), FLIPS[self.measured(result)], expected(result)])


def beside(units):
    """Each unit, and how far right of its dot its number stands: clear of the number of the unit above it."""
    last, aside = -CLEAR, NEAR
    for unit in sorted(units):
        aside = FAR if unit - last < CLEAR and aside == NEAR else NEAR
        last = unit
        yield unit, aside


def expected(result):
    """A sentence for each network: the probabilities of *is* and *are* after the exchange."""
    p = {f"{verb}_{k}": fixed(probability(result["p"][k], verb)) for k in KINDS for verb in ("is", "are")}
    return EXPECTED.format(**p)


def is_plural(p):
    """Whether *are* is more likely than *is*."""
    return bool(probability(p, "are") > probability(p, "is"))


@functools.cache
def pair(sentence):
    """A sentence and its twin, as word numbers (T, 1)."""
    words = np.asarray(parse(sentence))[:, None]
    return words, english.twin(words, 1)


@functools.cache
def carriers(kind, sentence):
    """For each word from the second on, the units that carry singular or plural there."""
    words, twins = pair(sentence)
    return [english.carriers(network(kind), words, twins, step, most=MOST) for step in range(1, len(words))]


def exchanged(kind, sentence, at, units):
    """The probabilities (K,) of the word to come, if units are given their twin's state after word `at`."""
    own, (words, twins) = network(kind), pair(sentence)
    mask = np.isin(np.arange(own.H), units)
    return softmax(english.scores_after_exchange(own, words, twins, at - 1, mask)[:, 0])[:, 0]
