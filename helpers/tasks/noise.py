"""Noise to read: what a network is given when its inputs are to say nothing."""

import functools

import numpy as np


@functools.lru_cache(maxsize=64)
def noise(T, D, seed):
    """Standard normal inputs, (T, D, 1): the same numbers each time, made once, so that a drag is quick.

    A shorter sequence from the same seed is the beginning of a longer one. The array cannot be written to.
    """
    numbers = np.random.default_rng(seed).standard_normal((T, D, 1))
    numbers.setflags(write=False)
    return numbers
