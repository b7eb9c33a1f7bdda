"""A run in pieces that fit in a processor's cache, and where their steps are stored.

A step makes small arrays of its own. They are gathered in lists, which costs next to nothing, and copied
into the arrays of the whole run piece by piece, while they are still in the cache.
"""

import numpy as np

CACHED = 1 << 17  # numbers, of 8 bytes at most
FEW = 16  # steps whose small arrays are gathered before they are copied: more would leave the nearest cache


def pieces(gates, size=CACHED):
    """First and last step (from 0, the last not included) of pieces of about `size` numbers of `gates`."""
    T = len(gates)
    many = max(1, size * T // gates.size)
    return [(t, min(t + many, T)) for t in range(0, T, many)]


def stack(parts, whole):
    """Store arrays of (rows, B), as many as it takes, one after the other in `whole`, (steps, ..., B)."""
    np.concatenate(parts, out=whole.reshape(-1, whole.shape[-1]))


def keep_large_blocks():
    """Ask for a large block of memory once, and give it back.

    glibc gives a freed large block back to the system at once, and the next run pays for fresh pages
    again: up to half of its time at B=32. Once a block of this size (33 MB) has been freed it keeps them.
    To be called where a kernel or a script begins that runs a cell many times.
    """
    np.empty(33_000_000, np.uint8)
