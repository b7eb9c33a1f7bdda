"""Clipping, gradient descent and Adam, against their papers and PyTorch."""

import math

import numpy as np
import pytest

from helpers.training import SGD, Adam, clip_by_norm, global_norm


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
    assert global_norm({"a": np.array([3 * size, 4 * size], dtype)}) == pytest.approx(5 * size, rel=1e-6)


def test_a_norm_of_nothing_and_of_nan():
    assert global_norm({"a": np.zeros(3)}) == 0
    assert global_norm({"a": np.array([1, np.inf])}) == np.inf
    assert math.isnan(global_norm({"a": np.array([np.nan])}))


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
def test_first_step_of_adam_has_length_lr(size):
    """The size of the gradient does not matter."""
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
