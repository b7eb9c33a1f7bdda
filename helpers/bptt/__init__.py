"""Unroll a cell over a sequence; back-propagate through time, in full or truncated."""

from helpers.bptt.backward import backprop
from helpers.bptt.cost import Cost, cost
from helpers.bptt.forward import Tape, unroll
from helpers.bptt.gradients import Gradients
from helpers.bptt.lags import Lag, by_lag
from helpers.bptt.pieces import keep_large_blocks

__all__ = ["Cost", "Gradients", "Lag", "Tape", "backprop", "by_lag", "cost", "keep_large_blocks", "unroll"]
