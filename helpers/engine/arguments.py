"""Checks of arguments. An error is one sentence: what was expected, and what was given."""

import numbers
import re

import numpy as np

MOST = 80  # characters of a value that an error quotes


def quoted(value):
    """A value as an error quotes it: in one line, and without its middle where it is long."""
    try:
        words = repr(value)
    except Exception:
        words = f"something of type {type(value).__name__}"
    return shortened(re.sub(r"\s*\n\s*", " ", words))


def shortened(words, most=MOST):
    """Words that somebody has written, without their middle if there are more characters than `most`."""
    half = (most - 3) // 2
    return words if len(words) <= most else f"{words[:half]} … {words[-half:]}"


def size(value, name):
    """A positive whole number, or a ValueError that names it."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
        raise ValueError(f"{name} must be a whole number of 1 or more; got {quoted(value)}.")
    return int(value)


def number(value, name):
    """A finite real number, or a ValueError that names it."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not np.isfinite(value):
        raise ValueError(f"{name} must be a finite number; got {quoted(value)}.")
    return float(value)


def positive(value, name):
    """A finite number above 0, or a ValueError that names it."""
    if not number(value, name) > 0:
        raise ValueError(f"{name} must be above 0; got {value}.")
    return float(value)


def choice(value, name, options):
    """One of the options, or a ValueError that names them."""
    if value not in options:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}; got {quoted(value)}.")
    return value


def generator(rng):
    """A NumPy Generator from a Generator, a seed, or None."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError):
        raise ValueError(
            f"rng must be a NumPy Generator, a seed of 0 or more, or None; got {quoted(rng)}."
        ) from None


def floating(dtype):
    """float64 or float32 as a dtype, or a ValueError that says so."""
    if dtype not in (np.float64, np.float32):
        raise ValueError(f"dtype must be numpy.float64 or numpy.float32; got {quoted(dtype)}.")
    return np.dtype(dtype)


def array(value, name, letters, shape, dtype):
    """An array of real, finite numbers of the expected shape.

    Parameters
    ----------
    value : array_like
        The argument.
    name : str
        Its name, which every error begins with.
    letters : str
        The shape in the letters of NOTATION.md, as in "(T, D, B)".
    shape : tuple
        The expected sizes; None leaves one open (1 or more).
    dtype : numpy.dtype
        Of the array that is returned.
    """
    try:
        found = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} must be an array of shape {letters}; its rows differ in length.") from None
    if found.dtype.kind not in "fiub":
        raise ValueError(f"{name} must hold real numbers; got the dtype {found.dtype}.")
    fits = found.ndim == len(shape) and all(n in (None, m) for n, m in zip(shape, found.shape, strict=True))
    if not fits or 0 in found.shape:
        wanted = ", ".join(f"{n or 'any, 1 or more'}" for n in shape)
        raise ValueError(f"{name} must have the shape {letters} = ({wanted}); got {found.shape}.")
    finite = np.isfinite(found)
    if not finite.all():
        place = tuple(int(k) for k in np.argwhere(~finite)[0])
        raise ValueError(f"{name} must hold finite numbers; got {found[place]} at {place}.")
    return found.astype(dtype, copy=False)
