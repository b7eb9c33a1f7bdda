"""Lab of lesson 1: a trained network reads a sentence word by word."""

from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_image, live_line, live_text
from helpers.drawing.style import BLACK, BLUE, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis, middle
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.shared.sentences import (
    ExpectedBars,
    chosen,
    exact,
    legend_beside_title,
    network,
    probability,
    run,
    typed_control,
)

LONGEST = 18  # words
PHRASES = ("to the old cabinet", "near the doors", "that the man sees")
AFTER = "After “{word}”, word {t}, “are” has probability {are} and “is” has {is}."
EXACTLY = "By the rules of the toy English, these should be {are} and {is}."


class ReadingRNN(Lab):
    """What does a network that reads expect next?

    A plain RNN of 70 units, trained on 3.2 million words of a toy English. It reads one word per step. After
    each word it gives the probability of every possible next word.
    """

    subject = Choice(["keys", "key"], label="subject")
    between = Slider(0, len(PHRASES), step=1, default=1, label="phrases up to the verb")
    t = Slider(1, LONGEST, step=1, default=2, label="words read", time=True)
    anchors = (
        {"t": 6},
        {"subject": "key", "t": 6},
        {"between": 0, "t": 2},
        {"between": 2, "t": 9},
        {"between": 3, "t": 13},
    )
    typed = typed_control(LONGEST, ["keys the on", '"The keys that the man sees'])
    prediction = Prediction(
        "The last noun before the verb, “cabinet”, is singular. Which verb will the network expect after it?",
        {"t": 6},
        ["is", "are"],
    )
    colours = MappingProxyType({"is": VERMILLION, "are": BLUE})

    def measured(self, result):
        """The likelier form after the words read so far."""
        p = result["p"][result["t"] - 1]
        return max(("is", "are"), key=lambda word: probability(p, word))

    def because(self, result):
        """Both probabilities."""
        t = result["t"]
        return AFTER.format(word=result["words"][t - 1], t=t, **_verbs(result["p"][t - 1]))

    def text(self):
        """The sentence that the controls make, or the one that was typed."""
        verb = "are" if self.subject == "keys" else "is"
        stored = ["the", self.subject, *PHRASES[: self.between], verb, "on the table ."]
        return chosen(" ".join(stored), self.typed)

    def compute(self):
        """What is expected after each word, (T, K), and the states, (T, H)."""
        text = self.text()
        reading, p = run("rnn", text)
        words = text.split()
        t = min(self.t, len(words))
        result = {"words": words, "t": t, "p": p, "h": reading.tape.h[:, :, 0]}
        return result | ({} if exact(text) is None else {"exact": exact(text)})

    def draw(self, result):
        """Left: *is* against *are*, and the states, word by word. Right: all that is expected."""
        figure = self.new_figure(8.2, 4.6)
        grid = figure.add_gridspec(2, 2, width_ratios=[5, 2], height_ratios=[1, 1.5])
        above, below = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
        self._draw_verbs(above)
        H = network("rnn").H
        self._states = live_image(below, (0, 1, 0, H), origin="lower")
        below.set(ylabel="unit", yticks=[0, 35, 70])
        below.set_title("hidden state $h_t$", fontsize=11)
        below.grid(False)
        self._axis = WordAxis(below, LONGEST)
        self._now = [live_line(ax, color=BLACK, lw=1.5) for ax in (above, below)]
        right = figure.add_subplot(grid[:, 1])
        self._bars = ExpectedBars(right)
        right.set_xlabel("probability (◇ exact)", fontsize=11)
        right.set_title(" ", fontsize=11)  # makes room for the word, which is live
        place = {"transform": right.transAxes, "ha": "center", "va": "bottom"}
        self._word = live_text(right, 0.3, 1.02, fontsize=11, clip_on=False, **place)
        return figure

    def _draw_verbs(self, ax):
        self._is = live_line(ax, "s--", color=VERMILLION, ms=5, label="$is$")
        self._are = live_line(ax, "o-", color=BLUE, ms=5, label="$are$")
        ax.set(xlim=(0, 1), xticks=[], ylim=(-0.03, 0.6), yticks=[0, 0.3, 0.6], ylabel="probability")
        ax.set_title("the next word is ...", fontsize=11, loc="left")
        legend_beside_title(ax, 2)

    def update(self, result):
        """Words that have not been read yet are grey; the verb to come is not shown."""
        words, t, p = result["words"], result["t"], result["p"]
        T = len(words)
        read = np.arange(T) < t
        along = middle(np.arange(T), T)
        for line, word in ((self._is, "is"), (self._are, "are")):
            line.set_data(along, np.where(read, probability(p, word), np.nan))
        self._states.set_data(np.where(read, result["h"].T, np.nan))
        verb = T if self.typed.strip() else next(k for k, word in enumerate(words) if word in ("is", "are"))
        ahead = [word if k < max(t, verb) else "" for k, word in enumerate(words)]
        self._axis.show(ahead, ["black" if here else "0.65" for here in read])
        for line, top in zip(self._now, (0.6, result["h"].shape[1]), strict=True):
            left, right = (t - 1) / T, t / T
            line.set_data([left, left, right, right, left], [0, top, top, 0, 0])
        self._bars.show(p[t - 1], result["exact"][t - 1] if "exact" in result else None)
        self._word.set_text(f"after “{words[t - 1]}”")

    def readout(self, result):
        """Both forms of the verb after the words read so far."""
        words, t = result["words"], result["t"]
        sentences = [AFTER.format(word=words[t - 1], t=t, **_verbs(result["p"][t - 1]))]
        if "exact" not in result:
            sentences.append(
                "The rules of the toy English cannot make this sentence, so no exact values exist."
            )
        else:
            sentences.append(EXACTLY.format(**_verbs(result["exact"][t - 1])))
        if self.t > len(words):
            sentences.append(f"All {len(words)} words have been read.")
        return " ".join(sentences)


def _verbs(p):
    """The probabilities of the two verbs, as they are written."""
    return {word: fixed(probability(p, word)) for word in ("are", "is")}
