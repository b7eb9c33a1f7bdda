"""What notebook 01 says in words, beyond what its stored outputs already show."""

import numpy as np
import pytest

from helpers.labs.rnn import ImpulseResponse, PerturbThePast, UnrolledChain
from helpers.labs.rnn_sequences import RealSequences


def test_the_parameters_do_not_grow_with_T_but_the_states_do():
    lab = UnrolledChain()
    for T, states in ((1, 32), (12, 384), (30, 960)):
        lab.T = T
        assert lab.result["n"] == 1120 == 32 * 2 + 32 * 32 + 32
        assert lab.result["h"].size == states
        assert f"{states} numbers" in lab.readout_text


def test_a_step_beyond_the_sequence_shows_its_last_step():
    lab = UnrolledChain(T=5, t=30)
    assert "At step 5 " in lab.readout_text


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
    small, large = (PerturbThePast(gain=g).result["norm"] for g in (0.4, 1.4))
    assert small[12] < 0.05 * small[7]
    assert large[-1] > 0.5 * large[7]


@pytest.mark.parametrize("what", ["text", "speech", "sunspots", "digit"])
@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_another_order_has_the_same_average_and_another_last_state(what, order):
    result = RealSequences(what=what, order=order).result
    assert result["mean"] < 1e-12
    assert result["apart"] > 0.1
    assert RealSequences(what=what).result["apart"] == 0


def test_every_sequence_lies_between_0_and_1_and_is_64_steps_long():
    for what in RealSequences.controls()["what"].choices:
        x = RealSequences(what=what).result["x"]
        assert len(x) == 64
        assert x.min() >= 0
        assert x.max() <= 1
        assert np.ptp(x) > 0.5
