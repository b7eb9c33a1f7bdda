"""Functions of all kinds that a learner may give, or that nobody would: to throw at every check.

`FUNCTIONS` maps a name to something that makes the function, new each time. None of them is the right answer
to any exercise.
"""

import asyncio
import functools
import itertools
import warnings

import numpy as np

from tests.checks.odd_values import Unspeakable, leave


def raising(error):
    def fails(*_):
        raise error

    return fails


def recursive(*arguments):
    return recursive(*arguments)


def forever(*_):
    while True:
        pass


def stubborn(*_):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def noisy(*_):
    warnings.warn("listen", stacklevel=1)
    return 7.31


def spoiling(*arguments):
    """Sets all it is given to 0, and returns zeros."""
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument *= 0
        elif isinstance(argument, dict):
            for part in argument.values():
                part *= 0
    return np.zeros((6, 3))


def changing(**attributes):
    """Sets attributes of the cell that it is given, and returns it."""

    def changed(cell, *_):
        for name, value in attributes.items():
            setattr(cell, name, value)
        return cell

    return changed


async def later(*_):
    return 7.31


def generating(*arguments):
    yield arguments


class Callable:
    def __call__(self, *_):
        return 7.31


FUNCTIONS = {
    "lambda": lambda: lambda *_: 7.31,
    "the argument": lambda: lambda *arguments: arguments[0],
    "all arguments": lambda: lambda *arguments: arguments,
    "no arguments": lambda: lambda: 7.31,
    "only keywords": lambda: lambda *, a: a,
    "many arguments": lambda: lambda a, b, c, d, e, f, g: a,
    "built-in": lambda: len,
    "print": lambda: functools.partial(print, end=""),
    "ufunc": lambda: np.tanh,
    "type": lambda: float,
    "partial": lambda: functools.partial(max, 3),
    "method": lambda: [1, 2].append,
    "callable object": Callable,
    "coroutine": lambda: later,
    "generator function": lambda: generating,
    "itself": lambda: (lambda f: lambda *_: f)(len),
    "endless loop": lambda: forever,
    "endless loop that catches": lambda: stubborn,
    "endless recursion": lambda: recursive,
    "spoils its arguments": lambda: spoiling,
    "warns": lambda: noisy,
    "warns of a future": lambda: raising(FutureWarning("soon")),
    "leaves": lambda: leave,
    "exit()": lambda: lambda *_: exit(),
    "quit()": lambda: lambda *_: quit(),
    "long words": lambda: raising(ValueError("word\n" * 5000)),
    "no words": lambda: raising(Unspeakable()),
    "html": lambda: raising(ValueError("<script>alert(1)</script>")),
    "cell.b is a number": lambda: changing(b=1000.0),
    "cell.b is text": lambda: changing(b="word"),
    "cell.W is ragged": lambda: changing(W=[[1, 2], [3]]),
    "cell.U is complex": lambda: changing(U=np.ones((4, 1)) + 0j),
    "cell.b is endless": lambda: changing(b=itertools.count()),
    "cell.H is text": lambda: changing(H="word"),
    "cell.H is another": lambda: changing(H=7),
    "cell.step is gone": lambda: changing(step=None),
    "cell.b_z is an attribute": lambda: changing(b_z=-1000, b_r=1000, b_f=10, b_i=-10),
} | {
    f"raises {error.__name__}": functools.partial(raising, error("in the way"))
    for error in (
        Exception, BaseException, ValueError, TypeError, KeyError, IndexError, ZeroDivisionError, NameError,
        AttributeError, AssertionError, StopIteration, StopAsyncIteration, GeneratorExit, SystemExit, OSError,
        MemoryError, RecursionError, FloatingPointError, OverflowError, ImportError, NotImplementedError,
        UserWarning, RuntimeWarning, DeprecationWarning, np.linalg.LinAlgError, asyncio.CancelledError,
    )
}  # fmt: skip


def returning(make):
    return lambda *_: make()
