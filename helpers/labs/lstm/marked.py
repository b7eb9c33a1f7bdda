"""A lab of the lesson on gates: mark some words, and see which units of a trained network are on there."""

import functools
import math

import numpy as np

from helpers.drawing.plots import live_image, live_line, live_text
from helpers.drawing.style import BLACK, BLUE, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis
from helpers.lab import Choice, Lab, Slider
from helpers.labs.shared.sentences import chosen, network, run, typed_control

PASSAGES = (
    'the key falls . " the keys near the door are old . " the man falls .',
    "the keys near the door are old . the key near the doors is on the table .",
    "the key near the door is old . the keys near the doors are on the table .",
)
KINDS = {"lstm": "LSTM, cell states", "gru": "GRU", "rnn": "plain RNN"}
LONGEST, ROWS = 18, 6  # words; units shown


class MarkedWords(Lab):
    """Which units are on exactly at the marked words?

    A trained network reads a passage. Marked words are red. The map shows the six units whose states fit the
    marks best, the best on top. Those in the frame are on exactly there: higher, or lower, at every marked
    word than at any other. On the right is the correlation of each unit with the marks.
    """

    passage = Choice(list(PASSAGES), label="passage")
    first = Slider(1, LONGEST, step=1, default=3, label="mark words from")
    last = Slider(1, LONGEST, step=1, default=5, label="to")
    kind = Choice(KINDS, label="network")
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "keys the on"])

    def compute(self):
        """The states, (T, H); for each unit its correlation with the marks, and whether it fits exactly."""
        text = chosen(self.passage, self.typed)
        words = text.split()
        first, last = (min(t, len(words)) for t in sorted((self.first, self.last)))
        marked = np.zeros(len(words), bool)
        marked[first - 1 : last] = True
        states = _states(self.kind, text)
        fits = {"r": correlation(states, marked), "exact": on_exactly(states, marked)}
        order = np.lexsort((-np.abs(fits["r"]), ~fits["exact"]))  # the exact ones first
        return {"words": words, "marked": marked, "states": states, "order": order} | fits

    def draw(self, result):
        """Left: the states of the best units along the words. Right: all units, by how well they fit."""
        figure = self.new_figure(8.2, 4.2)
        left, right = figure.subplots(1, 2, width_ratios=[5, 2])
        self._map = live_image(left, (0, 1, ROWS, 0))
        self._frame = live_line(left, color=BLACK, lw=2, clip_on=False)
        left.set(ylim=(ROWS, 0), yticks=[0.5], yticklabels=["unit 00"])  # keeps the room; the names are live
        left.tick_params(axis="y", length=0, colors="none")
        left.set_title("states of the six units that fit best", fontsize=11)
        left.grid(False)
        place = {"ha": "right", "va": "center", "fontsize": 11, "clip_on": False}
        self._names = [live_text(left, -0.01, row + 0.5, **place) for row in range(ROWS)]
        self._axis = WordAxis(left, LONGEST)
        self._all = live_line(right, "o", ms=4, color=BLUE)
        self._best = live_line(right, "s", ms=8, mfc="none", color=VERMILLION)
        right.set(xlim=(-1, 72), ylim=(-0.03, 1.08), xticks=[0, 30, 60], yticks=[0, 0.5, 1])
        right.set_title("|correlation|", fontsize=11)
        right.set_xlabel("units, the best first", fontsize=11)
        return figure

    def update(self, result):
        """The exact ones come first, so one frame stands around all of them."""
        order, exact = result["order"], result["exact"]
        best = order[:ROWS]
        self._map.set_data(result["states"][:, best].T / np.abs(result["states"][:, best]).max(0)[:, None])
        for name, unit in zip(self._names, best, strict=True):
            name.set_text(f"unit {unit}")
        n = int(exact[best].sum())
        self._frame.set_data([0, 1, 1, 0, 0] if n else [], [0, 0, n, n, 0] if n else [])
        self._axis.show(result["words"], [VERMILLION if here else "black" for here in result["marked"]])
        ranks, r = np.arange(len(order)), np.abs(result["r"])[order]
        self._all.set_data(ranks, r)
        self._best.set_data(ranks[exact[order]], r[exact[order]])

    def readout(self, result):
        """Which units are on exactly at the marks, and how many one would expect by chance."""
        T, k, H = len(result["words"]), int(result["marked"].sum()), len(result["order"])
        if k == T:
            return "All words are marked, so no unit can be on at these alone. Leave some words out."
        found = [str(unit) for unit in result["order"] if result["exact"][unit]]
        best = np.abs(result["r"]).argmax()
        return SAID[min(len(found), 2) if len(found) <= NAMED else 3].format(
            T=T, k=k, H=H, n=len(found), units=", ".join(found), best=best,
            chance=fixed(2 * H / math.comb(T, k), 2), r=fixed(result["r"][best], 2),
        )  # fmt: skip


NAMED = 6  # so many units are named in the line under the picture
# For no unit that is on exactly at the marks, for one, for some, and for many.
SAID = (
    "Marked: {k} of {T} words. Not one of {H} units is on exactly there (expected by chance: {chance}). The"
    " best correlation is {r}, of unit {best}.",
    "Marked: {k} of {T} words. Of {H} units, unit {units} is on exactly there (expected by chance: {chance})."
    " The best correlation is {r}, of unit {best}.",
    "Marked: {k} of {T} words. Of {H} units, {units} are on exactly there (expected by chance: {chance}). The"
    " best correlation is {r}, of unit {best}.",
    "Marked: {k} of {T} words. Of {H} units, {n} are on exactly there (expected by chance: {chance}). The"
    " best correlation is {r}, of unit {best}.",
)


@functools.lru_cache(256)
def _states(kind, text):
    """What a network carries along the passage, (T, H): c of the LSTM, h of the others."""
    tape = run(kind, text)[0].tape
    return (tape.c if network(kind).kind == "lstm" else tape.h)[:, :, 0]


def correlation(states, marked):
    """Correlation of each unit with the marks, (H,); 0 where one of them does not vary."""
    centred, marks = states - states.mean(0), marked - marked.mean()
    size = np.linalg.norm(centred, axis=0) * np.linalg.norm(marks)
    return marks @ centred / np.where(size == 0, 1, size)


def on_exactly(states, marked):
    """Whether a unit is higher, or lower, at every marked word than at any other, (H,)."""
    if marked.all():
        return np.zeros(states.shape[1], bool)
    here, there = states[marked], states[~marked]
    return (here.min(0) > there.max(0)) | (here.max(0) < there.min(0))
