"""Lab of the lesson on gates without h: a GRU and a minGRU read the same sentence."""

import functools
from types import MappingProxyType

import numpy as np

from helpers import english
from helpers.drawing.block import GATES
from helpers.drawing.plots import live_line, live_text
from helpers.drawing.style import BLACK, BLUE, VERMILLION, fixed, two_digits
from helpers.drawing.word_axis import WordAxis, middle
from helpers.english.language import NOUNS, chain
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.shared.sentences import (
    chosen,
    legend_beside_title,
    network,
    probability,
    run,
    typed_control,
)

KINDS = ("gru", "mingru")
LONGEST = 12  # words
# Up to the verb: the subject alone; then with one, no and two nouns of the other number; and two sentences in
# which a noun of the subject's own number comes after one of the other number.
SENTENCES = (
    "the keys",
    "the man near the keys",
    "the man near the old door",
    "the key near the old doors behind the tables",
    "the key with the men to the cat",
    "the man that sees the dogs near the cat",
)
TITLES = {"gru": "GRU: 1 − z, unit {unit}", "mingru": "minGRU: z, unit {unit}"}
CHOICES = {
    "both": "both units",
    "gru": "only the GRU's",
    "mingru": "only the minGRU's",
    "neither": "neither unit",
}
OUTCOMES = {(True, True): "both", (True, False): "gru", (False, True): "mingru", (False, False): "neither"}
SAME = 0.05  # what is written differs by less than this

AT_NOUN = (
    "At “{noun}”, unit {gru_unit} of the GRU writes {gru} (as the subject {gru_alone}) and unit "
    "{mingru_unit} of the minGRU {mingru} ({mingru_alone})."
)
NO_NOUN = "No noun has been read."
VERBS = (
    "The GRU gives “is” the probability {is_gru} and “are” {are_gru}, "
    "the minGRU {is_mingru} and {are_mingru}."
)
BECAUSE = (
    "Unit {gru_unit} of the GRU writes {gru} there and {gru_alone} as the subject, unit {mingru_unit} of the "
    "minGRU {mingru} both times: its gate sees only the word."
)


class ReadingBoth(Lab):
    """What does a noun write when it is not the subject?

    A trained GRU of 40 units and a minGRU of 91 read the same sentence up to its verb. The upper plots show
    how much one unit of each writes at each word: 1 − z in the GRU, whose z keeps, and z in the minGRU. The
    diamonds show what it writes at the same noun right after an opening *the*, where the noun is the subject.
    """

    sentence = Choice(list(SENTENCES), label="sentence, up to its verb")
    gru_unit = Slider(0, 39, step=1, default=29, label="unit of the GRU")
    mingru_unit = Slider(0, 90, step=1, default=70, label="unit of the minGRU")
    anchors = (
        {"sentence": SENTENCES[4], "mingru_unit": 3},
        {"sentence": SENTENCES[5], "mingru_unit": 3},
    )
    typed = typed_control(LONGEST, ["the men with the key to the cats", "the that the"])
    prediction = Prediction(
        "In “the man near the keys”, “keys” is not the subject. Which of the two units writes as much at "
        "“keys” there as here?",
        {"sentence": SENTENCES[1]},
        CHOICES,
    )
    colours = MappingProxyType({"is": VERMILLION, "are": BLUE})

    def measured(self, result):
        """Which units write the same at the last noun as at the subject."""
        return OUTCOMES[tuple(abs(here - alone) < SAME for here, alone in self._at_last_noun(result))]

    def because(self, result):
        """How much both units write."""
        return BECAUSE.format(**self._fields(result))

    def compute(self):
        """What the chosen units write at each word, and at its nouns if they were subjects; both verbs."""
        text = chosen(self.sentence, self.typed)
        words, units = text.split(), self._units()
        nouns = np.array([t for t, word in enumerate(words) if word in NOUNS[0] + NOUNS[1]], int)
        result = {"words": words, "nouns": nouns}
        for kind in KINDS:
            reading, p = run(kind, text)
            index = [chain().index[words[t]] for t in nouns]
            result[kind] = {
                "written": written(kind, reading.tape)[:, units[kind], 0],
                "alone": as_subject(kind)[units[kind], index],
                "is": probability(p, "is"),
                "are": probability(p, "are"),
            }
        return result

    def _units(self):
        return {"gru": self.gru_unit, "mingru": self.mingru_unit}

    def _at_last_noun(self, result):
        """For each network, what is written there, and what would be if it were the subject."""
        return [(result[kind]["written"][result["nouns"][-1]], result[kind]["alone"][-1]) for kind in KINDS]

    def draw(self, result):
        """A column for each network: above what one unit writes, below the verbs, along the words."""
        figure = self.new_figure(8.2, 4.2)
        axes = figure.subplots(2, 2, sharey="row")
        self._columns = {kind: self._draw_column(*axes[:, k]) for k, kind in enumerate(KINDS)}
        axes[0, 0].set_ylabel("written")
        axes[1, 0].set_ylabel("probability")
        return figure

    def _draw_column(self, above, below):
        dots = live_line(above, "o-", color=GATES["1 - z"], ms=5, label="here")
        diamonds = live_line(above, "D", ms=9, mfc="none", mec=BLACK, label="as subject")
        above.set(xlim=(0, 1), xticks=[], ylim=(-0.09, 1.09), yticks=[0, 0.5, 1])
        above.set_title(" ", fontsize=11)  # keeps the room: the title is live
        style = {"ha": "left", "va": "bottom", "fontsize": 11, "transform": above.transAxes}
        title = live_text(above, 0, 1.04, clip_on=False, **style)
        legend_beside_title(above, 2)
        one = live_line(below, "s--", color=VERMILLION, ms=5, label="is")
        many = live_line(below, "o-", color=BLUE, ms=5, label="are")
        below.set(ylim=(-0.03, 0.6), yticks=[0, 0.3, 0.6])
        below.set_title("the next word is ...", fontsize=11, loc="left")
        legend_beside_title(below, 2)
        return {
            "dots": dots, "diamonds": diamonds, "title": title, "is": one, "are": many,
            "axis": WordAxis(below, LONGEST),
        }  # fmt: skip

    def update(self, result):
        """Both columns; the nouns are black, the other words grey."""
        words, nouns, T = result["words"], result["nouns"], len(result["words"])
        along = middle(np.arange(T), T)
        colours = ["black" if t in nouns else "0.4" for t in range(T)]
        for kind, column in self._columns.items():
            found = result[kind]
            column["dots"].set_data(along, found["written"])
            column["diamonds"].set_data(along[nouns], found["alone"])
            column["title"].set_text(TITLES[kind].format(unit=self._units()[kind]))
            column["axis"].show(words, colours)
            for verb in ("is", "are"):
                column[verb].set_data(along, found[verb])

    def readout(self, result):
        """What both units write at the last noun, and the verbs after the last word."""
        p = {f"{verb}_{kind}": fixed(result[kind][verb][-1]) for kind in KINDS for verb in ("is", "are")}
        at_noun = AT_NOUN.format(**self._fields(result)) if len(result["nouns"]) else NO_NOUN
        return f"{at_noun} {VERBS.format(**p)}"

    def _fields(self, result):
        """The numbers at the last noun, as they are written."""
        both = dict(zip(KINDS, self._at_last_noun(result), strict=True))
        fields = {kind: two_digits(here) for kind, (here, _) in both.items()}
        fields |= {f"{kind}_alone": two_digits(alone) for kind, (_, alone) in both.items()}
        fields |= {f"{kind}_unit": unit for kind, unit in self._units().items()}
        return fields | {"noun": result["words"][result["nouns"][-1]]}


def written(kind, tape):
    """How much each unit writes at each step, (T, H, B): z of a minGRU writes, that of the GRU keeps."""
    return tape.z if kind == "mingru" else 1 - tape.z


@functools.cache
def as_subject(kind):
    """How much each unit writes at each word if it comes after an opening *the*, (H, K)."""
    K = len(chain().words)
    words = np.array([np.full(K, chain().index["the"]), np.arange(K)])
    return written(kind, english.read(network(kind), words).tape)[1]
