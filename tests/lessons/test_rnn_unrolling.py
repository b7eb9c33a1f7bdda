"""What lesson 1 says of the loop, and of the chain it is unrolled into."""

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.drawing import Chain
from helpers.drawing.style import sub
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
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
