"""Lab of lesson 2: how an error signal travels back from step to step."""

import numpy as np

from helpers.drawing.error_chain import ErrorChain
from helpers.drawing.plots import bars, live_text, place_bars, zero_line
from helpers.drawing.style import GREEN, fixed, sub
from helpers.engine.bptt import backprop, unroll
from helpers.lab import Choice, Lab, Prediction, Slider
from helpers.labs.bptt.unit import PUSHES, START, TARGETS, T, errors, unit

START_OF_ALL = "h₀ = 0. Drag on: the first step reads x₁."
FORWARD = "Forward: from x{s} = {x} and h{before} = {h_prev}, step {step} makes h{s} = {h}."
TURN = "The forward pass is done: the loss is {loss}. Drag on, and the error signals travel back."
GETS = (
    "h{s} gets {direct} directly and {later} from later steps. The sum times φ′(a{s}) = {slope} is "
    "da{s} = {da}."
)
SENDS = (
    "Multiplied by h{before} = {h_prev}, it adds {share} to dU; multiplied by U = {U}, it sends {sent} on "
    "to h{before}."
)
ENDS = "Multiplied by h₀ = 0.000, it adds 0.000 to dU. This is the first step: the backward pass ends here."


class WalkingBack(Lab):
    """How does an error signal travel back to earlier steps?

    One hidden unit, h_t = tanh(W x_t + U h_(t-1) + b), whose output is its state. The slider walks forward
    through the ten steps, and then back.
    """

    at = Slider(0.0, 2.0 * T, step=0.25, default=1.0 * T, label="walk (10 forward, 10 back)", time=True)
    targets = Choice(list(TARGETS), label="targets at")
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
        "The errors are largest at steps 5, 6 and 7. Where is the error signal dL/dh largest in the end?",
        {"at": 2.0 * T},
        {"1": "at step 1", "5": "at step 5", "6": "at step 6", "7": "at step 7"},
    )

    def measured(self, result):
        """The step at which most has come together."""
        return str(np.abs(result["total"]).argmax() + 1)

    def because(self, result):
        """What came together there."""
        s = int(np.abs(result["total"]).argmax())
        direct, later = fixed(result["direct"][s]), fixed(result["total"][s] - result["direct"][s])
        return (
            f"h{sub(s + 1)} gets {direct} directly and {later} from later steps: it shares the blame for "
            "what came after it."
        )

    def compute(self):
        """The run, and what its errors add up to during the backward pass."""
        asked, tape = TARGETS[self.targets], unroll(unit(START[0], self.U, START[2]), PUSHES)
        error, direct = errors(tape, asked)
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
        """The chain; below it the one box into which every step drops its contribution to dU."""
        figure = self.new_figure(8.2, 4.6)
        above, below = figure.subplots(2, 1, height_ratios=[5, 2])
        self._chain = ErrorChain(above, T, full=0.6)
        zero_line(below)
        self._shares = bars(below, GREEN, width=18)
        x = self._chain.x_of_steps(T)
        below.set(xlim=(0, 10), ylim=(-0.12, 0.28), xticks=x[1:], yticks=[-0.1, 0, 0.1, 0.2], xlabel="step t")
        below.set_xticklabels(range(1, T + 1))
        below.grid(False, axis="x")
        below.set_title("one box for all steps: each drops its contribution to dU", fontsize=12)
        for side in ("top", "right"):
            below.spines[side].set_visible(True)
        self._sum = live_text(below, 0.12, 0.2, ha="left", va="center", color=GREEN)
        return figure

    def update(self, result):
        """As far as the walk has come."""
        self._chain.walk(self.at, result)
        here = np.arange(1, T + 1) > 2 * T - int(self.at)
        place_bars(self._shares, self._chain.x_of_steps(T)[1:][here], 0, result["shares"][here])
        so_far = result["shares"][here].sum()
        self._sum.set_text(f"dU = {fixed(so_far)}" if here.any() else "")

    def clickable(self):
        """The links: a click opens the numbers that are multiplied there."""
        boxes = {s: self._chain.link(s) for s in range(2, T + 1)}
        return {
            f"step {s} to step {s - 1}: what is multiplied there": (box, {"at": 2.0 * T - s + 1})
            for s, box in boxes.items()
        }

    def readout(self, result):
        """What happens at the step that the walk has come to."""
        at = int(self.at)
        if at == 0:
            return START_OF_ALL
        if at == T:
            return TURN.format(loss=fixed(result["loss"], 4))
        s = at if at < T else 2 * T - at + 1
        n = {name: fixed(values[s - 1]) for name, values in result.items() if name not in ("asked", "loss")}
        n |= {"step": s, "s": sub(s), "before": sub(s - 1), "U": fixed(self.U, 2)}
        if at < T:
            return FORWARD.format(**n | {"x": fixed(result["x"][s - 1], 0)})
        n["later"] = fixed(result["total"][s - 1] - result["direct"][s - 1])
        n["share"], n["sent"] = n["shares"], fixed(result["da"][s - 1] * self.U)
        return f"{GETS.format(**n)} {ENDS if s == 1 else SENDS.format(**n)}"
