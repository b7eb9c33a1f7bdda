"""Learning: a model, a loss, an optimiser, and the loop that puts them together."""

from helpers.training.clipping import clip_by_norm, global_norm
from helpers.training.fit import Step, fit, running_mean
from helpers.training.losses import LOSSES, cross_entropy, log_softmax, mse, softmax
from helpers.training.model import Model, Readout
from helpers.training.optimisers import SGD, Adam

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
    "global_norm",
    "log_softmax",
    "mse",
    "running_mean",
    "softmax",
]
