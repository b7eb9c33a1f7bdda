"""Lab of notebook 01: swap a word of a sentence, and see what changes after it."""

import numpy as np

from helpers import english as reading
from helpers.drawing.plots import live_image, live_line, live_text
from helpers.drawing.style import BLACK, INK, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis, middle
from helpers.english.influence import partner
from helpers.english.language import chain
from helpers.english.sentences import parse
from helpers.lab import Choice, Lab, Slider
from helpers.labs.shared.sentences import SENTENCES, chosen, network, probability, run, typed_control

LONGEST = 12  # words


class SwapAWord(Lab):
    """If you swap one word, what changes later?

    The trained network of the beginning reads a sentence twice, the second time with one word swapped: a noun
    or verb for its other number, another word for one of its kind. Below, the states with the swap, less
    those without. Above, how far the expectation of the next word moves: half the sum of all changes of
    probability, so that 1 is a quite different expectation and 0 the same.
    """

    t = Slider(1, LONGEST, step=1, default=9, label="swap word")
    sentence = Choice(list(SENTENCES), label="sentence, up to its verb")
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "the that the"])

    def compute(self):
        """Differences of the states, (T, H), and of the expectations, (T,); the verb with and without."""
        text = chosen(self.sentence, self.typed)
        words = text.split()
        t = min(self.t, len(words))
        other = partner(words[t - 1])
        swapped = parse(text)
        swapped[t - 1] = chain().index[other or words[t - 1]]
        before, p = run("rnn", text)
        after = reading.read(network("rnn"), swapped)
        q = after.p[:, :, 0]
        return {
            "words": words, "t": t, "other": other, "p": p[-1], "q": q[-1],
            "moved": (after.tape.h - before.tape.h)[:, :, 0], "expected": np.abs(q - p).sum(1) / 2,
        }  # fmt: skip

    def draw(self, result):
        """The move of the expectation above, that of each unit below, along the words."""
        figure = self.new_figure(8.2, 4.4)
        above, below = figure.subplots(2, 1, height_ratios=[1, 1.5])
        self._line = live_line(above, "o-", color=VERMILLION)
        above.set(xlim=(0, 1), xticks=[], ylim=(-0.05, 1.08), yticks=[0, 0.5, 1])
        above.set_title("how far the expectation of the next word moves", fontsize=11)
        H = network("rnn").H
        self._moved = live_image(below, (0, 1, 0, H), -2, 2, origin="lower")
        below.set(ylabel="unit", yticks=[0, 35, 70])
        below.set_title("$h_t$ with the swap, less $h_t$ without", fontsize=11)
        below.grid(False)
        self._axis = WordAxis(below, LONGEST)
        self._here = [live_line(ax, color=BLACK, lw=1.5) for ax in (above, below)]
        self._swap = live_text(above, 0.5, 0.78, ha="center", fontsize=11, color=INK)
        return figure

    def update(self, result):
        """The swapped word is red."""
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
        """How far state and expectation move at the swap and at the end."""
        word, other, t, T = (
            result["words"][result["t"] - 1],
            result["other"],
            result["t"],
            len(result["words"]),
        )
        if other is None:
            return f"“{word}” has no other word of its kind to be swapped for. Choose another one."
        sizes = np.linalg.norm(result["moved"], axis=1)
        verbs = ", ".join(
            f"{verb} {fixed(probability(result['q'], verb))} for {fixed(probability(result['p'], verb))}"
            for verb in ("is", "are")
        )
        return (
            f"{word} → {other}, word {t}: the state there moves by {fixed(sizes[t - 1], 2)}, the last one by "
            f"{fixed(sizes[T - 1], 2)}. After the last word: {verbs}."
        )
