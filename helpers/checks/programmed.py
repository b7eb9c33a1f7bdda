"""A cell that a learner has programmed: its weights and biases are read, and nothing else."""

import numpy as np

from helpers.checks.answers import Refused, as_array, kind, safely

LARGEST = 1e6  # of a weight; a sigmoid is 0 or 1 long before that


OTHER_TYPE = {
    "RNN": "An RNN is expected; this is {kind}. Did you return it?",
    "LSTM": "An LSTM is expected; this is {kind}. Did you return it?",
    "GRU": "A GRU is expected; this is {kind}. Did you return it?",
}
OTHER_SIZE = (
    "The {name} should have D = {wanted[D]} and H = {wanted[H]}; yours has D = {found[D]} and H = {found[H]}."
)


@safely
def as_cell(answer, like, called="cell"):
    """A new cell with the parameters of `answer`, which must have the type and the size of `like`.

    `called` is the name that the exercise gives the cell.
    """
    name = type(like).__name__
    if not isinstance(answer, type(like)):
        raise Refused(OTHER_TYPE[name].format(kind=kind(answer)))
    if (answer.D, answer.H) != (like.D, like.H):
        wanted, found = ({"D": cell.D, "H": cell.H} for cell in (like, answer))
        raise Refused(OTHER_SIZE.format(name=name, wanted=wanted, found=found))
    cell, way = like.like(), f'Set blocks: {called}["b_{like.blocks[0]}"] = 3.'
    for array, own in cell.parameters.items():
        own[...] = _parameter(f"{called}.{array}", answer.parameters[array], own.shape, way)
    return cell


def _parameter(name, found, shape, way):
    try:
        found = as_array(found, finite=False)
    except Refused:
        raise Refused(f"{name} is no longer an array of numbers. {way}") from None
    if found.shape != shape:
        raise Refused(f"{name} should keep its shape {shape}; it now has {found.shape}. {way}")
    usable = np.abs(found) <= LARGEST  # which a nan is not
    if not usable.all():
        raise Refused(f"{name} holds {found[~usable][0]:g}. Use finite numbers of at most a million.")
    return found


@safely
def stray_block(answer, like, called="cell"):
    """A hint if a block was set as an attribute: Python accepts `cell.b_f = 3`, and it changes nothing."""
    blocks = [f"{array}_{gate}" for array in like.parameters for gate in like.blocks]
    stray = next((block for block in blocks if block in vars(answer)), None)
    name = type(like).__name__
    return stray and (
        f'{called}.{stray} = ... sets nothing in the {name}; write {called}["{stray}"] = ... instead.'
    )
