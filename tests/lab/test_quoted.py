"""What somebody has typed or passed is quoted in errors, and never more of it than one reads."""

import io
import traceback

import numpy as np
import pytest
import traitlets
from PIL import Image

from helpers.engine import bptt, cells, probes
from helpers.engine.arguments import MOST, quoted, shortened
from helpers.english import network
from helpers.english.sentences import exact_probabilities, parse
from helpers.lab import Lab, Slider, Text
from helpers.labs import rnn
from helpers.labs.race import results
from helpers.tasks import data
from helpers.tasks import text as text_task

WORD = "w" * 10_000
LONGEST = 400  # characters of a whole sentence


class Broken:
    def __repr__(self):
        raise RuntimeError("no words")


def test_what_is_short_is_quoted_whole():
    assert quoted("keys") == "'keys'"
    assert quoted(2.5) == "2.5"
    assert shortened("as it is") == "as it is"


def test_what_is_long_loses_its_middle():
    said = quoted("begin" + WORD + "end")
    assert len(said) <= MOST
    assert said.startswith("'beginww")
    assert said.endswith("wwend'")
    assert " … " in said


VALUES = {"rows": np.ones((40, 50)), "words": [WORD] * 5, "digits": 10**5000, "no words": Broken()}


@pytest.mark.parametrize("name", VALUES)
def test_whatever_it_is_it_is_one_short_line(name):
    said = quoted(VALUES[name])
    assert len(said) <= MOST
    assert "\n" not in said


class Typed(Lab):
    """What do you say?"""

    said = Text(label="say", check=lambda text: "Say less." if len(text) > 20_000 else "")
    push = Slider(0, 1, step=1, default=0, label="push")

    def compute(self):
        return {}

    def draw(self, result):
        return self.new_figure(4, 3)

    def update(self, result):
        pass

    def readout(self, result):
        return "Thank you."


TAPE = bptt.unroll(cells.RNN(1, 2, rng=0), np.ones((3, 1, 1)))
CALLS = {
    "size": lambda: cells.RNN(WORD, 2, rng=0),
    "choice": lambda: cells.RNN(1, 2, rng=0, init=WORD),
    "seed": lambda: cells.RNN(1, 2, rng=WORD),
    "tape": lambda: getattr(TAPE, WORD),
    "sequence of a batch": lambda: TAPE.sequence(10**400),
    "array of a cell": lambda: cells.RNN(1, 2, rng=0).put(**{WORD: 1}),
    "step": lambda: probes.perturbation(cells.RNN(1, 2, rng=0), np.ones((3, 1, 1)), 10**400, 1.0),
    "text to learn": lambda: text_task.NextCharacter(text=" " * 10_000),
    "text": lambda: data.encode([WORD], "ab"),
    "characters": lambda: data.encode("".join(map(chr, range(300, 9000))), "ab"),
    "rows": lambda: data.digit_sequences(np.zeros((1, 8, 8)), by=WORD),
    "kind of a network": lambda: network.from_entries(
        {"kind": WORD, **dict.fromkeys(network.PARAMETERS)}, "x"
    ),
    "length of a race": lambda: results.table(WORD, []),
    "sentence": lambda: parse([WORD]),
    "word": lambda: parse(f"the {WORD}"),
    "words of the language": lambda: exact_probabilities(parse("the " * 5000)),
    "control": lambda: Typed(**{WORD: 1}),
    "value of a control": lambda: Typed(push=WORD),
    "text of a control": lambda: setattr(rnn.ReadingRNN(), "typed", WORD),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_error_stays_short_however_long_the_value(call):
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError, traitlets.TraitError)) as raised:
        call()
    said = "".join(traceback.format_exception_only(raised.value))
    assert len(said) < LONGEST


def test_text_of_any_length_fits_the_picture():
    lab = Typed(said=WORD)
    width, height = Image.open(io.BytesIO(lab.frames.postcard())).size
    plain = Image.open(io.BytesIO(Typed(said="hello").frames.postcard())).size
    assert width == plain[0]
    assert plain[1] < height < plain[1] + 200
