"""The checks of the lesson on vanishing gradients."""

import numpy as np

from helpers.checks import as_number, exercise, not_yet, right
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN


@exercise("Find the gain at which the gradient keeps its size, with inputs of size 0.25. Write a number.")
def check_threshold_gain(answer):
    """The gain at which a tanh network keeps the size of its gradient, for inputs of size 0.25."""
    gain = as_number(answer)
    if not 0 < gain <= 3:
        return not_yet(f"The gain is a number above 0 and not above 3; this is {gain:g}.")
    factor = _factor_per_step(gain)
    if abs(factor - 1) < 0.005:
        return right(
            f"× {factor:.3f} a step. U must stretch by {gain:g} to make up for the slopes of tanh. With "
            "other inputs it would be another gain: there is no knob position that is right for all of them."
        )
    if gain == 1:
        return not_yet(f"That would be it without tanh. With its slopes below 1 it is × {factor:.3f} a step.")
    trend = "vanishes: more gain" if factor < 1 else "explodes: less gain"
    return not_yet(f"With gain {gain:g} it is × {factor:.3f} a step, so the gradient {trend}.")


def _factor_per_step(gain, T=100, H=32):
    cell = RNN(H, H, rng=np.random.default_rng(0))
    cell.W[:] = np.eye(H)
    cell.U[:] = gain * RNN(H, H, rng=np.random.default_rng(0), init="orthogonal").U
    tape = unroll(cell, 0.25 * np.random.default_rng(2).standard_normal((T, H, 1)))
    return probes.factor_per_step(probes.log_norms_dh_T(tape))
