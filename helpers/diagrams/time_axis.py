"""An axis of time for labs in which the number of steps is dragged."""

import numpy as np


class TimeAxis:
    """The steps 0 to T along an x axis that runs from 0 to 1, so that it need not be redrawn with T.

    What is plotted at step t has x = t / T. The numbers under the axis are live.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its x axis is set up here; its y limits must be settled.
    parts : int
        Into how many parts of about the same length the numbers divide it.
    """

    def __init__(self, ax, parts=4):
        low, high = ax.get_ylim()
        ax.set_xlim(0, 1)
        ax.set_xticks([0], [" "])  # keeps room for the numbers
        ax.tick_params(axis="x", length=0)
        ax.grid(False, axis="x")
        ax.set_xlabel("step t", labelpad=6)
        word = {"ha": "center", "va": "top", "animated": True, "clip_on": False}
        below = low - 0.025 * (high - low) * 4 / ax.get_position().height / ax.figure.get_figheight()
        self._words = [ax.text(0, below, "", **word) for _ in range(parts + 1)]

    def show(self, T):
        """Number the steps of a run of length T: whole numbers, each at its own place."""
        steps = np.unique(np.round(np.linspace(0, T, len(self._words))).astype(int))
        for k, word in enumerate(self._words):
            here = k < len(steps)
            word.set_text(str(steps[k]) if here else "")
            word.set_x(steps[k] / T if here else 0)
