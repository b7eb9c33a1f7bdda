"""What the labs share in which a trained network reads: sentences, runs that are kept, what is expected."""

import functools

import numpy as np

from helpers import english
from helpers.drawing.plots import live_line
from helpers.drawing.style import BLACK, BLUE, SKY, VERMILLION
from helpers.english.language import NOUNS, PARTS_OF_SPEECH, VERBS, chain
from helpers.english.sentences import as_text, exact_probabilities, parse
from helpers.lab import Text

# Sentences up to their verb. Each has a twin in the list, with the subject in the other number.
SENTENCES = (
    "the keys near the old cabinet behind the door",
    "the key near the old cabinet behind the door",
    "the key near the old cabinets behind the doors",
    "the keys near the old cabinets behind the doors",
    "the man that the dogs see near the tables",
    "the men that the dogs see near the tables",
)
# What is expected, in bars: some words alone, others together with those that may stand in their place.
EXPECTED = {
    "is": ("is",), "are": ("are",), "falls": ("falls",), "fall": ("fall",),
    "sees, holds": VERBS["sees"][0], "see, hold": VERBS["sees"][1],
    "key, door ...": NOUNS[0], "keys, doors ...": NOUNS[1],
    "old, red, small": PARTS_OF_SPEECH["adjective"], "near, with ...": PARTS_OF_SPEECH["preposition"],
    "that": ("that",), "the": ("the",), "on": ("on",), ". or quote": (".", '"'),
}  # fmt: skip
COLOURS = {"is": VERMILLION, "are": BLUE}


@functools.cache
def network(kind):
    """A stored network, loaded once."""
    return english.load(kind)


@functools.lru_cache(256)
def run(kind, text):
    """A network's reading of a sentence, and its probabilities (T, K); kept, since a drag asks again."""
    found = english.read(network(kind), parse(text))
    return found, found.p[:, :, 0]


@functools.lru_cache(256)
def exact(text):
    """The exact probabilities after each word, (T, K); None if the sentence is not of the language."""
    try:
        return exact_probabilities(parse(text))[1:]
    except ValueError:
        return None


def chosen(stored, typed):
    """The sentence to read: the typed one, in the language's own spelling, or the stored one."""
    return as_text(parse(typed)) if typed.strip() else stored


def together(p):
    """Probabilities of the words (K,) as those of the bars."""
    return np.array([p[[chain().index[word] for word in words]].sum() for words in EXPECTED.values()])


def probability(p, word):
    """Of one word, from probabilities (..., K)."""
    return p[..., chain().index[word]]


def typed_control(longest, examples=()):
    """A control for a sentence that is typed; empty, the stored sentence stays.

    Parameters
    ----------
    longest : int
        How many words fit in the figure.
    examples : sequence of str
        Sentences worth trying in a test.
    """

    def check(text):
        try:
            T = len(parse(text)) if text.strip() else 0
        except ValueError as error:
            return str(error)
        return f"Up to {longest} words fit in the picture; this sentence has {T}." if longest < T else ""

    return Text(label="or type one", check=check, examples=list(examples))


def legend_beside_title(ax, columns):
    """A legend in the row of the title, which stands on the left; it takes no room from the axes."""
    place = {"loc": "lower right", "bbox_to_anchor": (1, 1), "ncols": columns}
    ax.legend(
        **place, fontsize=11, frameon=False, borderpad=0, handlelength=1.3, columnspacing=1
    ).set_in_layout(False)


class ExpectedBars:
    """Bars of what a network expects next, the exact probabilities as diamonds on them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where they are drawn.
    names : sequence of str
        Keys of `EXPECTED`, from top to bottom; all if left out.
    """

    def __init__(self, ax, names=tuple(EXPECTED)):
        self._rows = [list(EXPECTED).index(name) for name in names]
        places = np.arange(len(names))[::-1]
        colours = [COLOURS.get(name, SKY) for name in names]
        self._bars = ax.barh(places, 1, color=colours, height=0.7, animated=True)
        self._exact = live_line(ax, "D", ms=5, mfc="none", mec=BLACK, clip_on=False)
        self._exact.set_in_layout(False)  # without data it has no place
        ax.set(xlim=(0, 1.03), ylim=(-0.6, len(names) - 0.4), xticks=[0, 0.5, 1])
        ax.set_yticks(places, names)
        ax.tick_params(axis="y", length=0, pad=7, labelsize=10)
        self._places = places

    def show(self, p, exactly=None):
        """Probabilities of all words, (K,): the network's, and the exact ones where there are any."""
        for bar, width in zip(self._bars, together(p)[self._rows], strict=True):
            bar.set_width(width)
        there = exactly is not None
        self._exact.set_data(together(exactly)[self._rows] if there else [], self._places if there else [])
