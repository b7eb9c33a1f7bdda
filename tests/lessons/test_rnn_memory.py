"""What lesson 1 says of how long a network remembers an input."""

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.cells import RNN
from helpers.labs.rnn.impulse import ImpulseResponse
from helpers.labs.rnn.reach import PerturbThePast


@pytest.mark.parametrize("w", [0.9, -0.9, 0.5, 1.2])
def test_a_linear_echo_is_a_power_of_w(w):
    lab = ImpulseResponse(w=w)
    np.testing.assert_allclose(lab.result["echo"], w ** np.arange(40.0), rtol=1e-12)


def test_half_life_at_0_9_is_6_58():
    """The sign of w does not matter."""
    for w in (0.9, -0.9):
        assert "6.58 steps" in ImpulseResponse(w=w).readout_text
    assert abs(0.9**6.5788 - 0.5) < 1e-5


def test_w_1_keeps_all_and_w_0_nothing():
    assert (ImpulseResponse(w=1.0).result["echo"] == 1).all()
    assert "keeps all of it" in ImpulseResponse(w=1.0).readout_text
    assert (np.abs(ImpulseResponse(w=-1.0).result["echo"]) == 1).all()
    assert "flips the sign" in ImpulseResponse(w=-1.0).readout_text
    assert (ImpulseResponse(w=0.0).result["echo"][1:] == 0).all()
    assert "nothing is kept" in ImpulseResponse(w=0.0).readout_text


def test_w_to_the_half_life_is_half():
    for w in (0.5, 0.9, 0.99):
        assert w ** (np.log(2) / abs(np.log(w))) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("w", "said"),
    [
        (0.3, "One step later it is below half of that."),
        (0.9, "It takes 4 steps to fall below half of that."),
        (1.2, "In 39 steps it does not fall below half of that."),
    ],
)
def test_half_life_of_a_tanh_unit_is_counted(w, said):
    assert said in ImpulseResponse(w=w, activation="tanh").readout_text


def test_at_12_linear_explodes_and_tanh_settles():
    assert ImpulseResponse(w=1.2).result["size"][-1] > 1000
    settled = ImpulseResponse(w=1.2, activation="tanh").result["echo"]
    assert np.ptp(settled[-5:]) < 1e-3
    assert settled[-1] == pytest.approx(np.tanh(1.2 * settled[-1]), abs=1e-3)
    assert (f"{settled[0]:.3f}", f"{settled[-1]:.3f}") == ("0.762", "0.659")
    assert (np.diff(settled) < 1e-12).all(), "it falls all the way"


def test_tanh_keeps_small_numbers_and_is_bounded():
    small = np.linspace(-0.1, 0.1, 101)
    assert np.abs(np.tanh(small) - small).max() < 4e-4
    assert np.abs(np.tanh(np.linspace(-20, 20, 1001))).max() <= 1


def test_a_sigmoid_forgets_sooner_than_tanh():
    """Its slope is at most 1/4, so an echo shrinks at least by w / 4 at each step."""
    for w in (0.5, 0.9, 1.5):
        size = ImpulseResponse(w=w, activation="sigmoid").result["size"]
        assert (size[1:] <= w / 4 * size[:-1] + 1e-15).all()
        assert size[5] < ImpulseResponse(w=w, activation="tanh").result["size"][5]


@pytest.mark.parametrize("k", [1, 8, 40])
@pytest.mark.parametrize("gain", [0.9, 1.3, 1.6])
def test_changed_input_moves_every_later_state(k, gain):
    """This is so in this network; no earlier state moves."""
    norm = PerturbThePast(k=k, gain=gain).result["norm"]
    assert (norm[: k - 1] == 0).all()
    assert (norm[k - 1 :] > 0).all()


def test_changed_input_need_not_reach_every_state():
    """The two units of section 1: a change *can* reach every later state, and need not."""
    cell = RNN(1, 2, init="zeros").put(W=[[1], [0]], U=[[0, 0], [1, 0]])
    moved = np.abs(probes.impulse_response(cell, 5)).sum(axis=1) > 0
    assert moved.tolist() == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ({}, "No state before step 40 moves. h₄₀ moves by 0.277. It is the last state"),
        ({"k": 8}, "h₈ moves by 0.275. The last state, 32 steps later, moves by 6.3 × 10⁻³, which is 0.0230"),
        (
            {"k": 8, "gain": 1.6},
            "h₈ moves by 0.212. The last state, 32 steps later, moves by 3.06, which is 14.4",
        ),
        ({"k": 39}, "The last state, one step later, moves by"),
        ({"k": 1}, "h₁ moves by"),
        ({"change": 0.0}, "No input has changed, so no state has moved."),
    ],
)
def test_how_far_the_states_move_is_said(controls, said):
    assert said in PerturbThePast(**controls).readout_text


def test_its_U_leaves_a_norm_unchanged():
    cell = RNN(1, 32, rng=np.random.default_rng(3), init="orthogonal")
    np.testing.assert_allclose(cell.U @ cell.U.T, np.eye(32), atol=1e-12)


def test_small_gain_forgets_and_a_large_one_remembers():
    """The small one forgets within a few steps."""
    small, large = (PerturbThePast(k=8, gain=g).result["norm"] for g in (0.4, 1.4))
    assert small[12] < 0.05 * small[7]
    assert large[-1] > 0.5 * large[7]


def test_line_of_H_units_remembers_H_steps():
    """ "Twice the units, twice the memory": true of units that are coupled in a line."""
    for H in (2, 5, 16):
        line = RNN(1, H, activation="linear", init="zeros")
        line.W[:], line.U[:] = np.eye(H)[:, :1], np.eye(H, k=-1)
        held = np.abs(probes.impulse_response(line, 2 * H)).sum(axis=1)
        np.testing.assert_array_equal(held, [1.0] * H + [0.0] * H)


def test_uncoupled_units_forget_like_one_of_them():
    hundred, one = (RNN(1, H, activation="linear", rng=0) for H in (100, 1))
    for cell in (hundred, one):
        cell.U[:] = 0.9 * np.eye(cell.H)
    left = [np.linalg.norm(probes.impulse_response(cell, 40), axis=1) for cell in (hundred, one)]
    np.testing.assert_allclose(left[0] / left[0][0], left[1] / left[1][0], rtol=1e-12)
    np.testing.assert_allclose(left[1] / left[1][0], 0.9 ** np.arange(40.0), rtol=1e-12)


def test_rounding_error_is_not_called_nothing():
    assert (
        "At the last step less than rounding error is left."
        in ImpulseResponse(w=0.9, activation="sigmoid").readout_text
    )
    assert "At the last step it is 0." in ImpulseResponse(w=0.0, activation="sigmoid").readout_text
    lab = PerturbThePast(k=8, gain=0.2)
    assert lab.result["norm"][-1] < 2e-16  # what rounding leaves: by BLAS kernel nothing, or some 1e-17
    assert "moves by less than rounding error" in lab.readout_text
