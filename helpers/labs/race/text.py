"""A lab of lesson 8: a network that learns to write, and what it writes on the way."""

import functools

import numpy as np

from helpers.drawing.plots import live_line, live_text
from helpers.drawing.style import BLUE, INK, VERMILLION, two_digits
from helpers.lab import Prediction
from helpers.lab.controls import Choice, Slider
from helpers.lab.running import RunningLab
from helpers.labs.race.learner import Learner, curve
from helpers.tasks import NextCharacter
from helpers.training import softmax

BEGIN, ROWS, WIDE = "The ", 4, 64


class Writes(Learner, RunningLab):
    """What does it write, the longer it learns?

    A network of 32 units learns to name the next character of a text. The end of the text is held out, and
    the curve shows the loss there. Below is what the network writes: each character is drawn from its
    probabilities and becomes its next input. At a low temperature it draws the likeliest ones more often.
    """

    cell = Choice(["LSTM, keep long", "GRU", "RNN"], label="cell")
    temperature = Slider(0.1, 2.0, step=0.1, default=0.7, label="temperature")
    n_steps = 400
    prediction = Prediction(
        "A GRU learns for 400 updates. What will its loss on the held-out text do?",
        {"cell": "GRU"},
        {
            "falls": "fall until the end",
            "rises": "fall, then rise again",
            "stays": "stay above the bigram's line",
        },
        then="Then press Run.",
    )

    def course(self):
        """The text, in pieces of 40 characters."""
        return _task(), self.cell, 32, 0.01

    def show_of(self, model, scores):
        """The curve so far, and what it writes."""
        return {"scores": scores, "written": write(model, _task(), BEGIN, ROWS * WIDE, self.temperature)}

    def draw(self, result):
        """The loss on what is held out, above what is written."""
        figure = self.new_figure(8.2, 4.2)
        above, below = figure.subplots(2, 1, height_ratios=[3, 2])
        above.set(xlim=(0, self.n_steps), ylim=(1.8, 4), xlabel="updates", ylabel="nats per character")
        above.axhline(_task().baseline, color=VERMILLION, ls="--", label="bigram: the line to beat")
        self._loss = live_line(above, color=BLUE, label="held-out text")
        above.legend(loc="upper right", fontsize=11)
        below.set(xlim=(0, 1), ylim=(ROWS - 0.5, -0.5))
        below.axis("off")
        below.set_title(f"it was given “{BEGIN.strip()}” and wrote", fontsize=12)
        style = {
            "family": "DejaVu Sans Mono",
            "fontsize": 11.5,
            "color": INK,
            "va": "center",
        }
        self._rows = [live_text(below, 0, row, **style) for row in range(ROWS)]
        return figure

    def update(self, result):
        """The curve and the lines."""
        self._loss.set_data(*curve(result["scores"]))
        for row, text in enumerate(self._rows):
            text.set_text(result["written"][row * WIDE : (row + 1) * WIDE])

    def measured(self, result):
        """What the curve did; it rises again if it ends more than 0.05 nats above its lowest point."""
        losses = curve(result["scores"])[1]
        if not self.has_learnt:
            return None
        if min(losses) > _task().baseline:
            return "stays"
        return "rises" if losses[-1] > min(losses) + 0.05 else "falls"

    def because(self, result):
        """Its lowest point and its end."""
        updates, losses = curve(result["scores"])
        best = int(np.argmin(losses))
        lowest, end = two_digits(losses[best]), two_digits(losses[-1])
        return f"It is lowest after {updates[best]} updates, at {lowest} nats, and ends at {end}."

    def readout(self, result):
        """Loss now, the best so far, the line to beat."""
        losses = curve(result["scores"])[1]
        n, best = result["scores"][-1].update, int(np.argmin(losses))
        return (
            f"After {n} updates its loss on held-out text is {two_digits(losses[-1])} nats per character. "
            f"The lowest so far is {two_digits(losses[best])}, after {result['scores'][best].update} updates;"
            f" the bigram has {two_digits(_task().baseline)}."
        )


def write(model, task, begin, n, temperature=1.0, seed=0):
    """Let a network write: each character that is drawn is its next input.

    Parameters
    ----------
    model : Model
        The network.
    task : NextCharacter
        Whose alphabet it uses.
    begin : str
        What it reads first, one character or more, all of them of the task's alphabet.
    n : int
        Characters to write.
    temperature : float
        What the scores are divided by.
    seed : int
        Of the draws.

    Returns
    -------
    str
        The n characters, line breaks as ¶.
    """
    rng, alphabet, written = np.random.default_rng(seed), task.alphabet, []
    state = None
    eye = np.eye(task.D, dtype=model.cell.dtype)
    codes = [alphabet.index(character) for character in begin]
    for k in range(len(begin) + n - 1):
        code = codes[k] if k < len(begin) else written[-1]
        state = model.cell(eye[:, [code]], state)
        if k >= len(begin) - 1:
            h = state[0] if isinstance(state, tuple) else state
            p = softmax(model.readout(h).astype(float) / temperature)[:, 0]
            written.append(int(rng.choice(task.D, p=p)))
    return "".join(alphabet[code] for code in written).replace("\n", "¶")


@functools.cache
def _task():
    return NextCharacter(40)
