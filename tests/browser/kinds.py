"""A small figure for every kind of live artist: shown by the page, and drawn by matplotlib to compare."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

from helpers.drawing.painting import painting
from helpers.drawing.style import AMBER, BLUE, GREEN, VERMILLION
from helpers.page.live import LiveFigure, Snapshot
from helpers.page.panel import Panel

X = np.linspace(0, 10, 60)
LIVE = {"animated": True}


def line(ax):
    ax.plot(X, np.sin(X), color=BLUE, **LIVE)
    ax.plot(X, np.cos(X), "--", color=VERMILLION, lw=3, **LIVE)
    ax.plot(X, np.sin(X) / 2, ":", color=GREEN, alpha=0.5, **LIVE)


def line_with_gaps(ax):
    ax.plot(X, np.where(np.abs(np.sin(X)) < 0.3, np.nan, np.sin(X)), color=BLUE, **LIVE)
    ax.step(X[::6], np.cos(X[::6]), color=VERMILLION, where="mid", **LIVE)


def log_axis(ax):
    ax.set(yscale="log", ylim=(1e-6, 1e2))
    ax.semilogy(X, np.where(X < 8, np.exp(-2 * X), 0), color=BLUE, **LIVE)
    ax.semilogy(X, np.exp(3 * X), "--", color=VERMILLION, **LIVE)  # leaves the axes above


def markers(ax):
    for k, marker in enumerate("osD^v+x*"):
        ax.plot(X[k::12], np.sin(X[k::12]), marker, color=BLUE, ms=9, mec="black", **LIVE)


def scatter(ax):
    ax.scatter(X, np.sin(X), s=np.linspace(10, 400, 60), c=np.cos(X), cmap="viridis", ec="black", **LIVE)


def bars(ax):
    ax.bar(np.arange(1, 10), np.sin(np.arange(1, 10)), color=AMBER, ec="black", **LIVE)
    ax.add_patch(Rectangle((2, -1), 3, 0.5, fc=GREEN, alpha=0.4, angle=10, **LIVE))
    ax.add_patch(Circle((7, 0.5), 0.4, fc="none", ec=VERMILLION, lw=3, **LIVE))


def area(ax):
    ax.fill_between(X, np.sin(X), np.cos(X), color=BLUE, alpha=0.5, **LIVE)


def arrows(ax):
    ax.add_patch(FancyArrowPatch((1, -1), (8, 1), arrowstyle="-|>", mutation_scale=30, color=BLUE, **LIVE))
    curved = {"arrowstyle": "->", "connectionstyle": "arc3,rad=0.4", "mutation_scale": 25}
    ax.add_patch(FancyArrowPatch((2, 1), (9, -1), color=VERMILLION, lw=3, **curved, **LIVE))


def _image(ax, cells, **options):
    ax.imshow(cells, aspect="auto", interpolation="nearest", extent=(0, 10, -1.4, 1.4), **options, **LIVE)
    ax.set(xlim=(0, 10), ylim=(-1.4, 1.4))
    ax.grid(False)


WAVE = np.sin(np.arange(8))[:, None] * np.cos(np.arange(13) / 2)


def image(ax):
    _image(ax, WAVE, vmin=-1, vmax=1, cmap="RdBu_r", origin="upper")


def image_from_below_with_gaps(ax):
    _image(ax, np.where(WAVE > 0.7, np.nan, WAVE), cmap="viridis", origin="lower")


def image_of_colours(ax):
    _image(ax, np.stack([(WAVE + 1) / 2, WAVE**2, np.zeros_like(WAVE) + 0.3], axis=2))


def image_through_a_window(ax):
    _image(ax, WAVE, vmin=-1, vmax=1, cmap="RdBu_r", origin="lower")
    ax.set(xlim=(2.3, 6.1), ylim=(-0.9, 0.4))


def stems(ax):
    colours = [BLUE, VERMILLION, GREEN]
    ax.vlines(X[::4], 0, np.sin(X[::4]), colors=colours, lw=2, **LIVE)
    ax.hlines(np.linspace(-1, 1, 5), 1, X[4::12], colors="0.5", linestyles="dashed", **LIVE)


def text(ax):
    for k, (across, up) in enumerate([("left", "top"), ("center", "center"), ("right", "bottom")]):
        ax.text(5, 0.8 - 0.8 * k, f"plain {k} gap", ha=across, va=up, fontsize=18, color=BLUE, **LIVE)


def mathematics(ax):
    ax.text(1, 0.5, r"$h_t = \tanh(W x_t + U h_{t-1})$", fontsize=20, **LIVE)
    ax.text(5, -0.8, "turned", rotation=30, fontsize=18, color=VERMILLION, **LIVE)
    ax.text(7, -0.5, "boxed", fontsize=16, bbox={"fc": AMBER, "ec": "black"}, **LIVE)


def under_a_legend(ax):
    ax.plot(X, np.sin(X), color=BLUE, lw=6, label="beneath the legend", **LIVE)
    ax.legend(loc="center")


DRAWN = {f.__name__: f for f in (
    line, line_with_gaps, log_axis, markers, scatter, bars, area, arrows, image,
    image_from_below_with_gaps, image_of_colours, image_through_a_window, stems, text, mathematics,
    under_a_legend,
)}  # fmt: skip


def live(kind):
    """A live figure of one kind."""
    with painting():
        figure = Figure(figsize=(5, 3), dpi=100, layout="constrained")
        ax = figure.subplots()
        ax.set(xlim=(0, 10), ylim=(-1.4, 1.4), xlabel="step t", title=kind.replace("_", " "))
        DRAWN[kind](ax)
        return LiveFigure(figure, within=painting)


def panel(kind):
    """A panel that shows it, with no controls."""
    figure, nothing = live(kind), lambda *_: []
    made = Panel(figure, question=kind, controls=[], snapshots=nothing, rest=nothing, press=nothing)
    made.show([], Snapshot(figure.frame(), kind))
    return made
