"""The labs of lesson 1."""

from helpers.labs.rnn.reading import ReadingRNN
from helpers.labs.rnn.sequences import RealSequences
from helpers.labs.rnn.swap import SwapAWord
from helpers.labs.rnn.unrolling import ImpulseResponse, PerturbThePast, UnrolledChain

__all__ = ["ImpulseResponse", "PerturbThePast", "ReadingRNN", "RealSequences", "SwapAWord", "UnrolledChain"]
