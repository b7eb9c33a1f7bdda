"""Labs of notebook 02: gradients that vanish or explode, and what U can say of it beforehand."""

import functools
from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import live_line, log_axis, zero_line
from helpers.drawing.style import BLACK, BLUE, GREEN, INK, VERMILLION, fixed, power, sub
from helpers.drawing.time_axis import TimeAxis
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.tasks import noise

H, LONGEST = 32, 500


class GradientNorms(Lab):
    """How much of the gradient is left, many steps back?

    An RNN of 32 units; each reads noise of its own. A loss hands the state of its step a gradient of
    length 1. U is orthogonal, times the gain.
    """

    gain = Slider(0.2, 2.0, step=0.02, default=0.9, label="gain (times an orthogonal U)")
    T = Slider(5, LONGEST, step=1, default=100, label="sequence length T", time=True)
    activation = Choice(["tanh", "sigmoid", "linear"], default="linear", label="activation φ")
    loss = Choice(["last step", "every step"], label="loss at")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input", more=True)
    anchors = (
        {"activation": "tanh"},
        {"activation": "tanh", "loss": "every step"},
        {"activation": "sigmoid", "gain": 2.0},
        {"activation": "tanh", "T": 500},
        {"activation": "linear", "gain": 1.1},
    )
    LOW, HIGH = -20, 20
    prediction = Prediction(
        "With linear units 0.9 to the power 100 is left after 100 steps. With tanh instead it is ...",
        {"activation": "tanh"},
        ["more", "the same", "less"],
    )
    colours = MappingProxyType({"∂h_T/∂h₀": BLUE, "dL/dh₀": VERMILLION})

    def measured(self, result):
        """Against the power of the gain."""
        apart = result["dh_T"][0] - self.T * np.log10(self.gain)
        return "the same" if abs(apart) < 0.05 else "more" if apart > 0 else "less"

    def because(self, result):
        """The norm, and a step."""
        log, factor = result["dh_T"][0], fixed(probes.factor_per_step(result["dh_T"]))
        return f"{power(log)} is left, × {factor} a step: the slopes of tanh are factors too, and below 1."

    def compute(self):
        """Both gradients at every step."""
        cell = network(self.gain, self.activation)
        tape = unroll(cell, self.size * noise(LONGEST, H, 2)[: self.T])
        direction = np.full((H, 1), 1 / np.sqrt(H))
        direct = direction if self.loss == "last step" else np.broadcast_to(direction, (self.T, H, 1))
        return {"dL": probes.log_norms_dL(tape, direct)[:, 0], "dh_T": probes.log_norms_dh_T(tape)}

    def draw(self, result):
        """The norms, from the first step to the last."""
        figure = self.new_figure(8.2, 4.6)
        ax = figure.subplots()
        zero_line(ax)
        zero_line(ax, -16, ls=":")
        ax.text(0.5, -16.3, "lost when added to 1", ha="center", va="top", color=INK)
        self._dh_T = live_line(ax, "--", color=BLUE, label=r"$\partial h_T/\partial h_t$")
        self._dL = live_line(ax, color=VERMILLION, label=r"$dL/dh_t$")
        log_axis(ax, self.LOW, self.HIGH)
        self._steps = TimeAxis(ax, parts=10)
        ax.legend(loc="upper right")
        return figure

    def update(self, result):
        """The x axis always runs from step 0 to T; its numbers are live."""
        along = np.arange(self.T + 1) / self.T
        self._dL.set_data(along, result["dL"])
        self._dh_T.set_data(along, result["dh_T"])
        self._steps.show(self.T)

    def readout(self, result):
        """The change over all steps, and a step."""
        log, factor = result["dh_T"][0], fixed(probes.factor_per_step(result["dh_T"]))
        return (
            f"From h{sub(self.T)} back to h₀: ∂h_T/∂h₀ has norm {power(log)}, that is × {factor} a step. "
            f"dL/dh₀ has norm {power(result['dL'][0])}."
        )


class FromUAlone(Lab):
    """Can you tell from U alone whether the gradient vanishes?

    The same network over 100 steps: what U says beforehand, beside what is measured.
    """

    gain = Slider(0.2, 3.0, step=0.05, default=0.9, label="gain (spectral radius of U)")
    kind = Choice(["orthogonal", "random"], label="kind of U")
    activation = Choice(["tanh", "sigmoid", "linear"], label="activation φ")
    size = Slider(0.0, 2.0, step=0.05, default=0.25, label="size of the input", more=True)
    anchors = ({"kind": "random"}, {"kind": "random", "activation": "sigmoid", "gain": 2.0})
    T = 100
    prediction = Prediction(
        "A random U of the same spectral radius, 0.9, largest singular value 1.64: the gradient vanishes ...",
        {"kind": "random"},
        ["faster", "about as fast", "more slowly", "not at all"],
    )
    colours = MappingProxyType({"Largest singular value": GREEN, "Measured": VERMILLION})

    def measured(self, result):
        """By the factor of a step, against that of an orthogonal U."""
        ratio = result["factor"] / self._factor("orthogonal")
        if result["factor"] >= 1:
            return "not at all"
        return "about as fast" if abs(ratio - 1) < 0.02 else "faster" if ratio < 1 else "more slowly"

    def because(self, result):
        """Both factors."""
        random, orthogonal = fixed(result["factor"]), fixed(self._factor("orthogonal"))
        return (
            f"By × {random} a step, and by × {orthogonal} with the orthogonal U. The bound promised nothing."
        )

    def _factor(self, kind):
        """What a step leaves with this kind of U, all else as it is."""
        tape = unroll(network(self.gain, self.activation, kind), self.size * noise(LONGEST, H, 2)[: self.T])
        return probes.factor_per_step(probes.log_norms_dh_T(tape))

    def compute(self):
        """Eigenvalues, the largest singular value, the bound, and the factor a step that came out."""
        cell = network(self.gain, self.activation, self.kind)
        tape = unroll(cell, self.size * noise(LONGEST, H, 2)[: self.T])
        return {
            "of_U": self.gain * _eigenvalues(self.kind),
            "of_step": probes.eigenvalues(tape, steps=[self.T])[0],
            "stretch": self.gain * _largest(self.kind), "bound": probes.vanishing_bound(cell),
            "factor": probes.factor_per_step(probes.log_norms_dh_T(tape)),
        }  # fmt: skip

    def draw(self, result):
        """Left the eigenvalues, right the numbers that are compared."""
        figure = self.new_figure(8.2, 4.4)
        left, right = figure.subplots(1, 2, width_ratios=[5, 4])
        self._draw_eigenvalues(left)
        self._draw_numbers(right)
        return figure

    def _draw_eigenvalues(self, ax):
        turn = np.linspace(0, 2 * np.pi, 200)
        ax.plot(np.cos(turn), np.sin(turn), color="0.35", lw=1.5)
        self._of_U = live_line(ax, "o", ms=7, mfc="none", color=BLUE, label="of U")
        self._of_step = live_line(ax, "o", ms=4, color=VERMILLION)
        self._of_step.set_label("of the last Jacobian")
        ax.set(xlim=(-3.2, 3.2), ylim=(-3.2, 4.9), aspect="equal", xticks=range(-3, 4), yticks=range(-3, 4))
        ax.set_title("eigenvalues, unit circle")
        ax.legend(loc="upper center", handletextpad=0.2)

    def _draw_numbers(self, ax):
        rows = ("measured factor", "spectral radius", "largest\nsingular value")
        self._dots = {
            name: live_line(ax, marker, ms=10, color=colour)
            for name, marker, colour in (
                ("factor", "o", VERMILLION),
                ("radius", "s", BLUE),
                ("stretch", "D", GREEN),
            )
        }
        self._bound = live_line(ax, "--", color=BLACK, lw=2)
        self._word = ax.text(0, 2.75, "1/γ", ha="center", va="center", animated=True)
        ax.axvline(1, color="0.5", lw=1)
        ax.set(xlim=(0, 10.5), ylim=(-0.6, 3), yticks=[0, 1, 2], xlabel="a step", title="factors")
        ax.set_xscale("symlog", linthresh=1)
        ax.set_xlim(0, 7)
        ax.set_xticks([0, 0.5, 1, 2, 4], ["0", "0.5", "1", "2", "4"])
        ax.set_yticklabels(rows)

    def update(self, result):
        """Everything is of this setting alone."""
        for line, name in ((self._of_U, "of_U"), (self._of_step, "of_step")):
            line.set_data(result[name].real, result[name].imag)
        radius = np.abs(result["of_U"]).max()
        for k, (name, value) in enumerate(
            (("factor", result["factor"]), ("radius", radius), ("stretch", result["stretch"]))
        ):
            self._dots[name].set_data([value], [k])
        self._bound.set_data([result["bound"]] * 2, [-0.6, 2.5])
        self._word.set_x(result["bound"])

    def readout(self, result):
        """What the bound says, and what was measured."""
        stretch, bound, factor = result["stretch"], result["bound"], fixed(result["factor"])
        if stretch < bound * (1 - 1e-12):
            said = f"below 1/γ = {bound:.0f}: the gradient must vanish"
        else:
            said = f"not below 1/γ = {bound:.0f}: nothing is promised"
        measured = f"Measured over {self.T} steps: × {factor} a step."
        return f"Largest singular value {fixed(stretch, 2)}, {said}. {measured}"


def network(gain, activation, kind="orthogonal"):
    """H units, one input each; the spectral radius of U is the gain."""
    return RNN(H, H, init="zeros", activation=activation).put(W=np.eye(H), U=gain * _recurrent(kind))


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
def _largest(kind):
    return probes.largest_singular_value(_recurrent(kind))
