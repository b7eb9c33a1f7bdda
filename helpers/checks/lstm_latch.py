"""The latch of notebook 03: an LSTM of one unit that the learner has programmed, judged on new cases."""

import numpy as np

from helpers import probes
from helpers.bptt import unroll
from helpers.cells import LSTM
from helpers.checks import call, not_yet, right

CLEAR, LONGEST = 0.5, 300


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
    task = "Set weights and biases of the cell you are given, and return it."
    cell = LSTM(2, 1, rng=0)
    cell.W[...], cell.U[...] = 0, 0
    value, feedback = call(function, cell, task=task)
    if feedback:
        return feedback
    if not isinstance(value, LSTM):
        return not_yet(f"An LSTM is expected; this is of type {type(value).__name__}. Did you return it?")
    if (value.D, value.H) != (2, 1):
        return not_yet(f"The LSTM should have 2 inputs and 1 unit; yours has {value.D} and {value.H}.")
    if not all(np.isfinite(p).all() for p in value.parameters.values()):
        return not_yet("A weight or a bias is not a finite number.")
    return _judge([_run(value, *case) for case in CASES])


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


def _run(cell, T, flags, seed):
    """The tape of one case, its flags (T,), and the sign that is wanted."""
    x = np.zeros((T, 2, 1))
    x[:, 0, 0] = np.random.default_rng(seed).choice([-1.0, 1.0], T)
    if len(flags) == 2:  # the second value is the other one, or the second flag would make no difference
        x[flags[1], 0, 0] = -x[flags[0], 0, 0]
    x[list(flags), 1, 0] = 1
    return unroll(cell, x), x[:, 1, 0] == 1, x[flags[-1], 0, 0]


def _judge(runs):
    ends = np.array([tape.h[-1, 0, 0] * wanted for tape, _, wanted in runs])
    if (ends >= CLEAR).all():
        return right(
            f"Right in all {len(runs)} new sequences, up to {LONGEST} steps long. At the flag the input gate "
            "opens and the forget gate shuts; after it the one is shut and the other open. That is a latch."
        )
    flagged, others = _gates(runs)
    f, i = others["f"], others["i"]
    n_right = f"{(ends >= CLEAR).sum()} of {len(runs)} new sequences end right. "
    if flagged["i"] <= 0.5:
        return not_yet(f"{n_right}The input gate is {flagged['i']:.2f} at the flag: too little is written.")
    if flagged["direction"] < CLEAR:
        return not_yet(
            f"{n_right}At the flag the candidate should point where the value points: near 1 for 1, near -1 "
            "for -1."
        )
    if min(tape.o[-1, 0, 0] for tape, _, _ in runs) < 0.5:
        return not_yet(f"{n_right}The output gate hides what the cell holds at the end.")
    if i > 0.01:
        return not_yet(
            f"{n_right}The input gate is up to {i:.3f} where there is no flag, so other values are written."
        )
    if f**LONGEST < 0.55:
        steps = probes.half_life(f)
        return not_yet(
            f"{n_right}Without a flag the forget gate is {f:.4f}: half is gone after {steps:.1f} steps, and "
            f"sequences have up to {LONGEST}."
        )
    if flagged["f"] > 0.1:
        return not_yet(
            f"{n_right}At the flag the forget gate is {flagged['f']:.2f}, so the value of an earlier flag "
            "stays and the new one is added to it. The latest should replace it."
        )
    return not_yet(f"{n_right}The worst ends at {ends.min():.2f} where {CLEAR} is asked for.")


def _gates(runs):
    """At the flags and elsewhere: the values of the gates that harm most."""
    at = {
        "i": min(tape.i[here].min() for tape, here, _ in runs),
        "f": max(tape.f[here].max() for tape, here, _ in runs),
        "direction": min((tape.c_tilde[here, 0, 0] * tape.x[here, 0, 0]).min() for tape, here, _ in runs),
    }
    away = {
        "i": max(tape.i[~here].max() for tape, here, _ in runs),
        "f": min(tape.f[~here].min() for tape, here, _ in runs),
    }
    return at, away
