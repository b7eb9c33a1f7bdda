"""A lab of the lesson on gates: which unit of a trained network holds singular or plural, and how."""

import functools
from types import MappingProxyType

import numpy as np

from helpers import english
from helpers.drawing.plots import live_text
from helpers.drawing.style import BLUE, VERMILLION, fixed
from helpers.english.language import NOUNS, chain
from helpers.lab import Choice, Slider
from helpers.labs.shared.reading_gates import LONGEST, _ReadingGates
from helpers.labs.shared.sentences import SENTENCES, chosen, network, probability, typed_control

# What the map shows, and its titles.
MAPS = {"states": "cell states", "difference": "difference from the twin"}
TITLES = {
    "states": "cell states of all units",
    "difference": "cell states minus those of the twin sentence",
}


class ReadingLSTM(_ReadingGates):
    """Which unit of an LSTM holds singular or plural?

    A trained LSTM of 32 units reads up to the verb. Choose a unit, shut its forget gate at one word, or move
    its forget bias at all words. Nothing else in the network is touched. The twin sentence has the subject
    changed from singular to plural or back, and all other words the same.
    """

    shows = Choice(MAPS, label="map")
    unit = Slider(0, 31, step=1, default=0, label="unit")
    shut = Slider(0, LONGEST, step=1, default=0, label="shut f at word (0: at none)")
    shift = Slider(-6.0, 2.0, step=0.5, default=0.0, label="added to its b_f")
    anchors = (
        {"shows": "difference"},
        {"unit": 24},
        {"unit": 24, "shut": 6},
        {"unit": 24, "sentence": SENTENCES[1]},
        {"unit": 24, "shut": 6, "sentence": SENTENCES[1]},
        {"unit": 24, "shift": -4.0},
    )
    colours = MappingProxyType({"is": VERMILLION, "are": BLUE})
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "keys the on"])

    def compute(self):
        """What the base computes, and the cell states of the same network in the twin sentence."""
        found = super().compute()
        words = twin_of(chosen(self.sentence, self.typed))
        twin = english.read(network(self.kind), words, self._levers(len(words), found["at"]))
        return found | {"twin": twin.tape.c[:, :, 0]}

    def _draw_states(self, ax):
        super()._draw_states(ax)
        ax.set_title(" ", fontsize=11)  # keeps the room: the title changes with the map
        style = {"ha": "center", "va": "bottom", "fontsize": 11, "transform": ax.transAxes, "clip_on": False}
        self._title = live_text(ax, 0.5, 1.04, **style)

    def update(self, result):
        """The strip under the gates takes the colour of the unit's state."""
        super().update(result)
        self._title.set_text(TITLES[self.shows])
        if self.shows == "difference":
            self._states.set_data((result["states"] - result["twin"]).T)

    def readout(self, result):
        """What was moved, what the network expects after it and without it, and how often it is right."""
        said = SAID[bool(result["at"]), int(np.sign(self.shift))]
        now, free = (
            {verb: fixed(probability(result[name], verb)) for verb in ("is", "are")} for name in ("p", "free")
        )
        return said.format(
            unit=self.unit, word=result["words"][result["at"] - 1], shift=fixed(abs(self.shift), 1),
            now=now, free=free, right=fixed(100 * result["right"][:, -1].mean(), 0),
        )  # fmt: skip


# The line under the picture, by two things: whether a gate is shut; whether the bias is moved down, not at
# all, or up.
SAID = {
    (False, 0): "Untouched, “is” has probability {now[is]} and “are” {now[are]}. Of verbs 19 words after"
    " their subject, {right}% agree.",
    (False, -1): "With {shift} subtracted from b_f of unit {unit}, “is” has probability {now[is]} and “are”"
    " {now[are]} (untouched: {free[is]} and {free[are]}). Of verbs 19 words after their subject, {right}%"
    " agree.",
    (False, 1): "With {shift} added to b_f of unit {unit}, “is” has probability {now[is]} and “are”"
    " {now[are]} (untouched: {free[is]} and {free[are]}). Of verbs 19 words after their subject, {right}%"
    " agree.",
    (True, 0): "With f = 0 at “{word}” in unit {unit}, “is” has probability {now[is]} and “are” {now[are]}"
    " (untouched: {free[is]} and {free[are]}). Of verbs 19 words after their subject, {right}% agree.",
    (True, -1): "With f = 0 at “{word}” and {shift} subtracted from b_f in unit {unit}, “is” has probability"
    " {now[is]} and “are” {now[are]} (untouched: {free[is]} and {free[are]}). Of verbs 19 words after their"
    " subject, {right}% agree.",
    (True, 1): "With f = 0 at “{word}” and {shift} added to b_f in unit {unit}, “is” has probability"
    " {now[is]} and “are” {now[are]} (untouched: {free[is]} and {free[are]}). Of verbs 19 words after their"
    " subject, {right}% agree.",
}


@functools.lru_cache(256)
def twin_of(text):
    """The words of a sentence (T, 1), its first noun changed from singular to plural or back."""
    words, nouns = english.parse(text), {chain().index[noun] for row in NOUNS for noun in row}
    subject = [step for step, word in enumerate(words) if word in nouns][:1]
    for step in subject:  # none in a beginning such as "the old"
        words = english.twin(words[:, None], step)[:, 0]
    return words[:, None]
