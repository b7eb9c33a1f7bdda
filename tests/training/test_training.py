"""The loop: it does what it promises, and what it learns is learnt."""

import math
from itertools import islice

import numpy as np
import pytest

from helpers.engine.cells import GRU, LSTM, RNN
from helpers.tasks import Adding, Batch, Copy, TemporalOrder
from helpers.training import SGD, Adam, Model, Readout, cross_entropy, fit, global_norm, mse, running_mean


def small(cls=GRU, task=None, seed=0, dtype=np.float64, **kw):
    task, rng = task or TemporalOrder(10), np.random.default_rng(seed)
    cell = cls(task.D, 8, rng=rng, dtype=dtype, **kw)
    return task, Model(cell, Readout(8, task.K, rng=rng, dtype=dtype), every_step=task.every_step), rng


def test_step_moves_parameters_as_told():
    """It reports what was before the move."""
    task, model, rng = small()
    batch = task.batch(rng, 4)
    before = {name: p.copy() for name, p in model.parameters.items()}
    tape, y = model.forward(batch.x)
    loss, dy = cross_entropy(y, batch.target)
    grads = model.backward(tape, dy)
    step = next(fit(model, [batch], cross_entropy, SGD(0.1), clip=None, metric=task.accuracy))
    assert (step.step, step.loss, step.metric) == (1, loss, task.accuracy(y, batch))
    assert step.grad_norm == pytest.approx(math.sqrt(sum((g**2).sum() for g in grads.values())))
    assert not step.diverged
    for name, p in model.parameters.items():
        np.testing.assert_allclose(p, before[name] - 0.1 * grads[name], rtol=1e-12)


def test_clipped_sgd_step_is_lr_times_clip():
    task, model, rng = small()
    before = {name: p.copy() for name, p in model.parameters.items()}
    step = next(fit(model, task.batches(rng, 4), cross_entropy, SGD(0.5), clip=1e-3))
    assert step.grad_norm > 1e-3
    moved = global_norm({name: p - before[name] for name, p in model.parameters.items()})
    assert moved == pytest.approx(0.5 * 1e-3)


def test_loop_yields_after_every_step():
    """It asks for no batch ahead."""
    task, model, rng = small()
    asked = []

    def counted():
        for batch in task.batches(rng, 2):
            asked.append(batch)
            yield batch

    steps = fit(model, counted(), cross_entropy, Adam(), metric=None)
    assert [(s.step, s.metric, len(asked)) for s in islice(steps, 3)] == [
        (1, None, 1),
        (2, None, 2),
        (3, None, 3),
    ]
    steps.close()
    assert len(asked) == 3


def test_the_same_seed_learns_the_same():
    runs = []
    for _ in range(2):
        task, model, rng = small(seed=7)
        runs.append([s.loss for s in islice(fit(model, task.batches(rng, 4), cross_entropy, Adam()), 5)])
    assert runs[0] == runs[1]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_run_that_diverges_says_so_and_ends(dtype):
    """A linear RNN, no clipping and a huge step: the numbers leave the range of the dtype."""
    task, model, rng = small(RNN, Adding(30), dtype=dtype, activation="linear")
    steps = list(islice(fit(model, task.batches(rng, 4), mse, SGD(1e3), clip=None), 100))
    assert len(steps) < 100
    assert [s.diverged for s in steps] == [False] * (len(steps) - 1) + [True]


@pytest.mark.parametrize("clip", [None, 1.0])
@pytest.mark.parametrize("size", [1e10, 1e200, 1e308])
def test_weights_far_too_large_are_reported_not_raised(size, clip):
    task, model, rng = small(RNN, Adding(30), activation="linear")
    model.cell.U[...] = size
    before = model.cell.U.copy()
    (step,) = fit(model, islice(task.batches(rng, 4), 3), mse, Adam(), clip=clip)
    assert step.diverged
    assert (before == model.cell.U).all()


def test_finite_loss_with_infinite_gradient_has_diverged():
    """Without input a linear RNN stays at 0, whatever its U; a gradient is multiplied by U all the same."""
    _, model, _ = small(RNN, Adding(30), activation="linear")
    model.cell.U[...] = 1e200
    (step,) = fit(model, [Batch(np.zeros((30, 2, 4)), np.ones((1, 4)))], mse, SGD())
    assert step.diverged
    assert np.isfinite(step.loss)
    assert not np.isfinite(step.grad_norm)


@pytest.mark.parametrize("mode", ["segments", "window"])
def test_a_truncated_run_uses_the_truncated_gradient(mode):
    task, model, rng = small(LSTM, Copy(3))
    batch = task.batch(rng, 4)
    tape, y = model.forward(batch.x)
    expected = model.cell.U - model.backward(tape, cross_entropy(y, batch.target)[1], 5, mode)["U"]
    list(fit(model, [batch], cross_entropy, SGD(1.0), clip=None, cut=5, mode=mode))
    np.testing.assert_allclose(model.cell.U, expected, rtol=1e-12)


def test_finite_loss_a_million_times_larger_has_diverged():
    task, model, rng = small()
    x = task.batch(rng, 4).x
    near, far = Batch(x, np.zeros((4, 4))), Batch(x, np.full((4, 4), 1.1e3))
    steps = list(fit(model, [near, far, near], mse, SGD(1e-9)))
    assert [s.diverged for s in steps] == [False, True]
    assert np.isfinite(steps[1].loss)


@pytest.mark.parametrize("cls", [RNN, LSTM, GRU])
@pytest.mark.parametrize("task", [TemporalOrder(5), Adding(4), Copy(1)], ids=lambda t: type(t).__name__)
def test_short_tasks_get_better_with_every_cell(cls, task):
    """Not a race: after 150 small steps the loss on new sequences is well below what it was."""
    task, model, rng = small(cls, task)
    loss = {"mse": mse, "cross_entropy": cross_entropy}[task.loss]
    test = task.batch(rng, 200)
    before = loss(model.forward(test.x)[1], test.target)[0]
    for _ in islice(fit(model, task.batches(rng, 16), loss, Adam(2e-2)), 150):
        pass
    assert loss(model.forward(test.x)[1], test.target)[0] < 0.7 * before


@pytest.mark.parametrize("cls", [LSTM, GRU])
def test_the_recipe_remembers_over_20_steps(cls):
    """Orthogonal U, chrono biases, Adam, clipping; bench/training.py has longer tasks and ten seeds."""
    task, rng = TemporalOrder(20), np.random.default_rng(1)
    cell = cls(task.D, 16, rng=rng, init="orthogonal", chrono=20, dtype=np.float32)
    model = Model(cell, Readout(16, task.K, rng=rng, dtype=np.float32))
    for _ in islice(fit(model, task.batches(rng, 16), cross_entropy, Adam(2e-2)), 300):
        pass
    test = task.batch(rng, 500)
    assert task.accuracy(model.forward(test.x)[1], test) > 0.95


def test_running_mean_is_of_the_last_values():
    values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0]
    for n in (1, 3, 10):
        expected = [np.mean(values[max(0, k - n) : k]) for k in range(1, 7)]
        np.testing.assert_allclose(running_mean(values, n), expected)
    assert running_mean([], 3).size == 0
