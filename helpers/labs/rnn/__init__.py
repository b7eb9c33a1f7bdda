"""The labs of lesson 1, in the order in which the notebook shows them."""

from helpers.labs.rnn.impulse import ImpulseResponse
from helpers.labs.rnn.reach import PerturbThePast
from helpers.labs.rnn.reading import ReadingRNN
from helpers.labs.rnn.sequences import RealSequences
from helpers.labs.rnn.swap import SwapAWord
from helpers.labs.rnn.unrolling import UnrolledChain

NOTEBOOK = "01_rnn_unrolling"
LABS = (
    ReadingRNN,
    UnrolledChain,
    ImpulseResponse,
    PerturbThePast,
    SwapAWord,
    RealSequences,
)

__all__ = [*(lab.__name__ for lab in LABS)]
