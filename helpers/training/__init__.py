"""Learning: a model, a loss, an optimiser, and the loop that puts them together."""

from helpers.training.fit import Step, fit, running_mean
from helpers.training.losses import LOSSES, cross_entropy, log_softmax, mse, softmax
from helpers.training.model import Model, Readout
from helpers.training.optimisers import SGD, Adam, clip_by_norm, norm_of

__all__ = [
    "LOSSES",
    "SGD",
    "Adam",
    "Model",
    "Readout",
    "Step",
    "clip_by_norm",
    "cross_entropy",
    "fit",
    "log_softmax",
    "mse",
    "norm_of",
    "running_mean",
    "softmax",
]
