"""What the tests of the lessons' PyTorch and Keras code share: the blocks, read from the notebooks; data."""

import re

import nbformat
import numpy as np

from helpers.engine.bptt import backprop, unroll
from helpers.training import SGD, clip_by_norm
from tests.lessons.lesson import NOTEBOOKS

LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
T, B, D, H, K = 6, 3, 2, 4, 3
LENGTHS = [6, 2, 4]


def blocks(lesson, cell_id):
    """The fenced blocks of code in one cell of a lesson."""
    cells_ = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", 4).cells
    (source,) = (cell.source for cell in cells_ if cell.id == cell_id)
    return re.findall(r"```python\n(.*?)```", source, re.S)


def noise(seed, *shape):
    return np.random.default_rng(seed).standard_normal(shape)


X = noise(0, T, D, B)  # in the engine's shape; Y is what each state should be
Y = 0.5 * noise(1, T, H, B)


def out(tensor):
    """A tensor as an array."""
    return tensor.detach().numpy()


def in_pieces(cell, rate=0.2, limit=1.0):
    """Read X in pieces of K steps, one clipped update after each."""
    h, optimizer = None, SGD(rate)
    for first in range(0, T, K):
        tape = unroll(cell, X[first : first + K], h_0=h)
        error = tape.h - Y[first : first + K]
        grads = backprop(tape, 2 * error / error.size).parameters
        optimizer.step(cell.parameters, clip_by_norm(grads, limit)[0])
        h = tape.h[-1]
    return cell
