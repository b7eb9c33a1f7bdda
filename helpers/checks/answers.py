"""The one way in: whatever a learner wrote becomes a float, an array ..., or a sentence that says why not.

Each function here returns plain values that a check can work with, or raises `Refused` with the sentence that
the learner reads. Nothing else comes out, whatever goes in: no other exception, no nan or inf, no endless
sequence.
"""

import collections.abc
import decimal
import functools
import itertools
import math
import numbers

import numpy as np

MOST = 10_000  # numbers in an answer; no exercise asks for more than a few dozen
DEEPEST = 4  # levels of nested lists


class Refused(Exception):
    """The answer cannot be judged; the message says what was expected and what came."""


class StillOpen(Exception):
    """The answer, or a part of it, is still `...`."""


def is_open(answer):
    """Whether the answer cell has not been touched."""
    return answer is ... or answer is None


def safely(read):
    """Make `read` raise only `Refused` and `StillOpen`; a real Ctrl-C still gets through.

    A learner's object may run code of its own while it is read, and that code may raise anything.
    """

    @functools.wraps(read)
    def guarded(answer, *rest, **options):
        try:
            return read(answer, *rest, **options)
        except (Refused, StillOpen, KeyboardInterrupt, TookTooLong):
            raise
        except BaseException as error:
            raise Refused(f"This answer cannot be read: it stops with {words(error)}.") from None

    return guarded


class TookTooLong(BaseException):
    """Raised in a check that has run too long; a learner's `except Exception` does not catch it."""


def words(error):
    """An exception as it appears on the last line of a traceback."""
    try:
        said = str(error).strip().rstrip(".")
    except Exception:
        said = ""
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


# Numbers ---------------------------------------------------------------------------------------------

NAMES_OF_TYPES = {
    type(None): "None",
    str: "text",
    bytes: "text",
    bool: "True or False",
    np.bool_: "True or False",
    list: "a list",
    tuple: "a tuple",
    dict: "a dict",
    set: "a set",
    np.ndarray: "an array",
    int: "a number",
    float: "a number",
}


def kind(answer):
    """What an answer is: "a list", "an object of type Fraction". Sentences name it in a field of theirs."""
    if callable(answer) and not isinstance(answer, type):
        return "a function"
    return NAMES_OF_TYPES.get(type(answer), f"an object of type {type(answer).__name__}")


@safely
def as_number(answer):
    """A finite real number, as a float; an array that holds a single number is accepted."""
    if isinstance(answer, np.ndarray) and answer.size == 1:
        (answer,) = _plain(answer.ravel())
    if answer is ...:
        raise StillOpen
    if isinstance(answer, str | bytes):
        raise Refused("A number is expected; this is text. Write it without quotes, with a decimal point.")
    if isinstance(answer, tuple) and len(answer) == 2 and all(isinstance(n, int) for n in answer):
        raise Refused(
            "A single number is expected; this is a pair. Python writes decimals with a point: 1.5, not 1,5."
        )
    number, flaw = _real(answer)
    if flaw:
        raise Refused(f"A single number is expected; this is {flaw}.")
    return number


def _real(answer, finite=True):
    """(the number as a float, None), or (None, what the answer is instead)."""
    if isinstance(answer, bool | np.bool_ | np.timedelta64):
        return None, kind(answer)
    if not isinstance(answer, numbers.Real | decimal.Decimal):
        return None, "a complex number" if isinstance(answer, numbers.Complex) else kind(answer)
    try:
        number = float(answer)
    except OverflowError:
        return None, "a number too large to work with"
    if finite and not math.isfinite(number):
        return None, f"{number}, which is not finite"
    return number, None


# Arrays ----------------------------------------------------------------------------------------------


NO_ARRAY = "An array of numbers is expected; this is {flaw}."
BAD_ENTRY = "An array of numbers is expected; one entry is {flaw}."


@safely
def as_array(answer, finite=True):
    """An array of real numbers, finite unless told otherwise, from an array or from nested lists."""
    rows = _rows(answer)
    shape = _shape(rows)
    flat = np.empty(math.prod(shape))
    for k, entry in enumerate(_entries(rows)):
        number, flaw = _real(entry, finite)
        if flaw:
            raise Refused((BAD_ENTRY if shape else NO_ARRAY).format(flaw=flaw))
        flat[k] = number
    return flat.reshape(shape)


def _rows(answer, depth=0):
    """Nested lists down to the single entries; from an iterator at most `MOST` items are taken."""
    if answer is ...:
        raise StillOpen
    if isinstance(answer, collections.abc.Set | collections.abc.Mapping):
        raise Refused(f"{NO_ARRAY.format(flaw=kind(answer))} Write a list.")
    if isinstance(answer, np.ndarray | np.generic) or hasattr(type(answer), "__array__"):
        return _plain(np.asarray(answer))
    if isinstance(answer, str | bytes) or not isinstance(answer, collections.abc.Iterable):
        return answer
    if depth == DEEPEST:
        raise Refused("An array of numbers is expected; these are lists nested too deeply.")
    items = list(itertools.islice(answer, MOST + 1))
    if len(items) > MOST:
        raise Refused(f"An array of a few numbers is expected; this has more than {MOST}, or no end.")
    return [_rows(item, depth + 1) for item in items]


def _plain(array):
    """A NumPy array as lists of Python numbers; objects in it stay as they are."""
    if array.dtype.kind not in "fiubcOUS":
        raise Refused(f"An array of numbers is expected; this one holds {array.dtype}.")
    if array.size > MOST:
        raise Refused(f"An array of a few numbers is expected; the shape of yours is {array.shape}.")
    return array.tolist()


def _shape(rows):
    if not isinstance(rows, list):
        return ()
    shapes = {_shape(row) for row in rows} or {()}
    if len(shapes) > 1:
        raise Refused("An array of numbers is expected; the rows of this one differ in length.")
    return (len(rows), *shapes.pop())


def _entries(rows):
    if isinstance(rows, list):
        for row in rows:
            yield from _entries(row)
    else:
        yield rows


# Others ----------------------------------------------------------------------------------------------


@safely
def as_set(answer, of):
    """A set of whole numbers, from any collection of them; `of` says what they are ("step numbers")."""
    if isinstance(answer, str | bytes | collections.abc.Mapping):
        raise Refused(f"A set of {of} is expected; this is {kind(answer)}.")
    if not isinstance(answer, collections.abc.Iterable):
        raise Refused(f"A set of {of} is expected; this is {kind(answer)}.")
    items = list(itertools.islice(answer, 1001))
    if len(items) > 1000:
        raise Refused(f"A set of a few {of} is expected; this has more than 1000 items, or no end.")
    return {_whole(item, of) for item in items}


def _whole(item, of):
    if item is ...:
        raise StillOpen
    number, flaw = _real(item)
    if flaw:
        raise Refused(f"A set of {of} is expected; one of its items is {flaw}.")
    if number != round(number):
        raise Refused(f"A set of {of} is expected; {number:g} is not a whole number.")
    return int(number)


@safely
def as_letter(answer, letters):
    """One of the capital letters in `letters`, from "b", " B " or "B."."""
    letter = answer.strip().strip("().:").upper() if isinstance(answer, str) else ""
    if len(letter) != 1 or letter not in letters:
        raise Refused(f"One of the letters {', '.join(letters[:-1])} or {letters[-1]} is expected.")
    return letter


@safely
def as_word(answer, choices):
    """One of a few words, from "is", " Is " or "is."."""
    word = answer.strip().strip(".").lower() if isinstance(answer, str) else ""
    if word not in choices:
        raise Refused(f"One of the words “{'”, “'.join(choices)}” is expected, in quotes.")
    return word


NO_PARTS = "{n} arrays are expected, {names}; this is {kind}."
OTHER_PARTS = "{n} arrays are expected, {names}; {came} came."


@safely
def as_parts(answer, names):
    """The parts of an answer that has several, such as ("h_t", "c_t"), from a tuple, a list or an array."""
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer.item()
    whole = isinstance(answer, tuple | list | np.ndarray)
    wanted = {"n": len(names), "names": f"{', '.join(names[:-1])} and {names[-1]}"}
    if not whole:
        raise Refused(NO_PARTS.format(kind=kind(answer), **wanted))
    if len(answer) != len(names):
        raise Refused(OTHER_PARTS.format(came=len(answer), **wanted))
    if any(part is ... for part in answer):
        raise StillOpen
    return tuple(answer)
