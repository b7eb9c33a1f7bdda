"""Labs of notebook 02: clip what explodes, truncate what costs, and what neither can mend."""

import functools
import time

import numpy as np

from helpers import probes
from helpers.bptt import backprop, cost, unroll
from helpers.cells import LSTM, RNN
from helpers.lab import Choice, Lab, Slider, Toggle
from helpers.style import AMBER, BLACK, BLUE, GREEN, INK, VERMILLION, fixed, size, sub

NOTEBOOK = "02_bptt_vanishing_gradients"
H = 32


class Cliff(Lab):
    """What happens to learning at a cliff?

    One unit without input, h_t = tanh(U h_(t-1) + b), starts at -0.5 and should be at 0.5 after 20 steps.
    Gradient descent from U = 1.5, b = 0.5, once as it is and once with clipping.
    """

    updates = Slider(0, 60, step=1, default=60, label="updates made so far")
    rate = Slider(0.05, 1.0, step=0.05, default=0.3, label="learning rate")
    limit = Slider(0.5, 30.0, step=0.5, default=1.0, label="clip the norm at")
    T, H_0, TARGET, START, LONGEST = 20, -0.5, 0.5, (1.5, 0.5), 60
    U_RANGE, B_RANGE = (0.0, 2.5), (-0.5, 1.5)

    def compute(self):
        """Both paths: U, b, the loss and the gradient's norm before each update."""
        return {"plain": _path(self.rate, None), "clipped": _path(self.rate, self.limit)}

    def draw(self, result):
        """The loss as a landscape; the loss and the gradient norm over the updates."""
        figure = self.new_figure(10, 5.6)
        grid = figure.add_gridspec(2, 2, width_ratios=[6, 5])
        land = figure.add_subplot(grid[:, 0])
        image = land.imshow(
            _landscape(), extent=(*self.U_RANGE, *self.B_RANGE), cmap="Greys", origin="lower", vmin=0, vmax=3
        )
        figure.colorbar(image, ax=land, location="bottom", label="loss", shrink=0.8)
        land.set(
            xlim=self.U_RANGE, ylim=self.B_RANGE, xlabel="U", ylabel="b", title="the loss for every U and b"
        )
        land.grid(False)
        above, below = figure.add_subplot(grid[0, 1]), figure.add_subplot(grid[1, 1])
        above.set(xlim=(0, self.LONGEST), ylim=(1e-6, 10), yscale="log", title="loss")
        below.set(xlim=(0, self.LONGEST), ylim=(1e-4, 1e3), yscale="log", title="norm of the gradient")
        below.set_xlabel("updates")
        self._lines = {
            name: [
                ax.plot([], [], look, ms=4, lw=1.5, color=colour, animated=True)[0]
                for ax in (land, above, below)
            ]
            for name, look, colour in (("plain", "s-", VERMILLION), ("clipped", "o-", BLUE))
        }
        (self._limit,) = below.plot([], [], "--", color="0.35", lw=1.5, animated=True)
        lines = [self._lines["plain"][1], self._lines["clipped"][1], self._limit]
        figure.legend(lines, ["as it is", "clipped", "limit"], loc="outside lower right", ncols=3)
        return figure

    def update(self, result):
        """Show the updates made so far."""
        made = np.arange(self.updates + 1)
        for name, (on_land, loss, norm) in self._lines.items():
            U, b, L, size = result[name][made].T
            on_land.set_data(U, b)
            loss.set_data(made, np.maximum(L, 1e-30))
            norm.set_data(made, np.maximum(size, 1e-30))
        self._limit.set_data([0, self.LONGEST], [self.limit] * 2)

    def readout(self, result):
        """Where both ended, and the largest gradient met."""
        plain, clipped = (result[name][: self.updates + 1] for name in ("plain", "clipped"))
        return (
            f"After {self.updates} updates. As it is: largest gradient {plain[:, 3].max():.1f}, now "
            f"{_place(plain[-1])}. Clipped at {self.limit:.1f}: {_place(clipped[-1])}."
        )


def _place(row):
    return f"U = {fixed(row[0], 2)}, b = {fixed(row[1], 2)}, loss {row[2]:.4f}"


@functools.lru_cache(maxsize=512)
def _path(rate, limit):
    """Gradient descent, (updates + 1, 4): U, b, loss, norm of the gradient, before each update."""
    cell, path = RNN(1, 1, rng=0), []
    cell.U[:], cell.b[:] = Cliff.START
    x, h_0 = np.zeros((Cliff.T, 1, 1)), [[Cliff.H_0]]
    for _ in range(Cliff.LONGEST + 1):
        tape = unroll(cell, x, h_0)
        error = tape.h[-1] - Cliff.TARGET
        grads = backprop(cell, tape, 2 * error)
        gradient = np.array([grads.dU.item(), grads.db.item()])
        norm = np.linalg.norm(gradient)
        path.append([cell.U.item(), cell.b.item(), error.item() ** 2, norm])
        if limit is not None and norm > limit:
            gradient *= limit / norm
        cell.U -= rate * gradient[0]
        cell.b -= rate * gradient[1]
    return np.array(path)


@functools.cache
def _landscape(n=120):
    """The loss at n values of b (rows) and of U (columns). Where W = 1, an input is a bias."""
    b = np.linspace(*Cliff.B_RANGE, n)
    x = np.broadcast_to(b, (Cliff.T, 1, n))
    cell = RNN(1, 1, rng=0)
    cell.W[:] = 1
    losses = []
    for cell.U[:] in np.linspace(*Cliff.U_RANGE, n):
        h = unroll(cell, x, np.full((1, n), Cliff.H_0)).h[-1, 0]
        losses.append((h - Cliff.TARGET) ** 2)
    return np.array(losses).T


class Truncation(Lab):
    """What do you save by sending errors only k steps back, and what do you lose?

    60 steps of noise, a network with fixed weights. The LSTM is the subject of the next lesson; here it
    stands for a network with a longer memory.
    """

    k = Slider(1, 60, step=1, default=10, label="send errors back k steps")
    network = Choice(["RNN, gain 0.9", "LSTM, bias 1", "LSTM, bias 5"], label="network")
    loss = Choice(["last step", "every step"], label="loss at")
    timed = Toggle(label="time the way back, here and now")
    T = 60
    keeps_frames = False  # it may measure time

    def compute(self):
        """The gradient cut off at k against the whole, and what both cost."""
        cell, tape, dh = _setting(self.network, self.loss)
        cosines, ratios = _agreement(self.network, self.loss)
        stored, work = _costs(self.network, self.loss)
        last = np.zeros((cell.H, 1))
        last[:] = dh[-1] if dh.ndim == 3 else dh
        sent = np.linalg.norm(backprop(cell, tape, last, self.k, _mode(self.loss)).dh[1:, :, 0], axis=1)
        return {
            "cosines": cosines, "ratios": ratios, "stored": stored, "work": work, "sent": sent,
            "full": np.linalg.norm(backprop(cell, tape, last).dh[1:, :, 0], axis=1),
            "echo": _echo(self.network), "time": self._time(cell, tape, dh) if self.timed else None,
        }  # fmt: skip

    def _time(self, cell, tape, dh):
        """Seconds for the way back cut off at k, over those of the whole: the best of five each."""
        best = {}
        for cut in (self.k, self.T) * 5:
            start = time.perf_counter()
            backprop(cell, tape, dh, cut, _mode(self.loss))
            best[cut] = min(best.get(cut, np.inf), time.perf_counter() - start)
        return best[self.k] / best[self.T]

    def draw(self, result):
        """What is lost, what is saved, and how far both directions reach."""
        figure = self.new_figure(10, 7.4)
        grid = figure.add_gridspec(2, 2, height_ratios=[1, 1])
        lost, saved = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[0, 1])
        self._curves = self._pair(lost, ("cosine", "length ratio"), (BLUE, VERMILLION), -0.8)
        self._curves += self._pair(saved, ("stored", "multiplications"), (GREEN, AMBER), 0)
        lost.set_title("what is left of the gradient")
        saved.set_title("what it costs, full BPTT = 1")
        self._cursors = [ax.plot([], [], "--", color=BLACK, lw=1.5, animated=True)[0] for ax in (lost, saved)]
        self._draw_reach(figure.add_subplot(grid[1, :]))
        return figure

    def _pair(self, ax, labels, colours, low):
        ax.axhline(0, color="0.5", lw=1)
        ax.set(
            xlim=(0, self.T + 1),
            ylim=(low, 1.45),
            xlabel="k",
            yticks=np.arange(np.ceil(low * 2) / 2, 1.1, 0.5),
        )
        lines = [
            ax.plot([], [], dash, color=colour, animated=True, label=label)[0]
            for label, colour, dash in zip(labels, colours, ("-", "-."), strict=True)
        ]
        ax.legend(loc="upper center", ncols=2, columnspacing=1)
        return lines

    def _draw_reach(self, ax):
        (self._full,) = ax.plot(
            [], [], ":", color=INK, lw=2, animated=True, label="last error sent back, in full"
        )
        (self._sent,) = ax.plot(
            [], [], "o-", ms=4, color=VERMILLION, animated=True, label="cut off after k steps"
        )
        (self._echo,) = ax.plot(
            [], [], "--", color=BLUE, animated=True, label="a nudge at step 1, going forward"
        )
        ax.set(xlim=(0, self.T + 1), ylim=(1e-6, 1e4), yscale="log", xlabel="step t", ylabel="size, log")
        ax.set(title="how far errors go back, and how far inputs go forward")
        ax.legend(loc="upper center", ncols=3, columnspacing=1, handlelength=1.5)

    def update(self, result):
        """The curves belong to the network; k moves the cursors and cuts the red line."""
        at = np.arange(1, self.T + 1)
        for line, name in zip(self._curves, ("cosines", "ratios", "stored", "work"), strict=True):
            line.set_data(at, result[name])
        for cursor in self._cursors:
            cursor.set_data([self.k, self.k], [-0.8, 1.05])
        self._full.set_data(at, result["full"])
        self._sent.set_data(at, np.where(result["sent"] > 0, result["sent"], np.nan))
        self._echo.set_data(at, result["echo"])

    def readout(self, result):
        """What is left, what it costs, and what does not depend on k."""
        at = self.k - 1
        timed = f" Time of the way back: × {result['time']:.2f}." if self.timed else ""
        return (
            f"k = {self.k} of {self.T}: cosine {fixed(result['cosines'][at])}, "
            f"length × {result['ratios'][at]:.3f}. "
            f"Stored × {result['stored'][at]:.2f}, multiplications × {result['work'][at]:.2f}.{timed} "
            f"Whatever k is, a nudge of x₁ moves h{sub(self.T)} {size(result['echo'][-1])} "
            "times as much as h₁."
        )


NETWORKS = {
    "RNN, gain 0.9": lambda rng: RNN(8, H, rng=rng, init="orthogonal", gain=0.9),
    "LSTM, bias 1": lambda rng: LSTM(8, H, rng=rng, init="orthogonal", forget_bias=1),
    "LSTM, bias 5": lambda rng: LSTM(8, H, rng=rng, init="orthogonal", forget_bias=5),
}


@functools.cache
def _setting(network, loss):
    """A cell, its run over noise, and what the losses send to its states."""
    rng = np.random.default_rng(0)
    cell = NETWORKS[network](rng)
    tape = unroll(cell, 0.5 * rng.standard_normal((Truncation.T, cell.D, 1)))
    dh = rng.standard_normal((Truncation.T, H, 1)) / np.sqrt(H)
    return cell, tape, dh if loss == "every step" else dh[-1]


def _mode(loss):
    """Segments are the usual way; for one loss at the end, a window is the same but need not line up."""
    return "segments" if loss == "every step" else "window"


@functools.cache
def _agreement(network, loss):
    """Cosine with the full gradient, and length over its length, for k = 1..T."""
    cell, tape, dh = _setting(network, loss)
    cuts = range(1, Truncation.T + 1)
    all_of_them = np.stack([_flat(backprop(cell, tape, dh, k, _mode(loss))) for k in cuts])
    lengths, full = np.linalg.norm(all_of_them, axis=1), all_of_them[-1]
    return all_of_them @ full / lengths / lengths[-1], lengths / lengths[-1]


def _flat(grads):
    return np.concatenate([g.ravel() for g in grads.parameters.values()])


@functools.cache
def _costs(network, loss):
    """Numbers stored and multiplications of the way back, over those of full BPTT, for k = 1..T."""
    cell, T = _setting(network, loss)[0], Truncation.T
    costs = [cost(cell, T, cut=k, mode=_mode(loss), loss=loss.split()[0]) for k in range(1, T + 1)]
    both = np.array([[c.stored, c.backward] for c in costs], float)
    return (both / both[-1]).T


@functools.cache
def _echo(network):
    """How much a nudge of the first input moves each state, over how much it moves h_1."""
    cell, tape, _ = _setting(network, "last step")
    moved = probes.perturbation(cell, tape.x, 1, 1e-3)[:, :, 0]
    sizes = np.linalg.norm(moved, axis=1)
    return sizes / sizes[0]
