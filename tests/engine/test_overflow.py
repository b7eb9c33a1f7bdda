"""What is too large for the dtype comes out as inf or nan, and nobody is warned. Warnings are errors here."""

import itertools

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import backprop, by_lag, unroll
from helpers.training import Readout
from tests.engine.plain import KINDS, example

HUGE = {np.float64: 1e200, np.float32: 1e30}
SIZES = [(1, 1), (4, 1), (4, 3), (32, 1), (32, 8), (33, 5)]  # H, B
CUTS = [(None, "segments"), (7, "segments"), (7, "window")]


# A sigmoid RNN has no state 0 to stay at: it saturates. ReLU stays there, but with a slope of 0.
AT_REST = ("RNN sigmoid", "RNN relu")


def outgrowing(kind, dtype, H, B, T=12):
    """A run whose states stay 0, and whose gradients outgrow the dtype (but for the kinds in `AT_REST`)."""
    cell, x, first, v = example(kind, D=3, H=H, T=T, B=B, dtype=dtype)
    cell.U[...] = HUGE[dtype] * np.random.default_rng(1).standard_normal(cell.U.shape)
    cell.b[...] = 0
    still = {name: np.zeros_like(start) for name, start in first.items()}
    return unroll(cell, np.zeros_like(x), **still), v.astype(dtype)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_a_gradient_out_of_range_does_not_warn(kind, dtype):
    for H, B in SIZES:
        tape, v = outgrowing(kind, dtype, H, B)
        for (cut, mode), direct in itertools.product(CUTS, (v, v[-1])):
            grads = backprop(tape, direct, cut, mode)
            found = [grads.dU, grads.db, grads.dx, *(getattr(grads, f"d{s}") for s in tape.cell.states)]
            assert kind in AT_REST or not any(np.isfinite(part).all() for part in found[1:])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_nor_do_its_lags(kind, dtype):
    for H, B in SIZES:
        tape, v = outgrowing(kind, dtype, H, B)
        for lag in itertools.islice(by_lag(tape, v), 4, 8):
            found = [lag.weight_gradients()["b"], lag.dstates]
            assert kind in AT_REST or not any(np.isfinite(part).all() for part in found)
        probes.gradient_by_lag(tape, v)


def test_warnings_of_others_survive_stopping_at_a_lag():
    tape, v = outgrowing("RNN linear", np.float64, 4, 1)
    before = np.geterr()
    for _ in by_lag(tape, v):
        assert np.geterr() == before


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_huge_weights_run_without_a_warning(kind, dtype):
    """Neither a whole run nor a single step warns."""
    for H, B in SIZES:
        cell, x, first, v = example(kind, D=3, H=H, T=12, B=B, dtype=dtype)
        cell.put(W=HUGE[dtype], U=HUGE[dtype])
        tape = unroll(cell, HUGE[dtype] * x / 1e3, **first)
        backprop(tape, v)
        cell(HUGE[dtype] * x[0])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_nor_does_the_readout(dtype):
    readout = Readout(32, 3, rng=0, dtype=dtype)
    readout.V *= HUGE[dtype]
    h = np.full((5, 32, 4), HUGE[dtype], dtype)
    y = readout(h)
    assert not np.isfinite(y).all()
    readout.back(np.full_like(y, HUGE[dtype]), h)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_nor_do_the_probes(kind, dtype):
    for H, B in SIZES:
        tape, v = outgrowing(kind, dtype, H, B)
        probes.log_norms_dL(tape, v)
        probes.log_norms_dh_T(tape)
        probes.step_jacobians(tape)
