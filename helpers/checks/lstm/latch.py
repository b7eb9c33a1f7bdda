"""The latch: an LSTM of one unit that the learner has programmed, judged on new cases."""

import itertools

import numpy as np

from helpers.checks import call, exercise, not_yet, right
from helpers.checks.programmed import as_cell, stray_block
from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM

CLEAR, LONGEST = 0.5, 300


@exercise("Set weights and biases of the cell you are given, and return it.")
def check_latch(function):
    """The learner's `program(cell)`: sets an LSTM(2, 1) so that it keeps the value at the latest flag.

    Parameters
    ----------
    function : callable
        Is given an LSTM with two inputs, value and flag, and one unit, all weights and biases 0. Returns
        it. After the last step its hidden state must have the sign of the value at the latest flag, and
        be at least 0.5 from 0: in 60 sequences of 5 to 300 steps, with flags early, late, one or two.

    Returns
    -------
    Feedback
    """
    blank = LSTM(2, 1, init="zeros")
    answer = call(function, blank)
    return _judge(as_cell(answer, blank), stray_block(answer, blank))


def _cases():
    """Lengths, seeds and the steps of the flags: early, late, twice, at the very first and last step."""
    rng = np.random.default_rng(20)
    cases = []
    for T in (5, 12, 30, 100, LONGEST):
        pairs = [(0,), (T - 1,), (0, T - 1), (0, 1), (T // 2,)]
        for _ in range(7):
            flags = np.sort(rng.choice(T, rng.integers(1, 3), replace=False))
            pairs.append(tuple(int(step) for step in flags))
        cases += [(T, flags, int(rng.integers(1 << 30))) for flags in pairs]
    return cases


CASES = _cases()


def _run(cell, cases):
    """The tape of cases of one length side by side, their flags (T, B), and the signs wanted, (B,)."""
    T = cases[0][0]
    x = np.zeros((T, 2, len(cases)))
    for n, (_, flags, seed) in enumerate(cases):
        x[:, 0, n] = np.random.default_rng(seed).choice([-1.0, 1.0], T)
        if len(flags) == 2:  # the second value is the other one, or its flag would make no difference
            x[flags[1], 0, n] = -x[flags[0], 0, n]
        x[list(flags), 1, n] = 1
    wanted = np.array([x[flags[-1], 0, n] for n, (_, flags, _) in enumerate(cases)])
    return unroll(cell, x), x[:, 1] == 1, wanted


def _judge(cell, stray):
    """Right, or the first thing to mend; `stray` is the hint for a block that was set as an attribute."""
    runs = [_run(cell, list(cases)) for _, cases in itertools.groupby(CASES, key=lambda case: case[0])]
    ends = np.concatenate([tape.h[-1, 0] * wanted for tape, _, wanted in runs])
    if (ends >= CLEAR).all():
        return right(
            f"The end is right in all {len(ends)} new sequences, up to {LONGEST} steps long. At the flag the"
            " input gate opens and the forget gate shuts; after it, the input gate is shut and the forget"
            " gate open. That is a latch."
        )
    seen = _measured(runs)
    hint = stray or _writing(seen) or _showing(seen) or _keeping(seen) or _worst(ends)
    return not_yet(f"The end is right in {(ends >= CLEAR).sum()} of {len(ends)} new sequences. {hint}")


def _worst(ends):
    worst = f"{ends.min():.2f}".replace("-", "−")
    return f"The worst one ends at {worst}, and {CLEAR} is asked for: write or show more strongly."


def _measured(runs):
    """The lowest and the highest value of each gate, at the flags and elsewhere, and what else hints need."""
    seen = {}
    for name in ("f", "i"):
        at, away = (
            np.concatenate([getattr(tape, name)[:, 0][here == flagged] for tape, here, _ in runs])
            for flagged in (True, False)
        )
        seen[name] = {"at": (at.min(), at.max()), "away": (away.min(), away.max())}
    seen["o"] = min(tape.o[-1].min() for tape, _, _ in runs)
    seen["direction"] = min((tape.c_tilde[:, 0] * tape.x[:, 0])[here].min() for tape, here, _ in runs)
    return seen


def _writing(seen):
    """Whether the flagged value gets in."""
    low, high = seen["i"]["at"]
    if low <= 0.5 < high:
        return (
            f"The input gate is {low:.2f} at some flags and {high:.2f} at others; it should open at each. "
            "W_i holds the weight of the value first, then that of the flag."
        )
    if low <= 0.5:
        return f"The input gate is {low:.2f} at the flag, so too little is written."
    if seen["direction"] < CLEAR:
        return "At the flag the candidate should point where the value points: near 1 for 1, near −1 for −1."
    return None


def _showing(seen):
    """Whether what the cell holds is seen at the end."""
    shown = seen["o"] * np.tanh(1)
    if shown < CLEAR:
        return (
            f"The output gate is {seen['o']:.2f} after the last step: of a cell that holds 1 it shows "
            f"{seen['o']:.2f} times tanh(1), which is {shown:.2f}."
        )
    return None


def _keeping(seen):
    """Whether it stays, and nothing else comes in."""
    f_low, f_high = seen["f"]["away"]
    i, f_flag = seen["i"]["away"][1], seen["f"]["at"][1]
    if i > 0.01:
        return f"The input gate is up to {i:.3f} where there is no flag, so other values are written."
    if f_low <= 0.5 < f_high:
        return (
            f"Without a flag the forget gate is {f_low:.2f} at some steps and {f_high:.2f} at others; it "
            "should stay open. W_f holds the weight of the value first, then that of the flag."
        )
    if f_low**LONGEST < 0.55:
        return (
            f"Without a flag the forget gate is {f_low:.4f}: half is gone after "
            f"{probes.half_life(f_low):.1f} steps, and sequences have up to {LONGEST}."
        )
    if f_flag > 0.1:
        return (
            f"At the flag the forget gate is {f_flag:.2f}, so the value of an earlier flag stays and the new "
            "one is added to it. The latest should replace it."
        )
    return None
