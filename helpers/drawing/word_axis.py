"""The words of a sentence along the axis of time, a word under its step."""

from helpers.drawing.plots import live_text


class WordAxis:
    """Words under an x axis that runs from 0 to 1, so that it need not be redrawn for a longer sentence.

    Word t of T (from 0) takes the stretch from t/T to (t+1)/T; `middle` says where its middle is.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its x axis is set up here.
    longest : int
        The most words that will be shown.
    rotation : float
        Of the words, in degrees: 90 has room for most words, 0 for few.
    room : str
        What the longest word takes; it sets how much room is kept under the axis.
    below : float
        How far under the axis they stand, in points.
    """

    def __init__(self, ax, longest, rotation=90, room="cabinets", below=4):
        ax.set_xlim(0, 1)
        ax.set_xticks(
            [0.5], [room], rotation=rotation, fontsize=10, alpha=0
        )  # keeps the room; the words are live
        ax.tick_params(axis="x", length=0)
        ax.grid(False, axis="x")
        place, va, _ = ax.get_xaxis_text1_transform(below)
        style = {"transform": place, "va": va, "ha": "center", "clip_on": False}
        self._words = [live_text(ax, 0, 0, rotation=rotation, fontsize=10, **style) for _ in range(longest)]

    def show(self, words, colours=None):
        """Write the words, each in its colour; black if none are given."""
        for t, text in enumerate(self._words):
            here = t < len(words)
            text.set_text(words[t] if here else "")
            text.set_x(middle(t, len(words)) if here else 0)
            text.set_color(colours[t] if here and colours else "black")


def middle(t, T):
    """Where the middle of word t of T is, both from 0, on an axis from 0 to 1."""
    return (t + 0.5) / T
