"""The three cells: one step forward, and its backward twin right beneath it."""

from helpers.cells.base import sigmoid
from helpers.cells.gru import GRU, GRUAfter
from helpers.cells.lstm import LSTM
from helpers.cells.rnn import RNN

__all__ = ["GRU", "LSTM", "RNN", "GRUAfter", "sigmoid"]
