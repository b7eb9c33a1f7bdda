"""A lab of lesson 8: a digit that is read pixel by pixel, and what the network takes it for on the way."""

import functools

import numpy as np

from helpers.drawing.plots import heatmap, live_line
from helpers.drawing.style import AMBER, BLUE, VERMILLION
from helpers.lab import Prediction
from helpers.lab.controls import Choice, Slider
from helpers.lab.running import RunningLab
from helpers.labs.race.learner import Learner, answers_on_the_way
from helpers.labs.race.setup import held_out
from helpers.tasks import Digits
from helpers.training import softmax

T, EXAMPLES = 64, 20


class ReadsDigits(Learner, RunningLab):
    """When does it know which digit it reads?

    A network of 64 units reads an image of 8 by 8 pixels, one pixel per step, and must name the digit after
    the last. It learns from 1,400 images and is tried on 200 others; here it reads one of these. The map
    shows what it would answer after each pixel. The orange marker shows the right digit.
    """

    cell = Choice(["RNN", "GRU", "LSTM, b_f = 1"], label="cell")
    rate = Choice(["0.003", "0.01"], label="learning rate")
    image = Slider(1, EXAMPLES, step=1, default=1, label="image")
    t = Slider(0, T, step=1, default=T, label="pixels read", time=True)
    n_steps, B = 600, 50
    prediction = Prediction(
        "After 600 updates at rate 0.003 the plain RNN names about 86 of 100 digits correctly. How many does "
        "it name at rate 0.01?",
        {"rate": "0.01"},
        {"fewer": "fewer than 70", "about": "from 70 to 90", "more": "more than 90"},
        then="Then press Run.",
    )

    def course(self):
        """Digits, pixel by pixel."""
        return _task(), self.cell, 64, float(self.rate)

    def show_of(self, model, scores):
        """The image, and the probability of each digit after each pixel."""
        x = _images().x[:, :, [self.image - 1]]
        p = softmax(answers_on_the_way(model, x).astype(float))[:, :, 0]
        return {"x": x[:, 0, 0], "p": p, "accuracy": scores[-1].accuracy, "updates": scores[-1].update}

    def draw(self, result):
        """The image so far, the answer now, and the answers on the way."""
        figure = self.new_figure(8.2, 4.2)
        axes = figure.subplots(1, 3, width_ratios=[3, 2, 6])
        self._image = heatmap(axes[0], 8, 8, low=0, down=True)
        self._image.set_cmap("Greys")
        axes[0].set(aspect="equal", xticks=[], yticks=[])
        axes[0].spines[["top", "right"]].set_visible(True)
        axes[0].set_title("read so far", fontsize=12)
        self._bars = axes[1].barh(np.arange(10), np.zeros(10), color=BLUE, animated=True)
        axes[1].set(xlim=(0, 1), ylim=(9.6, -0.6), yticks=range(10), xticks=[0, 1])
        axes[1].set_title("answer now", fontsize=12)
        self._map = heatmap(axes[2], 10, T, low=0, down=True)
        axes[2].set(xlabel="pixels read", yticks=np.arange(10) + 0.5)
        axes[2].set_yticklabels(range(10))
        axes[2].set_title("answers on the way", fontsize=12)
        self._now = live_line(axes[2], color=VERMILLION, lw=2)
        self._right = live_line(axes[2], ">", color=AMBER, ms=11, mec="black")
        return figure

    def update(self, result):
        """What has been read, and what is thought of it."""
        read = np.where(np.arange(T) < self.t, result["x"], np.nan)
        self._image.set_data(read.reshape(8, 8))
        p = result["p"][self.t - 1] if self.t else np.full(10, 0.1)
        for bar, width in zip(self._bars, p, strict=True):
            bar.set_width(width)
        self._map.set_data(np.where(np.arange(T) < self.t, result["p"].T, np.nan))
        self._now.set_data([self.t + 0.5] * 2, [0, 10])
        self._right.set_data([2], [_images().target[self.image - 1] + 0.5])

    def measured(self, result):
        """How many of 100 held-out digits are named correctly."""
        if not self.has_learnt:
            return None
        return "fewer" if result["accuracy"] < 0.7 else "about" if result["accuracy"] <= 0.9 else "more"

    def because(self, result):
        """What it names at this rate, and at the other if that has run."""
        other = self.learnt.get((_task(), self.cell, 64, 0.003))
        ran = other is not None and other[1][-1].update == self.n_steps
        slow = f"{other[1][-1].accuracy:.0%}" if ran else ""
        return (BOTH_RATES if ran else THIS_RATE).format(fast=f"{result['accuracy']:.0%}", slow=slow)

    def readout(self, result):
        """How often it is right at the end; what it says of this image, and since when."""
        right, said = _images().target[self.image - 1], result["p"].argmax(axis=1)
        since = T - int(np.argmin((said == said[-1])[::-1])) + 1 if (said != said[-1]).any() else 1
        return (READING if self.t else NOTHING_READ).format(
            updates=result["updates"],
            accuracy=f"{result['accuracy']:.0%}",
            pixels="1 pixel" if self.t == 1 else f"{self.t} pixels",
            now=said[self.t - 1],
            right=right,
            last=said[-1],
            since=since,
        )


THIS_RATE = "It names {fast} correctly, and guessing would name 10%. Now run it at 0.003."
BOTH_RATES = "It names {fast} correctly, and at 0.003 it named {slow} after as many updates."
READING = (
    "After {updates} updates it names {accuracy} of 200 other images correctly. "
    "After {pixels} it says {now}; this is a {right}. It says {last} from pixel {since} to the end."
)
NOTHING_READ = (
    "After {updates} updates it names {accuracy} of 200 other images correctly. "
    "It has not read anything yet; this is a {right}."
)


@functools.cache
def _task():
    return Digits(T)


@functools.cache
def _images():
    return held_out(_task())
