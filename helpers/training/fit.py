"""The training loop: a batch, an answer, a loss, a gradient, an update."""

from dataclasses import dataclass

import numpy as np

from helpers.engine.bptt import keep_large_blocks
from helpers.engine.cells.base import may_overflow
from helpers.training.clipping import clip_by_norm

FAR = 1e6  # a loss this many times the first one counts as diverged


@dataclass(frozen=True)
class Step:
    """The report on one update. All values are those before the parameters moved.

    Attributes
    ----------
    step : int
        Number of the update, from 1.
    loss : float
    metric : float or None
        The value of the `metric` given to `fit`, if there is one.
    grad_norm : float
        The norm of the gradient before clipping.
    diverged : bool
        Whether training ends here, because the loss or the gradient is no longer finite, or the loss is more
        than a million times the first one (or than a million, if the first was below 1).
    """

    step: int
    loss: float
    metric: float | None
    grad_norm: float
    diverged: bool


def fit(model, batches, loss, optimiser, clip=1.0, *, metric=None, cut=None, mode="segments"):
    """Train on one batch after another, and yield a report on each: stop iterating to stop the training.

    Parameters
    ----------
    model : Model
        Its parameters are changed in place.
    batches : iterable of Batch
        Objects with `x`, `target` and `weight`, as `helpers.tasks` makes them. May be endless.
    loss : callable
        `mse` or `cross_entropy`: from (y, target, weight) to the loss and dy.
    optimiser : SGD or Adam
        Anything with `step(parameters, grads)`.
    clip : float or None
        Largest norm of the gradient; None for no limit.
    metric : callable, optional
        From (y, batch) to a number, such as the `accuracy` of a task.
    cut, mode
        Truncation, as in `helpers.engine.bptt.backprop`.

    Yields
    ------
    Step
        After every batch. A run that diverges raises no error: its last step says so, and the parameters
        stay as they were before it.
    """
    keep_large_blocks()
    limit = np.inf
    for number, batch in enumerate(batches, 1):
        value, said, tape, dy = _evaluate(model, batch, loss, metric)
        grads, norm = None, np.inf
        if np.isfinite(value):
            grads, norm = clip_by_norm(model.backward(tape, dy, cut, mode), clip)
        limit = FAR * max(value, 1) if number == 1 else limit
        diverged = not np.isfinite(norm) or value > limit
        if not diverged:
            optimiser.step(model.parameters, grads)
        yield Step(number, value, said, norm, diverged)
        if diverged:
            return


@may_overflow
def _evaluate(model, batch, loss, metric):
    """The loss and the metric, and what the gradient is computed from: the tape and dy."""
    tape, y = model.forward(batch.x)
    value, dy = loss(y, batch.target, batch.weight)
    return value, None if metric is None else metric(y, batch), tape, dy


def running_mean(values, n):
    """The mean of the last n values at each place, to smooth a noisy curve.

    Parameters
    ----------
    values : array_like
        (N,).
    n : int
        1 or more. Near the start, where there are fewer values, the mean is that of all so far.

    Returns
    -------
    numpy.ndarray
        (N,).
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    last = np.arange(1, len(sums))
    first = np.maximum(last - n, 0)
    return (sums[last] - sums[first]) / (last - first)
