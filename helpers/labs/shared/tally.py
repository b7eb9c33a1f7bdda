"""Training runs of several seeds: their curves above, below them a tally of who has solved the task."""

import numpy as np

from helpers.drawing.plots import live_line, live_text, pieces
from helpers.drawing.style import AMBER, BLACK, BLUE, GREEN, INK, PINK, SKY, VERMILLION

STYLES = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "^"), (PINK, "D"), (AMBER, "v"), (SKY, "P"))
ROWS = len(STYLES)  # so many settings are kept on show
PALE, POINTS = 0.35, 120  # of an earlier setting: how strong its curves are, and of how many points
SMALL = 9.5  # points
BESIDE = 0.26  # room at the right for those that have not solved it, as a fraction of the axis of updates


class TrainingFigure:
    """The curves of some settings, and a tally: a row for each setting, a mark for each seed.

    A row's track reaches as far as its runs have come. A mark stands under the update at which a curve has
    come to the line of "solved"; the seeds that never did stand at the right, hollow.

    Parameters
    ----------
    figure : matplotlib.figure.Figure or SubFigure
    n_steps : int
        Updates at the most.
    name : str
        What the curves are.
    top : float
        The upper end of their axis.
    widest : str
        The longest name of a setting.
    """

    def __init__(self, figure, n_steps, name, top, widest):
        self._n = n_steps
        above, below = figure.subplots(2, 1, height_ratios=[2, 1], sharex=True)
        self._above = above
        above.set(ylim=(0, top), xlim=(0, n_steps * (1 + BESIDE)))
        above.set_ylabel(name, fontsize=11)
        above.tick_params(labelbottom=False)
        below.set(ylim=(ROWS - 0.4, -0.6), xlabel="updates", xticks=np.arange(0, n_steps + 1, 100))
        bold = {"fontsize": SMALL, "fontweight": "bold"}
        below.set_yticks([0], [widest], color="none", **bold)  # keeps room for the names
        below.tick_params(axis="y", length=0)
        below.text(1.01, 0.5, "8 of 8", color="none", **bold, transform=below.transAxes)
        below.grid(False, axis="y")
        below.axvspan(n_steps, n_steps * (1 + BESIDE), color="0.94", zorder=0)
        below.text(n_steps * (1 + BESIDE / 2), -0.7, "not solved", ha="center", va="bottom", fontsize=10)
        below.text(0, -0.7, " solved after", ha="left", va="bottom", fontsize=10)
        style = {"ha": "center", "va": "center", "fontsize": 13}
        self._invitation = live_text(above, n_steps / 2, top / 2, **style)
        self._rows = [self._artists(above, below, *style) for style in STYLES]
        track = {"lw": 5, "alpha": PALE, "solid_capstyle": "butt", "zorder": 0.5}
        self._tracks = [live_line(below, color=colour, **track) for colour, _ in STYLES]
        self._of = {}

    def _artists(self, above, below, colour, marker):
        curves = live_line(above, color=colour)
        dots = {"ls": "none", "marker": marker, "ms": 7}
        solved = live_line(below, color=colour, mec=BLACK, **dots)
        failed = live_line(below, mfc="white", mec=colour, mew=1.8, **dots)
        text_style = {"va": "center", "fontsize": SMALL, "clip_on": False, "in_layout": False}
        place = below.get_yaxis_transform()
        names = live_text(below, -0.01, 0, ha="right", transform=place, **text_style)
        counts = live_text(below, 1.01, 0, ha="left", transform=place, **text_style)
        return curves, solved, failed, names, counts

    def line_of(self, height, label):
        """A line across the curves. It is wide and pale, so that a curve which lies on it is seen."""
        self._above.axhline(height, color="0.85", lw=7, zorder=0.5)
        x = self._n * (1 + BESIDE)
        self._above.text(x, height, label, ha="right", va="center", fontsize=10, color=INK)

    def show(self, kept, front):
        """Show what has been run.

        Parameters
        ----------
        kept : dict
            From a setting's name to its `Runs`, the latest last; at most `ROWS`.
        front : collection of str
            The settings that are in front: strong, where the others are pale.
        """
        self._of = {name: k for name, k in self._of.items() if name in kept}
        for name in kept:
            free = (k for k in range(ROWS) if k not in self._of.values())
            self._of.setdefault(name, next(free, 0))
        rows = {name: row for row, name in enumerate(reversed(kept))}
        for k, artists in enumerate(self._rows):
            name = next((name for name, own in self._of.items() if own == k), None)
            self._show_one(artists, kept.get(name), name, rows.get(name, 0), name in front)
            far = max(map(len, kept[name].curves.values()), default=0) if name in kept else 0
            self._tracks[k].set_data([0, far], [rows.get(name, 0)] * 2)
        self._invitation.set_text("" if any(name in kept for name in front) else "press Run")

    def _show_one(self, artists, runs, name, row, strong):
        curves, solved, failed, names, counts = artists
        curves.set_data(*_joined(runs.curves if runs else {}, 0 if strong else POINTS))
        curves.set_alpha(1 if strong else PALE)
        curves.set_linewidth(1.8 if strong else 1.2)
        times = list(runs.solved.values()) if runs else []
        solved.set_data(times, [row] * len(times))
        lost = np.arange(len(runs.failed) if runs else 0)
        failed.set_data(self._n * (1.025 + 0.03 * lost), np.full(len(lost), row))
        count = f"{len(times)} of {runs.ended}" if runs and runs.ended else ""
        for artist, text in ((names, name or ""), (counts, count)):
            artist.set_text(text)
            artist.set_y(row)
            artist.set_fontweight("bold" if strong else "normal")


def _joined(curves, points):
    """Curves as one line with gaps, each thinned to about so many points (0: not at all)."""
    strides = [max(1, len(curve) // points) if points else 1 for curve in curves.values()]
    x = [np.arange(1, len(curve) + 1)[::k] for curve, k in zip(curves.values(), strides, strict=True)]
    return pieces(x, [curve[::k] for curve, k in zip(curves.values(), strides, strict=True)])
