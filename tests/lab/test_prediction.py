"""What labs ask before they can be moved: the question, where it is answered, and what is said to a guess."""

import re
import sys
import types

import pytest

from helpers.lab import Lab, Prediction, Slider
from helpers.lab.on_page import code_of
from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from helpers.labs.shared.training import Runs, TrainingLab
from helpers.labs.vanishing import GradientNorms
from tests.labs.test_labs import BAD_WORDS, BADLY_WRITTEN

LABS = [lab for labs in catalogue().values() for lab in labs]
ASKING = [lab for lab in LABS if lab.prediction]
QUICK = [lab for lab in ASKING if not issubclass(lab, RunningLab)]
# In characters: it stands where the line under the picture stands. That there is room is held in the browser.
LONGEST_QUESTION, LONGEST_VERDICT = 190, 200
by_name = {"ids": lambda lab: f"{lab.__module__.rpartition('.')[2]}.{lab.__name__}"}


class Square(Lab):
    """How large is the square?"""

    side = Slider(0.0, 3.0, step=0.5, default=1.0, label="side")
    colour = Slider(0, 3, step=1, default=0, label="colour")
    prediction = Prediction("Twice the side?", {"side": 2.0}, {"2": "twice", "4": "four times"})

    def compute(self):
        return {"area": self.side**2}

    def draw(self, result):
        figure = self.new_figure(2, 2)
        (self.line,) = figure.subplots().plot([0, 1], [0, 1], animated=True)
        return figure

    def update(self, result):
        self.line.set_ydata([0, result["area"]])

    def readout(self, result):
        return f"The area is {result['area']:.2f}."

    def measured(self, result):
        return f"{result['area']:.0f}"

    def because(self, result):
        return f"It is {result['area']:.2f}."


class Area(Square):
    """What is the area?"""

    prediction = Prediction("At side 2?", {"side": 2.0}, unit=" cm²", near=0.5)

    def measured(self, result):
        return result["area"]


class TestPrediction:
    def test_each_choice_gets_a_sentence(self):
        lab = Square(side=2.0)
        assert lab.verdicts(lab.result) == {
            "2": "You said “twice”. It turns out to be “four times”. It is 4.00.",
            "4": "You said “four times”, and you were right. It is 4.00.",
        }

    def test_a_number_is_near_or_far(self):
        lab = Area(side=2.0)
        said = lab.verdicts(lab.result)
        assert (said["low"], said["high"]) == (3.5, 4.5)
        assert said["near"] == "You said {guess} cm², which is close: it turns out to be 4 cm². It is 4.00."
        assert said["far"] == "You said {guess} cm². It turns out to be 4 cm². It is 4.00."

    @pytest.mark.parametrize("controls", [{}, {"side": 1.5}, {"side": 2.0, "colour": 1}])
    def test_elsewhere_there_is_nothing_to_say(self, controls):
        lab = Square(**controls)
        assert lab.verdicts(lab.result) is None

    def test_verdict_travels_with_its_frame(self):
        lab = Square()
        here, there = lab.frames.snapshots([[1.0, 0], [2.0, 0]])
        assert here.verdicts is None
        assert there.verdicts["2"].startswith("You said “twice”. It turns out")
        assert lab.side == 1.0

    def test_panel_gets_the_question_and_its_setting(self):
        view = Square().view
        assert view.prediction == {
            "question": "Twice the side?", "choices": [["2", "twice"], ["4", "four times"]], "unit": "",
            "range": [], "setting": "To see it, set *side* to 2.0.",
        }  # fmt: skip
        assert view.shown["verdicts"] is None

    def test_python_is_not_held_up(self):
        lab = Square()
        view = lab.view
        lab.side = 2.0
        assert lab.result["area"] == 4
        assert view.shown["verdicts"]["2"]

    def test_alt_text_asks_and_does_not_answer(self):
        """It is what a page without a kernel reads."""
        asking, moved = Square(), Square(side=2.0)
        alt = [lab._repr_mimebundle_()[1]["image/png"]["alt"] for lab in (asking, moved)]
        assert alt[0] == "How large is the square? Predict: Twice the side? Choose: twice · four times"
        assert alt[1] == "How large is the square? The area is 4.00."
        assert repr(asking) == "How large is the square? The area is 1.00."

    def test_words_alone_are_their_own_values(self):
        asked = Prediction("Twice the side?", {"side": 2.0}, ["twice", "four times"])
        assert asked.spec(Square.controls())["choices"] == [["twice", "twice"], ["four times", "four times"]]
        assert asked.verdicts("twice", "Why.")["twice"] == "You said “twice”, and you were right. Why."

    @pytest.mark.parametrize(
        ("at", "setting"),
        [
            ({"side": 2.0, "colour": 1}, "To see it, set *side* to 2.0 and *colour* to 1."),
            (
                {"side": 2.0, "n": -1, "colour": 1},
                "To see it, set *side* to 2.0, *n* to −1 and *colour* to 1.",
            ),
        ],
    )
    def test_it_says_how_to_get_there(self, at, setting):
        controls = Square.controls() | {"n": Slider(-2, 2, step=1, default=0, label="n")}
        asked = Prediction("?", at, ["a", "b"], then="Then press Run.")
        assert asked.spec(controls)["setting"] == f"{setting} Then press Run."

    def test_a_setting_is_made_with_a_few_controls(self):
        for at in ({}, dict.fromkeys("abcd", 1)):
            with pytest.raises(ValueError, match="one to three controls"):
                Prediction("?", at, ["a", "b"])

    @pytest.mark.parametrize("choices", [["one"], ["a", "a"], list("abcde"), {"0": "a", "1": "a"}])
    def test_two_to_four_choices(self, choices):
        with pytest.raises(ValueError, match="two to four different choices"):
            Prediction("?", {"side": 2.0}, choices)

    def test_percentage_ranges_from_0_to_100(self):
        controls = Area.controls()
        assert Area.prediction.spec(controls)["range"] == []
        share = Prediction("How much?", {"side": 2.0}, unit="%", near=5)
        assert share.spec(controls)["range"] == [0, 100]

    def test_a_number_needs_a_margin(self):
        with pytest.raises(ValueError, match="`near`"):
            Prediction("?", {"side": 2.0})

    def test_an_answer_that_is_no_choice_is_refused(self):
        with pytest.raises(ValueError, match="is not one of"):
            Square.prediction.verdicts("twice", "")


class TestCode:
    def test_the_name_of_the_module_and_its_import(self):
        name, needs = code_of(Square)
        assert name == "test_prediction.Square"
        assert needs == "from tests.lab import test_prediction"

    def test_lab_is_imported_through_its_lesson(self):
        assert code_of(GradientNorms) == ["vanishing.GradientNorms", "from helpers.labs import vanishing"]

    def test_a_name_that_the_notebook_gave_it(self, monkeypatch):
        notebook = types.ModuleType("__main__")
        notebook.labs = sys.modules[__name__]
        monkeypatch.setitem(sys.modules, "__main__", notebook)
        assert code_of(Square) == ["labs.Square", "from tests.lab import test_prediction as labs"]


@pytest.mark.parametrize("kind", ASKING, **by_name)
class TestLabsThatAsk:
    def test_it_opens_elsewhere(self, kind):
        """In the state that the text has explained, never in the one that is asked about."""
        controls = kind.controls()
        assert set(kind.prediction.at) <= set(controls)
        for name, value in kind.prediction.at.items():
            assert controls[name].validate(None, value) == value
            assert not controls[name].more, "what is asked about stands among the first controls"
        assert any(controls[name].default_value != value for name, value in kind.prediction.at.items())

    def test_the_question_is_short(self, kind):
        words = [kind.prediction.question, *kind.prediction.words.values()]
        assert re.search(r"[?.]$(?<!\.\.\.)", kind.prediction.question), "a sentence without its choices"
        assert re.fullmatch(r"([A-Z][^.]*\.)?", kind.prediction.then), "a sentence of its own"
        assert len(" ".join(words)) <= LONGEST_QUESTION
        assert not any(BADLY_WRITTEN.search(text) for text in words)


@pytest.mark.parametrize("kind", [lab for lab in QUICK if not lab.prediction.choices], **by_name)
def test_a_number_that_comes_out_can_be_guessed(kind):
    lab = kind(**kind.prediction.at)
    low, high = lab.prediction.spec(kind.controls())["range"] or (-float("inf"), float("inf"))
    assert low <= lab.measured(lab.result) <= high


@pytest.mark.parametrize("kind", QUICK, **by_name)
def test_each_guess_is_answered_at_the_setting(kind):
    lab = kind()
    assert lab.verdicts(lab.result) is None
    lab.set(**kind.prediction.at)
    verdicts = lab.verdicts(lab.result)
    said = {name: words for name, words in verdicts.items() if isinstance(words, str)}
    assert set(said) == set(kind.prediction.choices or ["near", "far"])
    assert sum("and you were right" in words or "which is close" in words for words in said.values()) == 1
    for words in said.values():
        assert len(words) <= LONGEST_VERDICT, words
        assert words.endswith((".", ")"))
        assert not BAD_WORDS.search(words), words
        assert not BADLY_WRITTEN.search(words), words


@pytest.mark.parametrize("kind", [lab for lab in ASKING if issubclass(lab, TrainingLab)], **by_name)
@pytest.mark.parametrize(("solved", "value"), [(4, "all"), (3, "some"), (1, "few")])
def test_training_is_answered_when_all_seeds_end(kind, solved, value):
    lab = kind(**kind.prediction.at)
    assert lab.verdicts(lab.result) is None
    curves = {seed: [1.0] for seed in range(1, 5)}
    runs = Runs(curves, {seed: 100 + seed for seed in range(solved)}, tuple(range(solved, 4)))
    under_way = Runs(curves, {1: 100})
    assert lab.verdicts(lab.result | {"runs": under_way}) is None
    words = lab.verdicts(lab.result | {"runs": runs})
    assert "and you were right" in words[value]
    assert f"with {solved} of 4 seeds" in words[value]


@pytest.mark.parametrize("kind", [lab for lab in LABS if lab.colours], **by_name)
def test_words_that_are_coloured_are_said(kind):
    """A colour for a word that no read-out says would be a mistake."""
    missing = set(kind.colours)
    for text in read_outs(kind()):
        missing -= {word for word in missing if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}
        if not missing:
            break
    assert not missing


def read_outs(lab):
    """What it says at the start, and at every end of its controls."""
    yield lab.readout_text
    for name, control in lab.controls().items():
        for value in control.examples():
            setattr(lab, name, value)
            yield lab.readout_text
        lab.reset()
