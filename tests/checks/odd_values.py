"""Values of a hundred kinds that a learner may give, or that nobody would: to throw at every check.

`VALUES` maps a name to something that makes the value, new each time. None of them is the right answer to
any exercise.
"""

import array
import collections
import datetime
import decimal
import enum
import fractions
import functools
import itertools
import pathlib
import types

import numpy as np

from helpers.engine.cells import GRU, LSTM, RNN

# Objects with a will of their own --------------------------------------------------------------------


def hostile(*names, base=object, does=lambda *_, **__: 1 / 0):
    """An object in which each of these special methods raises, or does what it is told."""
    return type("Hostile", (base,), dict.fromkeys((f"__{name}__" for name in names), does))


def leave(*_, **__):
    raise SystemExit("leaving")


def endless(*_, **__):
    yield from itertools.count()


class Colour(enum.IntEnum):
    RED = 731


class Longer(list):
    def __len__(self):
        return 10**9


class Unspeakable(Exception):
    def __str__(self):
        raise ValueError("no words")


def knot():
    """A list that holds itself."""
    knot = [1]
    knot.append(knot)
    return knot


def nested(depth):
    return functools.reduce(lambda inner, _: [inner], range(depth), 7.31)


def failing(error):
    """A generator that gives a number and then fails."""
    yield 7.31
    raise error


VALUES = {
    # no numbers
    "empty text": str,
    "text": lambda: "word",
    "number in quotes": lambda: "7.31",
    "comma in quotes": lambda: "-7,31",
    "long text": lambda: "word " * 10_000,
    "bytes": lambda: b"7.31",
    "bytearray": lambda: bytearray(b"abc"),
    "True": lambda: True,
    "False": lambda: False,
    "numpy True": lambda: np.True_,
    "complex": lambda: 7.31 + 0j,
    "imaginary": lambda: 1j,
    "numpy complex": lambda: np.complex64(7.31),
    "NotImplemented": lambda: NotImplemented,
    "object": object,
    "class": lambda: int,
    "class of an array": lambda: np.ndarray,
    "module": lambda: np,
    "slice": lambda: slice(3),
    "path": lambda: pathlib.Path("a"),
    "date": lambda: datetime.date(2000, 1, 1),
    "timedelta": lambda: datetime.timedelta(7),
    "numpy datetime": lambda: np.datetime64("2000-01-01"),
    "numpy timedelta": lambda: np.timedelta64(7, "s"),
    "numpy timedelta in ns": lambda: np.timedelta64(7, "ns"),
    "not a time": lambda: np.timedelta64("NaT", "s"),
    "numpy text": lambda: np.str_("7.31"),
    "numpy void": lambda: np.void(b"abc"),
    "exception": lambda: ValueError("as a value"),
    "an RNN": lambda: RNN(2, 4, rng=0),
    "an LSTM": lambda: LSTM(2, 1, rng=0),
    "a GRU": lambda: GRU(2, 4, rng=0),
    # numbers
    "a number": lambda: 7.31,
    "a whole number": lambda: 731,
    "a negative number": lambda: -7.31,
    "minus a whole number": lambda: -3,
    "a large number": lambda: 1e9,
    "the largest number": lambda: 1.7e308,
    "the smallest number": lambda: 5e-324,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "-inf": lambda: -float("inf"),
    "numpy nan": lambda: np.float32("nan"),
    "a huge whole number": lambda: 10**400,
    "minus a huge whole number": lambda: -(10**400),
    "a huge fraction": lambda: fractions.Fraction(10**400, 3),
    "fraction": lambda: fractions.Fraction(731, 100),
    "decimal": lambda: decimal.Decimal("7.31"),
    "decimal nan": lambda: decimal.Decimal("NaN"),
    "signalling nan": lambda: decimal.Decimal("sNaN"),
    "huge decimal": lambda: decimal.Decimal("1e400"),
    "enum": lambda: Colour.RED,
    "uint8": lambda: np.uint8(200),
    "int8": lambda: np.int8(-100),
    "uint64": lambda: np.uint64(2**64 - 1),
    "float16": lambda: np.float16(7.31),
    "long double": lambda: np.longdouble("1e400"),
    "comma": lambda: (-0, 2),
    "comma with a fraction": lambda: (7, 31),
    # arrays
    "array of no dimensions": lambda: np.array(7.31),
    "array of one": lambda: np.array([7.31]),
    "column of one": lambda: np.array([[7.31]]),
    "empty array": lambda: np.array([]),
    "empty in one dimension": lambda: np.empty((0, 3)),
    "array": lambda: np.arange(4.0) + 7.31,
    "ones": lambda: np.ones((3, 3)),
    "cube": lambda: np.ones((2, 2, 2)),
    "array of nan": lambda: np.full(4, np.nan),
    "array with inf": lambda: np.array([1, np.inf, 2, 3]),
    "array of text": lambda: np.array(["2", "1", "0.5", "0"]),
    "array of bytes": lambda: np.array([b"2", b"1"]),
    "array of bool": lambda: np.array([True, False]),
    "array of complex": lambda: np.array([7.31 + 0j, 2, 1, 0]),
    "array of times": lambda: np.array([7, 8], "m8[ns]"),
    "array of dates": lambda: np.array(["2000-01-01"], "M8[D]"),
    "array of objects": lambda: np.array([7.31, None, "a", []], object),
    "array of one object": lambda: np.array([{"a": 1}], object),
    "array of huge numbers": lambda: np.array([10**400, 1], object),
    "structured array": lambda: np.zeros(3, [("a", float), ("b", int)]),
    "one record": lambda: np.zeros(1, [("a", float)]),
    "masked array": lambda: np.ma.masked_array([7.31, 8, 9, 10], mask=True),
    "matrix-like": lambda: np.ones((3, 3)).view(np.recarray),
    "array of 8e18 bytes": lambda: np.broadcast_to(7.31, (10**9, 10**9)),
    "array backwards": lambda: np.arange(6.0).reshape(2, 3).T[::-1],
    "read-only array": lambda: np.broadcast_to(7.31, (6, 3)),
    # things with parts
    "empty list": list,
    "list": lambda: [7.31],
    "list of four": lambda: [7.31, 1, 0.5, 0],
    "list of text": lambda: ["2", "1", "0.5", "0"],
    "list of True": lambda: [True, True, False, False],
    "ragged list": lambda: [[1, 2], [3]],
    "ragged list of arrays": lambda: [np.zeros(3), np.zeros(2)],
    "arrays and numbers": lambda: [np.zeros(3), 1.0],
    "list with None": lambda: [None, 1, 2, 3],
    "list with a huge number": lambda: [10**400, 1, 2, 3],
    "list with nan": lambda: [float("nan"), 1, 2, 3],
    "list of functions": lambda: [len, max],
    "list of times": lambda: [np.timedelta64(5, "ns"), 1, 0.5, 0],
    "knot": knot,
    "nested 5 deep": lambda: nested(5),
    "nested 500 deep": lambda: nested(500),
    "nested 5000 deep": lambda: nested(5000),
    "list that lies about its length": lambda: Longer([1, 2]),
    "empty tuple": tuple,
    "tuple of None": lambda: (None, None),
    "triple of None": lambda: (None, None, None),
    "pair": lambda: (7.31, 8.31),
    "pair of arrays": lambda: (np.ones(3), np.ones(3)),
    "pair of ragged lists": lambda: ([[1], [1, 2]], [1]),
    "triple of text": lambda: ("W", "U", "b"),
    "triple of arrays": lambda: (np.ones((9, 2)), np.ones((9, 3)), np.ones(12)),
    "triple of huge arrays": lambda: (np.full((9, 2), 1e300), np.full((9, 3), 1e300), np.full(12, 1e300)),
    "named tuple": lambda: collections.namedtuple("P", "h_t c_t")(1, 2),
    "set": lambda: {5.9, 6, 7, 8},
    "empty set": set,
    "set of text": lambda: {"5", "6", "7", "8"},
    "set of inf": lambda: {float("inf")},
    "set of nan": lambda: {float("nan")},
    "set with a huge number": lambda: {10**400, 5},
    "set of pairs": lambda: {(5, 6), (7, 8)},
    "digits": lambda: "5678",
    "bytes of steps": lambda: bytes([5, 6, 7, 8]),
    "dict of steps": lambda: dict.fromkeys((5, 6, 7, 8)),
    "frozenset": lambda: frozenset({1, 2}),
    "dict": lambda: {"a": 7.31},
    "dict by number": lambda: {0: 2, 1: 1, 2: 0.5, 3: 0},
    "keys": lambda: {7: 1}.keys(),
    "Counter": lambda: collections.Counter("abc"),
    "deque": lambda: collections.deque([7.31, 8]),
    "array.array": lambda: array.array("d", [7.31, 8]),
    "memoryview": lambda: memoryview(b"abc"),
    "range": lambda: range(2, 6),
    "endless range": lambda: range(10**18),
    "namespace": lambda: types.SimpleNamespace(h_t=1, c_t=2),
    # things that run on
    "count": itertools.count,
    "repeat": lambda: itertools.repeat(7.31),
    "cycle": lambda: itertools.cycle([1, 2]),
    "endless generator": endless,
    "endless rows": lambda: (endless() for _ in itertools.count()),
    "generator": lambda: (k for k in (7.31, 8)),
    "map": lambda: map(float, ["7.31", "8"]),
    "zip": lambda: zip([1, 2], [3, 4], strict=True),
    "failing generator": lambda: failing(ValueError("half-way")),
    "leaving generator": lambda: failing(SystemExit()),
    "speechless generator": lambda: failing(Unspeakable()),
    # things that bite
    "fails as a number": lambda: hostile("float", "index", "int")(),
    "fails as an array": lambda: hostile("array")(),
    "no array as an array": lambda: hostile("array", does=lambda *_, **__: "no array")(),
    "fails when walked": lambda: hostile("iter", "len", "getitem")(),
    "leaves when walked": lambda: hostile("iter", does=leave)(),
    "endless when walked": lambda: hostile("iter", does=endless)(),
    "fails when compared": lambda: hostile("eq", "ne", "lt", "gt", "le", "ge", "bool")(),
    "fails when shown": lambda: hostile("repr", "str", "format")(),
    "fails everywhere": lambda: hostile("getattribute", "repr", "eq", "bool", "iter", "len", "hash")(),
    "float that fails": lambda: hostile("float", "sub", "rsub", "abs", "lt", base=float)(7.31),
    "text that fails": lambda: hostile("len", "iter", "eq", "hash", base=str)("Z"),
    "list that fails": lambda: hostile("len", "iter", "getitem", base=list)([1, 2]),
    "tuple that fails": lambda: hostile("len", "iter", "getitem", base=tuple)((1, 2)),
    "array that fails": lambda: np.ones(4).view(hostile("sub", "abs", "len", "iter", "eq", base=np.ndarray)),
}
