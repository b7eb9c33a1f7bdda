"""The check on the converter from PyTorch's GRU, which names the block that is wrong."""

import numpy as np

from helpers.checks import as_array, as_parts, call, exercise, not_yet, right
from helpers.checks.gru import pytorch as gru_torch
from helpers.checks.ladder import same
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU

BOTH = "both"  # biases, added; or a block of W or U
SHAPES = {"W": (9, 2), "U": (9, 3), "b": (12,)}


@exercise("Write a converter: return W, U and b, with the blocks z, r, h, and in b a fourth one, b_m.")
def check_from_torch(function):
    """The learner's converter, from PyTorch's weights to those of GRU(update="write", reset="after")."""
    parts = as_parts(call(function, gru_torch.WEIGHTS), tuple(SHAPES))
    arrays = {name: as_array(part) for name, part in zip(SHAPES, parts, strict=True)}
    for name, shape in SHAPES.items():
        column = (*shape, 1)  # b may be one, as it is in a cell
        if arrays[name].shape not in (shape, column):
            more = " Its fourth block is b_m, the bias inside r * ( )." if name == "b" else ""
            return not_yet(f"{name} should have the shape {shape}; yours is {arrays[name].shape}.{more}")
        arrays[name] = arrays[name].reshape(shape)
    return _judge(arrays)


def _judge(arrays):
    apart = np.abs(_states(**arrays) - gru_torch.H).max()
    if apart < 1e-6:  # float32 will do
        return right("Every state agrees with the one that PyTorch has computed.")
    for name, array in arrays.items():
        for letter, block in zip("zrhm", np.split(array, len(array) // 3), strict=False):
            hint = _flaw(name, letter, block)
            if hint:
                return not_yet(f"{name}_{letter}: {hint}")
    return not_yet(f"The shapes are right; the states are up to {apart:.2g} away from PyTorch's.")


def _states(W, U, b):
    cell = GRU(2, 3, init="zeros", update="write", reset="after").put(W=W, U=U, b=b[:, None])
    return unroll(cell, gru_torch.X, gru_torch.H_0).h


def _flaw(name, letter, block):
    """A hint on what a block of the converted weights holds instead of what it should, or None."""
    parts, wanted = _known(name)
    if same(block, wanted[letter], 1e-6):
        return None
    for found, held in parts.items():
        for sign in (1, -1):
            if same(block, sign * held, 1e-6):
                return _hint(letter, *found, sign)
    return "this is none of PyTorch's blocks."


def _known(name):
    """The blocks that may be in an array, by letter and bias, and those that should be, by our letters."""
    of = [dict(zip("rzn", np.split(part, 3), strict=True)) for part in gru_torch.WEIGHTS.values()]
    if name != "b":
        held = of["WU".index(name)]
        parts = {(letter, BOTH): part for letter, part in held.items()}
        return parts, {"z": -held["z"], "r": held["r"], "h": held["n"]}
    one, other = of[2:]
    both = {letter: one[letter] + other[letter] for letter in "rzn"}
    parts = {(letter, "bias_ih_l0"): one[letter] for letter in "rzn"}
    parts |= {(letter, "bias_hh_l0"): other[letter] for letter in "rzn"}
    parts |= {(letter, BOTH): both[letter] for letter in "rzn"}
    return parts, {"z": -both["z"], "r": both["r"], "h": one["n"], "m": other["n"]}


def _hint(letter, block, bias, sign):
    """What to say of a block of `letter` that holds this block and bias of PyTorch's with this sign."""
    if block != {"h": "n", "m": "n"}.get(letter, letter):
        return f"this is PyTorch's block {block}. Compare the order of its blocks with ours."
    if letter == "z" and sign == 1:
        return "you left PyTorch's sign, with which z keeps. Change it: our z writes."
    if letter != "z" and sign == -1:
        return "you changed its sign, but only z needs that."
    if letter in "zr":
        return f"you took {bias} alone. PyTorch has two biases here; add them."
    if bias != BOTH:
        return "you swapped the two biases of the candidate: which one does r multiply?"
    return "you added the two biases of the candidate; keep them apart, since r multiplies one of them only."
