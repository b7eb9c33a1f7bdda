"""The check on the converter from PyTorch's GRU, which names the block that is wrong."""

import numpy as np

from helpers.checks import as_array, as_parts, call, exercise, not_yet, right
from helpers.checks.gru import pytorch as gru_torch
from helpers.checks.ladder import same
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU

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
                return _hint(letter, found, sign)
    return "this block is none of PyTorch's."


def _known(name):
    """The blocks that may stand in an array, by their letters, and those that should."""
    of = [dict(zip("rzn", np.split(part, 3), strict=True)) for part in gru_torch.WEIGHTS.values()]
    if name != "b":
        parts = of["WU".index(name)]
        return parts, {"z": -parts["z"], "r": parts["r"], "h": parts["n"]}
    one, other = of[2:]
    both = {letter: one[letter] + other[letter] for letter in "rzn"}
    parts = {f"{letter}, of bias_ih alone": one[letter] for letter in "rzn"}
    parts |= {f"{letter}, of bias_hh alone": other[letter] for letter in "rzn"} | both
    return parts, {"z": -both["z"], "r": both["r"], "h": one["n"], "m": other["n"]}


def _hint(letter, found, sign):
    """What to say of a block of `letter` in which PyTorch's block `found` stands with this sign."""
    block, _, alone = found.partition(", ")
    if block != {"h": "n", "m": "n"}.get(letter, letter):
        return f"here stands PyTorch's block {block}. Compare the order of the blocks, ours and PyTorch's."
    if letter == "z" and sign == 1:
        return "it has PyTorch's sign, with which z keeps. Ours writes."
    if letter != "z" and sign == -1:
        return "its sign is changed, but only z needs that."
    if letter in "zr":
        return f"that is the one {alone}. PyTorch has two biases here, and both count."
    if alone:
        return "the two biases of the candidate are swapped: which one does r multiply?"
    return "the two biases of the candidate stay apart: r multiplies one of them only."
