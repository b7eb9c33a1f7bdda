"""Labs of notebook 02: gradients that vanish, gradients that explode, and what decides it."""

import functools

import numpy as np

from helpers import probes
from helpers.bptt import unroll
from helpers.cells import RNN
from helpers.diagrams.time_axis import TimeAxis
from helpers.lab import Choice, Lab, Slider
from helpers.style import BLACK, BLUE, GREEN, INK, SKY, VERMILLION, power, size, sub

NOTEBOOK = "02_bptt_vanishing_gradients"
H, LONGEST = 32, 500


class GradientNorms(Lab):
    """How much of the gradient is left, many steps back?

    An RNN of 32 units; each reads noise of its own. A loss hands the state of its step a gradient of
    length 1. U is scaled so that its spectral radius is the gain.
    """

    gain = Slider(0.2, 2.0, step=0.02, default=0.9, label="gain (spectral radius of U)")
    T = Slider(5, LONGEST, step=1, default=100, label="sequence length T")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input")
    activation = Choice(["tanh", "sigmoid", "linear"], label="activation φ")
    loss = Choice(["last step", "every step"], label="loss at")
    kind = Choice(["orthogonal", "random"], label="kind of U")
    LOW, HIGH = -20, 20

    def compute(self):
        """Both gradients at every step, and what U alone would make one expect."""
        cell = _network(self.gain, self.activation, self.kind)
        tape = unroll(cell, self.size * _noise(LONGEST)[: self.T])
        of_U = self.gain * _eigenvalues(self.kind)
        direction = np.full((H, 1), 1 / np.sqrt(H))
        dh = direction if self.loss == "last step" else np.broadcast_to(direction, (self.T, H, 1))
        return {
            "dL": probes.log_norms_dL(cell, tape, dh)[:, 0], "dh_T": probes.log_norms_dh_T(cell, tape),
            "of_U": of_U, "of_step": probes.eigenvalues(cell, tape, steps=[self.T])[0],
            "stretch": probes.largest_singular_value(cell.U),
            "bound": probes.vanishing_bound(cell),
        }  # fmt: skip

    def draw(self, result):
        """The norms on the left; eigenvalues and the largest singular value on the right."""
        figure = self.new_figure(10, 6)
        grid = figure.add_gridspec(2, 2, width_ratios=[8, 5], height_ratios=[4, 1])
        self._draw_norms(figure.add_subplot(grid[:, 0]))
        self._draw_eigenvalues(figure.add_subplot(grid[0, 1]))
        self._draw_bound(figure.add_subplot(grid[1, 1]))
        return figure

    def _draw_norms(self, ax):
        ax.axhline(0, color="0.5", lw=1)
        ax.axhline(-16, color="0.5", lw=1, ls=":")
        ax.text(0.5, -16.3, "lost when added to 1", ha="center", va="top", color=INK)
        (self._dh_T,) = ax.plot([], [], "--", color=BLUE, animated=True, label=r"$\partial h_T/\partial h_t$")
        (self._dL,) = ax.plot([], [], color=VERMILLION, animated=True, label=r"$dL/dh_t$")
        ax.set(ylim=(self.LOW, self.HIGH), ylabel="norm, log scale")
        powers = range(self.LOW, self.HIGH + 1, 5)
        ax.set_yticks(powers, [f"$10^{{{p}}}$" for p in powers])
        self._steps = TimeAxis(ax)
        ax.legend(loc="upper right")

    def _draw_eigenvalues(self, ax):
        turn = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turn), np.sin(turn), color="0.35", lw=1.5)
        (self._of_U,) = ax.plot([], [], "o", ms=7, mfc="none", color=BLUE, animated=True, label="of U")
        (self._of_step,) = ax.plot([], [], "o", ms=4, color=VERMILLION, animated=True)
        self._of_step.set_label("of the last step's Jacobian")
        ax.set(xlim=(-2.1, 2.1), ylim=(-2.1, 3.3), aspect="equal", title="eigenvalues, unit circle")
        ax.set(xticks=[-2, -1, 0, 1, 2], yticks=[-2, -1, 0, 1, 2])
        ax.legend(loc="upper center", handletextpad=0.2)

    def _draw_bound(self, ax):
        (self._bound,) = ax.plot([], [], color=BLACK, lw=2, animated=True, label="1/γ")
        (self._stretch,) = ax.plot([], [], "D", ms=9, color=GREEN, animated=True)
        self._word = ax.text(0, 1.25, "1/γ", ha="center", va="center", animated=True)
        ax.set(xlim=(0, 4.4), ylim=(0, 1.6), yticks=[], title="largest singular value of U, and 1/γ")

    def update(self, result):
        """The x axis always runs from step 0 to T; its numbers are live."""
        along = np.arange(self.T + 1) / self.T
        self._dL.set_data(along, result["dL"])
        self._dh_T.set_data(along, result["dh_T"])
        self._steps.show(self.T)
        self._of_U.set_data(result["of_U"].real, result["of_U"].imag)
        self._of_step.set_data(result["of_step"].real, result["of_step"].imag)
        self._stretch.set_data([result["stretch"]], [0.5])
        self._bound.set_data([result["bound"]] * 2, [0, 1])
        self._word.set_position((result["bound"], 1.25))

    def readout(self, result):
        """The change over all steps, a step, and what the bound says of it."""
        log = result["dh_T"][0]
        side = "below" if result["stretch"] < result["bound"] * (1 - 1e-12) else "not below"
        said = "it must vanish" if side == "below" else "no promise"
        return (
            f"From h{sub(self.T)} back to h₀: ∂h_T/∂h_t is {power(log)}, that is {10 ** (log / self.T):.3f} "
            f"a step; |dL/dh₀| = {power(result['dL'][0])}. Largest singular value {result['stretch']:.2f}, "
            f"{side} 1/γ = {result['bound']:.0f}: {said}."
        )


class Saturation(Lab):
    """Does a spectral radius above 1 mean that gradients explode?

    The same orthogonal U, times the gain, in a tanh network and in a linear one; 100 steps of noise.
    """

    gain = Slider(0.5, 2.0, step=0.01, default=1.1, label="gain (spectral radius of U)")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input")
    T, SHOWN = 100, 12

    def compute(self):
        """What 100 steps leave of ∂h_T/∂h_t, and the slopes of tanh that were met on the way."""
        cell = _network(self.gain, "tanh", "orthogonal")
        tape = unroll(cell, self.size * _noise(LONGEST)[: self.T])
        every = slice(None, None, self.T // self.SHOWN)
        return {
            "norms": probes.log_norms_dh_T(cell, tape), "a": tape.a[every].ravel(),
            "slopes": 1 - tape.h[every].ravel() ** 2,
            "mean": float((1 - tape.h**2).mean()),
        }  # fmt: skip

    def draw(self, result):
        """The norms on the left, tanh's slopes on the right."""
        figure = self.new_figure(10, 4.6)
        left, right = figure.subplots(1, 2, width_ratios=[3, 2])
        left.axhline(0, color="0.5", lw=1)
        (self._linear,) = left.plot([], [], "--", color=BLUE, animated=True, label="linear: gain only")
        (self._tanh,) = left.plot([], [], color=VERMILLION, animated=True, label="tanh, measured")
        left.set(xlim=(0, self.T), ylim=(-20, 20), xlabel="step t", ylabel="norm, log scale")
        left.set_yticks(range(-20, 21, 10), [f"$10^{{{p}}}$" for p in range(-20, 21, 10)])
        left.set_title(r"$\partial h_T/\partial h_t$")
        left.legend(loc="upper right")
        a = np.linspace(-4, 4, 200)
        right.plot(a, 1 - np.tanh(a) ** 2, color="0.5")
        (self._met,) = right.plot([], [], "o", ms=5, color=VERMILLION, alpha=0.3, animated=True)
        right.set(
            xlim=(-4, 4),
            ylim=(0, 1.15),
            xlabel="pre-activation $a$",
            title="slope of tanh, where it was used",
        )
        return figure

    def update(self, result):
        """The linear one needs no run: its norm is a power of the gain."""
        t = np.arange(self.T + 1)
        self._linear.set_data(t, np.log10(self.gain) * (self.T - t))
        self._tanh.set_data(t, result["norms"])
        self._met.set_data(result["a"], result["slopes"])

    def readout(self, result):
        """Factor a step by U alone, and as measured."""
        factor = 10 ** (result["norms"][0] / self.T)
        trend = "vanishes" if factor < 0.995 else "explodes" if factor > 1.005 else "keeps its size"
        return (
            f"U alone: × {self.gain:.3f} a step. Measured with tanh: × {factor:.3f} a step, so the gradient "
            f"{trend}. The slope of tanh was {result['mean']:.3f} on average."
        )


class GrowsFirst(Lab):
    """Do eigenvalues below 1 mean that gradients shrink from the first step?

    Two linear units, U = [[a, c], [0, a]]. Both eigenvalues are a, whatever c is.
    """

    a = Slider(0.5, 1.05, step=0.01, default=0.9, label="a (both eigenvalues)")
    c = Slider(0.0, 10.0, step=0.1, default=5.0, label="c (unit 2 feeds unit 1)")
    lag = Slider(0, 80, step=1, default=9, label="look at lag")
    T, LOW, HIGH = 80, 1e-4, 1e7

    def compute(self):
        """The longest stretch of dh_T/dh_(T-lag), its eigenvalues' share, and what it makes of a circle."""
        cell = RNN(1, 2, activation="linear", rng=0)
        cell.U[:] = [[self.a, self.c], [0, self.a]]
        tape = unroll(cell, np.zeros((self.T, 1, 1)))
        stretch = 10 ** probes.log_singular_values(cell, tape)[::-1, 0]
        J, exponent = probes.product_jacobians(cell, tape, steps=[self.T - self.lag])
        return {"stretch": stretch, "J": np.ldexp(J[0], exponent[0])}

    def draw(self, result):
        """The stretch against the lag, and the circle at one lag."""
        figure = self.new_figure(10, 4.6)
        left, right = figure.subplots(1, 2, width_ratios=[3, 2])
        left.axhline(1, color="0.5", lw=1)
        (self._eigen,) = left.semilogy(
            [], [], "--", color=BLUE, animated=True, label="$a^{lag}$ (eigenvalues)"
        )
        (self._stretch,) = left.semilogy([], [], color=VERMILLION, animated=True)
        self._stretch.set_label("largest stretch (singular value)")
        (self._here,) = left.plot([], [], "o", ms=9, color=VERMILLION, animated=True)
        left.set(xlim=(0, self.T), ylim=(self.LOW, self.HIGH), xlabel="lag", ylabel="log scale")
        left.legend(loc="upper right")
        turn = np.linspace(0, 2 * np.pi, 121)
        self._circle = np.stack([np.cos(turn), np.sin(turn)])
        right.fill(*self._circle, color=SKY, alpha=0.6)
        (self._image,) = right.plot([], [], color=VERMILLION, animated=True)
        right.set(xlim=(-22, 22), ylim=(-22, 22), aspect="equal", title="a unit circle sent back")
        return figure

    def update(self, result):
        """A gradient sent back is multiplied by the Jacobian's transpose."""
        lags = np.arange(self.T + 1)
        self._eigen.set_data(lags, self.a**lags)
        self._stretch.set_data(lags, result["stretch"])
        self._here.set_data([self.lag], [result["stretch"][self.lag]])
        self._image.set_data(*(result["J"].T @ self._circle))

    def readout(self, result):
        """The peak, and when it is over."""
        stretch = result["stretch"]
        peak, above = int(stretch.argmax()), np.flatnonzero(stretch >= 1)
        if self.a < 1:
            over = above[-1] + 1
            end = f"below 1 from lag {over}" if over <= self.T else f"still above 1 at lag {self.T}"
        else:
            end = "no end to it, since a is not below 1"
        return (
            f"Eigenvalues {self.a:.2f} and {self.a:.2f}. The largest stretch is {stretch[peak]:.1f} at lag "
            f"{peak}; {end}. At lag {self.lag} it is {size(stretch[self.lag])}, and {self.a:.2f} to the "
            f"power {self.lag} is {size(self.a**self.lag)}."
        )


def _network(gain, activation, kind):
    """H units, one input each; the spectral radius of U is the gain."""
    cell = RNN(H, H, rng=0, activation=activation)
    cell.W[:] = np.eye(H)
    cell.U[:] = gain * _recurrent(kind)
    return cell


@functools.cache
def _recurrent(kind):
    """An (H, H) matrix of spectral radius 1."""
    if kind == "orthogonal":
        return RNN(H, H, rng=np.random.default_rng(0), init="orthogonal").U
    U = np.random.default_rng(1).standard_normal((H, H))
    return U / probes.spectral_radius(U)


@functools.cache
def _eigenvalues(kind):
    return np.linalg.eigvals(_recurrent(kind))


@functools.cache
def _noise(T):
    return np.random.default_rng(2).standard_normal((T, H, 1))
