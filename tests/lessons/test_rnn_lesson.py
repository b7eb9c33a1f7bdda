"""What lesson 1 says in words, beyond what its stored outputs already show."""

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.drawing import Chain
from helpers.drawing.style import sub
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.labs.rnn.impulse import ImpulseResponse
from helpers.labs.rnn.reach import PerturbThePast
from helpers.labs.rnn.recordings import SEQUENCES, recording
from helpers.labs.rnn.sequences import RealSequences
from helpers.labs.rnn.unrolling import UnrolledChain
from tests.lessons.lesson import stored_text

NOTEBOOK = "01_rnn_unrolling"


def numbers(cell):
    """The numbers with a decimal point that a stored cell printed, as text."""
    return re.findall(r"-?\d+\.\d+", stored_text(NOTEBOOK, cell))


def test_the_three_line_loop_makes_the_librarys_steps():
    cell, x = RNN(1, 1, init="zeros").put(W=0.8, U=0.6, b=0.1), np.array([1.0, 0.0, -1.0])
    h = unroll(cell, x.reshape(3, 1, 1)).h[:, 0, 0]
    said = numbers("one-unit")
    assert said[0::2] == [f"{x_t:.1f}" for x_t in x]
    assert said[1::2] == [f"{h_t:.3f}" for h_t in h]


def test_input_by_hand_moves_on_and_vanishes():
    cell = RNN(1, 2, init="zeros").put(W=[[1], [0]], U=[[0, 0], [1, 0]])
    h = unroll(cell, np.array([1.0, 0, 0]).reshape(3, 1, 1)).h[:, :, 0]
    assert numbers("by-hand-code") == [f"{number:.4f}" for number in h.ravel()]
    assert (h != 0).tolist() == [[True, False], [False, True], [False, False]]


def test_with_two_biases_there_are_1152_parameters():
    assert RNN(2, 32, init="zeros").n_parameters + 32 == 1152


def test_states_grow_with_T_and_parameters_do_not():
    lab = UnrolledChain()
    for T, states in ((1, 32), (12, 384), (30, 960)):
        lab.T = T
        assert lab.result["n"] == 1120 == 32 * 2 + 32 * 32 + 32
        assert lab.result["h"].size == states
        assert f"{states} numbers" in lab.readout_text


@pytest.mark.parametrize("T", [1, 2, 6, 12, 30])
def test_step_of_the_chain_is_above_its_column(T):
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
def test_h_0_is_drawn_left_of_step_1(T):
    chain = UnrolledChain(T=T)._chain
    assert chain._start.get_xdata()[0] == pytest.approx(chain.x_of_steps(T)[1] - chain.gap(T))
    assert chain.x_of_steps(T)[0] > 0


@pytest.mark.parametrize("T", [3, 12, 30])
def test_folded_chain_shows_and_names_the_newest_step(T):
    lab = UnrolledChain(T=T, unfold=0.0)
    chain = lab._chain
    assert chain._cells.get_array()[-1] == lab.result["h"][-1, 0]  # painted last
    assert chain._words["h"].get_text() == f"h{sub(T)}"
    assert f"made from x{sub(T)} and h{sub(T - 1)}" in lab.readout_text


@pytest.mark.parametrize("T", [2, 6, 30])
def test_every_step_has_the_same_two_letters(T):
    """The sharing is seen: W and U stand at each block, not at the newest alone."""
    lab = UnrolledChain(T=T)
    for name in ("W", "U"):
        assert [letter.get_text() for letter in lab._chain._letters[name]] == [name] * T + [""] * (30 - T)
    lab.unfold = 0.0
    assert [letter.get_text() for letter in lab._chain._letters["W"]].count("W") == 1
    assert {letter.get_text() for letter in lab._chain._letters["U"]} == {""}  # the loop has its own


@pytest.mark.parametrize("T", [6, 12, 20, 30])
def test_the_letters_lie_between_the_blocks(T):
    lab = UnrolledChain(T=T)
    chain, gap = lab._chain, lab._chain.gap(T)
    renderer = FigureCanvasAgg(lab.figure).get_renderer()
    across = chain._ax.transData.inverted()
    for name in ("W", "U"):
        for letter in chain._letters[name][:T]:
            box = letter.get_window_extent(renderer).transformed(across)
            assert box.width < gap - (2 * chain._half[0] if name == "U" and T < 10 else 0)


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


def test_rounding_error_is_not_called_nothing():
    assert (
        "At the last step less than rounding error is left."
        in ImpulseResponse(w=0.9, activation="sigmoid").readout_text
    )
    assert "At the last step it is 0." in ImpulseResponse(w=0.0, activation="sigmoid").readout_text
    lab = PerturbThePast(k=8, gain=0.2)
    assert lab.result["norm"][-1] < 2e-16  # what rounding leaves: by BLAS kernel nothing, or some 1e-17
    assert "moves by less than rounding error" in lab.readout_text
