"""Lab of the lesson on clipping and truncation: a loss with a cliff, and what clipping does there."""

import functools
from types import MappingProxyType

import numpy as np
from matplotlib.colors import BoundaryNorm

from helpers.drawing.plots import live_line, log_axis, logs
from helpers.drawing.style import BLACK, BLUE, VERMILLION, fixed
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.lab import Lab, Prediction, Slider
from helpers.labs.clipping.edge import H_0, TARGET, T

DOWN, UP, FAR = "down", "up", "far"
SAID = (
    "Updates made: {updates}. Unclipped, the largest gradient norm so far is {largest}, and now U = {U}, "
    "b = {b}, loss {loss}. Clipped at {limit}: U = {U_clipped}, b = {b_clipped}, loss {loss_clipped}."
)


class Cliff(Lab):
    """What happens to learning at a cliff?

    One unit without input, h_t = tanh(U h_(t-1) + b), starts at -0.5 and should be at 0.5 after 20 steps.
    Gradient descent from U = 1.5, b = 0.5, unclipped and clipped.
    """

    updates = Slider(0, 60, step=1, default=8, label="updates made so far", time=True)
    rate = Slider(0.05, 1.0, step=0.05, default=0.3, label="learning rate")
    limit = Slider(0.5, 30.0, step=0.5, default=1.0, label="clip the norm at")
    anchors = (
        {"updates": 9},
        {"updates": 10},
        {"updates": 60},
        {"limit": 30.0, "updates": 60},
        {"rate": 0.25, "updates": 60},
        {"rate": 0.7, "updates": 60},
    )
    prediction = Prediction(
        "The ninth update will step over the edge. Where will the tenth take the unclipped path?",
        {"updates": 10},
        {DOWN: "back down the slope", UP: "a little further along", FAR: "far off the map"},
    )
    colours = MappingProxyType({"Unclipped": VERMILLION, "Clipped": BLUE})
    START, LONGEST = (1.5, 0.5), 60
    RATES = np.round(np.arange(1, 21) * 0.05, 2)
    U_RANGE, B_RANGE = (0.0, 2.5), (-0.5, 1.5)
    LEVELS = (0, 0.002, 0.02, 0.1, 0.2, 0.24, 0.26, 0.5, 1.0, 1.5, 2.0, 2.5)

    def measured(self, result):
        """By where the unclipped path is."""
        U, b, loss, _ = result["plain"][self.updates]
        if not (self.U_RANGE[0] <= U <= self.U_RANGE[1] and self.B_RANGE[0] <= b <= self.B_RANGE[1]):
            return FAR
        return DOWN if loss < result["plain"][8, 2] else UP

    def because(self, result):
        """The place, and the gradient that threw it there."""
        plain = result["plain"][: self.updates + 1]
        U, b = (fixed(value, 2) for value in plain[-1, :2])
        return f"It is at U = {U}, b = {b}: the tenth update met a gradient of norm {fixed(plain[9, 3], 1)}."

    def compute(self):
        """Both paths at this rate, U, b, loss and norm before each update; the last losses at all rates."""
        paths = {"plain": _paths(None), "clipped": _paths(self.limit)}
        here = int(np.flatnonzero(np.isclose(self.RATES, self.rate))[0])
        return {name: path[:, here] for name, path in paths.items()} | {
            f"{name} at all rates": path[self.updates, :, 2] for name, path in paths.items()
        }

    def draw(self, result):
        """The loss as a landscape; the gradient norm over the updates; the loss by learning rate."""
        figure = self.new_figure(8.2, 4.6)
        grid = figure.add_gridspec(2, 2, width_ratios=[6, 5])
        land = figure.add_subplot(grid[:, 0])
        self._draw_land(land, figure)
        above, below = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        log_axis(above, *NORMS, every=2, label="gradient norm")
        above.set(xlim=(0, self.LONGEST), xlabel="updates")
        log_axis(below, *LOSSES, every=2, label="loss now")
        below.set(xlim=(0, 1.05), xlabel="learning rate")
        styles = (("plain", "s-", VERMILLION), ("clipped", "o-", BLUE))
        self._lines = {
            name: [live_line(ax, style, ms=4, lw=1.5, color=c) for ax in (land, above, below)]
            for name, style, c in styles
        }
        self._limit = live_line(above, "--", color="0.35", lw=1.5)
        self._rate = live_line(below, color=BLACK, lw=1)
        lines = [self._lines["plain"][1], self._lines["clipped"][1], self._limit]
        figure.legend(lines, ["unclipped", "clipped", "limit"], loc="lower right", ncols=3, fontsize=11)
        return figure

    def _draw_land(self, ax, figure):
        """Lines of equal loss: where they crowd together there is a wall."""
        norm = BoundaryNorm(self.LEVELS, 300)
        shades = ax.contourf(*_landscape(), self.LEVELS, cmap="Greys", norm=norm, alpha=0.75)
        ax.contour(*_landscape(), self.LEVELS[1:-1], colors="0.3", linewidths=0.6)
        bar = figure.colorbar(
            shades, ax=ax, location="bottom", label="loss", ticks=[0, 0.1, 0.24, 0.5, 1.5, 2.5]
        )
        bar.ax.set_xticklabels(["0", "0.1", "0.24", "0.5", "1.5", "2.5"])
        ax.set(xlim=self.U_RANGE, ylim=self.B_RANGE, xlabel="U", ylabel="b")
        ax.grid(False)

    def update(self, result):
        """Show the updates made so far; what is too small for an axis stands at its lower edge."""
        made = np.arange(self.updates + 1)
        for name, (on_land, norm, by_rate) in self._lines.items():
            U, b, _, size = result[name][made].T
            on_land.set_data(U, b)
            norm.set_data(made, logs(np.maximum(size, 10.0 ** NORMS[0])))
            losses = np.maximum(result[f"{name} at all rates"], 10.0 ** LOSSES[0])
            by_rate.set_data(self.RATES, logs(losses))
        self._limit.set_data([0, self.LONGEST], logs([self.limit] * 2))
        self._rate.set_data([self.rate] * 2, LOSSES)

    def readout(self, result):
        """Where both are, and the largest gradient norm of the unclipped path."""
        plain, clipped = (result[name][: self.updates + 1] for name in ("plain", "clipped"))
        return SAID.format(
            updates=self.updates,
            largest=fixed(plain[:, 3].max(), 1),
            limit=fixed(self.limit, 1),
            U=fixed(plain[-1, 0], 2),
            b=fixed(plain[-1, 1], 2),
            loss=fixed(plain[-1, 2], 4),
            U_clipped=fixed(clipped[-1, 0], 2),
            b_clipped=fixed(clipped[-1, 1], 2),
            loss_clipped=fixed(clipped[-1, 2], 4),
        )


NORMS, LOSSES = (-4, 2), (-6, 1)  # powers of ten that the axes show
N = 160  # places along each side of the landscape


def descend(limit, rates, updates):
    """Gradient descent at each of some learning rates, (updates + 1, rates, 4): U, b, loss, gradient norm.

    The units of one network, one for each rate, which do not hear each other: its U is diagonal.
    """
    n = len(rates)
    cell, path = RNN(1, n, init="zeros").put(U=Cliff.START[0] * np.eye(n), b=Cliff.START[1]), []
    x, h_0 = np.zeros((T, 1, 1)), np.full((n, 1), H_0)
    for _ in range(updates + 1):
        tape = unroll(cell, x, h_0)
        error = tape.h[-1] - TARGET
        grads = backprop(tape, 2 * error)
        gradient = np.stack([np.diag(grads.dU), grads.db[:, 0]])
        norm = np.linalg.norm(gradient, axis=0)
        path.append([np.diag(cell.U).copy(), cell.b[:, 0].copy(), error[:, 0] ** 2, norm])
        if limit is not None:
            gradient *= np.minimum(1, limit / np.maximum(norm, 1e-300))
        step = rates * gradient
        cell.U -= np.diag(step[0])
        cell.b -= step[1][:, None]
    return np.array(path).transpose(0, 2, 1)


@functools.lru_cache(maxsize=128)
def _paths(limit):
    return descend(limit, Cliff.RATES, Cliff.LONGEST)


@functools.cache
def _landscape():
    """U, b and the loss there, each N values of b (rows) by N of U (columns).

    The network reads b as its input: with W = 1 that is the same as a bias.
    matplotlib keeps such arrays as they are; anything else it would copy for every lab.
    """
    U, b = np.linspace(*Cliff.U_RANGE, N), np.linspace(*Cliff.B_RANGE, N)
    x = np.broadcast_to(b, (T, 1, N))
    cell = RNN(1, 1, init="zeros").put(W=1)
    losses = []
    for cell.U[:] in U:
        h = unroll(cell, x, np.full((1, N), H_0)).h[-1, 0]
        losses.append((h - TARGET) ** 2)
    return *np.meshgrid(U, b), np.array(losses).T.copy()
