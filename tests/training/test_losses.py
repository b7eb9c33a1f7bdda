"""Losses: each gradient against differences, each value against one worked out by hand."""

import math

import numpy as np
import pytest

from helpers.training import cross_entropy, log_softmax, mse, softmax
from tests.engine.differences import numeric

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
def test_equal_weights_are_no_weights(loss, shape):
    """A weight of 0 leaves its part out."""
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


@pytest.mark.parametrize("shape", SHAPES)
def test_softmax_makes_probabilities_of_scores(shape):
    y = np.random.default_rng(2).standard_normal(shape)
    p = np.exp(y) / np.exp(y).sum(axis=-2, keepdims=True)
    np.testing.assert_allclose(softmax(y), p, rtol=1e-12)
    np.testing.assert_allclose(log_softmax(y), np.log(p), rtol=1e-12)


def test_softmax_of_scores_far_apart():
    y = np.array([[1e4], [0.0], [-1e300]])
    np.testing.assert_array_equal(softmax(y), [[1], [0], [0]])
    np.testing.assert_array_equal(log_softmax(y), [[0], [-1e4], [-1e300]])


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
