"""Lab of the lesson on the GRU: one set of weights, read in four conventions."""

import functools
from types import MappingProxyType

import numpy as np

from helpers.drawing.plots import heatmap, live_line, zero_line
from helpers.drawing.style import BLUE, VERMILLION, fixed, sub
from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU
from helpers.lab import Choice, Lab, Prediction, Slider, Toggle
from helpers.tasks import noise

FIRST, SECOND, NOWHERE = "at step 1", "at step 2", "at no step"
PART = (
    "Read as {read}: the states first differ at step {step}, where {name}{sub} is {off} off. Their largest "
    "difference is {farthest}."
)
EQUAL = "Read as {read}: every state is the same, up to rounding."
ONLY_Z = "Read as {read}: every state is the same, up to rounding. Only z differs: it has become 1 − z."
NAMES = {"r": "r", "z": "z", "h_tilde": "h̃", "h": "h"}  # in the order a step computes them


class Conventions(Lab):
    """Same weights, another convention: where do the two GRUs differ?

    Eight units read noise. The weights were made for z that keeps and r before the product. A second
    GRU takes the same weights and reads them as the controls say.
    """

    update_gate = Choice(["keep", "write"], label="z = 1 means")
    reset_gate = Choice(["before", "after"], label="r is applied … the product")
    flipped = Toggle(label="flip the sign of W_z, U_z, b_z")
    off_diagonal = Slider(0.0, 1.0, step=0.02, default=1.0, label="scale U_h off the diagonal by")
    anchors = (
        {"reset_gate": "after"},
        {"update_gate": "write"},
        {"update_gate": "write", "flipped": True},
        {"reset_gate": "after", "off_diagonal": 0.0},
        {"reset_gate": "after", "off_diagonal": 0.1},
    )
    H, D, T, NOTHING = 8, 2, 24, 1e-12
    prediction = Prediction(
        "If the second GRU applies r after the product, at which step do the states first differ?",
        {"reset_gate": "after"},
        [FIRST, SECOND, NOWHERE],
    )
    colours = MappingProxyType({"Read as": VERMILLION})

    def measured(self, result):
        """The first step at which the states are apart."""
        apart = np.flatnonzero(result["apart"]["h"] > self.NOTHING)
        if not apart.size:
            return NOWHERE
        return FIRST if apart[0] == 0 else SECOND

    def because(self, result):
        """Why not at step 1."""
        first = result["apart"]["h_tilde"][1]
        return f"At step 1 there is no past, so there is nothing to reset. At step 2 h̃ is {first:.3f} off."

    def compute(self):
        """Both runs, and how far r, z, h̃ and h are apart at each step (the unit that differs most)."""
        made = _weights(self.H, self.D, self.off_diagonal)
        read = GRU(self.D, self.H, init="zeros", update=self.update_gate, reset=self.reset_gate)
        read.put(W=made.W, U=made.U, b_z=made["b_z"], b_r=made["b_r"], b_h=made["b_h"])
        if self.flipped:
            for name in ("W_z", "U_z", "b_z"):
                read[name] *= -1
        x = noise(self.T, self.D, seed=5)
        one, two = unroll(made, x), unroll(read, x)
        apart = {n: np.abs(getattr(one, n) - getattr(two, n)).max(axis=(1, 2)) for n in NAMES}
        unit = int(np.abs(one.h - two.h).max(axis=(0, 2)).round(9).argmax())
        return {"apart": apart, "unit": unit, "one": one.h[:, unit, 0], "two": two.h[:, unit, 0]}

    def draw(self, result):
        """One unit of both; below, which quantity differs when."""
        figure = self.new_figure(8.2, 4.4)
        top, below = figure.subplots(2, 1, sharex=True)
        zero_line(top)
        self._one = live_line(top, "o-", ms=5, color=BLUE, label="as it was made")
        self._two = live_line(top, "s--", ms=5, color=VERMILLION, label="as it is read")
        top.set(ylim=(-1.1, 1.5), yticks=[-1, 0, 1], ylabel="state", title="the unit that differs most")
        top.legend(loc="upper center", ncols=2)
        self._apart = heatmap(below, len(NAMES), self.T, down=True)
        self._apart.set(cmap="viridis", clim=(-4, 0))
        below.set(xlabel="step t", title="how far apart they are (white: equal)")
        below.set_yticks([0.5, 1.5, 2.5, 3.5], ["$r$", "$z$", r"$\tilde h$", "$h$"])
        bar = figure.colorbar(self._apart, ax=below, ticks=[-4, -2, 0], extend="min")
        bar.ax.set_yticklabels(["$10^{-4}$", "$10^{-2}$", "1"])
        return figure

    def update(self, result):
        """What is equal up to rounding is left white."""
        steps = np.arange(1, self.T + 1)
        self._one.set_data(steps, result["one"])
        self._two.set_data(steps, result["two"])
        apart = np.stack([result["apart"][name] for name in NAMES])
        seen = np.where(apart > self.NOTHING, apart, 1.0)
        self._apart.set_data(np.where(apart > self.NOTHING, np.log10(seen), np.nan))

    def readout(self, result):
        """Which quantity differs first, and by how much; and how far the states get apart."""
        apart, read = result["apart"], f"{self.update_gate}/{self.reset_gate}"
        farthest = apart["h"].max()
        if farthest <= self.NOTHING:
            return (ONLY_Z if apart["z"].max() > self.NOTHING else EQUAL).format(read=read)
        state = int(np.argmax(apart["h"] > self.NOTHING))
        renamed = {"z"} if self.flipped and self.update_gate == "write" else set()  # z is 1 - z there
        cause = next(n for n in NAMES if n not in renamed and apart[n][state] > self.NOTHING)
        off, farthest = fixed(apart[cause][state]), fixed(farthest)
        step, name = state + 1, NAMES[cause]
        return PART.format(read=read, step=step, name=name, sub=sub(step), off=off, farthest=farthest)


@functools.cache
def _made(H, D):
    cell = GRU(D, H, rng=3, init="orthogonal", gain=1.5)
    cell.W *= 2
    cell.b[...] = np.random.default_rng(4).normal(0, 0.5, cell.b.shape)
    return cell


def _weights(H, D, off_diagonal):
    """The GRU as it was made, the entries of U_h off its diagonal scaled."""
    cell, scale = _made(H, D).like(), np.full((H, H), off_diagonal)
    np.fill_diagonal(scale, 1.0)
    cell["U_h"] *= scale
    return cell
