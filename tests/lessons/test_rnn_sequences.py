"""What lesson 1 says of real sequences, and of the order in which they are read."""

import numpy as np
import pytest

from helpers.labs.rnn.recordings import SEQUENCES, recording
from helpers.labs.rnn.sequences import RealSequences

APART = {"text": "1.261", "synthetic speech": "2.018", "sunspots": "0.818", "digit": "0.353"}  # in the text


@pytest.mark.parametrize("what", APART)
def test_reversing_keeps_the_average_but_not_the_state(what):
    lab = RealSequences(what=what, order="reversed", t=64)
    assert lab.result["mean"] < 1e-12
    assert f"by 0.0000. The two states are {APART[what]} apart" in lab.readout_text
    fraction = lab.result["apart"][-1] / np.linalg.norm(lab.result["h"][-1])
    assert fraction == pytest.approx({"digit": 0.46, "synthetic speech": 4.5}.get(what, 1), abs=0.06)
    same = RealSequences(what=what, order="as it is", t=64)
    assert same.result["apart"].max() == 0
    assert "the same throughout" in same.readout_text


def test_only_its_own_mirror_image_makes_no_difference():
    lab = RealSequences(what="mirrored text", t=64)
    assert lab.result["apart"].max() == 0
    assert "exactly the same" in lab.readout_text
    others = [RealSequences(what=what, t=64) for what in APART]
    assert all(other.result["apart"][-1] > 0.3 for other in others)
    lab.order = "shuffled"
    assert lab.result["apart"][-1] > 1


def test_inputs_read_are_counted_in_whole_sentences():
    said = {t: RealSequences(t=t).readout_text for t in (0, 1, 8, 64)}
    assert said[0] == "Nothing has been read yet, so both states are 0."
    assert said[1].startswith("So far one of 64 inputs has been read. The two states are")
    assert said[8].startswith("So far 8 of 64 inputs have been read.")
    assert said[64].startswith("All 64 inputs have been read")


def test_reading_on_moves_both_states_and_the_readout():
    lab = RealSequences()
    said, here = set(), []
    for lab.t in (0, 10, 63, 64):
        said.add(lab.readout_text)
        here.append((*lab._here.get_xdata(), *lab._plain.get_xdata()))
    assert len(said) == len(set(here)) == 4


def test_digit_is_seen_as_far_as_read():
    lab = RealSequences(what="digit", order="reversed", t=10)
    seen = np.ma.filled(np.ma.masked_invalid(lab._digit.get_array()), -1) >= 0
    assert seen.ravel().tolist() == [False] * 54 + [True] * 10
    assert lab._digit.get_visible()
    lab.what = "text"
    assert not lab._digit.get_visible()


def test_sequences_are_64_steps_between_0_and_1():
    for what in SEQUENCES:
        x = RealSequences(what=what).result["x"]
        assert len(x) == len(recording(what).names) == 64
        assert x.min() >= 0
        assert x.max() <= 1
        assert np.ptp(x) > 0.5
