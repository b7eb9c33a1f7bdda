"""The unit that all labs of lesson 2 share: its inputs, its targets, its errors, and what it learns.

One hidden unit whose output is its state. The targets are the states of a unit with other weights, so the
loss can fall to 0.
"""

import functools

import numpy as np

from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN

PUSHES = np.array([1.0, 0, 0, 0, -1, 0, 0, 1, 0, 0]).reshape(-1, 1, 1)
TEACHER, START = (0.9, 0.8, 0.05), (0.3, 0.9, 0.2)  # W, U, b
T, UPDATES = len(PUSHES), 40
TARGETS = {"every step": np.arange(1, T + 1), "last step only": np.array([T])}
"""The choices, and the steps that then have a target, from 1."""


def unit(W, U, b):
    """One tanh unit with one input."""
    return RNN(1, 1, init="zeros").put(W=W, U=U, b=b)


def errors(tape, asked):
    """The errors ŷ - y of the steps that are asked, and what the loss sends to each state directly.

    The loss is the mean of the squared errors, so its slope is 2 (ŷ_t - y_t) / n at n targets.
    """
    error = (tape.h - _wanted())[asked - 1]
    direct = np.zeros_like(tape.h)
    direct[asked - 1] = 2 * error / len(asked)
    return error[:, 0, 0], direct


@functools.cache
def _wanted():
    return unroll(unit(*TEACHER), PUSHES).h


@functools.cache
def learning(rate):
    """W, U and b before each update, (41, 3), the losses, (41,), and the gradients of the three, (41, 3)."""
    cell, weights, losses, gradients = unit(*START), [], [], []
    for _ in range(UPDATES + 1):
        tape = unroll(cell, PUSHES)
        error, direct = errors(tape, TARGETS["every step"])
        grads = backprop(tape, direct).parameters
        weights.append([p.item() for p in cell.parameters.values()])
        losses.append((error**2).mean())
        gradients.append([grads[name].item() for name in cell.parameters])
        for name, gradient in grads.items():
            cell[name] -= rate * gradient
    return np.array(weights), np.array(losses), np.array(gradients)
