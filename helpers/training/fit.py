"""The loop: a batch, an answer, a loss, a gradient, a step."""

from dataclasses import dataclass

import numpy as np

from helpers.engine.bptt import keep_large_blocks
from helpers.engine.cells.base import may_overflow
from helpers.training.clipping import clip_by_norm

FAR = 1e6  # a loss so many times the first one counts as diverged


@dataclass(frozen=True)
class Step:
    """What a step of learning has to report; all of it as it was before the parameters moved.

    Attributes
    ----------
    step : int
        Its number, from 1 on.
    loss : float
    metric : float or None
        What the `metric` given to `fit` said of the answers.
    grad_norm : float
        The norm of the gradient before clipping.
    diverged : bool
        Whether the run ends here, because the loss or the gradient is no longer finite, or the loss is
        a million times the first one (or 1, if that is more).
    """

    step: int
    loss: float
    metric: float | None
    grad_norm: float
    diverged: bool


def fit(model, batches, loss, optimizer, clip=1.0, *, metric=None, cut=None, mode="segments"):
    """Learn, one batch after the other; it can be watched, and stopped by not asking for more.

    Parameters
    ----------
    model : Model
        Its parameters are changed in place.
    batches : iterable of Batch
        Things with `x`, `target` and `weight`, as `helpers.tasks` makes them. May be endless.
    loss : callable
        `mse` or `cross_entropy`: from (y, target, weight) to the loss and dy.
    optimizer : SGD or Adam
        Anything with `step(parameters, grads)`.
    clip : float or None
        Longest gradient; None for no limit.
    metric : callable, optional
        From (y, batch) to a number, such as the `accuracy` of a task.
    cut, mode
        Truncation, as in `helpers.engine.bptt.backprop`.

    Yields
    ------
    Step
        After every batch. A run that diverges raises nothing: its last step says so, and the
        parameters stay as they were before it.
    """
    keep_large_blocks()
    limit = np.inf
    for number, batch in enumerate(batches, 1):
        value, said, tape, dy = _look(model, batch, loss, metric)
        grads, norm = None, np.inf
        if np.isfinite(value):
            grads, norm = clip_by_norm(model.backward(tape, dy, cut, mode), clip)
        limit = FAR * max(value, 1) if number == 1 else limit
        diverged = not np.isfinite(norm) or value > limit
        if not diverged:
            optimizer.step(model.parameters, grads)
        yield Step(number, value, said, norm, diverged)
        if diverged:
            return


@may_overflow
def _look(model, batch, loss, metric):
    """The loss and what the metric says of it; then what is needed to learn from it, the tape and dy."""
    tape, y = model.forward(batch.x)
    value, dy = loss(y, batch.target, batch.weight)
    return value, None if metric is None else metric(y, batch), tape, dy


def running_mean(values, n):
    """What a noisy run comes to: at each place the mean of the last values.

    Parameters
    ----------
    values : array_like
        (N,).
    n : int
        Of how many, 1 or more; of all there are while there are fewer.

    Returns
    -------
    numpy.ndarray
        (N,).
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    last = np.arange(1, len(sums))
    first = np.maximum(last - n, 0)
    return (sums[last] - sums[first]) / (last - first)
