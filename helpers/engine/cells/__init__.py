"""The cells: one step forward, its local derivatives, and one step back, each beneath the other."""

from helpers.engine.cells.activations import sigmoid
from helpers.engine.cells.gru import GRU, GRUAfter
from helpers.engine.cells.lru import LRU
from helpers.engine.cells.lstm import LSTM
from helpers.engine.cells.min_gru import MinGRU, MinLSTM
from helpers.engine.cells.rnn import RNN

__all__ = ["GRU", "LRU", "LSTM", "RNN", "GRUAfter", "MinGRU", "MinLSTM", "sigmoid"]
