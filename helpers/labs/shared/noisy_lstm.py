"""The LSTM of 32 units that several labs show while it reads noise: the same noise, so the same numbers."""

from helpers.engine import probes
from helpers.engine.cells import LSTM

D, H, LONGEST = 4, 32, 200
SIZE = 2.0  # of the noise
LOW, HIGH = -20, 10  # ends of the axes of norms


def lstm(b_f, gain=1.0):
    """The LSTM, with this forget bias and this recurrent scale."""
    return LSTM(D, H, rng=1, init="orthogonal", gain=gain, forget_bias=b_f)


def factor(logs):
    """What one step leaves, as a mean over all steps, written with three digits."""
    return f"{probes.factor_per_step(logs):.3f}"
