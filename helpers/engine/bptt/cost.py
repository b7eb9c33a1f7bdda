"""What learning from a sequence costs, counted rather than timed."""

from dataclasses import dataclass

from helpers.engine import arguments
from helpers.engine.bptt.truncated import MODES, first_step_reached


@dataclass(frozen=True)
class Cost:
    """The cost of learning from a sequence once.

    Attributes
    ----------
    stored : int
        Numbers that must be kept until the backward pass has used them.
    forward, backward : int
        Multiplications in the matrix products; the elementwise ones, fewer by a factor of about H, are
        not counted.
    """

    stored: int
    forward: int
    backward: int


def cost(cell, T, B=1, cut=None, mode="segments", loss="every"):
    """Count what one forward and one backward pass store and multiply.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        Only its sizes matter.
    T, B : int
        Steps and sequences.
    cut, mode
        As in `backprop`.
    loss : {"every", "last"}
        A loss at every step, or at the last only.

    Returns
    -------
    Cost
        With truncation, a sequence can be learnt from while it is read: only `cut` steps are stored. With
        segments and a loss at every step there are as many multiplications as in full BPTT.
    """
    T, B = arguments.size(T, "T"), arguments.size(B, "B")
    cut = T if cut is None else min(arguments.size(cut, "cut"), T)
    arguments.choice(mode, "mode", MODES)
    arguments.choice(loss, "loss", ("every", "last"))
    per_step = cell.D + len(cell.b) + cell.S * cell.H
    back, weighed = _steps_back(T, cut, mode, loss)
    return Cost(
        stored=B * (cut * per_step + cell.S * cell.H),
        forward=B * T * (cell.W.size + cell.U.size),
        backward=B * (back * cell.U.size + weighed * (cell.W.size + cell.U.size)),
    )


def _steps_back(T, cut, mode, loss):
    """How many steps back are made in all, and how many steps enter dW and dU."""
    if loss == "last":
        n = T - first_step_reached(T, cut, mode)
        return n, n
    if mode == "window" and cut < T:
        return sum(min(s, cut) for s in range(1, T + 1)), T
    return T, T
