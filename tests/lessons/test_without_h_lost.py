"""What notebook 09 says of parity, of selective units and of Newton's method, beyond its stored outputs."""

import itertools
import pathlib

import nbformat
import numpy as np
import pytest

from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, LRU, RNN, MinGRU
from helpers.engine.scan import depth
from helpers.labs.without_h import FlipFlop
from helpers.tasks import Parity, data, noise
from tests.lessons.lesson import NOTEBOOKS, assert_inside, stored_text

LESSON = "09_gates_without_h"
BITS_OF_5 = np.array(list(itertools.product((0.0, 1.0), repeat=5))).T  # (5, 32): all sequences of 5 bits
SIGNS_OF_5 = 1 - 2 * (BITS_OF_5.sum(axis=0) % 2)  # 1 for even, -1 for odd

# A step size is a gate -------------------------------------------------------------------------------


def test_leaky_integrator_makes_a_min_gru_step():
    """dh/dt = x - h for the time softplus(a), in a hundred thousand small steps."""
    a, x, h_0 = 0.7, -0.4, 0.9
    time, n, h = np.log1p(np.exp(a)), 100_000, h_0
    for _ in range(n):
        h += time / n * (x - h)
    cell = MinGRU(1, 1, init="zeros").put(b_z=a, W_h=1)
    assert h == pytest.approx(unroll(cell, [[[x]]], [[h_0]]).h.item(), abs=1e-5)


# Parity ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", ["1, 1, 1, …", "random bits"])
def test_min_gru_flips_at_most_once(bits):
    lab = FlipFlop(bits=bits)
    for h_tilde, b_z in itertools.product(np.linspace(-2, 2, 9), np.linspace(-6, 6, 9)):
        lab.set(h_tilde=float(h_tilde), b_z=float(b_z))
        assert lab.result["mingru_flips"] <= 1
        assert bits == "random bits" or lab.result["mingru_right"] in (14, 15)
        assert_inside(lab)


def test_the_gru_flips_at_every_one():
    lab = FlipFlop()
    assert (lab.result["gru_flips"], lab.result["mingru_right"]) == (0, 15)
    assert np.abs(lab.result["gru"] - 1).max() < 0.01
    lab.U_h = -3.0
    assert (lab.result["gru_flips"], lab.result["gru_right"], lab.result["mingru_flips"]) == (30, 30, 1)
    lab.bits = "random bits"
    assert lab.result["gru_right"] == 30
    lab.set(bits="1, 1, 1, …", U_h=-1.0)
    assert lab.result["gru_flips"] == 30
    assert (np.diff(np.abs(lab.result["gru"])) < 0).all()


def test_programmed_gru_is_right_for_10000_steps():
    bits = np.random.default_rng(9).integers(0, 2, (10_000, 1, 200)).astype(float)
    gru = GRU(1, 1, init="zeros").put(b_z=10, W_z=-20, b_r=1000, U_h=-3)
    h = unroll(gru, bits, np.ones((1, 200))).h
    assert (h * (1 - 2 * (bits.cumsum(axis=0) % 2)) > 0.5).all()


ROWS = data.load_without_h()["parity"]["rows"]


def test_what_was_learnt_of_parity():
    assert len(ROWS) == 5 * 3 * 5
    for row in ROWS:
        if row["cell"] in ("GRU", "LSTM"):
            assert row["right"] > 0.99
        elif row["T"] > 5:
            assert 0.4 < row["right"] < 0.6
    best = sorted((row["right"] for row in ROWS if row["cell"] not in ("GRU", "LSTM")), reverse=True)
    assert [f"{right:.0%}" for right in best[:2]] == ["76%", "72%"]
    assert best[2] < 0.6


@pytest.mark.parametrize("T", [5, 10, 20])
def test_lru_is_as_right_as_the_last_bit(T):
    held_out = Parity(T).batch(np.random.default_rng(10**6), 1000)
    of_the_last_bit = ((held_out.x[-1, 0] > 0) == held_out.target[-1]).mean()
    assert {row["right"] for row in ROWS if (row["cell"], row["T"]) == ("LRU", T)} == {of_the_last_bit}


def test_lru_state_is_a_sum_over_the_bits():
    cell = LRU(1, 8, rng=3)
    cell.b[...] = 0.3

    def last(bits):
        return unroll(cell, bits[:, None]).h[-1]

    nothing = last(np.zeros((5, 1)))
    terms = last(np.eye(5)) - nothing
    np.testing.assert_allclose(last(BITS_OF_5), nothing + terms @ BITS_OF_5, rtol=0, atol=1e-14)


def test_no_such_sum_tells_even_from_odd():
    """Even minus odd sequences is 0 for the constant and for each bit, so no sum is positive on one side."""
    assert SIGNS_OF_5.sum() == 0
    assert (BITS_OF_5 @ SIGNS_OF_5 == 0).all()


def test_six_counting_units_do_parity_of_five_bits():
    z = np.linspace(0.15, 0.95, 6)[:, None]  # what each unit writes at a 1; at a 0 it keeps
    cell = MinGRU(1, 6, init="zeros").put(b_z=-40, W_z=40 + np.log(z / (1 - z)), b_h=1)
    h = unroll(cell, BITS_OF_5[:, None]).h[-1]
    with_one = np.concatenate([h, np.ones((1, 32))])
    readout = np.linalg.lstsq(with_one.T, SIGNS_OF_5, rcond=None)[0]
    np.testing.assert_allclose(readout @ with_one, SIGNS_OF_5, atol=1e-6)


def test_min_gru_states_come_to_rest_on_ones():
    cell = MinGRU(1, 16, rng=1)
    h = unroll(cell, np.ones((2000, 1, 1))).h[:, :, 0]
    moves = np.diff(h, axis=0, prepend=0)
    assert ((moves[:20] > 0).all(axis=0) | (moves[:20] < 0).all(axis=0)).all()  # each in one direction
    assert (h[1000:] == h[1000]).all()


# Newton's method, and the work of a scan -------------------------------------------------------------


def newton():
    """The function that the lesson prints."""
    cells = nbformat.read(pathlib.Path(NOTEBOOKS) / f"{LESSON}.ipynb", 4).cells
    scope = {"np": np}
    exec(next(cell.source for cell in cells if cell.id == "newton"), scope)
    return scope["newton"]


def test_newtons_rounds_grow_with_the_factor():
    lines = stored_text(LESSON, "newton-rounds").strip().splitlines()
    rounds = [int(line.split(" rounds")[0].split(",")[-1]) for line in lines]
    assert rounds == sorted(rounds)
    assert rounds[-1] == 54
    assert all(line.endswith("True") for line in lines)


def test_newtons_rounds_with_other_seeds():
    x, find = 0.5 * noise(200, 2, seed=1), newton()
    for seed in range(1, 8):
        rnn = RNN(2, 16, rng=seed, init="orthogonal", gain=1.5)
        h, rounds = find(rnn, x)
        np.testing.assert_allclose(h, unroll(rnn, x).h[:, :, 0], rtol=0, atol=1e-7)
        assert 42 <= rounds <= 58


def test_each_round_makes_one_more_state_exact():
    """One step of Newton's method from a guess whose first states are right and whose others are wild."""
    rnn = RNN(2, 4, rng=1, init="orthogonal", gain=1.5)
    x = 0.5 * noise(12, 2, seed=1)
    a, right = rnn.project(x)[:, :, 0], unroll(rnn, x).h[:, :, 0]
    h = np.random.default_rng(0).standard_normal((12, 4))
    for exact in range(1, 13):
        guess = np.concatenate([np.zeros((1, 4)), h[:-1]])
        f = np.tanh(a + guess @ rnn.U.T)
        h_t, solved = np.zeros(4), []
        for t in range(12):
            h_t = f[t] + (1 - f[t] ** 2) * (rnn.U @ (h_t - guess[t]))
            solved.append(h_t)
        h = np.array(solved)
        np.testing.assert_allclose(h[:exact], right[:exact], rtol=0, atol=1e-9)


def test_scan_multiplies_22_times_as_often():
    """Two products for each pair that takes in another; the loop has one per step."""
    T = 4096
    taken_in = sum(T - 2**n for n in range(depth(T)))
    assert round(2 * taken_in / T) == 22
