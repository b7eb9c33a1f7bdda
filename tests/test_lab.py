"""A lab, its controls and its errors, without a page."""

import warnings

import numpy as np
import pytest
import traitlets

from helpers.lab import Choice, Lab, Slider, Toggle


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
            ("count", 0, "count takes a whole number from 1 to 9; 0 is not one"),
            ("count", 10, "from 1 to 9"),
            ("count", 2.5, "whole number"),
            ("count", "3", "'3' is not one"),
            ("count", True, "True is not one"),
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


def widget(lab, label):
    """The widget with this label, as the page has it."""
    return next(w for w in lab.view.children[1].children if getattr(w, "description", "") == label)


class TestOnAPage:
    def test_question_controls_and_figure_are_there(self):
        lab = Waves()
        heading, controls, live = lab.view.children
        assert "How many waves fit in?" in heading.value
        assert [w.description for w in controls.children] == [
            "waves", "height", "shape", "shift by a quarter", "Reset",
        ]  # fmt: skip
        assert live.readout == lab.readout_text

    def test_a_moved_widget_moves_the_lab_and_the_other_way(self):
        lab = Waves()
        widget(lab, "waves").value = 6
        assert lab.count == 6
        assert lab._view.readout.startswith("6 waves")
        lab.height = 0.3
        assert widget(lab, "height").value == 0.3

    def test_a_widget_is_left_alone_when_it_means_the_same(self):
        lab = Waves()
        slider = widget(lab, "height")
        slider.value = 0.1 + 0.2
        assert lab.height == 0.3
        assert slider.value == 0.1 + 0.2

    def test_the_page_is_told_what_it_has_not_said_itself(self, monkeypatch):
        slider, sent = widget(Waves(), "waves"), []
        monkeypatch.setattr(slider, "_send", lambda message, buffers=None: sent.append(message["state"]))
        slider.set_state({"value": 6})  # what the page does
        assert sent == []
        slider.value = 7
        assert sent == [{"value": 7}]

    def test_an_error_is_one_line_and_the_next_value_mends_it(self):
        lab = Waves()
        before = lab.view and lab._view.frame
        widget(lab, "shape").value = "broken"
        assert lab._view.error.count("\n") == 0
        assert "ValueError: a broken wave has no shape" in lab._view.error
        assert lab._view.frame == before
        widget(lab, "shape").value = "square"
        assert lab._view.error == ""
        assert lab._view.frame != before

    def test_the_reset_button(self):
        lab = Waves(count=9)
        widget(lab, "Reset").click()
        assert lab.count == 3
        assert widget(lab, "waves").value == 3

    def test_one_output_holds_the_widget_the_picture_and_the_words(self):
        bundle = Waves()._repr_mimebundle_()
        assert "application/vnd.jupyter.widget-view+json" in bundle
        assert bundle["text/plain"].startswith("How many waves fit in? 3 waves")
        assert len(bundle["image/png"]) > 1000


def test_controls_know_values_to_try():
    lab, rng = Waves(), np.random.default_rng(0)
    for control in Waves.controls().values():
        for value in [*control.examples(), *(control.random(rng) for _ in range(50))]:
            assert control.validate(lab, value) == (value if isinstance(value, str) else pytest.approx(value))


def test_a_lab_warns_of_nothing_when_it_is_shown():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Waves().view is not None
