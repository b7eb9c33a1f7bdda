"""Labs of notebook 02: an error walks back and the weights learn from it."""

import functools

import numpy as np

from helpers.bptt import backprop, by_lag, unroll
from helpers.cells import RNN
from helpers.lab import Choice, Lab, Slider
from helpers.style import AMBER, BLACK, BLUE, GREEN, PINK, SKY, VERMILLION, as_factor, fixed

NOTEBOOK = "02_bptt_vanishing_gradients"


class WalkingBack(Lab):
    """How does an error travel back to earlier steps?

    One hidden unit, h_t = tanh(W x_t + U h_(t-1) + b), whose output is its state. The targets are the
    states of a unit with other weights, so the loss can fall to 0.
    """

    lag = Slider(0, 9, step=1, default=0, label="errors sent back, in steps")
    updates = Slider(0, 40, step=1, default=0, label="updates made so far")
    targets = Choice(["every step", "last step only"], label="targets at")
    weight = Choice(["U", "W", "b"], label="watch the gradient of")
    T, RATE = 10, 0.2

    def compute(self):
        """The run after so many updates, and its errors sent back so many steps."""
        weights, losses = _learning(self.targets)
        cell = _unit(*weights[self.updates])
        tape = unroll(cell, PUSHES)
        asked, error, dh = _errors(tape, self.targets)
        lags = list(by_lag(cell, tape, dh))
        later = np.zeros(self.T)
        for lag in lags[1 : self.lag + 1]:
            later[: len(lag.da)] += lag.dstates[:, 0, 0, 0]
        shares = [dict(zip("WUb", lag.weight_gradients(), strict=True))[self.weight].item() for lag in lags]
        return {
            "asked": asked, "y_hat": tape.h[:, 0, 0], "error": error, "direct": dh[:, 0, 0], "later": later,
            "shares": np.array(shares), "weights": weights, "losses": losses,
        }  # fmt: skip

    def draw(self, result):
        """Left: the output and the gradient at each state. Right: the lags, and learning."""
        figure = self.new_figure(10, 7.6)
        axes = figure.subplots(3, 2, height_ratios=[5, 3, 5])
        self._draw_output(axes[0, 0], axes[1, 0])
        self._draw_gradient(axes[2, 0])
        self._draw_lags(axes[0, 1])
        self._draw_learning(axes[1, 1], axes[2, 1])
        return figure

    def _draw_output(self, above, below):
        self._sticks = _thick(above, VERMILLION, lw=3, label="error")
        (self._target,) = above.plot([], [], "s", ms=8, mfc="none", color=BLACK, animated=True)
        (self._output,) = above.plot([], [], "o-", lw=1, color=BLUE, animated=True)
        self._target.set_label("target $y_t$")
        self._output.set_label("output $\\hat y_t$")
        above.set(ylim=(-1.1, 1.6), title="1  what came out, what should have")
        self._squares = _thick(below, VERMILLION)
        below.set(ylim=(0, 0.9), title="2  squared error")
        for ax in (above, below):
            ax.set(xlim=(0.4, self.T + 0.6), xticks=range(1, self.T + 1))
        _legend(above)

    def _draw_gradient(self, ax):
        ax.axhline(0, color="0.5", lw=1)
        self._direct = _thick(ax, AMBER, label="direct")
        self._later = _thick(ax, SKY, label="from later steps")
        (self._total,) = ax.plot([], [], "D", ms=5, color=BLACK, animated=True, label="sum")
        ax.set(xlim=(0.4, self.T + 0.6), xticks=range(1, self.T + 1), xlabel="step t", ylim=(-0.4, 0.85))
        ax.set_title("3  gradient of the loss at $h_t$")
        _legend(ax)

    def _draw_lags(self, ax):
        ax.axhline(0, color="0.5", lw=1)
        self._shares = _thick(ax, GREEN, lw=11, label="share")
        (self._sum,) = ax.plot([], [], "D-", ms=5, lw=1.5, color=BLACK, animated=True, label="sum so far")
        (self._full,) = ax.plot([], [], "--", color=PINK, animated=True, label="in full")
        ax.set(xlim=(-0.6, 9.6), xticks=range(10), xlabel="lag: steps sent back", ylim=(-0.35, 1.6))
        ax.set_title("4  gradient of the weight, lag by lag")
        _legend(ax)

    def _draw_learning(self, above, below):
        (self._falling,) = above.semilogy([], [], color=VERMILLION, animated=True)
        (self._here,) = above.plot([], [], "o", ms=9, color=VERMILLION, animated=True)
        above.set(ylim=(1e-6, 1), yticks=[1e-6, 1e-3, 1], title="5  loss")
        looks = {"W": (BLUE, "-"), "U": (VERMILLION, "--"), "b": (GREEN, "-.")}
        self._weights = [
            below.plot([], [], dash, color=colour, animated=True, label=name)[0]
            for name, (colour, dash) in looks.items()
        ]
        (self._now,) = below.plot([], [], "o", ms=7, color=BLACK, animated=True)
        below.set(ylim=(-0.1, 1.35), xlabel="updates made", title="6  the weights")
        for ax in (above, below):
            ax.set(xlim=(-1, 41))
        _legend(below)

    def update(self, result):
        """Show what has been sent back so far, and where learning stands."""
        steps, y_hat = np.arange(1, self.T + 1), result["y_hat"]
        asked, error = result["asked"], result["error"]
        y = y_hat[asked - 1] - error
        _bars(self._sticks, asked, y, y + error)
        self._target.set_data(asked, y)
        self._output.set_data(steps, y_hat)
        _bars(self._squares, asked, 0, error**2)
        _bars(self._direct, steps - 0.17, 0, result["direct"])
        _bars(self._later, steps + 0.17, 0, result["later"])
        self._total.set_data(steps, result["direct"] + result["later"])
        lags, shares = np.arange(self.lag + 1), result["shares"][: self.lag + 1]
        _bars(self._shares, lags, 0, shares)
        self._sum.set_data(lags, shares.cumsum())
        self._full.set_data([-0.6, 9.6], [result["shares"].sum()] * 2)
        self._show_learning(result["weights"], result["losses"])

    def _show_learning(self, weights, losses):
        made = np.arange(len(losses))
        self._falling.set_data(made, losses)
        self._here.set_data([self.updates], [losses[self.updates]])
        for line, values in zip(self._weights, weights.T, strict=True):
            line.set_data(made, values)
        self._now.set_data([self.updates] * 3, weights[self.updates])

    def readout(self, result):
        """The sum so far against the whole, and the update it makes."""
        full, so_far = result["shares"].sum(), result["shares"][: self.lag + 1].sum()
        now = result["weights"][self.updates]["WUb".index(self.weight)]
        lags = "lag 0" if self.lag == 0 else f"lags 0 to {self.lag}"
        return (
            f"Loss after {self.updates} updates: {result['losses'][self.updates]:.4f}. h₄ gets "
            f"{fixed(result['direct'][3])} directly, {fixed(result['later'][3])} from later steps. "
            f"d{self.weight} is {fixed(so_far)} from {lags}, {fixed(full)} in full. "
            f"The update: {self.weight} = {fixed(now)} − {self.RATE} × {as_factor(fixed(full))} "
            f"= {fixed(now - self.RATE * full)}."
        )


PUSHES = np.array([1.0, 0, 0, 0, -1, 0, 0, 1, 0, 0]).reshape(-1, 1, 1)
TEACHER, START = (0.9, 0.8, 0.05), (0.3, 0.9, 0.2)  # W, U, b


def _unit(W, U, b):
    cell = RNN(1, 1, rng=0)
    cell["W"], cell["U"], cell["b"] = W, U, b
    return cell


def _errors(tape, targets):
    """The steps that have a target, their errors ŷ - y, and what the loss sends to each state directly.

    The loss is the mean of the squared errors, so its slope is 2 (ŷ_t - y_t) / n at n targets.
    """
    T = tape.T
    asked = np.arange(1, T + 1) if targets == "every step" else np.array([T])
    error = (tape.h - unroll(_unit(*TEACHER), PUSHES).h)[asked - 1]
    dh = np.zeros_like(tape.h)
    dh[asked - 1] = 2 * error / len(asked)
    return asked, error[:, 0, 0], dh


@functools.cache
def _learning(targets):
    """W, U and b before each update, (41, 3), and the losses, (41,): plain gradient descent."""
    cell, weights, losses = _unit(*START), [], []
    for _ in range(WalkingBack.controls()["updates"].high + 1):
        tape = unroll(cell, PUSHES)
        _, error, dh = _errors(tape, targets)
        weights.append([p.item() for p in cell.parameters.values()])
        losses.append((error**2).mean())
        grads = backprop(cell, tape, dh)
        for name, gradient in grads.parameters.items():
            cell[name] -= WalkingBack.RATE * gradient
    return np.array(weights), np.array(losses)


def _thick(ax, colour, lw=8, label=None):
    """Bars as one live line, so that a frame has one thing to paint; `_bars` places them."""
    (line,) = ax.plot([], [], color=colour, lw=lw, solid_capstyle="butt", animated=True, label=label)
    return line


def _bars(line, x, low, high):
    x, low, high = np.broadcast_arrays(x, low, high)
    gap = np.full(len(x), np.nan)
    line.set_data(np.c_[x, x, gap].ravel(), np.c_[low, high, gap].ravel())


def _legend(ax):
    ax.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.2, handletextpad=0.5)
