"""Noise: the inputs of a network when they should mean nothing."""

import functools

import numpy as np


@functools.lru_cache(maxsize=64)
def noise(T, D, seed):
    """Standard normal inputs, (T, D, 1): the same each time, and cached, so that a drag is quick.

    A shorter sequence from the same seed is the beginning of a longer one. The array is read-only.
    """
    numbers = np.random.default_rng(seed).standard_normal((T, D, 1))
    numbers.setflags(write=False)
    return numbers
