"""Labs of notebook 02: an error walks back and the weights learn from it."""

import functools
from types import MappingProxyType

import numpy as np

from helpers.drawing.error_chain import ErrorChain
from helpers.drawing.plots import bars, live_line, live_text, log_axis, logs, place_bars, zero_line
from helpers.drawing.style import BLACK, BLUE, GREEN, VERMILLION, as_factor, fixed, sub
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider

# One hidden unit whose output is its state. The targets are the states of a unit with other weights, so the
# loss can fall to 0.
PUSHES = np.array([1.0, 0, 0, 0, -1, 0, 0, 1, 0, 0]).reshape(-1, 1, 1)
TEACHER, START = (0.9, 0.8, 0.05), (0.3, 0.9, 0.2)  # W, U, b
T, RATE = len(PUSHES), 0.2
TARGETS = ["every step", "last step only"]


class WalkingBack(Lab):
    """How does an error travel back to earlier steps?

    One hidden unit, h_t = tanh(W x_t + U h_(t-1) + b), whose output is its state. The walk goes forward
    through the ten steps, and then back.
    """

    at = Slider(0.0, 2.0 * T, step=0.25, default=1.0 * T, label="walk (10 there, 10 back)", time=True)
    targets = Choice(TARGETS, label="targets at")
    U = Slider(0.0, 1.5, step=0.05, default=0.9, label="recurrent weight U")
    anchors = (
        {"at": 16.0},
        {"at": 17.0},
        {"at": 20.0},
        {"at": 20.0, "targets": "last step only"},
        {"U": 1.5},
        {"U": 1.5, "at": 20.0},
    )
    prediction = Prediction(
        "The errors are largest at steps 5, 6 and 7. And the gradient, when all errors have gone back?",
        {"at": 2.0 * T},
        ["step 1", "step 5", "step 6", "step 7"],
    )

    def measured(self, result):
        """The step at which most has come together."""
        return f"step {np.abs(result['total']).argmax() + 1}"

    def because(self, result):
        """What came together there."""
        s = int(np.abs(result["total"]).argmax())
        direct, later = fixed(result["direct"][s]), fixed(result["total"][s] - result["direct"][s])
        return (
            f"h{sub(s + 1)} gets {direct} directly and {later} from later steps: blame for what came after."
        )

    def compute(self):
        """The run, and what its errors come to on the way back."""
        cell = unit(START[0], self.U, START[2])
        tape = unroll(cell, PUSHES)
        asked, error, direct = errors(tape, self.targets)
        grads = backprop(tape, direct)
        at_step = np.zeros(T)
        at_step[asked - 1] = error
        slope = 1 - tape.h[:, 0, 0] ** 2
        da, h_prev = grads.da[:, 0, 0], np.r_[0.0, tape.h[:-1, 0, 0]]
        return {
            "x": PUSHES[:, 0, 0], "h": tape.h[:, 0, 0], "h_prev": h_prev, "direct": direct[:, 0, 0],
            "total": grads.dh[1:, 0, 0], "slope": slope, "factor": slope * self.U, "da": da,
            "shares": da * h_prev, "error": at_step, "asked": asked, "loss": float(np.mean(error**2)),
        }  # fmt: skip

    def draw(self, result):
        """The chain; below it the one box into which every step drops its share of dU."""
        figure = self.new_figure(8.2, 4.6)
        above, below = figure.subplots(2, 1, height_ratios=[5, 2])
        self._chain = ErrorChain(above, T, full=0.6)
        zero_line(below)
        self._shares = bars(below, GREEN, width=18)
        x = self._chain.places(T)
        below.set(xlim=(0, 10), ylim=(-0.12, 0.28), xticks=x[1:], yticks=[-0.1, 0, 0.1, 0.2], xlabel="step t")
        below.set_xticklabels(range(1, T + 1))
        below.grid(False, axis="x")
        below.set_title("one box for all steps: each drops its share into dU", fontsize=12)
        for side in ("top", "right"):
            below.spines[side].set_visible(True)
        self._sum = live_text(below, 0.12, 0.2, ha="left", va="center", color=GREEN)
        return figure

    def update(self, result):
        """As far as the walk has come."""
        self._chain.walk(self.at, result)
        here = np.arange(1, T + 1) > 2 * T - int(self.at)
        place_bars(self._shares, self._chain.places(T)[1:][here], 0, result["shares"][here])
        so_far = result["shares"][here].sum()
        self._sum.set_text(f"dU = {fixed(so_far)}" if here.any() else "")

    def places(self):
        """The links: a click opens the numbers that are multiplied there."""
        boxes = {s: self._chain.link(s) for s in range(2, T + 1)}
        return {
            f"step {s} to step {s - 1}: what is multiplied there": (box, {"at": 2.0 * T - s + 1})
            for s, box in boxes.items()
        }

    def readout(self, result):
        """What happens at the step the walk has come to."""
        at = int(self.at)
        if at < T:
            return self._read(at, result)
        if at == T:
            return f"Forward is done: loss {fixed(result['loss'], 4)}. Walk on, and the errors go back."
        s = 2 * T - at + 1
        n = {name: fixed(values[s - 1]) for name, values in result.items() if name not in ("asked", "loss")}
        later = fixed(result["total"][s - 1] - result["direct"][s - 1])
        on = f" × U = {fixed(self.U, 2)} goes on to h{sub(s - 1)}." if s > 1 else ""
        return (
            f"h{sub(s)} gets {n['direct']} directly and {later} from later steps. "
            f"× φ′(a{sub(s)}) = {n['slope']} is da{sub(s)} = {n['da']}. "
            f"× h{sub(s - 1)} = {n['h_prev']} drops {n['shares']} into dU.{on}"
        )

    def _read(self, t, result):
        if not t:
            return "h₀ = 0. Walk on: the first step reads x₁."
        x, h_prev, h = fixed(result["x"][t - 1], 0), *(fixed(result[n][t - 1]) for n in ("h_prev", "h"))
        return f"Forward: from x{sub(t)} = {x} and h{sub(t - 1)} = {h_prev} step {t} makes h{sub(t)} = {h}."


class Learning(Lab):
    """What do forty updates make of the errors?

    The same unit. Each update takes a step of 0.2 times the gradient, downhill.
    """

    updates = Slider(0, 40, step=1, default=0, label="updates made so far", time=True)
    targets = Choice(TARGETS, label="targets at")
    weight = Choice(["U", "W", "b"], label="work out the update of")
    anchors = ({"updates": 40}, {"updates": 40, "weight": "b"}, {"updates": 40, "weight": "W"})
    prediction = Prediction(
        "Forty updates, all downhill. How many of the weights W, U and b will go straight to where they end?",
        {"updates": 40},
        ["all three", "two", "one", "none"],
    )
    colours = MappingProxyType({"W": BLUE, "U": VERMILLION, "b": GREEN, "loss": VERMILLION})

    def measured(self, result):
        """A weight goes straight if each update moves it the same way."""
        return ("none", "one", "two", "all three")[int(_straight(result).sum())]

    def because(self, result):
        """Which of them, and how far U went astray."""
        straight, U = _straight(result), result["weights"][:, 1]
        names = " and ".join(name for name, here in zip("WUb", straight, strict=True) if not here)
        return f"{names} turn round: U goes down to {fixed(U.min())} before it comes to {fixed(U[-1])}."

    def compute(self):
        """The run after so many updates, and the whole path."""
        weights, losses, gradients = learning(self.targets)
        tape = unroll(unit(*weights[self.updates]), PUSHES)
        asked, error, _ = errors(tape, self.targets)
        return {
            "asked": asked, "error": error, "y_hat": tape.h[:, 0, 0], "weights": weights, "losses": losses,
            "gradients": gradients,
        }  # fmt: skip

    def draw(self, result):
        """The output and its targets; the loss and the weights over the updates."""
        figure = self.new_figure(8.2, 4.4)
        grid = figure.add_gridspec(2, 2, width_ratios=[5, 4])
        self._draw_output(figure.add_subplot(grid[:, 0]))
        above, below = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        self._falling = live_line(above, color=VERMILLION)
        self._here = live_line(above, "o", ms=8, color=VERMILLION)
        log_axis(above, -6, 0, every=2, word="loss, log")
        looks = {"W": (BLUE, "-"), "U": (VERMILLION, "--"), "b": (GREEN, "-.")}
        self._weights = [
            live_line(below, dash, color=colour, label=name) for name, (colour, dash) in looks.items()
        ]
        self._now = live_line(below, "o", ms=6, color=BLACK)
        below.set(ylim=(-0.1, 1.5), xlabel="updates made", ylabel="weights")
        below.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.5)
        for ax in (above, below):
            ax.set_xlim(-1, 41)
        return figure

    def _draw_output(self, ax):
        self._sticks = bars(ax, VERMILLION, width=3, label="error")
        self._target = live_line(ax, "s", ms=8, mfc="none", color=BLACK)
        self._output = live_line(ax, "o-", lw=1, color=BLUE)
        self._target.set_label("target $y_t$")
        self._output.set_label("output $\\hat y_t$")
        ax.set(xlim=(0.4, T + 0.6), xticks=range(1, T + 1), xlabel="step t", ylim=(-1.1, 1.4))
        ax.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.2, handletextpad=0.5)

    def update(self, result):
        """Show the errors, and where learning stands."""
        steps, y_hat = np.arange(1, T + 1), result["y_hat"]
        asked, error = result["asked"], result["error"]
        y = y_hat[asked - 1] - error
        place_bars(self._sticks, asked, y, y + error)
        self._target.set_data(asked, y)
        self._output.set_data(steps, y_hat)
        made = np.arange(self.updates + 1)
        self._falling.set_data(made, logs(result["losses"][made]))
        self._here.set_data([self.updates], logs(result["losses"][[self.updates]]))
        for line, values in zip(self._weights, result["weights"][made].T, strict=True):
            line.set_data(made, values)
        self._now.set_data([self.updates] * 3, result["weights"][self.updates])

    def readout(self, result):
        """The loss, and the arithmetic of the next update."""
        place = "WUb".index(self.weight)
        now, slope = (result[name][self.updates, place] for name in ("weights", "gradients"))
        then = fixed(now - RATE * slope)
        return (
            f"After {self.updates} updates the loss is {fixed(result['losses'][self.updates], 4)}. "
            f"The next one: {self.weight} = {fixed(now)} − {RATE} × {as_factor(fixed(slope))} = {then}."
        )


def _straight(result):
    """Of W, U and b: whether every update moves it the same way, (3,)."""
    moves = np.sign(np.diff(result["weights"], axis=0))
    return (moves == moves[0]).all(axis=0)


def unit(W, U, b):
    """One tanh unit with one input."""
    return RNN(1, 1, init="zeros").put(W=W, U=U, b=b)


def errors(tape, targets):
    """The steps that have a target, their errors ŷ - y, and what the loss sends to each state directly.

    The loss is the mean of the squared errors, so its slope is 2 (ŷ_t - y_t) / n at n targets.
    """
    asked = np.arange(1, T + 1) if targets == "every step" else np.array([T])
    error = (tape.h - _wanted())[asked - 1]
    direct = np.zeros_like(tape.h)
    direct[asked - 1] = 2 * error / len(asked)
    return asked, error[:, 0, 0], direct


@functools.cache
def _wanted():
    return unroll(unit(*TEACHER), PUSHES).h


@functools.cache
def learning(targets):
    """W, U and b before each update, (41, 3), the losses, (41,), and the gradients of the three, (41, 3)."""
    cell, weights, losses, gradients = unit(*START), [], [], []
    for _ in range(Learning.controls()["updates"].high + 1):
        tape = unroll(cell, PUSHES)
        _, error, direct = errors(tape, targets)
        grads = backprop(tape, direct).parameters
        weights.append([p.item() for p in cell.parameters.values()])
        losses.append((error**2).mean())
        gradients.append([grads[name].item() for name in cell.parameters])
        for name, gradient in grads.items():
            cell[name] -= RATE * gradient
    return np.array(weights), np.array(losses), np.array(gradients)
