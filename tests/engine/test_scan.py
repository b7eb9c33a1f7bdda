"""The scan against the loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.engine.bptt import unroll
from helpers.engine.cells import LRU, MinGRU
from helpers.engine.cells.lru import as_complex
from helpers.engine.scan import combine, depth, linear, rounds


def loop(a, b, h):
    found = []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        found.append(h)
    return np.array(found)


@pytest.mark.parametrize("T", [1, 2, 3, 8, 100, 4096])
def test_the_scan_is_the_loop(T):
    rng = np.random.default_rng(T)
    a, b, h_0 = rng.uniform(0, 1, (T, 3, 2)), rng.standard_normal((T, 3, 2)), rng.standard_normal((3, 2))
    found, expected = linear(a, b, h_0), loop(a, b, h_0)
    assert np.abs(found - expected).max() < 4e-15 * np.abs(expected).max()


def test_grouping_of_steps_does_not_matter():
    """Their order does."""
    one, two, three = (0.5, 2.0), (0.25, -1.0), (4.0, 3.0)  # powers of two: every product is exact
    assert combine(combine(one, two), three) == combine(one, combine(two, three))
    assert combine(one, two) != combine(two, one)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5000))
def test_the_depth_is_the_logarithm(T):
    assert 2 ** depth(T) >= T
    assert T == 1 or 2 ** (depth(T) - 1) < T


def test_scan_has_as_many_rounds_as_depth():
    for T in (1, 2, 5, 8, 9, 64):
        assert len(list(rounds(np.ones(T), np.ones(T)))) == depth(T) + 1
    assert depth(4096) == 12


def test_the_cells_are_such_recurrences():
    rng = np.random.default_rng(0)
    x, h_0 = rng.standard_normal((50, 3, 2)), rng.standard_normal((4, 2))
    tape = unroll(MinGRU(3, 4, rng=rng), x, h_0)
    np.testing.assert_allclose(linear(1 - tape.z, tape.z * tape.h_tilde, h_0), tape.h, rtol=0, atol=1e-14)
    cell = LRU(3, 4, rng=rng)
    tape, driven = unroll(cell, x, h_0), cell.gamma * as_complex(cell.project(x))
    found = linear(np.broadcast_to(cell.lambda_, driven.shape), driven, as_complex(h_0))
    np.testing.assert_allclose(found, as_complex(tape.h), rtol=0, atol=1e-13)


@pytest.mark.parametrize(("a", "b"), [([1.0], [1.0, 2.0]), ([], []), (1.0, 2.0)])
def test_shapes_that_do_not_fit_are_told(a, b):
    with pytest.raises(ValueError, match="a and b must have the same shape"):
        linear(a, b)
