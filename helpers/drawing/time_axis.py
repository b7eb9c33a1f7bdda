"""An axis of time for labs in which the number of steps is dragged."""

import numpy as np

from helpers.drawing.plots import live_text

ROUND = [m * 10**p for p in range(6) for m in (1, 2, 5)]  # from number to number along an axis


class TimeAxis:
    """The steps 0 to T along an x axis that runs from 0 to 1, so that it need not be redrawn with T.

    What is plotted at step t has x = t / T. The numbers under the axis are live.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its x axis is set up here.
    parts : int
        Into how many parts at the most the numbers divide it.
    """

    def __init__(self, ax, parts=6):
        ax.set_xlim(0, 1)
        ax.set_xticks([0], [" "])  # keeps room for the numbers
        ax.tick_params(axis="x", length=0)
        ax.grid(False, axis="x")
        ax.set_xlabel("step t", labelpad=6)
        place, va, ha = ax.get_xaxis_text1_transform(5)  # where the numbers of an axis stand, 5 points below
        style = {"transform": place, "va": va, "ha": ha, "clip_on": False}
        self._words = [live_text(ax, 0, 0, **style) for _ in range(parts + 2)]
        self._parts = parts

    def show(self, T):
        """Number the steps of a run of length T, each at its own place."""
        steps = numbered(0, T, self._parts)
        self.label(steps, steps / T)

    def label(self, steps, x):
        """Write the numbers of some steps at places of their own along the axis."""
        for k, text in enumerate(self._words):
            here = k < len(steps)
            text.set_text(str(steps[k]) if here else "")
            text.set_x(x[k] if here else 0)


def numbered(first, last, parts):
    """The steps to write along an axis: both ends, and in between round numbers at equal distances.

    Returns
    -------
    numpy.ndarray of int
        At most parts + 2 of them, going up. A round number too near an end is left out.
    """
    if last - first <= parts + 1:  # there is room for all of them
        return np.arange(first, last + 1)
    apart = next(n for n in ROUND if n * parts >= last - first)
    between = np.arange(apart * (first // apart + 1), last, apart)
    between = between[(between - first >= 0.6 * apart) & (last - between >= 0.6 * apart)]
    return np.unique(np.r_[first, between, last])
