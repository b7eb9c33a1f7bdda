"""A lab, its controls and its errors, without a page."""

import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
import traitlets

from tests.lab.waves import Waves, move


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
    def test_value_out_of_range_changes_nothing(self, name, value, words):
        """The error names the range."""
        lab = Waves()
        before = getattr(lab, name), lab.readout_text
        with pytest.raises(traitlets.TraitError, match=words.replace("'", "'")):
            setattr(lab, name, value)
        assert (getattr(lab, name), lab.readout_text) == before
        with pytest.raises(traitlets.TraitError):
            Waves(**{name: value})

    def test_unknown_control_is_refused_by_name(self):
        for wrong in (lambda: Waves(depth=3), lambda: Waves().set(depth=3)):
            with pytest.raises(TypeError, match="has the controls count, height, shape, shifted; 'depth'"):
                wrong()

    def test_controls_move_together_or_not_at_all(self):
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


def test_labs_are_asked_from_two_threads_at_once():
    """The page asks in a thread of its own while a cell moves the lab."""
    lab, wrong = Waves(), []

    def page():
        for k in range(150):
            count = 1 + k % 9
            (snapshot,) = lab.frames.snapshots([[count, 1.0, "sine", False]])
            if (
                not snapshot.words.startswith(f"{count} waves")
                or f"count={count} ".encode() not in snapshot.frame
            ):
                wrong.append(snapshot)

    thread = threading.Thread(target=page)
    thread.start()
    for k in range(150):
        lab.count = 9 - k % 9
        if not lab.readout_text.startswith(f"{lab.count} waves"):
            wrong.append(lab.readout_text)
    thread.join()
    assert wrong == []


def test_hand_and_cell_move_from_two_threads():
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
(snapshot,) = kind().frames.snapshots([[c.default_value for c in kind.controls().values()]])
assert snapshot.frame and snapshot.words and not snapshot.error
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_controls_know_values_to_try():
    lab, rng = Waves(), np.random.default_rng(0)
    for control in Waves.controls().values():
        for value in [*control.examples(), *(control.random(rng) for _ in range(50))]:
            assert control.validate(lab, value) == (value if isinstance(value, str) else pytest.approx(value))


def test_showing_a_lab_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Waves().view is not None
