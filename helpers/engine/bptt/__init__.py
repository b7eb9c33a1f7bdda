"""Unroll a cell over a sequence, and back-propagate through time: in full or truncated."""

from helpers.engine.bptt.backward import backprop
from helpers.engine.bptt.cache import keep_large_blocks
from helpers.engine.bptt.cost import Cost, cost
from helpers.engine.bptt.forward import Tape, unroll
from helpers.engine.bptt.gradients import Gradients
from helpers.engine.bptt.lags import Lag, by_lag

__all__ = ["Cost", "Gradients", "Lag", "Tape", "backprop", "by_lag", "cost", "keep_large_blocks", "unroll"]
