"""The model: a cell and a read-out, and the gradient of every parameter."""

import numpy as np
import pytest

from helpers.engine.cells import GRU, LSTM, RNN
from helpers.training import Model, Readout, cross_entropy
from tests.engine.differences import numeric


@pytest.mark.parametrize("cls", [RNN, LSTM, GRU])
@pytest.mark.parametrize("every_step", [False, True])
def test_the_gradient_of_every_parameter(cls, every_step):
    rng = np.random.default_rng(2)
    cell = cls(2, 3, rng=rng)
    cell.b[...] = rng.standard_normal(cell.b.shape)
    model = Model(cell, Readout(3, 4, rng=rng), every_step=every_step)
    model.readout.b_y[...] = rng.standard_normal((4, 1))
    x = rng.standard_normal((5, 2, 2))
    target = rng.integers(0, 4, (5, 2) if every_step else 2)
    tape, y = model.forward(x)
    assert y.shape == ((5, 4, 2) if every_step else (4, 2))
    grads = model.backward(tape, cross_entropy(y, target)[1])
    assert grads.keys() == model.parameters.keys()
    for name, p in model.parameters.items():
        expected = numeric(lambda: cross_entropy(model.forward(x)[1], target)[0], p)
        np.testing.assert_allclose(grads[name], expected, rtol=1e-6, atol=1e-9, err_msg=name)


def test_truncation_reaches_the_engine():
    rng = np.random.default_rng(3)
    model = Model(LSTM(1, 4, rng=rng), Readout(4, 1, rng=rng))
    tape, y = model.forward(rng.standard_normal((8, 1, 2)))
    full, all_steps, one = (model.backward(tape, y, cut=k, mode="window")["U"] for k in (None, 8, 1))
    assert (full == all_steps).all()
    assert np.abs(full - one).max() > 1e-6


def test_counting_parameters():
    model = Model(RNN(2, 32, rng=0), Readout(32, 1, rng=0))
    assert model.n_parameters == 1120 + 33
    assert repr(model) == "Model: RNN(D=2, H=32): 1120 parameters; 1 outputs; 1153 parameters in all"


@pytest.mark.parametrize(("H", "dtype"), [(5, np.float64), (4, np.float32)])
def test_a_readout_must_fit_its_cell(H, dtype):
    with pytest.raises(ValueError, match="readout must have the H and dtype of the cell, 4 and float64"):
        Model(RNN(2, 4, rng=0), Readout(H, 1, rng=0, dtype=dtype))
