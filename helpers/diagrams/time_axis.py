"""An axis of time for labs in which the number of steps is dragged."""

import numpy as np


class TimeAxis:
    """The steps 0 to T along an x axis that runs from 0 to 1, so that it need not be redrawn with T.

    What is plotted at step t has x = t / T. The numbers under the axis are live.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its x axis is set up here.
    parts : int
        Into how many parts of about the same length the numbers divide it.
    """

    def __init__(self, ax, parts=4):
        ax.set_xlim(0, 1)
        ax.set_xticks([0], [" "])  # keeps room for the numbers
        ax.tick_params(axis="x", length=0)
        ax.grid(False, axis="x")
        ax.set_xlabel("step t", labelpad=6)
        place, va, ha = ax.get_xaxis_text1_transform(5)  # where the numbers of an axis stand, 5 points below
        look = {"transform": place, "va": va, "ha": ha, "animated": True, "clip_on": False}
        self._words = [ax.text(0, 0, "", **look) for _ in range(parts + 1)]

    def show(self, T):
        """Number the steps of a run of length T: whole numbers, each at its own place."""
        steps = np.unique(np.round(np.linspace(0, T, len(self._words))).astype(int))
        for k, word in enumerate(self._words):
            here = k < len(steps)
            word.set_text(str(steps[k]) if here else "")
            word.set_x(steps[k] / T if here else 0)
