"""Losses. Each returns the loss and its gradient dy, dL/dy in the shape of y."""

import numpy as np


def mse(y, target, weight=None):
    """Mean squared error: the mean of (y - target)**2 over all the numbers.

    Parameters
    ----------
    y, target : numpy.ndarray
        (K, B), or (T, K, B) for an answer at every step.
    weight : numpy.ndarray, optional
        How much each answer counts, (B,) or (T, B).

    Returns
    -------
    loss : float
    dy : numpy.ndarray
        2 (y - target) / number of answers, in the shape of y.

    Raises
    ------
    ValueError
        If y and target differ in shape, or the weights do not fit them. `cross_entropy` raises the same.
    """
    target = np.asarray(target)
    if target.shape != y.shape:
        raise ValueError(f"target must have the shape of y, {y.shape}; got {target.shape}.")
    share = _shares(y, weight) / y.shape[-2]
    off = y - target
    return float((share * off**2).sum()), 2 * share * off


def cross_entropy(y, target, weight=None):
    """Softmax and cross-entropy: the mean of -ln p(target), p = softmax(y).

    Parameters
    ----------
    y : numpy.ndarray
        Scores, (K, B), or (T, K, B) for an answer at every step.
    target : numpy.ndarray
        The right class of each answer, 0 to K-1, (B,) or (T, B).
    weight : numpy.ndarray, optional
        How much each answer counts, in the shape of `target`.

    Returns
    -------
    loss : float
        In nats.
    dy : numpy.ndarray
        (p - one-hot target) / number of answers, in the shape of y.
    """
    target = np.asarray(target)
    if target.shape != y.shape[:-2] + y.shape[-1:]:
        expected = y.shape[:-2] + y.shape[-1:]
        raise ValueError(
            f"target must have the shape {expected}, a class for each answer; got {target.shape}."
        )
    if target.dtype.kind not in "iu" or target.min() < 0 or target.max() >= y.shape[-2]:
        raise ValueError(f"target must hold classes, whole numbers from 0 to {y.shape[-2] - 1}.")
    share, k = _shares(y, weight), np.expand_dims(target, -2)
    y, e, total = _exponentials(y)
    log_p = np.take_along_axis(y, k, -2) - np.log(total)
    is_target = np.arange(y.shape[-2])[:, None] == k
    return float(-(share * log_p).sum()), share * (e / total - is_target)


def softmax(y):
    """Probabilities of scores y, (K, B) or (T, K, B): exp(y) over its sum over the K classes."""
    _, e, total = _exponentials(y)
    return e / total


def log_softmax(y):
    """ln of the softmax of scores y, (K, B) or (T, K, B), also where the softmax rounds to 0."""
    y, _, total = _exponentials(y)
    return y - np.log(total)


def _exponentials(y):
    """Scores minus the largest of each K (which does not change the softmax); their exp; its sum over K."""
    y = y - y.max(axis=-2, keepdims=True)  # so that exp cannot overflow
    e = np.exp(y)
    return y, e, e.sum(axis=-2, keepdims=True)


def _shares(y, weight):
    """The share of each answer in the loss, in a shape that broadcasts with y; the shares sum to 1."""
    if weight is None:
        return y.dtype.type(y.shape[-2] / y.size)
    weight, shape = np.asarray(weight, y.dtype), y.shape[:-2] + y.shape[-1:]
    if weight.shape != shape or (weight < 0).any() or not weight.any():
        raise ValueError(
            f"weight must have the shape {shape}, hold no negative number and not be 0 throughout; "
            f"got {weight.shape}."
        )
    return np.expand_dims(weight / weight.sum(), -2)


LOSSES = {"mse": mse, "cross_entropy": cross_entropy}
