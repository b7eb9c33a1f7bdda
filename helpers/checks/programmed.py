"""A cell that a learner has programmed: its weights and biases, and nothing else of what came back."""

import numpy as np

from helpers.checks.answers import Refused, as_array, kind, reading

LARGEST = 1e6  # a weight; a sigmoid is 0 or 1 long before


@reading
def as_cell(answer, like, called="cell"):
    """A cell as new with the parameters of `answer`, which is to be of the type and the size of `like`.

    `called` is the name that the exercise gives it.
    """
    name = type(like).__name__
    if not isinstance(answer, type(like)):
        raise Refused(f"{_an(name)} is expected; this is {kind(answer)}. Did you return it?")
    if (answer.D, answer.H) != (like.D, like.H):
        raise Refused(f"The {name} should have {_size(like)}; yours has {_size(answer)}.")
    cell, way = like.like(), f'Set blocks: {called}["b_{like.blocks[0]}"] = 3.'
    for array, own in cell.parameters.items():
        own[...] = _parameter(f"{called}.{array}", answer.parameters[array], own.shape, way)
    return cell


def _parameter(name, found, shape, way):
    try:
        found = as_array(found, finite=False)
    except Refused:
        raise Refused(f"{name} holds no array of numbers any more. {way}") from None
    if found.shape != shape:
        raise Refused(f"{name} should keep its shape {shape}; it now has {found.shape}. {way}")
    usable = np.abs(found) <= LARGEST  # which a nan is not
    if not usable.all():
        raise Refused(
            f"{name} holds {found[~usable][0]:g}. Finite numbers are expected, of a million at the most."
        )
    return found


def _an(name):
    return f"{'An' if name[0] in 'LR' else 'A'} {name}"  # as the letters are spoken


def _size(cell):
    return f"{cell.D} inputs and {cell.H} unit{'s' if cell.H != 1 else ''}"


@reading
def stray_block(answer, like, called="cell"):
    """A hint where a block was set as an attribute: `cell.b_f = 3` is silent in Python and does nothing."""
    blocks = [f"{array}_{gate}" for array in like.parameters for gate in like.blocks]
    stray = next((block for block in blocks if block in vars(answer)), None)
    name = type(like).__name__
    return stray and (
        f'{called}.{stray} = ... sets nothing in the {name}; write {called}["{stray}"] = ... instead.'
    )
