"""A second opinion on gradients."""

import numpy as np


def numeric(loss, array, h=1e-5):
    """The gradient of a loss by central differences; `array` is moved in place and put back."""
    found = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + h
        up = loss()
        array[place] = kept - h
        found[place] = (up - loss()) / (2 * h)
        array[place] = kept
    return found
