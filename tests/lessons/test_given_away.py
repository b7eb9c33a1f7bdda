"""What a lesson asks is not answered above: not the choice, not the number, not the numbers of the reason.

What can be told by a machine is told here: a choice of several words, a number that was guessed, and the
numbers of the sentence that says why, if they are long enough to be no coincidence. A choice of one word
("less", "keys") stands in any text; whether it is given away is for a reader to judge.
"""

import re

import nbformat
import pytest

from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tests.checks.test_checks_exercises import PREDICTED, answers
from tests.lessons.lesson import NOTEBOOKS, exercises

ASKED = [(name, lab) for name, labs in catalogue().items() for lab in labs if lab.prediction]
NUMBER = r"\d+\.\d+|\d{3,}"  # with fewer digits, it is found in any text
PHRASE = 3  # words
MEANT = {
    ("01_rnn_unrolling", "UnrolledChain", "1120"): "the question is whether this number changes",
    ("04_clipping_truncation", "Truncation", "0.17"): "a cell prints this cost; the question is a direction",
    ("05_lstm_gates", "Chain", "0.953"): "the question gives it too, as 95.3%",
}
"""What stands above although it is the answer, by notebook, lab or cell, and words; with the reason."""


def lesson(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells


def above(cells, begins):
    """All that is read before the first cell that begins so: its words, its code and what it prints."""
    place = next(k for k, cell in enumerate(cells) if cell.source.startswith(begins) or cell.id == begins)
    return "\n".join(text for cell in cells[:place] for text in (cell.source, *printed(cell)))


def printed(cell):
    return [
        out.get("text", "") or out.get("data", {}).get("text/plain", "") for out in cell.get("outputs", [])
    ]


def numbers(text):
    return set(re.findall(rf"(?<![\d.])(?:{NUMBER})(?!\.?\d)", text))


def told(text, words):
    """Whether these words, or this number, stand in a text."""
    return re.search(rf"(?<![\w.]){re.escape(words)}(?!\w|\.\d)", text, re.I) is not None


def secrets(kind):
    """What must not be read above a lab: its answer, and the numbers that are seen at its setting only.

    What a training will do is known when it has run; of the choices of such a lab, none may be read as it is.
    """
    asked = kind.prediction
    if issubclass(kind, RunningLab):
        return {words for words in asked.words.values() if len(words.split()) > PHRASE}
    lab = kind()
    known = numbers(f"{asked.question} {lab.readout_text} {' '.join(asked.words.values())}")
    lab.set(**asked.at)
    answer = lab.measured(lab.result)
    found = numbers(lab.because(lab.result)) - known
    if not asked.choices:
        return found | {f"{answer:g}"}
    words = asked.words[answer]
    return found | ({words} if len(words.split()) >= PHRASE or numbers(words) else set())


@pytest.mark.parametrize(("name", "kind"), ASKED, ids=[f"{name}:{lab.__name__}" for name, lab in ASKED])
def test_a_prediction_is_not_answered_above(name, kind):
    read = above(lesson(name), f"labs.{kind.__name__}(")
    given_away = {words for words in secrets(kind) if told(read, words)}
    assert given_away - {words for *place, words in MEANT if place == [name, kind.__name__]} == set()


PREDICTIONS = [exercise for exercise in exercises() if exercise.cell in PREDICTED]


@pytest.mark.parametrize("exercise", PREDICTIONS, ids=lambda exercise: f"{exercise.notebook}:{exercise.cell}")
def test_an_answer_cell_is_not_answered_above(exercise):
    """Neither as an equation nor, from two decimals on, as a number."""
    read = re.sub(r"[{}$\\]", "", above(lesson(exercise.notebook), exercise.cell))
    for name, answer in zip(exercise.names, answers(exercise), strict=True):
        assert not re.search(rf"\b{name} ?= ?{re.escape(str(answer))}(?![\d.])", read)
        if isinstance(answer, float) and len(str(answer)) >= len("0.25"):
            allowed = (exercise.notebook, exercise.cell, f"{answer:.4g}") in MEANT
            assert allowed or not told(read, f"{answer:.4g}"), f"{answer:.4g} stands above"


def test_what_is_excused_is_still_asked():
    places = {(name, lab.__name__) for name, lab in ASKED} | {(e.notebook, e.cell) for e in PREDICTIONS}
    assert [place for *place, _ in MEANT if tuple(place) not in places] == []


# That it is found -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("It is 0.297 now.", "0.297", True),
        ("It is 0.297.", "0.297", True),
        ("It is 0.2974 now.", "0.297", False),
        ("It is 10.297 now.", "0.297", False),
        ("It grows, then shrinks.", "grows, then shrinks", True),
        ("It grows.", "grows, then shrinks", False),
    ],
)
def test_words_are_found_as_a_whole(text, words, found):
    assert told(text, words) == found


def test_numbers_that_are_long_enough_are_looked_for():
    assert numbers("From 27 on, step 8: 5.53 of 1120, × 0.802 per step.") == {"5.53", "1120", "0.802"}


def test_what_a_cell_prints_is_read_too():
    cells = [
        nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text="0.297\n")]),
        nbformat.v4.new_code_cell("labs.Waves()"),
        nbformat.v4.new_markdown_cell("It was 0.001."),
    ]
    assert told(above(cells, "labs.Waves("), "0.297")
    assert not told(above(cells, "labs.Waves("), "0.001")
