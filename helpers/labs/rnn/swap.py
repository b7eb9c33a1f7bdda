"""Lab of lesson 1: swap a word of a sentence, and see what changes after it."""

import numpy as np

from helpers import english
from helpers.drawing.plots import live_image, live_line, live_text
from helpers.drawing.style import BLACK, INK, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis, middle
from helpers.english.influence import partner
from helpers.english.language import chain
from helpers.english.sentences import parse
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.shared.sentences import SENTENCES, chosen, network, probability, run, typed_control

LONGEST = 12  # words


SWAPPED = (
    "{word} → {other}, word {t}: the state there moves by {there}, and the last state by {last}. "
    "After the last word “is” has probability {is_after} (was {is_before}) and “are” {are_after} "
    "(was {are_before})."
)
LEFT = {"tenth": 0.1, "half": 0.5, "most": np.inf}
"""The choices, and the largest fraction of the change that may then be left in the last state."""


class SwapAWord(Lab):
    """If you swap one word, what changes later?

    The trained network from the start of the lesson reads a sentence twice, the second time with one word
    swapped. A noun or verb switches between singular and plural; any other word is replaced by another of
    its kind. The lower panel shows the states with the swap minus those without it. The upper panel shows how
    far the predicted probabilities of the next word move: half the sum of the sizes of all their changes. It
    is 0 if nothing changes, and 1 if every word that was possible has become impossible.
    """

    t = Slider(1, LONGEST, step=1, default=9, label="swap word")
    sentence = Choice(list(SENTENCES), label="sentence, up to its verb")
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "the that the"])
    anchors = ({"t": 5}, {"t": 6})
    prediction = Prediction(
        "You swap “keys”, word 2. How much of the change made there is left seven words later?",
        {"t": 2},
        {"tenth": "less than a tenth", "half": "a tenth to a half", "most": "more than half"},
    )

    def measured(self, result):
        """The first choice that allows so much to be left."""
        moved = np.linalg.norm(result["moved"], axis=1)
        fraction = moved[-1] / moved[result["t"] - 1]
        return next(choice for choice, most in LEFT.items() if fraction <= most)

    def because(self, result):
        """How far the two states move."""
        moved = np.linalg.norm(result["moved"], axis=1)
        there, last = fixed(moved[result["t"] - 1], 2), fixed(moved[-1], 2)
        return f"The state at “keys” moves by {there}, and the last state by {last}."

    def compute(self):
        """Differences of the states, (T, H), and of the expectations, (T,); the verb with and without."""
        text = chosen(self.sentence, self.typed)
        words = text.split()
        t = min(self.t, len(words))
        other = partner(words[t - 1])
        swapped = parse(text)
        swapped[t - 1] = chain().index[other or words[t - 1]]
        before, p = run("rnn", text)
        after = english.read(network("rnn"), swapped)
        q = after.p[:, :, 0]
        return {
            "words": words, "t": t, "other": other, "p": p[-1], "q": q[-1],
            "moved": (after.tape.h - before.tape.h)[:, :, 0], "expected": np.abs(q - p).sum(1) / 2,
        }  # fmt: skip

    def draw(self, result):
        """Along the words: above, how far the probabilities move; below, how far each unit moves."""
        figure = self.new_figure(8.2, 4.4)
        above, below = figure.subplots(2, 1, height_ratios=[1, 1.5])
        self._line = live_line(above, "o-", color=VERMILLION)
        above.set(xlim=(0, 1), xticks=[], ylim=(-0.05, 1.08), yticks=[0, 0.5, 1])
        above.set_title("how far the probabilities of the next word move", fontsize=11)
        H = network("rnn").H
        self._moved = live_image(below, (0, 1, 0, H), -2, 2, origin="lower")
        below.set(ylabel="unit", yticks=[0, 35, 70])
        below.set_title("states with the swap, minus states without it", fontsize=11)
        below.grid(False)
        self._axis = WordAxis(below, LONGEST)
        self._here = [live_line(ax, color=BLACK, lw=1.5) for ax in (above, below)]
        self._swap = live_text(above, 0.5, 0.78, ha="center", fontsize=11, color=INK)
        return figure

    def update(self, result):
        """Show both; the swapped word is red."""
        T, t = len(result["words"]), result["t"]
        self._line.set_data(middle(np.arange(T), T), result["expected"])
        self._moved.set_data(result["moved"].T)
        colours = [VERMILLION if s + 1 == t else "black" for s in range(T)]
        self._axis.show(result["words"], colours)
        for line, top in zip(self._here, (1, result["moved"].shape[1]), strict=True):
            line.set_data([(t - 1) / T] * 2, [0, top])
        self._swap.set_text(f"{result['words'][t - 1]} → {result['other']}" if result["other"] else "")
        self._swap.set_x(0.08 if t > T / 2 else 0.75)

    def readout(self, result):
        """How far the state moves at the swap and at the end, and what happens to the verb."""
        words, t, other = result["words"], result["t"], result["other"]
        if other is None:
            return f"“{words[t - 1]}” has no partner in the toy English. Choose another word."
        moved = np.linalg.norm(result["moved"], axis=1)
        verbs = {
            f"{verb}_{when}": fixed(probability(result[p], verb))
            for verb in ("is", "are")
            for when, p in (("before", "p"), ("after", "q"))
        }
        sizes = {"there": fixed(moved[t - 1], 2), "last": fixed(moved[-1], 2)}
        return SWAPPED.format(word=words[t - 1], other=other, t=t, **sizes, **verbs)
