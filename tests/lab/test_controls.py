"""The controls: which values they take, what they say of others, and what a page is told of them."""

import numpy as np
import pytest
import traitlets

from helpers.lab.controls import Choice, Slider, Text, Toggle


class Panel(traitlets.HasTraits):
    whole = Slider(1, 9, step=2, default=3, label="whole")
    small = Slider(-1.0, 1.0, step=0.1, default=0.5, label="small")
    tiny = Slider(0.001, 0.1, step=0.001, default=0.01, label="tiny")
    shape = Choice(["sine", "square"], label="shape", default="square")
    shifted = Toggle(label="shift", default=True)


CONTROLS = Panel.class_traits()


class TestValues:
    def test_they_start_at_their_defaults(self):
        panel = Panel()
        assert (panel.whole, panel.small, panel.shape, panel.shifted) == (3, 0.5, "square", True)

    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("whole", 10, "whole must be a whole number from 1 to 9; got 10."),
            ("whole", 2.5, "whole must be a whole number from 1 to 9; got 2.5."),
            ("whole", True, "whole must be a whole number from 1 to 9; got True."),
            ("small", -1.01, "small must be a number from -1.0 to 1.0; got -1.01."),
            ("small", float("nan"), "small must be a number from -1.0 to 1.0; got nan."),
            ("small", float("inf"), "small must be a number from -1.0 to 1.0; got inf."),
            ("small", None, "small must be a number from -1.0 to 1.0; got None."),
            ("small", "0.5", "small must be a number from -1.0 to 1.0; got '0.5'."),
            ("shape", "round", "shape must be one of 'sine', 'square'; got 'round'."),
            ("shape", 0, "shape must be one of 'sine', 'square'; got 0."),
            ("shifted", 1, "shifted must be True or False; got 1."),
        ],
    )
    def test_what_they_refuse_and_how(self, name, value, sentence):
        panel = Panel()
        before = getattr(panel, name)
        with pytest.raises(traitlets.TraitError) as refusal:
            setattr(panel, name, value)
        assert str(refusal.value) == sentence
        assert getattr(panel, name) == before

    def test_both_ends_belong_to_the_range(self):
        panel = Panel(whole=1, small=-1)
        panel.whole, panel.small = 9, 1
        assert (panel.whole, panel.small) == (9, 1.0)

    def test_a_whole_number_stays_one(self):
        panel = Panel(whole=np.int64(5))
        assert type(panel.whole) is int
        panel.whole = 7.0
        assert type(panel.whole) is int

    def test_steps_add_up_to_round_numbers(self):
        """A page reaches 0 from -1 by ten steps of 0.1, which leaves 2e-16."""
        panel = Panel(small=0.1 + 0.2)
        assert panel.small == 0.3
        panel.small = -1 + sum([0.1] * 10)
        assert str(panel.small) == "0.0"
        panel.small = -0.0
        assert str(panel.small) == "0.0"
        assert Panel(tiny=0.003).tiny == 0.003


class TestDeclarations:
    @pytest.mark.parametrize(
        "wrong",
        [
            {"low": 2, "high": 1},
            {"low": 1, "high": 1},
            {"step": 0},
            {"step": -1},
            {"step": 20},
            {"default": 11},
            {"default": float("nan")},
        ],
    )
    def test_a_slider_that_makes_no_sense(self, wrong):
        with pytest.raises(ValueError, match=r"a slider needs low < high.*'push' has low=.*default="):
            Slider(**{"low": 0, "high": 10, "step": 1, "default": 5, "label": "push"} | wrong)

    @pytest.mark.parametrize("choices", [[], ["one"], ["one", "one"]])
    def test_a_choice_without_a_choice(self, choices):
        with pytest.raises(ValueError, match="'kind' has"):
            Choice(choices, label="kind")

    def test_a_default_that_cannot_be_chosen(self):
        with pytest.raises(ValueError, match=r"one of \['a', 'b'\], not 'c'"):
            Choice(["a", "b"], default="c", label="kind")

    def test_a_choice_has_words_beside_its_values(self):
        choice = Choice({"sine": "a smooth wave", "square": "a wave with corners"}, label="kind")
        assert (choice.default_value, choice.examples()) == ("sine", ["sine", "square"])
        assert choice.written("square") == "a wave with corners"
        spec = choice.spec()
        assert (spec["choices"], spec["words"]) == (
            ["sine", "square"],
            ["a smooth wave", "a wave with corners"],
        )
        with pytest.raises(ValueError, match="two different values"):
            Choice({"sine": "a wave", "square": "a wave"}, label="kind")


class TestValuesToTry:
    def test_slider_gives_both_ends_and_its_steps(self):
        slider, rng = CONTROLS["whole"], np.random.default_rng(0)
        assert slider.examples() == [1, 9]
        assert {slider.random(rng) for _ in range(200)} == {1, 3, 5, 7, 9}

    def test_choice_and_toggle_give_all_their_values(self):
        rng = np.random.default_rng(0)
        assert CONTROLS["shape"].examples() == ["sine", "square"]
        assert {CONTROLS["shape"].random(rng) for _ in range(50)} == {"sine", "square"}
        assert CONTROLS["shifted"].examples() == [False, True]
        assert {CONTROLS["shifted"].random(rng) for _ in range(50)} == {False, True}

    @pytest.mark.parametrize("name", CONTROLS)
    def test_whatever_they_give_they_take(self, name):
        panel, rng = Panel(), np.random.default_rng(1)
        for value in [*CONTROLS[name].examples(), *(CONTROLS[name].random(rng) for _ in range(100))]:
            setattr(panel, name, value)
            assert getattr(panel, name) == (value if isinstance(value, str) else pytest.approx(value))


class TestText:
    def sentence(self, **options):
        def only_letters(text):
            return "" if text.isalpha() else f"letters only, please; {text!r} has others"

        return Text(label="read", default="abc", check=only_letters, **options)

    def test_what_it_takes_and_refuses(self):
        text = self.sentence(examples=["x"])
        assert text.validate(None, "word") == "word"
        with pytest.raises(traitlets.TraitError, match="letters only, please; 'a b' has others"):
            text.validate(None, "a b")
        with pytest.raises(traitlets.TraitError, match="must be text; got 3"):
            text.validate(None, 3)
        assert text.examples() == ["abc", "x"]

    def test_example_must_be_a_value_it_accepts(self):
        with pytest.raises(ValueError, match="'read' cannot start with '1': letters only"):
            self.sentence(examples=["1"])


class TestWhatThePageIsTold:
    def test_slider_spec_has_range_step_and_decimals(self):
        assert CONTROLS["tiny"].spec() == {
            "kind": "slider", "name": "tiny", "label": "tiny", "more": False, "time": False,
            "low": 0.001, "high": 0.1, "step": 0.001, "decimals": 3,
        }  # fmt: skip
        assert CONTROLS["whole"].spec()["decimals"] == 0

    def test_the_others_say_what_they_are(self):
        assert CONTROLS["shape"].spec()["choices"] == CONTROLS["shape"].spec()["words"] == ["sine", "square"]
        assert CONTROLS["shifted"].spec()["kind"] == "toggle"
        assert Text(label="read").spec()["kind"] == "text"

    def test_what_matters_little_says_so(self):
        assert Slider(0, 1, step=1, default=0, label="a", more=True).spec()["more"]
        assert Slider(0, 9, step=1, default=0, label="t", time=True).spec()["time"]

    def test_values_are_written_as_the_page_writes_them(self):
        assert CONTROLS["small"].written(-0.5) == "−0.5"
        assert CONTROLS["whole"].written(3) == "3"
        assert CONTROLS["shape"].written("sine") == "sine"
        assert [CONTROLS["shifted"].written(on) for on in (True, False)] == ["yes", "no"]
