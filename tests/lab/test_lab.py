"""A lab, its controls and its errors, without a page."""

import subprocess
import sys
import threading
import warnings

import ipywidgets
import numpy as np
import pytest
import traitlets

from helpers.lab import Choice, Lab, Slider, Toggle
from helpers.page.panel import Panel


class Waves(Lab):
    """How many waves fit in?"""

    count = Slider(1, 9, step=1, default=3, label="waves")
    height = Slider(-1.0, 2.0, step=0.1, default=1.0, label="height")
    shape = Choice(["sine", "square", "broken"], label="shape")
    shifted = Toggle(label="shift by a quarter")
    runs = 0

    def compute(self):
        self.runs += 1
        if self.shape == "broken":
            raise ValueError("a broken wave\nhas no shape")
        x = np.linspace(0, 2 * np.pi, 50)
        y = np.sin(self.count * x + self.shifted * np.pi / 2)
        return {"x": x, "y": self.height * (np.sign(y) if self.shape == "square" else y)}

    def draw(self, result):
        figure = self.new_figure(4, 3)
        ax = figure.subplots()
        (self.line,) = ax.plot([], [], animated=True)
        ax.set(xlim=(0, 7), ylim=(-2, 2))
        return figure

    def update(self, result):
        self.line.set_data(result["x"], result["y"])

    def readout(self, result):
        return f"{self.count} waves, at most {result['y'].max():.2f}."


class TestFromPython:
    def test_a_control_is_an_attribute_that_recomputes(self):
        lab = Waves()
        lab.count = 5
        assert lab.readout_text.startswith("5 waves")
        assert lab.line.get_ydata().max() == lab.result["y"].max()
        assert "How many waves fit in? 5 waves" in repr(lab)

    def test_it_may_start_elsewhere(self):
        assert Waves(count=7, shape="square").readout_text.startswith("7 waves")

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("count", 0, "count must be a whole number from 1 to 9; got 0."),
            ("count", 10, "from 1 to 9"),
            ("count", 2.5, "whole number"),
            ("count", "3", "got '3'"),
            ("count", True, "got True"),
            ("height", float("nan"), "from -1.0 to 2.0"),
            ("height", 2.01, "from -1.0 to 2.0"),
            ("shape", "round", "one of 'sine', 'square', 'broken'"),
            ("shifted", 1, "True or False"),
        ],
    )
    def test_a_value_out_of_range_says_the_range_and_changes_nothing(self, name, value, words):
        lab = Waves()
        before = getattr(lab, name), lab.readout_text
        with pytest.raises(traitlets.TraitError, match=words.replace("'", "'")):
            setattr(lab, name, value)
        assert (getattr(lab, name), lab.readout_text) == before
        with pytest.raises(traitlets.TraitError):
            Waves(**{name: value})

    def test_a_control_that_is_not_there_is_refused_by_name(self):
        for wrong in (lambda: Waves(depth=3), lambda: Waves().set(depth=3)):
            with pytest.raises(TypeError, match="has the controls count, height, shape, shifted; 'depth'"):
                wrong()

    def test_several_controls_move_at_once_or_not_at_all(self):
        lab = Waves()
        runs = lab.runs
        lab.set(count=4, height=0.5)
        assert lab.runs == runs + 1
        with pytest.raises(traitlets.TraitError):
            lab.set(count=6, height=99)
        assert (lab.count, lab.height) == (4, 0.5)
        lab.reset()
        assert (lab.count, lab.height) == (3, 1.0)

    def test_numpy_numbers_are_numbers(self):
        lab = Waves(count=np.int64(4), height=np.float32(0.5))
        assert (lab.count, lab.height) == (4, 0.5)
        assert type(lab.count) is int

    def test_an_error_in_python_is_raised(self):
        lab = Waves()
        with pytest.raises(ValueError, match="broken wave"):
            lab.shape = "broken"

    def test_two_labs_do_not_share_anything(self):
        one, two = Waves(), Waves()
        one.count = 8
        assert two.count == 3
        assert two.readout_text.startswith("3 waves")


def hear(lab, **content):
    """What the page sends."""
    lab.view._handle_custom_msg(content, [])


@pytest.fixture
def sent(monkeypatch):
    """What the panels of a test send: pairs of content and buffers."""
    messages = []
    send = lambda panel, content, buffers=(): messages.append((content, list(buffers)))  # noqa: E731
    monkeypatch.setattr(Panel, "send", send)
    return messages


def move(lab, n=1, view="v", **controls):
    """What the page sends when the hand has moved these controls."""
    hear(lab, rest=controls, n=n, view=view)


def ask(lab, sent, *values):
    """The answers to these lists of control values: pairs of a frame and the rest."""
    hear(lab, ask=[list(v) for v in values], n=7, view="v")
    content, frames = sent.pop()
    assert (content["n"], content["view"]) == (7, "v")
    return list(zip(frames, content["words"], content["errors"], strict=True))


class TestFrames:
    def test_an_attribute_assigned_later_is_in_the_frames(self):
        class Scaled(Waves):
            factor = traitlets.Float(1.0)  # a trait, but no control
            unit = "m"

            def readout(self, result):
                return f"{self.factor * self.height:.1f} {self.unit}"

        lab = Scaled()
        assert lab.frames.answers([[3, 0.5, "sine", False]])[0].words == "0.5 m"
        lab.factor, lab.unit = 4.0, "cm"
        assert lab.frames.answers([[3, 0.5, "sine", False]])[0].words == "2.0 cm"

    def test_what_update_notes_of_the_artists_holds_for_the_lab_too(self):
        """Both paint into one figure, so that a note of one about what is in it must reach the other."""

        class Sparing(Waves):
            at = None

            def update(self, result):
                if self.at != (now := float(result["y"].max())):
                    self.at = now
                    super().update(result)

        lab = Sparing()
        here, there = [3, 1.0, "sine", False], [3, 0.1, "sine", False]
        first, _ = lab.frames.answers([here, there])
        assert lab.figure.axes[0].lines[0].get_ydata().max() == lab.result["y"].max()
        assert lab.frames.answers([there, here])[1].frame == first.frame

    def test_a_lab_whose_frames_cannot_be_kept_stays_as_its_class_says(self, sent):
        class Wide(Waves):
            def update(self, result):
                super().update(result)
                self.line.axes.set_xlim(0, 1 + self.count)

        lab = Wide()
        assert lab.view.keeps_frames
        ask(lab, sent, [5, 1.0, "sine", False])
        assert lab.view.keeps_frames is False
        assert "keeps_frames" not in vars(lab)


class TestOnAPage:
    def test_question_controls_and_words_are_there(self):
        lab = Waves(count=5)
        view = lab.view
        assert view.question == "How many waves fit in?"
        assert [c["label"] for c in view.controls] == ["waves", "height", "shape", "shift by a quarter"]
        assert view.shown["values"] == [5, 1.0, "sine", False]
        assert view.words == lab.readout_text
        assert view.stills["beneath"].startswith(b"\x89PNG")

    def test_frames_come_with_their_own_words_and_leave_the_lab_alone(self, sent):
        lab = Waves()
        before = lab.result, lab.readout_text, lab.view.shown
        (one, other) = ask(lab, sent, [5, 1.0, "sine", False], [2, 0.5, "square", True])
        assert b"count=5 height=1.0 shape=sine shifted=False" in one[0]
        assert b"count=2 height=0.5 shape=square shifted=True" in other[0]
        assert one[1:] == ("5 waves, at most 1.00.", "")
        assert other[1].startswith("2 waves")
        assert (lab.result, lab.readout_text, lab.view.shown) == before
        assert lab.count == 3

    def test_a_frame_is_the_one_that_python_would_show(self, sent):
        lab = Waves()
        ((frame, words, _),) = ask(lab, sent, [6, -0.5, "sine", True])
        lab.set(count=6, height=-0.5, shifted=True)
        assert lab.view.shown["frame"] == frame
        assert lab.view.words == words

    def test_the_learners_figure_is_that_of_the_learners_values(self, sent):
        lab = Waves()
        ask(lab, sent, [3, 0.1, "sine", False])
        assert lab.figure.axes[0].lines[0].get_ydata().max() == lab.result["y"].max() > 0.9

    def test_where_the_hand_rests_the_lab_is(self):
        lab = Waves()
        move(lab, count=6, height=0.1 + 0.2)
        assert (lab.count, lab.height, lab.shape) == (6, 0.3, "sine")
        assert lab.readout_text.startswith("6 waves")

    def test_python_moves_the_panel(self):
        lab = Waves()
        assert lab.view.shown["values"][1] == 1.0
        lab.height = 0.3
        assert lab.view.shown["values"][1] == 0.3
        assert lab.view.shown["heard"] == {}

    def test_what_is_shown_says_which_moves_were_heard_by_then(self):
        lab = Waves()
        move(lab, n=1, view="a", count=6)
        move(lab, n=2, view="a", count=7)
        move(lab, n=1, view="b", height=0.5)
        assert lab.view.shown["heard"] == {"a": 2, "b": 1}
        assert lab.view.shown["values"][:2] == [7, 0.5]
        lab.count = 2
        assert lab.view.shown["heard"] == {"a": 2, "b": 1}

    def test_a_hand_moves_no_control_but_its_own(self):
        """Python, or another hand, has moved the rest since the page last heard of it."""
        lab = Waves()
        lab.height = 0.5
        move(lab, count=6)
        assert (lab.count, lab.height) == (6, 0.5)

    def test_a_move_to_where_the_lab_is_is_answered_too(self):
        lab = Waves()
        move(lab, n=1, count=3)
        assert lab.view.shown["heard"] == {"v": 1}

    def test_of_many_views_the_latest_are_kept(self):
        lab = Waves()
        for k in range(150):
            move(lab, n=1, view=str(k), count=1 + k % 2)
        heard = lab.view.shown["heard"]
        assert len(heard) == 100
        assert heard["149"] == 1

    def test_an_error_is_one_line_and_the_next_value_mends_it(self, sent):
        lab = Waves()
        (broken, good) = ask(lab, sent, [3, 1.0, "broken", False], [3, 1.0, "square", False])
        assert broken[0] == b""
        assert (
            broken[2] == "Not computed here, ValueError: a broken wave has no shape. Move a control to go on."
        )
        assert good[0]
        assert good[2] == ""
        move(lab, n=1, shape="broken")
        assert "ValueError: a broken wave has no shape" in lab.view.error
        assert lab.view.shown["values"] == [3, 1.0, "broken", False], "all who see the lab see where it is"
        move(lab, n=2, shape="square")
        assert lab.view.error == ""

    @pytest.mark.parametrize(
        "values", [[99, 1.0, "sine", False], ["x", 1.0, "sine", False], [3], [], None, 7]
    )
    def test_nonsense_from_a_page_is_answered_with_a_line(self, sent, values):
        lab = Waves()
        hear(lab, ask=[values], n=1, view="v")
        (content, frames) = sent.pop()
        assert frames == [b""]
        assert content["errors"][0]

    @pytest.mark.parametrize("controls", [{"count": 99}, {"count": "x"}, {"nothing": 1}, None, 7, [3]])
    def test_a_move_that_leads_nowhere_is_answered_to_who_made_it(self, sent, controls):
        lab = Waves()
        before = lab.view.shown
        hear(lab, rest=controls, n=5, view="v")
        (content, _) = sent.pop()
        assert (content["refused"], content["view"]) == (5, "v")
        assert content["error"]
        assert lab.count == 3
        assert lab.view.shown == before, "nobody else has to see the line"

    def test_a_press_that_fails_is_a_line_too(self):
        lab = Waves()
        assert lab.view.error == ""
        hear(lab, press="no_such")
        assert "no_such" in lab.view.error

    def test_a_lab_that_cannot_keep_frames_goes_where_the_hand_is(self, sent):
        class Timed(Waves):
            keeps_frames = False

        lab = Timed()
        assert lab.view.keeps_frames is False
        move(lab, count=5)
        assert ask(lab, sent, [5, 1.0, "sine", False]) == [], "it is shown already"
        assert lab.count == 5
        assert lab.view.shown["values"][0] == 5
        assert b"count=5" in lab.view.shown["frame"]

    def test_where_something_still_changes_no_frame_is_kept(self, sent):
        class Wide(Waves):
            def update(self, result):
                super().update(result)
                self.line.axes.set_xlim(0, 1 + self.count)

        lab = Wide()
        assert lab.view.keeps_frames
        stills = lab.view.stills
        assert ask(lab, sent, [5, 1.0, "sine", False]) == []
        assert lab.view.keeps_frames is False
        move(lab, count=5)
        assert lab.view.stills != stills
        assert lab.view.words.startswith("5 waves")

    def test_one_output_holds_the_widget_the_picture_and_the_words(self):
        data, metadata = Waves()._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in data
        assert data["text/plain"].startswith("How many waves fit in? 3 waves")
        assert len(data["image/png"]) > 1000
        assert metadata["image/png"]["alt"] == data["text/plain"]

    def test_it_is_a_citizen_of_ipywidgets(self):
        lab, slider = Waves(), ipywidgets.IntSlider(min=1, max=9)
        ipywidgets.link((lab, "count"), (slider, "value"))
        assert slider.value == 3
        slider.value = 8
        assert lab.readout_text.startswith("8 waves")
        move(lab, count=2)
        assert slider.value == 2
        assert ipywidgets.HBox([lab.view, slider]).children[0] is lab.view


def test_labs_are_asked_from_two_threads_at_once():
    """The page asks in a thread of its own while a cell moves the lab."""
    lab, wrong = Waves(), []

    def page():
        for k in range(150):
            count = 1 + k % 9
            (answer,) = lab.frames.answers([[count, 1.0, "sine", False]])
            if (
                not answer.words.startswith(f"{count} waves")
                or f"count={count} ".encode() not in answer.frame
            ):
                wrong.append(answer)

    thread = threading.Thread(target=page)
    thread.start()
    for k in range(150):
        lab.count = 9 - k % 9
        if not lab.readout_text.startswith(f"{lab.count} waves"):
            wrong.append(lab.readout_text)
    thread.join()
    assert wrong == []


def test_a_hand_and_a_cell_move_a_lab_from_two_threads_at_once():
    """What is shown last is where the lab is, and says that the last move was heard."""
    lab = Waves()
    panel = lab.view

    def hand():
        for n in range(1, 51):
            move(lab, n=n, count=1 + n % 9)

    thread = threading.Thread(target=hand)
    thread.start()
    for k in range(50):
        lab.count = 9 - k % 9
        lab.height = 0.1 * (k % 20)
    thread.join()
    assert panel.shown["values"] == [lab.count, lab.height, "sine", False]
    assert panel.shown["heard"] == {"v": 50}
    assert panel.words == lab.readout_text


def test_frames_can_be_made_where_no_widget_is():
    """As for a static page: neither ipywidgets nor anywidget is imported."""
    code = """
import sys
sys.modules["ipywidgets"] = sys.modules["anywidget"] = None
from helpers.labs import catalogue
kind = catalogue()["01_rnn_unrolling"][0]
(answer,) = kind().frames.answers([[c.default_value for c in kind.controls().values()]])
assert answer.frame and answer.words and not answer.error
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_controls_know_values_to_try():
    lab, rng = Waves(), np.random.default_rng(0)
    for control in Waves.controls().values():
        for value in [*control.examples(), *(control.random(rng) for _ in range(50))]:
            assert control.validate(lab, value) == (value if isinstance(value, str) else pytest.approx(value))


def test_a_lab_warns_of_nothing_when_it_is_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Waves().view is not None
