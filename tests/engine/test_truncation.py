"""Truncated BPTT against the definition: each loss on its own, in the steps it may see."""

import numpy as np
import pytest

from helpers.engine.bptt import backprop, by_lag, cost, gradients, unroll
from tests.engine.plain import KINDS, assert_close, example

T = 7
every_kind = pytest.mark.parametrize("kind", KINDS)
every_mode = pytest.mark.parametrize("mode", ["segments", "window"])


def first_seen(s, k, mode):
    """The first step that the loss of step s (both from 0) may see."""
    return max(0, s - k + 1) if mode == "window" else s // k * k


@every_kind
@every_mode
@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_each_loss_sees_the_steps_it_may(kind, mode, k):
    cell, x, first, v = example(kind, T=T)
    tape = unroll(cell, x, **first)
    expected = {"dW": 0, "dU": 0, "db": 0, "dx": np.zeros_like(x)}
    for s in range(T):
        f = first_seen(s, k, mode)
        names = dict(zip(("h_0", "c_0"), tape.states[f], strict=False))
        alone = backprop(unroll(cell, x[f : s + 1], **names), v[s])
        for name in ("dW", "dU", "db"):
            expected[name] = expected[name] + getattr(alone, name)
        expected["dx"][f : s + 1] += alone.dx
    found = backprop(tape, v, cut=k, mode=mode)
    for name, value in expected.items():
        assert_close(getattr(found, name), value)


@every_kind
@every_mode
@pytest.mark.parametrize("cut", [T, T + 5])
def test_a_cut_of_T_is_full_bptt_exactly(kind, mode, cut):
    cell, x, first, v = example(kind, T=T)
    tape = unroll(cell, x, **first)
    for direct in (v, v[-1]):
        full, found = backprop(tape, direct), backprop(tape, direct, cut=cut, mode=mode)
        for name in ("dW", "dU", "db", "dx", "dh"):
            assert np.array_equal(getattr(full, name), getattr(found, name))


@every_kind
@every_mode
@pytest.mark.parametrize("k", [1, 2, 3, 6])
def test_direct_parts_of_0_change_nothing(kind, mode, k):
    cell, x, first, v = example(kind, T=T)
    tape = unroll(cell, x, **first)
    v[:-1] = 0
    short, long = (backprop(tape, direct, cut=k, mode=mode) for direct in (v[-1], v))
    for name in ("dW", "dU", "dx"):
        assert_close(getattr(short, name), getattr(long, name))


@every_kind
def test_the_lags_add_up_to_the_whole(kind):
    cell, x, first, v = example(kind, T=T)
    tape = unroll(cell, x, **first)
    full = backprop(tape, v)
    lags = list(by_lag(tape, v))
    shares = [lag.weight_gradients() for lag in lags]
    assert len(lags) == T
    for name, gradient in full.parameters.items():
        assert_close(sum(share[name] for share in shares), gradient)
    for k, state in enumerate(cell.states):
        total = np.zeros_like(full.dh)
        for lag in lags:
            total[1 : 1 + len(lag.da)] += lag.dstates[:, k]
            total[0] += lag.dstart[k]
        assert_close(total, getattr(full, f"d{state}"))


def test_the_window_does_not_touch_the_forward_memory():
    cell, x, first, v = example("LSTM", T=T)
    before = unroll(cell, x, **first).states.copy()
    tape = unroll(cell, x, **first)
    backprop(tape, v, cut=1, mode="window")
    assert np.array_equal(tape.states, before)


class Counting(np.ndarray):
    """A matrix that counts the multiplications of the products it enters."""

    done = 0

    def dot(self, other, out=None):
        Counting.done += self.size * other.shape[1]
        return np.asarray(self).dot(np.asarray(other), out)


@every_kind
@pytest.mark.parametrize("loss", ["every", "last"])
@pytest.mark.parametrize(("mode", "cut"), [("segments", None), ("segments", 3), ("window", 3), ("window", 1)])
def test_cost_counts_the_steps_back_that_are_made(kind, mode, cut, loss, monkeypatch):
    cell, x, first, v = example(kind, T=T)
    tape = unroll(cell, x, **first)
    Counting.done, cell.U = 0, cell.U.view(Counting)
    steps = []
    whole = gradients.weight_gradients
    monkeypatch.setattr(gradients, "weight_gradients", lambda *two: steps.append(len(two[1])) or whole(*two))
    backprop(tape, v if loss == "every" else v[-1], cut=cut, mode=mode)
    weighed = T if loss == "every" else (cut or T) if mode == "window" else (T - 1) % (cut or T) + 1
    assert steps == [weighed]
    weighing = x.shape[2] * weighed * (cell.W.size + cell.U.size)
    assert cost(cell, T, x.shape[2], cut, mode, loss).backward == Counting.done + weighing


def test_cost_grows_as_the_lesson_says():
    cell = example("RNN tanh", D=2, H=32)[0]
    full = cost(cell, 100)
    assert cost(cell, 200).backward == 2 * full.backward
    assert cost(cell, 100, cut=10).stored < full.stored / 9
    assert cost(cell, 100, cut=10).backward == full.backward
    assert cost(cell, 100, cut=10, mode="window").backward > 4 * full.backward
    assert cost(cell, 100, cut=10, mode="window", loss="last").backward == full.backward / 10


@pytest.mark.parametrize("cut", [0, -1, 2.5, "3", True])
def test_a_wrong_cut_is_named(cut):
    cell, x, first, v = example("RNN tanh")
    with pytest.raises(ValueError, match="cut must be a whole number of 1 or more; got"):
        backprop(unroll(cell, x, **first), v, cut=cut)


def test_a_wrong_mode_is_named():
    cell, x, first, v = example("RNN tanh")
    with pytest.raises(ValueError, match="mode must be one of 'segments', 'window'; got 'slide'"):
        backprop(unroll(cell, x, **first), v, mode="slide")
