"""Parts of plots that many labs share: live lines and texts, heat maps, axes of powers of ten, bars."""

import numpy as np


def live_line(ax, *line, **style):
    """A line that a lab moves, empty until `set_data`. `line` and `style` are those of `Axes.plot`."""
    (made,) = ax.plot([], [], *line, animated=True, **style)
    return made


def pieces(x, y):
    """Separate lines as one, with a gap after each: the two rows that `set_data` takes.

    Parameters
    ----------
    x, y : sequence
        The points of each line: arrays (lines, points), or lists of arrays of any lengths.

    Returns
    -------
    ndarray (2, points and gaps)
    """
    parts = [np.c_[np.stack([a, b]), [[np.nan], [np.nan]]] for a, b in zip(x, y, strict=True)]
    return np.concatenate(parts, axis=1) if parts else np.empty((2, 0))


def live_text(ax, x, y, **style):
    """A text that a lab writes, empty until `set_text`. `style` is that of `Axes.text`."""
    return ax.text(x, y, "", animated=True, **style)


def live_image(ax, extent, low=-1.0, high=1.0, **style):
    """A table as colours, which a lab fills with `set_data`: an `AxesImage` from `low` to `high`.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where it stands.
    extent : tuple
        Left, right, bottom and top in the axes' own coordinates.
    low, high : float
        What the ends of the colours stand for. Signed values (low < 0) get a map with white in the middle, so
        give -high for low.
    **style
        As in `Axes.imshow`: `cmap` for another map, `origin`, `zorder`.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    style = {"cmap": "RdBu_r" if low < 0 else "viridis", "aspect": "auto", "animated": True} | style
    return ax.imshow(np.zeros((1, 2)), extent=extent, vmin=low, vmax=high, **style)


def heatmap(ax, rows, columns, low=-1.0, high=1.0, down=False):
    """A live picture of a table: one row per unit, one column per step.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Its limits are set so that row k lies from k - 1 to k and step t from t - 1/2 to t + 1/2.
    rows, columns : int
        The size of the table. `set_data` and `set_extent` of what is returned can change it later.
    low, high : float
        What the ends of the colours stand for, as in `live_image`.
    down : bool
        The first row on top; otherwise at the bottom.

    Returns
    -------
    matplotlib.image.AxesImage
    """
    up = (rows, 0) if down else (0, rows)
    ax.grid(False)
    image = live_image(ax, (0.5, columns + 0.5, *up), low, high, origin="upper" if down else "lower")
    ax.set(xlim=(0.5, columns + 0.5), ylim=up)
    return image


def log_axis(ax, low, high, every=5, label="norm, log scale"):
    """A y axis from 10**low to 10**high for values that are logarithms to base 10.

    A probe gives logarithms, since the numbers themselves leave the range of a float; `logs` makes them
    of ordinary numbers.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Plot log10 of a number in it.
    low, high : int
        The ends, as powers of ten.
    every : int
        From labelled power to labelled power.
    label : str
        What the axis shows.
    """
    ax.set(ylim=(low, high), ylabel=label)
    ticks = range(low, high + 1, every)
    ax.set_yticks(ticks, ["1" if p == 0 else f"$10^{{{p}}}$" for p in ticks])


def logs(sizes):
    """log10 of some sizes, to be drawn on a `log_axis`: nan, which is not drawn, where a size is 0."""
    sizes = np.asarray(sizes, float)
    return np.log10(np.where(sizes > 0, sizes, np.nan))


def zero_line(ax, at=0.0, **style):
    """A thin grey line across, where nothing is: at 0, or at 10**0 of a `log_axis`."""
    return ax.axhline(at, **{"color": "0.5", "lw": 1} | style)


def bars(ax, colour, width=8, label=None):
    """Bars as one live line, so that a frame has one thing to paint; `place_bars` places them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where they stand.
    colour, label : str
        Of the bars, and for the legend.
    width : float
        Of a bar, in points.

    Returns
    -------
    matplotlib.lines.Line2D
    """
    return live_line(ax, color=colour, lw=width, solid_capstyle="butt", label=label)


def place_bars(line, x, low, high):
    """Put bars at x, from low to high; each a number or an array."""
    x, low, high = np.broadcast_arrays(np.atleast_1d(x), low, high)
    line.set_data(*pieces(np.c_[x, x], np.c_[low, high]))
