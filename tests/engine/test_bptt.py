"""Unrolling, the tape, and what bad input is told."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import LSTM, RNN
from tests.engine.plain import KINDS, assert_close, example

every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_the_tape_has_every_gate_and_state(kind):
    cell, x, first, _ = example(kind, H=4, T=6, B=2)
    tape = unroll(cell, x, **first)
    for name in (*cell.states, *cell.gates, "h_prev"):
        assert getattr(tape, name).shape == (6, 4, 2)
    assert tape.states.shape == (7, cell.S, 4, 2)
    np.testing.assert_array_equal(tape.h_prev[0], first["h_0"])
    np.testing.assert_array_equal(tape.h_prev[1:], tape.h[:-1])
    assert (tape.T, tape.B) == (6, 2)


def test_the_tape_obeys_the_equations():
    cell, x, first, _ = example("LSTM")
    tape = unroll(cell, x, **first)
    np.testing.assert_allclose(tape.c, tape.f * tape.c_prev + tape.i * tape.c_tilde, rtol=1e-15)
    np.testing.assert_allclose(tape.h, tape.o * np.tanh(tape.c), rtol=1e-15)


def test_an_unknown_gate_names_those_there_are():
    cell, x, first, _ = example("GRU keep before")
    with pytest.raises(AttributeError, match=r"the tape of this GRU has no 'f'; it has h, z, r, h_tilde"):
        _ = unroll(cell, x, **first).f
    with pytest.raises(AttributeError, match="there is no dc: this GRU has no cell state"):
        _ = backprop(unroll(cell, x), np.zeros((4, 2))).dc


def test_a_tape_can_be_copied_and_pickled():
    cell, x, first, _ = example("LSTM")
    tape = unroll(cell, x, **first)
    for other in (copy.deepcopy(tape), pickle.loads(pickle.dumps(tape))):
        np.testing.assert_array_equal(other.f, tape.f)


@every_kind
def test_sequences_side_by_side_do_not_touch(kind):
    cell, x, first, v = example(kind, B=3)
    tape = unroll(cell, x, **first)
    grads = backprop(tape, v)
    starts = [{name: s[:, b : b + 1] for name, s in first.items()} for b in range(3)]
    alone = [unroll(cell, x[..., b : b + 1], **start) for b, start in enumerate(starts)]
    parts = [backprop(one, v[..., b : b + 1]) for b, one in enumerate(alone)]
    for b, one in enumerate(alone):
        assert_close(tape.sequence(b).h, one.h, 1e-13)
    assert_close(grads.dU, sum(part.dU for part in parts))


def test_a_linear_unit_by_hand():
    cell = RNN(1, 1, activation="linear", init="zeros")
    cell.put(W=1, U=0.5)
    assert unroll(cell, np.array([1.0, 0, 0]).reshape(3, 1, 1)).h[2, 0, 0] == 0.25


def test_running_changes_nothing_of_what_it_was_given():
    cell, x, first, v = example("LSTM")
    kept = copy.deepcopy((x, first, v, cell.W, cell.U, cell.b))
    backprop(unroll(cell, x, **first), v)
    for one, other in zip(kept, (x, first, v, cell.W, cell.U, cell.b), strict=True):
        for a, b in zip(*(d.values() if isinstance(d, dict) else [d] for d in (one, other)), strict=True):
            np.testing.assert_array_equal(a, b)


def test_whole_numbers_and_lists_are_taken():
    cell = RNN(1, 2, rng=0)
    expected = unroll(cell, np.array([1.0, 0.0]).reshape(2, 1, 1)).h
    np.testing.assert_array_equal(unroll(cell, [[[1]], [[0]]]).h, expected)


@settings(max_examples=60, deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    sizes=st.tuples(*[st.integers(1, 5)] * 4),
    bias=st.sampled_from([-1e3, -30.0, 0.0, 30.0, 1e3]),
    scale=st.sampled_from([0.0, 1.0, 1e3]),
    dtype=st.sampled_from([np.float64, np.float32]),
)
def test_any_size_and_extreme_values_stay_finite(kind, sizes, bias, scale, dtype):
    if kind == "RNN linear":
        bias = 0.0
    cell, x, first, v = example(kind, *sizes, dtype=dtype)
    cell.b[...] = bias
    tape = unroll(cell, scale * x, **first)
    grads = backprop(tape, v)
    assert tape.h.shape == v.shape
    assert all(np.isfinite(part).all() for part in (tape.states, grads.dW, grads.dU, grads.db, grads.dx))


def test_extreme_gates_keep_or_erase_exactly():
    cell, x, first, _ = example("LSTM")
    cell["b_f"], cell["b_i"] = 1e3, -1e3
    np.testing.assert_array_equal(unroll(cell, x, **first).c[-1], first["c_0"])
    cell["b_f"] = -1e3
    assert not unroll(cell, x, **first).c.any()


def test_run_that_outgrows_its_dtype_does_not_warn():
    cell = RNN(1, 2, rng=0, activation="linear", dtype=np.float32)
    cell["U"] = 1e6 * np.eye(2)
    tape = unroll(cell, np.ones((20, 1, 1)))
    assert not np.isfinite(tape.h[-1]).all()
    backprop(tape, np.ones((2, 1)))


def wrong(x=None, h_0=None, c_0=None, kind=RNN):
    x = np.zeros((5, 2, 3)) if x is None else x
    return lambda: unroll(kind(2, 4, rng=0), x, h_0, c_0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (wrong(np.zeros((5, 2))), r"x must have the shape \(T, D, B\) = .*; got \(5, 2\)"),
        (wrong(np.zeros((5, 3, 1))), r"x must have the shape .*2.*; got \(5, 3, 1\)"),
        (wrong(np.zeros((0, 2, 1))), r"x must have the shape .*1 or more.*; got \(0, 2, 1\)"),
        (wrong(np.full((5, 2, 1), np.nan)), r"x must hold finite numbers; got nan at \(0, 0, 0\)"),
        (wrong(np.full((5, 2, 1), 1j)), "x must hold real numbers; got the dtype complex128"),
        (wrong([["a", "b"]]), "x must hold real numbers; got the dtype <U1"),
        (wrong([[1.0], [1.0, 2.0]]), r"x must be an array of shape \(T, D, B\); its rows differ"),
        (wrong(h_0=np.zeros((4, 1))), r"h_0 must have the shape \(H, B\) = \(4, 3\); got \(4, 1\)"),
        (wrong(h_0=np.full((4, 3), np.inf)), "h_0 must hold finite numbers; got inf"),
        (wrong(c_0=np.zeros((4, 3))), "c_0 must be left out: this RNN has no cell state"),
        (wrong(c_0=np.zeros((3, 3)), kind=LSTM), r"c_0 must have the shape \(H, B\)"),
    ],
)
def test_bad_input_is_told_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("direct", "message"),
    [
        (np.zeros((6, 4, 1)), r"direct must have the shape \(T, H, B\) = \(6, 4, 2\); got \(6, 4, 1\)"),
        (np.zeros((4, 1)), r"direct must have the shape \(H, B\) = \(4, 2\); got \(4, 1\)"),
        (np.full((4, 2), np.nan), "direct must hold finite numbers; got nan"),
    ],
)
def test_a_wrong_gradient_is_named(direct, message):
    cell, x, first, _ = example("RNN tanh")
    with pytest.raises(ValueError, match=message):
        backprop(unroll(cell, x, **first), direct)


def test_wrong_state_of_one_step_is_named():
    cell = LSTM(2, 3, rng=0)
    with pytest.raises(ValueError, match=r"x_t must have the shape \(D, B\)"):
        cell(np.zeros(2))
    with pytest.raises(ValueError, match="state must be 2 arrays"):
        cell(np.zeros((2, 1)), (np.zeros((3, 1)),))
    with pytest.raises(ValueError, match=r"c_prev must have the shape \(H, B\) = \(3, 1\)"):
        cell(np.zeros((2, 1)), (np.zeros((3, 1)), np.zeros((3, 2))))


def test_tape_refuses_a_sequence_it_lacks():
    cell, x, first, _ = example("RNN tanh")
    with pytest.raises(ValueError, match="b must be a sequence of the batch, 0 to 1; got 2"):
        unroll(cell, x, **first).sequence(2)
