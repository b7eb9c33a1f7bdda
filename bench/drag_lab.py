"""The figure that `bench/drag.py` measures, painted in the two ways it compares.

An LSTM of 32 units reads 200 steps of four sequences: the norm of the gradient at each step, and its
three gates as heatmaps.
"""

import pathlib

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, interact

from helpers.drawing.style import BLUE
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.engine.probes import log_norms_dL
from helpers.lab import Lab, Slider

T, H, B = 200, 32, 4
GATES = ("forget", "input", "output")


CELL = LSTM(2, H, rng=0, init="orthogonal")
X = np.random.default_rng(1).standard_normal((T, 2, B))


def run(bias):
    """log10 of the gradient norms (T + 1,), and the three gates (H, T) of the first sequence."""
    CELL["b_f"] = bias
    tape = unroll(CELL, X)
    norms = log_norms_dL(tape, np.ones((H, B)) / H)[:, 0]
    return norms, [gate[:, :, 0].T for gate in (tape.f, tape.i, tape.o)]


def decorate(axes):
    """What keeps still, the same for both."""
    axes[0].set(xlim=(0, T), ylim=(-12, 2), xlabel="step t")
    axes[0].set_title("log₁₀ of the gradient's norm at each step")
    for ax, gate in zip(axes[1:], GATES, strict=True):
        ax.set(xlim=(0, T), ylim=(0, H), xlabel="step t", ylabel="unit", title=f"{gate} gate")


class Live(Lab):
    """The live figure."""

    bias = Slider(-5.0, 5.0, step=0.02, default=0.0, label="forget bias")

    def compute(self):
        """Run the LSTM."""
        norms, gates = run(self.bias)
        return {"norms": norms, "gates": gates}

    def draw(self, result):
        """Two by two."""
        figure = self.new_figure(9, 5)
        axes = figure.subplots(2, 2).ravel()
        (self.line,) = axes[0].plot([], [], color=BLUE, animated=True)
        place = {"extent": (0, T, 0, H), "vmin": 0, "vmax": 1, "origin": "lower", "animated": True}
        self.images = [ax.imshow(np.zeros((H, T)), **place) for ax in axes[1:]]
        decorate(axes)
        return figure

    def update(self, result):
        """New data, and nothing else."""
        self.line.set_data(np.arange(T + 1), result["norms"])
        for image, gate in zip(self.images, result["gates"], strict=True):
            image.set_data(gate)

    def readout(self, result):
        """The value on show."""
        return f"forget bias {self.bias:.2f}"


def inline():
    """`interact` and a new figure each time: what nearly every notebook does."""

    def show(bias):
        norms, gates = run(bias)
        axes = plt.subplots(2, 2, figsize=(9, 5), dpi=100)[1].ravel()
        axes[0].plot(np.arange(T + 1), norms)
        for ax, gate in zip(axes[1:], gates, strict=True):
            ax.imshow(gate, extent=(0, T, 0, H), vmin=0, vmax=1, origin="lower", aspect="auto")
        decorate(axes)
        plt.show()
        print(f"forget bias {bias:.2f}")

    interact(show, bias=FloatSlider(min=-5, max=5, step=0.02, value=0, description="forget bias"))


def memory():
    """Bytes this process holds; None where the system does not tell (not Linux)."""
    status = pathlib.Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 if status.exists() else None


def soak(lab, updates):
    """How many bytes `updates` more frames cost, after a hundred that do not count."""
    before = None
    for k in range(updates + 100):
        if k == 100:
            before = memory()
        lab.bias = round(-5 + 0.02 * (k % 500), 2)
    return None if before is None else memory() - before
