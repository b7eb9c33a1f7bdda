"""What makes a run fast: chunks of steps that fit in the processor's cache, and memory that is kept.

Each step makes small arrays of its own. They are collected in lists, which costs next to nothing, and copied
into the arrays of the whole run chunk by chunk, while they are still in the cache. These chunks change no
result. Pieces beyond which no gradient passes are another thing: see `helpers.engine.bptt.truncated`.
"""

import numpy as np

CACHED = 1 << 17  # numbers, of 8 bytes at most
FEW = 16  # steps whose small arrays are collected before they are copied: more would leave the nearest cache


def chunks(gates, size=CACHED):
    """First and last step (from 0, the last not included) of chunks of about `size` numbers of `gates`."""
    T = len(gates)
    many = max(1, size * T // gates.size)
    return [(t, min(t + many, T)) for t in range(0, T, many)]


def stack(parts, whole):
    """Store arrays of (rows, B) one after the other in `whole`, (steps, ..., B)."""
    np.concatenate(parts, out=whole.reshape(-1, whole.shape[-1]))


def keep_large_blocks():
    """Ask for a large block of memory once, and free it.

    The C library glibc returns a freed large block to the system at once, and the next run pays for fresh
    pages again: up to half of its time at B=32. Once a block of this size (33 MB) has been freed, it keeps
    them. Call this where a kernel or a script begins that runs a cell many times.
    """
    np.empty(33_000_000, np.uint8)
