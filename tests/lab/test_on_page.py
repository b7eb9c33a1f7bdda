"""A lab, its controls and its errors, on a page."""

import ipywidgets
import pytest

from tests.lab.waves import Waves, ask, hear, move


class TestOnAPage:
    def test_question_controls_and_words_are_there(self):
        lab = Waves(count=5)
        view = lab.view
        assert view.question == "How many waves fit in?"
        assert [c["label"] for c in view.controls] == ["waves", "height", "shape", "shift by a quarter"]
        assert view.shown["values"] == [5, 1.0, "sine", False]
        assert view.words == lab.readout_text
        assert view.stills["beneath"].startswith(b"\x89PNG")

    def test_frames_come_with_their_own_words(self, sent):
        """The lab itself does not move."""
        lab = Waves()
        before = lab.result, lab.readout_text, lab.view.shown
        (one, other) = ask(lab, sent, [5, 1.0, "sine", False], [2, 0.5, "square", True])
        assert b"count=5 height=1.0 shape=sine shifted=False" in one[0]
        assert b"count=2 height=0.5 shape=square shifted=True" in other[0]
        assert one[1:] == ("5 waves, at most 1.00.", "")
        assert other[1].startswith("2 waves")
        assert (lab.result, lab.readout_text, lab.view.shown) == before
        assert lab.count == 3

    def test_frame_is_what_python_would_show(self, sent):
        lab = Waves()
        ((frame, words, _),) = ask(lab, sent, [6, -0.5, "sine", True])
        lab.set(count=6, height=-0.5, shifted=True)
        assert lab.view.shown["frame"] == frame
        assert lab.view.words == words

    def test_figure_shows_the_values_of_the_learner(self, sent):
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

    def test_shown_frame_says_which_moves_were_heard(self):
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

    def test_move_to_the_same_place_is_answered(self):
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

    def test_one_line_error_goes_with_the_next_value(self, sent):
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
    def test_nonsense_from_a_page_gets_a_line(self, sent, values):
        lab = Waves()
        hear(lab, ask=[values], n=1, view="v")
        (content, frames) = sent.pop()
        assert frames == [b""]
        assert content["errors"][0]

    @pytest.mark.parametrize("controls", [{"count": 99}, {"count": "x"}, {"nothing": 1}, None, 7, [3]])
    def test_refused_move_is_answered_to_its_sender(self, sent, controls):
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

    def test_lab_without_kept_frames_follows_the_hand(self, sent):
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

    def test_output_holds_widget_picture_and_words(self):
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
