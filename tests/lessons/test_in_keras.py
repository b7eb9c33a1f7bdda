"""What the lessons show of Keras, with PyTorch beneath it: each block as it stands there, run and compared.

Neither is among the requirements: where one is missing, test_in_pytorch.py beside it still reads the blocks.
"""

import math
import os

import numpy as np
import pytest

from helpers.engine import cells
from helpers.engine.bptt import backprop, unroll
from tests.engine.plain import assert_close
from tests.lessons.in_frameworks import LENGTHS, B, D, H, K, T, X, Y, blocks, in_pieces, out

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own


@pytest.fixture
def keras():
    pytest.importorskip("torch")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    found = pytest.importorskip("keras")
    before = found.config.floatx()
    found.config.set_floatx("float64")
    found.utils.set_random_seed(0)
    yield found
    found.config.set_floatx(before)


def in_keras(keras, lesson, n=None, **names):
    """Run the Keras blocks of a lesson, or its first n; returns all names they leave."""
    x, y = (a.transpose(2, 0, 1).copy() for a in (X, Y))
    scope = {"keras": keras, "np": np, "math": math, "T": T, "B": B, "D": D, "H": H, "x": x, "y": y, **names}
    for block in blocks(lesson, "in-keras")[:n]:
        exec(block, scope)
    return scope


def plain(layer):
    """The engine's plain RNN with the weights of a layer of Keras."""
    W, U, b = layer.get_weights()
    return cells.RNN(D, H, init="zeros").put(W=W.T, U=U.T, b=b[:, None])


def test_keras_output_h_n_and_mask(keras):
    found = in_keras(keras, "01_rnn_unrolling", 1)
    h = unroll(plain(found["rnn"]), X).h
    assert_close(out(found["output"]), h.transpose(2, 0, 1), rtol=1e-6)
    assert_close(out(found["h_n"]), h[-1].T, rtol=1e-6)
    found = in_keras(keras, "01_rnn_unrolling", lengths=LENGTHS)
    h = unroll(plain(found["rnn"]), X).h
    assert_close(out(found["h_n"]), np.stack([h[n - 1, :, b] for b, n in enumerate(LENGTHS)]), rtol=1e-6)


def test_keras_fit_is_one_update(keras, monkeypatch):
    built = keras.layers.SimpleRNN(H, return_sequences=True)
    built(X.transpose(2, 0, 1))
    cell = plain(built)
    monkeypatch.setattr(keras.layers, "SimpleRNN", lambda *_, **__: built)
    in_keras(keras, "02_bptt")
    tape = unroll(cell, X)
    grads = backprop(tape, 2 * (tape.h - Y) / Y.size)
    assert_close(plain(built).U, cell.U - 0.2 * grads.dU, rtol=1e-6)
    assert not np.allclose(plain(built).U, cell.U, rtol=1e-6)


def test_keras_stateful_is_our_reading_in_pieces(keras, monkeypatch):
    make, made = keras.layers.SimpleRNN, []

    def kept(*args, **options):
        layer = make(*args, **options)
        layer.build((B, K, D))
        made.append((layer, plain(layer)))
        return layer

    monkeypatch.setattr(keras.layers, "SimpleRNN", kept)
    found = in_keras(keras, "04_clipping_truncation", k=K)
    ((layer, cell),) = made
    assert_close(plain(layer).U, in_pieces(cell).U, rtol=1e-5)
    assert (out(found["rnn"].states[0].value) == 0).all()


def test_keras_norms_per_step(keras):
    x = keras.ops.convert_to_tensor(X[:, :, :1].transpose(2, 0, 1).copy())
    found = in_keras(keras, "03_vanishing_gradients", x=x, B=1)
    tape = unroll(plain(found["cell"]), X[:, :, :1])
    norms = np.linalg.norm(backprop(tape, np.ones((H, 1))).dh[1:, :, 0], axis=1)
    assert_close(found["norms"], norms, rtol=1e-6)


@pytest.mark.parametrize(("setting", "together"), [("global_clipnorm", True), ("clipnorm", False)])
def test_keras_clips_by_norm_in_two_ways(keras, setting, together):
    a, b = (keras.Variable(np.zeros(2)) for _ in range(2))
    g = [np.array([3.0, 4.0]), np.array([0.0, 0.6])]
    optimizer = keras.optimizers.SGD(1.0, **{setting: 1.0})
    optimizer.apply([keras.ops.convert_to_tensor(one) for one in g], [a, b])
    moved = -np.concatenate([out(a.value), out(b.value)])
    alone = np.concatenate([g[0] / 5, g[1]])
    whole = np.concatenate(g) / np.linalg.norm(np.concatenate(g))
    assert_close(moved, whole if together else alone, rtol=1e-6)


def test_keras_lstm_and_its_biases(keras):
    b = keras.layers.LSTM(H)
    b.build((None, T, D))
    np.testing.assert_array_equal(b.get_weights()[2], np.repeat([0, 1, 0, 0], H))
    found = in_keras(keras, "05_lstm_gates")
    W, U, b = found["lstm"].get_weights()
    order = np.concatenate([np.arange(H) + H * "ifco".index(block) for block in "fioc"])
    cell = cells.LSTM(D, H, init="zeros").put(W=W.T[order], U=U.T[order], b=b[order, None])
    np.testing.assert_allclose(cell["b_f"], math.log(T))
    np.testing.assert_allclose(cell["b_i"], -math.log(T))
    tape = unroll(cell, X)
    _, h_n, c_n = found["lstm"](X.transpose(2, 0, 1))
    assert_close(out(h_n), tape.h[-1].T)
    assert_close(out(c_n), tape.c[-1].T)


def test_keras_gru_is_keep_after_unless_told_otherwise(keras):
    found = in_keras(keras, "07_gru", cells=cells)
    assert_close(out(found["h_n"]), unroll(found["cell"], X).h[-1].T)
    assert keras.layers.GRU(H).reset_after
    before = keras.layers.GRU(H, reset_after=False)
    h_n = before(X.transpose(2, 0, 1))
    W, U, b = before.get_weights()
    cell = cells.GRU(D, H, init="zeros").put(W=W.T, U=U.T, b=b[:, None])
    assert_close(out(h_n), unroll(cell, X).h[-1].T, rtol=1e-6)


def test_keras_gru_of_the_race_is_chrono(keras):
    _, U, b = in_keras(keras, "08_memory_race")["gru"].get_weights()
    assert 0 <= b[0, :H].min() < b[0, :H].max() <= math.log(T - 1)
    assert (b[0, H:] == 0).all()
    assert (b[1] == 0).all()
    assert_close(U @ U.T, np.eye(H), rtol=1e-5)  # (H, 3H): orthogonal as a whole


def test_keras_scans_as_the_loop_steps(keras):
    rng = np.random.default_rng(0)
    z, h_tilde = rng.random((T, B, H)), rng.standard_normal((T, B, H))
    h, expected = np.zeros((B, H)), []
    for z_t, candidate in zip(z, h_tilde, strict=True):
        h = (1 - z_t) * h + z_t * candidate
        expected.append(h)
    given = {"z": keras.ops.convert_to_tensor(z), "h_tilde": keras.ops.convert_to_tensor(h_tilde)}
    assert_close(out(in_keras(keras, "09_gates_without_h", **given)["h"]), np.array(expected), rtol=1e-6)
