"""The engine against PyTorch: stored float64 values always, and live where torch is installed."""

import pathlib

import numpy as np
import pytest

from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import GRU
from helpers.engine.cells.conventions import from_torch, to_torch
from tests.engine.plain import assert_close, example

REFERENCE = pathlib.Path(__file__).parent / "torch.npz"
LAYERS = ["RNN", "LSTM", "GRU"]
# PyTorch's order of gates, in our letters.
ORDER = {"RNN": [""], "LSTM": ["_i", "_f", "_c", "_o"], "GRU": ["_r", "_z", "_h"]}


@pytest.fixture(scope="module")
def stored():
    with np.load(REFERENCE) as file:
        return {name: file[name] for name in file.files}


def case(stored, name):
    return {key.partition("/")[2]: value for key, value in stored.items() if key.startswith(f"{name}/")}


def run(cell, found):
    """States and gradients of the engine on the inputs of a case."""
    first = {name: found[name] for name in ("h_0", "c_0") if name in found}
    tape = unroll(cell, found["x"], **first)
    return tape, backprop(tape, found["v"])


def check_inputs_and_states(found, tape, grads):
    assert_close(tape.h, found["h"])
    assert_close(grads.dx, found["d x"])
    assert_close(grads.dh[0], found["d h_0"])
    if "c_0" in found:
        assert_close(grads.dc[0], found["d c_0"])


def check_weights(kind, found, grads):
    def stacked(matrix, letters):
        return np.concatenate([grads[f"{matrix}{letter}"] for letter in letters])

    letters = ORDER[kind]
    assert_close(stacked("W", letters), found["d weight_ih_l0"])
    assert_close(stacked("U", letters), found["d weight_hh_l0"])
    assert_close(stacked("b", letters)[:, 0], found["d bias_ih_l0"])
    inner = ["_r", "_z", "_m"] if kind == "GRU" else letters
    assert_close(stacked("b", inner)[:, 0], found["d bias_hh_l0"])


@pytest.mark.parametrize("kind", LAYERS)
def test_the_layers_of_torch(stored, kind):
    found = case(stored, kind)
    tape, grads = run(from_torch(kind, found), found)
    check_inputs_and_states(found, tape, grads)
    check_weights(kind, found, grads)


@pytest.mark.parametrize("update", ["keep", "write"])
@pytest.mark.parametrize("reset", ["before", "after"])
def test_the_gru_conventions_through_autograd(stored, update, reset):
    found = case(stored, f"GRU {update} {reset}")
    cell = GRU(found["x"].shape[1], found["h_0"].shape[0], rng=0, update=update, reset=reset)
    cell.put(W=found["W"], U=found["U"])
    cell.b[: 3 * cell.H] = found["b"]
    tape, grads = run(cell, found)
    check_inputs_and_states(found, tape, grads)
    assert_close(grads.dW, found["d W"])
    assert_close(grads.dU, found["d U"])
    assert_close(grads.db[: 3 * cell.H], found["d b"])


def test_reference_is_small_and_names_its_source(stored):
    assert REFERENCE.stat().st_size < 50_000
    assert str(stored["torch_version"])


@pytest.mark.parametrize("kind", ["RNN tanh", "RNN relu", "LSTM", "GRU keep after", "GRU write after"])
@pytest.mark.parametrize("sizes", [(1, 1, 4, 1), (2, 5, 9, 3)])
def test_live_against_torch(kind, sizes):
    torch = pytest.importorskip("torch")
    cell, x, first, v = example(kind, *sizes)
    name = kind.split()[0]
    options = {"nonlinearity": cell.activation} if name == "RNN" else {}
    layer = getattr(torch.nn, name)(cell.D, cell.H, **options).double()
    layer.load_state_dict({k: torch.tensor(w) for k, w in to_torch(cell).items()})
    given = torch.tensor(x, requires_grad=True)
    start = [torch.tensor(s.T[None].copy()) for s in first.values()]
    h = layer(given.transpose(1, 2), tuple(start) if len(start) > 1 else start[0])[0].transpose(1, 2)
    (h * torch.tensor(v)).sum().backward()
    tape = unroll(cell, x, **first)
    grads = backprop(tape, v)
    assert_close(tape.h, h.detach().numpy())
    assert_close(grads.dx, given.grad.numpy())
    z_sign = -1 if "write" in kind else 1  # the layer holds -W_z, so its gradient has the other sign
    signs = {"_z": z_sign}
    expected = np.concatenate([signs.get(k, 1) * grads[f"U{k}"] for k in ORDER[name]])
    assert_close(expected, layer.weight_hh_l0.grad.numpy())
