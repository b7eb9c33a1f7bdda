"""Every gradient of the engine by independent routes, for every cell and convention."""

import numpy as np
import pytest

from helpers.engine.bptt import backprop, unroll
from tests.engine.plain import (
    KINDS,
    assert_close,
    block_names,
    complex_gradient,
    example,
    parameters,
    plain_states,
    plain_step,
)

SIZES = [(1, 1, 5, 1), (3, 4, 6, 2), (2, 5, 7, 1), (4, 3, 5, 3)]  # D, H, T, B
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
@pytest.mark.parametrize("sizes", SIZES)
def test_states_are_those_of_the_equations(kind, sizes):
    cell, x, first, _ = example(kind, *sizes)
    assert_close(unroll(cell, x, **first).states[1:], plain_states(cell, parameters(cell), x, first), 1e-13)


@every_kind
@pytest.mark.parametrize("sizes", SIZES)
def test_every_parameter_by_central_differences(kind, sizes):
    cell, x, first, v = example(kind, *sizes)
    grads = backprop(unroll(cell, x, **first), v)

    def slope(array, place, eps=1e-6):
        kept, sides = array[place], []
        for sign in (1, -1):
            array[place] = kept + sign * eps
            sides.append((v * unroll(cell, x, **first).h).sum())
        array[place] = kept
        return (sides[0] - sides[1]) / (2 * eps)

    for array, found in ((cell.W, grads.dW), (cell.U, grads.dU), (cell.b, grads.db)):
        expected = np.array([slope(array, place) for place in np.ndindex(array.shape)])
        assert_close(found.ravel(), expected, 1e-7)


@every_kind
@pytest.mark.parametrize("sizes", SIZES)
def test_everything_by_the_complex_step(kind, sizes):
    cell, x, first, v = example(kind, *sizes)
    grads = backprop(unroll(cell, x, **first), v)
    p = parameters(cell)

    def loss(p, x, first):
        return (v * plain_states(cell, p, x, first)[:, 0]).sum()

    for name in block_names(cell):
        assert_close(grads[name], complex_gradient(lambda w, n=name: loss(p | {n: w}, x, first), p[name]))
    assert_close(grads.dx, complex_gradient(lambda w: loss(p, w, first), x))
    assert_close(grads.dh[0], complex_gradient(lambda w: loss(p, x, first | {"h_0": w}), first["h_0"]))
    if "c_0" in first:
        assert_close(grads.dc[0], complex_gradient(lambda w: loss(p, x, first | {"c_0": w}), first["c_0"]))


def jacobians(cell, tape):
    """Explicit Jacobians of the steps of a run of one sequence, (T, S*H, S*H), from the equations."""
    p, H = parameters(cell), cell.H
    found = []
    for t in range(tape.T):
        J = np.empty((cell.S * H, cell.S * H))
        for k in range(cell.S * H):
            state = tape.states[t].astype(complex).reshape(-1, 1)
            state[k] += 1e-30j
            J[:, k] = np.concatenate(plain_step(cell, p, tape.x[t], *np.split(state, cell.S)))[:, 0].imag
        found.append(J / 1e-30)
    return np.array(found)


@every_kind
def test_every_state_by_the_product_of_explicit_jacobians(kind):
    cell, x, first, v = example(kind, B=1)
    tape = unroll(cell, x, **first)
    grads, J, H = backprop(tape, v), jacobians(cell, tape), cell.H
    for t in range(tape.T + 1):
        expected = np.zeros(cell.S * H)
        for s in range(max(t, 1), tape.T + 1):
            row = np.concatenate([v[s - 1, :, 0], np.zeros((cell.S - 1) * H)])
            for J_k in J[t:s][::-1]:
                row = row @ J_k
            expected += row
        assert_close(grads.dh[t, :, 0], expected[:H])


def test_dc_counts_the_way_through_h():
    cell, x, first, v = example("LSTM", B=1)
    tape = unroll(cell, x, **first)
    p, t = parameters(cell), 3
    grads = backprop(tape, v)

    def loss(c_t):
        """The states from step t on, when c_t is moved: h_t = o_t tanh(c_t) moves with it."""
        h_t = tape.o[t - 1] * np.tanh(c_t)
        later = plain_states(cell, p, x[t:], {"h_0": h_t, "c_0": c_t})[:, 0]
        return (v[t - 1] * h_t).sum() + (v[t:] * later).sum()

    assert_close(grads.dc[t], complex_gradient(loss, tape.c[t - 1]))


@every_kind
def test_a_loss_at_the_last_step_alone(kind):
    cell, x, first, v = example(kind)
    tape = unroll(cell, x, **first)
    v[:-1] = 0
    short, long = backprop(tape, v[-1]), backprop(tape, v)
    for name in ("dW", "dU", "db", "dx", "dh"):
        assert_close(getattr(short, name), getattr(long, name), 1e-14)


@every_kind
def test_float32_agrees_with_float64(kind):
    cell, x, first, v = example(kind)
    small, *_ = example(kind, dtype=np.float32)
    for name in ("W", "U", "b"):
        small[name] = cell[name]
    tape = unroll(small, x, **first)
    grads = backprop(tape, v)
    assert tape.h.dtype == grads.dU.dtype == grads.dx.dtype == np.float32
    expected = backprop(unroll(cell, x, **first), v)
    assert_close(grads.dU, expected.dU, 1e-5)
    assert_close(grads.dx, expected.dx, 1e-5)
