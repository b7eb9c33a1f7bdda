"""The latch of notebook 03: an LSTM of one unit that the learner has programmed, judged on new cases."""

import numpy as np

from helpers import probes
from helpers.bptt import unroll
from helpers.cells import LSTM
from helpers.checks import call, not_yet, right

CLEAR, LONGEST, LARGEST = 0.5, 300, 1e6


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
    cell.put(W=0, U=0)
    value, feedback = call(function, cell, task=task)
    feedback = feedback or _flaw(value)
    return feedback or _judge(value)


def _flaw(cell):
    """What keeps an answer from being run at all, as a Feedback; None if nothing does."""
    if not isinstance(cell, LSTM):
        return not_yet(f"An LSTM is expected; this is of type {type(cell).__name__}. Did you return it?")
    if (cell.D, cell.H) != (2, 1):
        return not_yet(f"The LSTM should have 2 inputs and 1 unit; yours has {cell.D} and {cell.H}.")
    for name, expected in LSTM(2, 1, rng=0).parameters.items():
        try:
            found = np.asarray(cell.parameters[name], float)
        except (TypeError, ValueError):
            return not_yet(f'cell.{name} holds no array of numbers any more. Set blocks: cell["b_f"] = 3.')
        if found.shape != expected.shape:
            return not_yet(
                f"cell.{name} should keep its shape {expected.shape}; it now has {found.shape}. Set blocks: "
                'cell["b_f"] = 3.'
            )
        usable = np.abs(found) <= LARGEST  # which a nan is not
        if not usable.all():
            return not_yet(
                f"cell.{name} holds {found[~usable][0]:g}. Finite numbers are expected, of a million at "
                "the most."
            )
    return None


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


def _judge(cell):
    """Right, or the first thing to mend."""
    runs = [_run(cell, *case) for case in CASES]
    ends = np.array([tape.h[-1, 0, 0] * wanted for tape, _, wanted in runs])
    if (ends >= CLEAR).all():
        return right(
            f"Right in all {len(runs)} new sequences, up to {LONGEST} steps long. At the flag the input gate "
            "opens and the forget gate shuts; after it the one is shut and the other open. That is a latch."
        )
    seen = _look(runs)
    hint = (
        _not_a_block(cell)
        or _writing(seen)
        or _showing(seen)
        or _keeping(seen)
        or f"The worst ends at {ends.min():.2f} where {CLEAR} is asked for: write or show more strongly."
    )
    return not_yet(f"{(ends >= CLEAR).sum()} of {len(runs)} new sequences end right. {hint}")


def _look(runs):
    """Lowest and highest value of each gate at the flags and elsewhere; what else the hints speak of."""
    seen = {}
    for name in ("f", "i"):
        at, away = (
            np.concatenate([getattr(tape, name)[here == flagged].ravel() for tape, here, _ in runs])
            for flagged in (True, False)
        )
        seen[name] = {"at": (at.min(), at.max()), "away": (away.min(), away.max())}
    seen["o"] = min(tape.o[-1, 0, 0] for tape, _, _ in runs)
    seen["direction"] = min((tape.c_tilde[here, 0, 0] * tape.x[here, 0, 0]).min() for tape, here, _ in runs)
    return seen


def _not_a_block(cell):
    """`cell.b_f = 3` is silent in Python, and sets a thing that no equation knows."""
    blocks = {f"{array}_{gate}" for array in cell.parameters for gate in cell.blocks}
    for name in sorted(blocks & set(vars(cell))):
        return f'cell.{name} = ... sets nothing in the LSTM; write cell["{name}"] = ... instead.'
    return None


def _writing(seen):
    """Whether the flagged value gets in."""
    low, high = seen["i"]["at"]
    if low <= 0.5 < high:
        return (
            f"The input gate is {low:.2f} at some flags and {high:.2f} at others; it should open at each. "
            "W_i holds the weight of the value first, then that of the flag."
        )
    if low <= 0.5:
        return f"The input gate is {low:.2f} at the flag: too little is written."
    if seen["direction"] < CLEAR:
        return "At the flag the candidate should point where the value points: near 1 for 1, near -1 for -1."
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
    """Whether it stays, alone."""
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
