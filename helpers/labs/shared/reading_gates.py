"""The base of two labs: one unit of a network that reads, its gates moved by hand, and then the verb."""

import functools

import numpy as np

from helpers import english
from helpers.drawing.block import GATES
from helpers.drawing.plots import live_image, live_line, live_text
from helpers.drawing.style import BLACK, BLUE, VERMILLION, fixed
from helpers.drawing.word_axis import WordAxis, middle
from helpers.english.grammatical_number import KEEP
from helpers.english.sentences import parse
from helpers.lab import Choice, Lab
from helpers.labs.shared.sentences import (
    SENTENCES,
    ExpectedBars,
    chosen,
    legend_beside_title,
    network,
    probability,
    run,
)

GATE_STYLES = {"f": "o-", "i": "s--", "o": "^:", "z": "o-", "r": "s--"}
LONGEST = 12  # words
VERBS = ("is", "are", "falls", "fall")


class _ReadingGates(Lab):
    """A stored LSTM or GRU reads up to the verb; one unit is chosen, its keeping gate shut or its bias moved.

    A subclass says which network, which gates, which state, and what they are called.
    """

    kind, state, gates, reach = "lstm", "c", ("f", "i", "o"), 3.0
    longest = LONGEST
    sentence = Choice(list(SENTENCES), label="sentence, up to its verb")

    def compute(self):
        """The chosen unit's gates and state, word by word; the verb, and agreement by distance."""
        text = chosen(self.sentence, self.typed)
        words, T = text.split(), len(text.split())
        at = min(self.shut, T)
        levers = self._levers(T, at)
        found = english.read(network(self.kind), parse(text), levers)
        _, free = run(self.kind, text)
        states = getattr(found.tape, self.state)[:, :, 0]
        distances, *right = _agreement(self.kind, self.unit, self.shift)
        return {
            "words": words, "at": at, "states": states, "p": found.p[-1, :, 0], "free": free[-1],
            "gates": {name: getattr(found.tape, name)[:, self.unit, 0] for name in self.gates},
            "distances": distances, "right": np.array(right),
        }  # fmt: skip

    def _levers(self, T, at):
        push = np.full((T, 1), self.shift)
        push[at - 1 : at] += english.SHUT  # an empty stretch if at is 0
        return {(KEEP[self.kind], self.unit): push}

    def draw(self, result):
        """Left: all units, the chosen one's gates, and its state along the words. Right: the verb."""
        figure = self.new_figure(8.2, 4.5)
        grid = figure.add_gridspec(1, 2, width_ratios=[5, 2.6])
        left = grid[0].subgridspec(3, 1, height_ratios=[1.5, 1.1, 0.4])
        for row, draw in enumerate((self._draw_states, self._draw_gates, self._draw_strip)):
            draw(figure.add_subplot(left[row]))
        right = grid[1].subgridspec(2, 1, height_ratios=[1, 1.25])
        self._draw_verb(figure.add_subplot(right[0]))
        self._draw_distance(figure.add_subplot(right[1]))
        return figure

    def _draw_states(self, ax):
        H = network(self.kind).H
        self._states = live_image(ax, (0, 1, H - 0.5, -0.5), -self.reach, self.reach)
        self._row = live_line(ax, color=BLACK, lw=1.5, clip_on=False)
        ax.set(xlim=(0, 1), ylim=(H - 0.5, -0.5), xticks=[], yticks=[0, H // 2, H - 1], ylabel="unit")
        ax.set_title(f"${self.state}_t$ of all units", fontsize=11)
        ax.grid(False)

    def _draw_gates(self, ax):
        self._lines = {}
        for name in self.gates:
            style = {"color": GATES[name], "ms": 5, "label": f"${name}_t$"}
            self._lines[name] = live_line(ax, GATE_STYLES[name], **style)
        ax.set(xlim=(0, 1), ylim=(-0.06, 1.06), xticks=[], yticks=[0, 0.5, 1])
        ax.set_title("gates of the chosen unit", fontsize=11, loc="left")
        legend_beside_title(ax, 3)

    def _draw_strip(self, ax):
        self._strip = live_image(ax, (0, 1, 0, 1), -self.reach, self.reach)
        ax.set(ylim=(0, 1), yticks=[])
        ax.set_ylabel(f"its ${self.state}_t$", rotation=0, ha="right", va="center", fontsize=11)
        ax.grid(False)
        self._axis = WordAxis(ax, self.longest)
        centred = {"ha": "center", "va": "center", "fontsize": 9}
        self._values = [live_text(ax, 0, 0.5, **centred) for _ in range(self.longest)]

    def _draw_verb(self, ax):
        self._verb = ExpectedBars(ax, VERBS)
        ax.set(xlim=(0, 0.52), xticks=[0, 0.25, 0.5])
        ax.set_title("the verb (◇ untouched)", fontsize=11)
        ax.tick_params(axis="x", labelsize=10)

    def _draw_distance(self, ax):
        self._plural = live_line(ax, "o-", color=BLUE, label="$are$")
        self._singular = live_line(ax, "s--", color=VERMILLION, label="$is$")
        ax.set(xlim=(0, 20), ylim=(-0.07, 1.07), xticks=[1, 7, 13, 19], yticks=[0, 0.5, 1])
        ax.set_title("right verbs", fontsize=11, loc="left")
        ax.set_xlabel("words from subject to verb", fontsize=10)
        ax.tick_params(labelsize=10)
        legend_beside_title(ax, 2)

    def update(self, result):
        """The words take the colour of the unit's state; the word at which the gate is shut is red."""
        words, T, k = result["words"], len(result["words"]), self.unit
        self._states.set_data(result["states"].T)
        self._row.set_data([0, 1, 1, 0, 0], [k - 0.5, k - 0.5, k + 0.5, k + 0.5, k - 0.5])
        along = middle(np.arange(T), T)
        for name, line in self._lines.items():
            line.set_data(along, result["gates"][name])
        values = result["states"][:, k]
        self._strip.set_data(values[None])
        for t, text in enumerate(self._values):
            text.set_text(fixed(values[t], 1) if t < T else "")
            text.set_x(middle(t, T) if t < T else 0)
            text.set_color("white" if t < T and abs(values[t]) > 0.6 * self.reach else "black")
        self._axis.show(words, [VERMILLION if t + 1 == result["at"] else "black" for t in range(T)])
        self._verb.show(result["p"], result["free"])
        self._singular.set_data(result["distances"], result["right"][0])
        self._plural.set_data(result["distances"], result["right"][1])

    def readout(self, result):
        """What was moved, and the verb after it and before it."""
        gate, far = KEEP[self.kind], 100 * result["right"][:, -1].mean()
        moved = [f"b_{gate} {'+' if self.shift > 0 else ''}{fixed(self.shift, 1)}"] if self.shift else []
        if result["at"]:
            moved.append(f"{gate} = 0 at “{result['words'][result['at'] - 1]}”")
        now, before = (
            [fixed(probability(result[name], verb)) for verb in ("is", "are")] for name in ("p", "free")
        )
        return (
            f"Unit {self.unit}, {', '.join(moved) or 'untouched'}: is {now[0]}, are {now[1]} "
            f"(untouched {before[0]}, {before[1]}); {far:.0f}% right at distance 19."
        )


@functools.lru_cache(4096)
def _agreement(kind, unit, shift):
    """Agreement by distance with one bias moved; kept, since other controls leave it as it is."""
    return english.agreement_by_distance(network(kind), {(KEEP[kind], unit): shift})
