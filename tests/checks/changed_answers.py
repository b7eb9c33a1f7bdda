"""A right answer, changed: `disguises` are right as well, `distortions` look much like it and are wrong."""

import collections
import copy
import decimal
import fractions
import functools
import warnings

import numpy as np

from helpers.engine.cells import GRU, LSTM, RNN
from tests.checks.odd_functions import spoiling

# A right answer in other clothes ---------------------------------------------------------------------


def disguises(answer):
    """(name, answer) pairs that are right as well."""
    if callable(answer):
        yield from right_functions(answer)
    elif isinstance(answer, str):
        yield from [
            ("in small letters", answer.lower()),
            ("with air", f" {answer} "),
            ("with a dot", answer + "."),
        ]
    elif isinstance(answer, set):
        makers = frozenset, list, tuple, sorted, collections.deque, iter
        yield from ((make.__name__, make(answer)) for make in makers)
        yield from [("floats", {float(k) for k in answer}), ("array", np.array(sorted(answer)))]
        yield from [("range", range(min(answer), max(answer) + 1)), ("uint8", {np.uint8(k) for k in answer})]
    elif np.ndim(answer) == 2:
        rows = [[float(k) for k in row] for row in answer]
        yield from [("lists", rows), ("tuples", tuple(map(tuple, rows))), ("array", np.array(rows))]
        yield from [("float32", np.array(rows, np.float32)), ("rows", [np.array(row) for row in rows])]
        yield from [("objects", np.array(rows, object)), ("by columns", np.asfortranarray(rows))]
    elif np.ndim(answer):
        flat = [float(k) for k in answer]
        yield from [
            ("tuple", tuple(flat)),
            ("list", flat),
            ("array", np.array(flat)),
            ("map", map(float, flat)),
        ]
        yield from [("fractions", [fractions.Fraction(k) for k in flat]), ("deque", collections.deque(flat))]
        yield from [("numpy numbers", list(np.array(flat))), ("objects", np.array(flat, object))]
        yield from [("float32", np.array(flat, np.float32)), ("arrays", [np.array(k) for k in flat])]
    else:
        yield from right_numbers(answer)


def right_numbers(answer):
    for make in (float, fractions.Fraction, decimal.Decimal, np.float64, np.float32, np.longdouble, np.array):
        yield make.__name__, make(answer)
    yield from [("array of one", np.array([answer])), ("column", np.array([[answer]]))]
    yield from [("object", np.array(answer, object)), ("subclass", type("Mine", (float,), {})(answer))]
    if answer == int(answer):
        yield from [("int", int(answer)), ("uint8", np.uint8(answer)), ("int64", np.int64(answer))]


def right_functions(function):
    yield "partial", functools.partial(function)
    yield "wrapped", lambda *arguments: function(*arguments)
    yield "object", type("Mine", (), {"__call__": lambda self, *arguments: function(*arguments)})()

    def shouting(*arguments):
        warnings.warn("listen", stacklevel=1)
        np.array(1.0) / np.array(0.0)
        return function(*arguments)

    def careless(*arguments):
        value = copy.deepcopy(function(*arguments))
        if not isinstance(value, RNN | LSTM | GRU):  # else the argument is the answer
            spoiling(*arguments)
        return value

    yield from [("shouting", shouting), ("careless", careless)]
    yield from (
        (name, lambda *arguments, change=change: change(function(*arguments)))
        for name, change in (("listed", listed), ("tupled", tupled), ("column order", in_columns))
    )


def listed(value):
    """Arrays as lists, at each level."""
    if isinstance(value, tuple | list):
        return [listed(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def tupled(value):
    """Arrays as tuples of arrays."""
    return tuple(value) if isinstance(value, np.ndarray) and value.ndim else value


def in_columns(value):
    """Parts of one length as one array; others in another order in memory."""
    if isinstance(value, tuple):
        return np.array(value) if len({np.shape(part) for part in value}) == 1 else list(value)
    return np.asfortranarray(value) if isinstance(value, np.ndarray) else value


# A right answer made wrong ----------------------------------------------------------------------------


def distortions(answer):
    """(name, answer) pairs that look much like the right answer and are wrong."""
    if callable(answer):
        for name in ("more", "scaled", "less", "with nan", "complex", "text", "listed", "shorter", "dict"):
            yield name, lambda *arguments, name=name: distorted(answer(*arguments), name)
    elif isinstance(answer, str):
        yield from [("doubled", answer * 2), ("in a list", [answer]), ("in bytes", answer.encode())]
    elif isinstance(answer, set):
        yield from [("fractions", {k + 0.1 for k in answer}), ("text", {str(k) for k in answer})]
        yield from [
            ("in one", {tuple(answer)}),
            ("one more", answer | {0}),
            ("one less", set(list(answer)[1:])),
        ]
        yield from [
            ("as a text", "".join(map(str, answer))),
            ("as bytes", bytes(answer)),
            ("sum", sum(answer)),
        ]
    elif np.ndim(answer):
        for name in ("more", "scaled", "less", "with nan", "complex", "text", "listed", "shorter", "dict"):
            yield name, distorted(np.array(answer, float), name)
        yield "as text", [str(k) for k in answer]
        yield "set", {tuple(k) if np.ndim(k) else k for k in answer}
    else:
        yield from [
            ("complex", complex(answer)),
            ("text", str(answer)),
            ("list", [answer]),
            ("set", {answer}),
        ]
        yield from [("more", answer * 1.2 + 0.1), ("less", answer - 0.3), ("negative", -answer - 0.1)]
        yield from [("tuple", (answer, answer)), ("text in an array", np.array(str(answer)))]
        yield from [("dict", {answer: answer}), ("complex in an array", np.array(answer + 0j))]
        if answer == int(answer):
            yield from [("a little less", answer * 0.999), ("time", np.timedelta64(int(answer), "s"))]
            yield from [("time in an array", np.array(int(answer), "m8[ns]"))]


def distorted(value, how):
    if isinstance(value, tuple):
        return tuple(distorted(part, how) for part in value)
    if isinstance(value, RNN | LSTM | GRU):
        return {"more": None, "scaled": type(value), "listed": [value], "dict": vars(value)}.get(
            how, str(value)
        )
    value = np.array(value, float)
    if how == "shorter":
        return value[:-1] if value.ndim else []
    return {
        "more": value + 0.3,
        "scaled": value * 1.01 + 0.001,
        "less": -value - 0.1,
        "with nan": value * np.nan,
        "complex": value + 0j,
        "text": value.astype(str),
        "listed": [[value]],
        "dict": {"value": value},
    }[how]
