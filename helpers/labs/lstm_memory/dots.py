"""A picture of stored training runs: one dot for each run, at the update at which it had solved the task."""

import numpy as np

from helpers.drawing.painting import PaintedFigure
from helpers.drawing.picture import Picture
from helpers.drawing.style import BLACK, BLUE, GREEN, VERMILLION
from helpers.labs.lstm_memory.start import CHOICES, measured

LENGTHS, UPDATES = (60, 120), 500
BESIDE = 620  # where the axis of updates ends, behind the runs that have not solved it
COLOURS = {"A": BLUE, "B": VERMILLION, "C": GREEN}
OTHERS = "0.55"
WORDS = CHOICES | {
    "zero": "b_f = 0", "write little": "b_f = 0, b_i = −ln T",
    "B spread": "B, spread", "C spread": "C, spread (chrono)",
    "A without U": "A, with U = 0", "C without U": "C, with U = 0",
}  # fmt: skip


class StartDots(Picture):
    """Which starts have learnt temporal order, of 60 and of 120 steps, in 16 runs each.

    Parameters
    ----------
    all_starts : bool
        Show every start that was measured, not only A, B and C.
    """

    def __init__(self, all_starts=False):
        self._names = list(WORDS if all_starts else COLOURS)
        self._found = {T: measured(T) for T in LENGTHS}

    def __repr__(self):
        return "\n".join(
            _line(T, name, found[name]) for T, found in self._found.items() for name in self._names
        )

    def draw(self):
        """The figure."""
        figure = PaintedFigure(figsize=(8.2, 1.1 + 0.36 * len(self._names)), dpi=100, layout="constrained")
        axes = figure.subplots(1, len(LENGTHS), sharey=True)
        for ax, (T, found) in zip(axes, self._found.items(), strict=True):
            ax.set_title(f"T = {T}", fontsize=12)
            self._draw(ax, [found[name] for name in self._names])
        axes[0].set_yticks(range(len(self._names)), [WORDS[name] for name in self._names], fontsize=10)
        return figure

    def _draw(self, ax, found):
        ax.axvspan(UPDATES, BESIDE, color="0.93", zorder=0)
        text_style = {"ha": "center", "fontsize": 11}
        ax.text((UPDATES + BESIDE) / 2, -0.58, "unsolved", va="bottom", ha="center", fontsize=9)
        for row, (name, arm) in enumerate(zip(self._names, found, strict=True)):
            aside = row + 0.09 * (np.arange(arm["solved"]) % 5 - 2)  # so that dots do not hide each other
            style = {"ms": 6, "color": COLOURS.get(name, OTHERS), "mec": BLACK, "mew": 0.6, "alpha": 0.85}
            ax.plot(arm["updates"], aside, "o", **style)
            ax.text((UPDATES + BESIDE) / 2, row, arm["runs"] - arm["solved"], va="center", **text_style)
        ax.set(xlim=(0, BESIDE), ylim=(len(found) - 0.5, -0.5), xticks=range(0, UPDATES + 1, 100))
        ax.set_xlabel("solved after so many updates", fontsize=11)
        ax.grid(False, axis="y")


SOLVED = "T = {T:3}   {start:26}   solved by {solved} of {runs} runs, after a median of {median:.0f} updates"
UNSOLVED = "T = {T:3}   {start:26}   solved by none of {runs} runs"


def _line(T, name, arm):
    """The count, and the median of the updates where there are any."""
    said = {"T": T, "start": WORDS[name], "solved": arm["solved"], "runs": arm["runs"]}
    return (
        SOLVED.format(median=np.median(arm["updates"]), **said) if arm["solved"] else UNSOLVED.format(**said)
    )


def start_dots(all_starts=False):
    """The picture of A, B and C, or of every start that was measured."""
    return StartDots(all_starts)
