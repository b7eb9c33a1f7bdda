"""What notebook 01 says in words, beyond what its stored outputs already show."""

import numpy as np
import pytest

from helpers.drawing import Chain
from helpers.drawing.style import sub
from helpers.engine import probes
from helpers.engine.cells import RNN
from helpers.labs.rnn.sequences import RealSequences
from helpers.labs.rnn.unrolling import ImpulseResponse, PerturbThePast, UnrolledChain


def test_the_parameters_do_not_grow_with_T_but_the_states_do():
    lab = UnrolledChain()
    for T, states in ((1, 32), (12, 384), (30, 960)):
        lab.T = T
        assert lab.result["n"] == 1120 == 32 * 2 + 32 * 32 + 32
        assert lab.result["h"].size == states
        assert f"{states} numbers" in lab.readout_text


@pytest.mark.parametrize("T", [1, 2, 6, 12, 30])
def test_a_step_of_the_chain_stands_above_its_column(T):
    lab = UnrolledChain(T=T)
    left, right, low, high = lab._states.get_extent()
    middles = left + (right - left) / T * (np.arange(T) + 0.5)
    blocks = np.sort(np.asarray(lab._chain._cells.get_offsets())[:, 0])
    np.testing.assert_allclose(blocks, middles, rtol=1e-12)
    above, below = lab.figure.axes[:2]
    assert above.get_xlim() == below.get_xlim()
    assert above.get_position().x0 == pytest.approx(below.get_position().x0)
    assert above.get_position().x1 == pytest.approx(below.get_position().x1)
    assert (low, high) == (0, 32)


@pytest.mark.parametrize("T", [1, 6, 30])
def test_the_state_before_the_first_step_is_drawn_left_of_it(T):
    chain = UnrolledChain(T=T)._chain
    assert chain._start.get_xdata()[0] == pytest.approx(chain.places(T)[1] - chain.gap(T))
    assert chain.places(T)[0] > 0


@pytest.mark.parametrize("T", [3, 12, 30])
def test_folded_it_is_the_newest_step_that_is_seen_and_named(T):
    lab = UnrolledChain(T=T, unfold=0.0)
    chain = lab._chain
    assert chain._cells.get_array()[-1] == lab.result["h"][-1, 0]  # painted last
    assert chain._words["h"].get_text() == f"h{sub(T)}"
    assert f"from x{sub(T)} and h{sub(T - 1)}" in lab.readout_text


@pytest.mark.parametrize("T", [2, 12, 30])
def test_the_loop_never_lies_over_a_block(T):
    lab = UnrolledChain(T=T)
    for lab.unfold in np.arange(0, 1.001, 0.02):
        chain = lab._chain
        if chain._loop.get_alpha() > 0:
            edge = np.asarray(chain._cells.get_offsets())[:, 0].max() + chain._half[0]
            assert np.min(chain._loop.get_xdata()) > edge
            assert np.max(chain._loop.get_xdata()) < Chain.WIDTH
    assert chain._loop.get_alpha() == 0


@pytest.mark.parametrize("w", [0.9, -0.9, 0.5, 1.2])
def test_a_linear_echo_is_a_power_of_w(w):
    lab = ImpulseResponse(w=w)
    np.testing.assert_allclose(lab.result["echo"], w ** np.arange(40.0), rtol=1e-12)


def test_the_half_life_at_09_is_658_steps_whatever_the_sign():
    for w in (0.9, -0.9):
        assert "6.58 steps" in ImpulseResponse(w=w).readout_text
    assert abs(0.9**6.5788 - 0.5) < 1e-5


def test_at_w_1_nothing_fades_and_at_0_all_is_gone():
    assert (ImpulseResponse(w=1.0).result["echo"] == 1).all()
    assert "never fades" in ImpulseResponse(w=1.0).readout_text
    assert (ImpulseResponse(w=0.0).result["echo"][1:] == 0).all()
    assert "no memory at all" in ImpulseResponse(w=0.0).readout_text


def test_at_12_linear_explodes_and_tanh_settles():
    assert ImpulseResponse(w=1.2).result["size"][-1] > 1000
    settled = ImpulseResponse(w=1.2, activation="tanh").result["echo"]
    assert np.ptp(settled[-5:]) < 1e-3
    assert settled[-1] == pytest.approx(np.tanh(1.2 * settled[-1]), abs=1e-3)
    assert settled[-1] > 0.5


def test_a_sigmoid_forgets_sooner_than_tanh():
    """Its slope is at most 1/4, so an echo shrinks at least by w / 4 at each step."""
    for w in (0.5, 0.9, 1.5):
        size = ImpulseResponse(w=w, activation="sigmoid").result["size"]
        assert (size[1:] <= w / 4 * size[:-1] + 1e-15).all()
        assert size[5] < ImpulseResponse(w=w, activation="tanh").result["size"][5]


@pytest.mark.parametrize("k", [1, 8, 40])
@pytest.mark.parametrize("gain", [0.9, 1.3])
def test_a_changed_input_moves_every_later_state_and_none_before(k, gain):
    norm = PerturbThePast(k=k, gain=gain).result["norm"]
    assert (norm[: k - 1] == 0).all()
    assert (norm[k - 1 :] > 0).all()


def test_a_small_gain_forgets_within_a_few_steps_and_a_large_one_remembers():
    small, large = (PerturbThePast(k=8, gain=g).result["norm"] for g in (0.4, 1.4))
    assert small[12] < 0.05 * small[7]
    assert large[-1] > 0.5 * large[7]


def test_a_line_of_units_that_hand_on_what_they_hold_holds_an_input_as_many_steps():
    """ "Twice the units, twice the memory": true of units that work together."""
    for H in (2, 5, 16):
        line = RNN(1, H, activation="linear", init="zeros")
        line.W[:], line.U[:] = np.eye(H)[:, :1], np.eye(H, k=-1)
        held = np.abs(probes.impulse_response(line, 2 * H)).sum(axis=1)
        np.testing.assert_array_equal(held, [1.0] * H + [0.0] * H)


def test_units_that_are_not_coupled_forget_as_one_of_them_does():
    hundred, one = (RNN(1, H, activation="linear", rng=0) for H in (100, 1))
    for cell in (hundred, one):
        cell.U[:] = 0.9 * np.eye(cell.H)
    left = [np.linalg.norm(probes.impulse_response(cell, 40), axis=1) for cell in (hundred, one)]
    np.testing.assert_allclose(left[0] / left[0][0], left[1] / left[1][0], rtol=1e-12)
    np.testing.assert_allclose(left[1] / left[1][0], 0.9 ** np.arange(40.0), rtol=1e-12)


WHAT = RealSequences.controls()["what"].choices
APART = {"text": "1.261", "synthetic speech": "2.018", "sunspots": "0.818", "digit": "0.353"}  # in the text


@pytest.mark.parametrize("what", APART)
def test_reversed_it_has_the_same_average_and_another_last_state(what):
    lab = RealSequences(what=what, order="reversed", t=64)
    assert lab.result["mean"] < 1e-12
    assert f"by 0.0000, but the two states are {APART[what]} apart" in lab.readout_text
    assert lab.result["apart"][-1] > 0.4 * np.linalg.norm(lab.result["h"][-1])
    assert RealSequences(what=what, order="as it is", t=64).result["apart"].max() == 0


def test_only_its_own_mirror_image_makes_no_difference():
    lab = RealSequences(what="mirrored text", t=64)
    assert lab.result["apart"].max() == 0
    assert "exactly the same" in lab.readout_text
    lab.order = "shuffled"
    assert lab.result["apart"][-1] > 1


def test_reading_on_moves_both_states_and_the_readout():
    lab = RealSequences()
    said, here = set(), []
    for lab.t in (0, 10, 63, 64):
        said.add(lab.readout_text)
        here.append((*lab._here.get_xdata(), *lab._plain.get_xdata()))
    assert len(said) == len(set(here)) == 4


def test_a_digit_is_seen_as_far_as_it_is_read():
    lab = RealSequences(what="digit", order="reversed", t=10)
    seen = np.ma.filled(np.ma.masked_invalid(lab._digit.get_array()), -1) >= 0
    assert seen.ravel().tolist() == [False] * 54 + [True] * 10
    assert lab._digit.get_visible()
    lab.what = "text"
    assert not lab._digit.get_visible()


def test_every_sequence_lies_between_0_and_1_and_is_64_steps_long():
    for what in WHAT:
        x = RealSequences(what=what).result["x"]
        assert len(x) == 64
        assert x.min() >= 0
        assert x.max() <= 1
        assert np.ptp(x) > 0.5


def test_what_is_lost_in_rounding_is_not_said_to_be_nothing():
    assert (
        "step it is less than the computer can tell"
        in ImpulseResponse(w=0.9, activation="sigmoid").readout_text
    )
    assert "at the last step it is 0." in ImpulseResponse(w=0.0, activation="sigmoid").readout_text
    lab = PerturbThePast(k=8, gain=0.2)
    assert lab.result["norm"][-1] < 2e-16  # what rounding leaves: by BLAS kernel nothing, or some 1e-17
    assert "less than the computer can tell" in lab.readout_text
