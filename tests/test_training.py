"""Training: each part against another route, and the loop against what it promises."""

import math
from itertools import islice

import numpy as np
import pytest

from helpers.cells import GRU, LSTM, RNN
from helpers.tasks import Adding, Batch, Copy, TemporalOrder
from helpers.training import (
    SGD,
    Adam,
    Model,
    Readout,
    clip_by_norm,
    cross_entropy,
    fit,
    mse,
    norm_of,
)


def numeric(loss, array, h=1e-5):
    """The gradient of a loss by central differences; `array` is moved in place and put back."""
    found = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + h
        up = loss()
        array[place] = kept - h
        found[place] = (up - loss()) / (2 * h)
        array[place] = kept
    return found


# Losses ---------------------------------------------------------------------------------------------

SHAPES = [(3, 2), (4, 3, 2)]  # (K, B) and (T, K, B)


def case(loss, shape, weighted, rng):
    y, answers = rng.standard_normal(shape), shape[:-2] + shape[-1:]
    target = rng.standard_normal(shape) if loss is mse else rng.integers(0, shape[-2], answers)
    return y, target, rng.uniform(0.1, 2, answers) if weighted else None


@pytest.mark.parametrize("loss", [mse, cross_entropy])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_gradient_of_a_loss(loss, shape, weighted):
    y, target, weight = case(loss, shape, weighted, np.random.default_rng(0))
    dy = loss(y, target, weight)[1]
    np.testing.assert_allclose(dy, numeric(lambda: loss(y, target, weight)[0], y), rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("loss", [mse, cross_entropy])
@pytest.mark.parametrize("shape", SHAPES)
def test_equal_weights_are_no_weights_and_a_weight_of_0_leaves_out(loss, shape):
    y, target, _ = case(loss, shape, False, np.random.default_rng(1))
    weight = np.full(shape[:-2] + shape[-1:], 3.0)
    for found, expected in zip(loss(y, target, weight), loss(y, target), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    weight[..., 0] = 0
    kept = (y[..., 1:], target[..., 1:])
    assert loss(y, target, weight)[0] == pytest.approx(loss(*kept)[0])
    assert (loss(y, target, weight)[1][..., 0] == 0).all()


def test_the_losses_by_hand():
    assert mse(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]]))[0] == 2.5
    assert cross_entropy(np.zeros((4, 5)), np.arange(5) % 4)[0] == pytest.approx(math.log(4))
    y = np.log(np.array([[0.7], [0.2], [0.1]]))
    assert cross_entropy(y, np.array([1]))[0] == pytest.approx(-math.log(0.2))


@pytest.mark.parametrize("size", [1e3, 1e300])
def test_sure_scores_neither_overflow_nor_vanish(size):
    y = np.array([[size, -size], [-size, size]])
    right, wrong = cross_entropy(y, np.array([0, 1])), cross_entropy(y, np.array([1, 0]))
    assert right[0] == 0
    assert wrong[0] == pytest.approx(2 * size)
    assert (right[1] == 0).all()
    assert (np.abs(wrong[1]) == 0.5).all()


@pytest.mark.parametrize(
    ("loss", "target", "weight", "said"),
    [
        (mse, np.zeros(2), None, r"target must have the shape of y, \(3, 2\); got \(2,\)"),
        (cross_entropy, np.zeros((3, 2), int), None, r"target must have the shape \(2,\)"),
        (cross_entropy, np.array([0, 3]), None, "target must hold classes, whole numbers from 0 to 2"),
        (cross_entropy, np.array([0, -1]), None, "target must hold classes"),
        (cross_entropy, np.array([0.0, 1.0]), None, "target must hold classes"),
        (cross_entropy, np.array([0, 1]), [1.0], r"weight must have the shape \(2,\).*got \(1,\)"),
        (cross_entropy, np.array([0, 1]), [0, 0], "not be 0 throughout"),
        (mse, np.zeros((3, 2)), [1, -1], "hold no negative number"),
    ],
)
def test_what_a_loss_does_not_take(loss, target, weight, said):
    with pytest.raises(ValueError, match=said):
        loss(np.zeros((3, 2)), target, weight)


# Model ----------------------------------------------------------------------------------------------


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


# Optimisers -----------------------------------------------------------------------------------------


def test_clipping_keeps_the_direction():
    grads = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}
    clipped, norm = clip_by_norm(grads, 1.0)
    assert norm == 5
    np.testing.assert_allclose(clipped["a"], [0.6, 0])
    np.testing.assert_allclose(clipped["b"], [[0.8]])
    assert (grads["a"] == [3, 0]).all()
    for limit in (5.0, 7.0, None):
        assert clip_by_norm(grads, limit) == (grads, 5)


@pytest.mark.parametrize(("size", "dtype"), [(1e200, np.float64), (1e-200, np.float64), (1e30, np.float32)])
def test_a_norm_neither_overflows_nor_vanishes(size, dtype):
    assert norm_of({"a": np.array([3 * size, 4 * size], dtype)}) == pytest.approx(5 * size, rel=1e-6)


def test_a_norm_of_nothing_and_of_nan():
    assert norm_of({"a": np.zeros(3)}) == 0
    assert norm_of({"a": np.array([1, np.inf])}) == np.inf
    assert math.isnan(norm_of({"a": np.array([np.nan])}))


def test_gradient_descent():
    p = {"a": np.array([1.0, 2.0])}
    SGD(lr=0.1).step(p, {"a": np.array([10.0, -10.0])})
    np.testing.assert_allclose(p["a"], [0, 3])


def test_adam_is_its_paper():
    """Algorithm 1 with plain numbers, one parameter at a time."""
    rng = np.random.default_rng(4)
    start, grads = rng.standard_normal(3), rng.standard_normal((20, 3))
    p, adam = {"a": start.copy()}, Adam(lr=0.03, beta_1=0.8, beta_2=0.95, epsilon=1e-3)
    for g in grads:
        adam.step(p, {"a": g})
    for k in range(3):
        theta, m, v = float(start[k]), 0.0, 0.0
        for n in range(1, 21):
            g = float(grads[n - 1, k])
            m, v = 0.8 * m + 0.2 * g, 0.95 * v + 0.05 * g**2
            theta -= 0.03 * (m / (1 - 0.8**n)) / (math.sqrt(v / (1 - 0.95**n)) + 1e-3)
        assert p["a"][k] == pytest.approx(theta, rel=1e-12)


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_the_first_step_of_adam_is_lr_long_whatever_the_gradient(size):
    p = {"a": np.zeros(2)}
    Adam(lr=0.01).step(p, {"a": np.array([size, -size])})
    np.testing.assert_allclose(p["a"], [-0.01, 0.01], rtol=0.011)


@pytest.mark.parametrize("optimizer", [SGD(0.1), Adam(0.1)])
def test_float32_stays_float32(optimizer):
    p = {"a": np.ones(2, np.float32)}
    optimizer.step(p, {"a": np.ones(2, np.float32)})
    assert p["a"].dtype == np.float32
    assert (p["a"] < 1).all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: SGD(0), "lr must be above 0; got 0"),
        (lambda: Adam(lr=-1), "lr must be above 0; got -1"),
        (lambda: Adam(beta_1=1), "beta_1 must be from 0 to below 1; got 1"),
        (lambda: Adam(beta_2="x"), "beta_2 must be a finite number; got 'x'"),
        (lambda: Adam(epsilon=0), "epsilon must be above 0; got 0"),
        (lambda: clip_by_norm({"a": np.ones(1)}, 0), "clip must be above 0; got 0"),
    ],
)
def test_what_an_optimiser_does_not_take(make, said):
    with pytest.raises(ValueError, match=said):
        make()


@pytest.mark.parametrize("name", ["SGD", "Adam"])
def test_an_optimiser_against_pytorch(name):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(5)
    start, grads = rng.standard_normal((3, 2)), rng.standard_normal((10, 3, 2))
    ours, theirs = {"a": start.copy()}, torch.tensor(start.copy(), requires_grad=True)
    optimizer = {"SGD": SGD, "Adam": Adam}[name](lr=0.02)
    other = getattr(torch.optim, name)([theirs], lr=0.02)
    for g in grads:
        optimizer.step(ours, {"a": g})
        theirs.grad = torch.tensor(g)
        other.step()
    np.testing.assert_allclose(ours["a"], theirs.detach().numpy(), rtol=1e-10)


# The loop -------------------------------------------------------------------------------------------


def small(cls=GRU, task=None, seed=0, dtype=np.float64, **kw):
    task, rng = task or TemporalOrder(10), np.random.default_rng(seed)
    cell = cls(task.D, 8, rng=rng, dtype=dtype, **kw)
    return task, Model(cell, Readout(8, task.K, rng=rng, dtype=dtype), every_step=task.every_step), rng


def test_it_moves_the_parameters_as_told_and_reports_what_was_before():
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


def test_a_clipped_step_of_gradient_descent_is_lr_times_clip_long():
    task, model, rng = small()
    before = {name: p.copy() for name, p in model.parameters.items()}
    step = next(fit(model, task.batches(rng, 4), cross_entropy, SGD(0.5), clip=1e-3))
    assert step.grad_norm > 1e-3
    moved = norm_of({name: p - before[name] for name, p in model.parameters.items()})
    assert moved == pytest.approx(0.5 * 1e-3)


def test_it_yields_after_every_step_and_asks_for_no_batch_ahead():
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


def test_a_finite_loss_a_million_times_the_first_has_diverged():
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
def test_the_recipe_remembers_over_30_steps(cls):
    """Orthogonal U, chrono biases, Adam, clipping: temporal order at T=30 is solved within 400 steps."""
    task, rng = TemporalOrder(30), np.random.default_rng(1)
    cell = cls(task.D, 24, rng=rng, init="orthogonal", chrono=30, dtype=np.float32)
    model = Model(cell, Readout(24, task.K, rng=rng, dtype=np.float32))
    for _ in islice(fit(model, task.batches(rng, 32), cross_entropy, Adam(2e-2)), 400):
        pass
    test = task.batch(rng, 500)
    assert task.accuracy(model.forward(test.x)[1], test) > 0.95
