"""The checks of the lesson on clipping and truncation."""

import functools

import numpy as np

from helpers.checks import (
    all_right,
    as_letter,
    as_word,
    call,
    exercise,
    judge_array,
    judge_number,
    mistakes_of,
    not_yet,
    right,
)
from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import RNN

# Clipping ---------------------------------------------------------------------------------------------

ENTRY_BY_ENTRY = "You clipped each entry by itself, which changes the direction of the gradient."
LONG = [
    (ENTRY_BY_ENTRY, lambda g, limit: np.clip(g, -limit, limit)),
    (ENTRY_BY_ENTRY, np.minimum),
    ("You returned the gradient unchanged, but its norm is above the limit.", lambda g, limit: g),
    (
        "You divided by the square of the norm; divide by the norm.",
        lambda g, limit: g * limit / _norm(g) ** 2,
    ),
    ("You scaled the gradient to norm 1; scale it to the limit.", lambda g, limit: g / _norm(g)),
    ("You multiplied by the limit; divide by the norm as well.", lambda g, limit: g * limit),
    ("You divided by the limit; multiply by the limit, and divide by the norm.", lambda g, limit: g / limit),
    ("Your factor is upside down: take its inverse, limit / norm.", lambda g, limit: g * _norm(g) / limit),
    (
        "You returned the limit in each place, so the direction of g is lost. Scale g instead.",
        np.full_like,
    ),
    (
        "You added up the sizes of the entries. The norm is the root of the sum of their squares.",
        lambda g, limit: g * limit / np.abs(g).sum(),
    ),
    (
        "You divided by the largest entry. The norm is the root of the sum of all squares.",
        lambda g, limit: g * limit / np.abs(g).max(),
    ),
]
SHORT = [
    (
        "You scaled up a gradient whose norm was below the limit. Such a gradient stays as it is.",
        lambda g, limit: g * limit / _norm(g),
    )
]


@exercise("Write clipping by norm: return the gradient, an array of the same length.")
def check_clip(function):
    """The learner's own clipping by norm: clip(g, limit)."""
    cases = [
        ([3.0, -4.0], 2.5),
        ([0.03, 0.04], 1.0),
        ([-6.0, 2.0, 3.0], 0.7),
        ([0.0, 0.0], 1.0),
        ([5.0], 3.0),
    ]
    return all_right(
        (_judge_clip(function, np.array(g), limit) for g, limit in cases),
        why="The direction stays, and the norm is never above the limit. A short gradient stays short: "
        "clipping does nothing against vanishing.",
    )


def _judge_clip(function, g, limit):
    value = call(function, g, limit)
    if _norm(g) > limit:
        return judge_array(value, g * limit / _norm(g), mistakes=mistakes_of(LONG, g, limit))
    return judge_array(value, g, mistakes=mistakes_of(SHORT, g, limit) if g.any() else [])


def _norm(g):
    return np.linalg.norm(g)


# Two logs, and a third -------------------------------------------------------------------------------

SHOWN = (0, 4, 8, 9, 10, 20)  # updates
CURES = {"1": "A", "2": "B", "3": "C"}
LOG_HINTS = {
    "1": "Log 1: look at the norms of updates 8 and 9, and at the loss before and after.",
    "2": "Log 2: the loss does not move. How large is the largest norm? Is there anything to clip?",
    "3": "Log 3: the norms fall, but look at the loss. Has this unit any error left?",
}


@functools.cache
def logs():
    """The logs of three units that learn: the loss and the gradient norm at some of the updates."""
    zeros, pulse = np.zeros((20, 1, 1)), np.eye(20)[:, :1, None]
    runs = {
        "1": _descent(RNN(1, 1, init="zeros").put(U=1.5, b=0.5), "Ub", zeros, -0.5, 0.3),
        "2": _descent(RNN(1, 1, init="zeros").put(W=1, U=0.5), "WU", pulse, 0.0, 0.3),
        "3": _descent(RNN(1, 1, init="zeros").put(U=0.5, b=0.1), "Ub", zeros, -0.5, 0.025),
    }
    numbers = "".join(f"{update:>9}" for update in SHOWN)
    lines = [f"update        {numbers}"]
    for name, run in runs.items():
        losses = "".join(f"{run[update][0]:9.4f}" for update in SHOWN)
        norms = "".join(f"{run[update][1]:9.2g}" for update in SHOWN)
        lines += ["", f"log {name}   loss  {losses}", f"        norm  {norms}"]
    return "\n".join(lines)


def _descent(cell, learnt, x, start, rate):
    """Loss and gradient norm before each update of one unit that should be at 0.5 after the last step."""
    run = []
    for _ in range(SHOWN[-1] + 1):
        tape = unroll(cell, x, [[start]])
        error = tape.h[-1] - 0.5
        grads = backprop(tape, 2 * error).parameters
        run.append((error.item() ** 2, float(np.hypot(*(grads[name].item() for name in learnt)))))
        for name in learnt:
            cell[name] -= rate * grads[name]
    return run


@exercise("What would help each of the three units? Write three letters, in quotes.")
def check_logs(log_1, log_2, log_3):
    """What would help three units, by their logs."""
    for name, answer in zip(CURES, (log_1, log_2, log_3), strict=True):
        if as_letter(answer, "ABC") != CURES[name]:
            return not_yet(LOG_HINTS[name])
    return right(
        "In log 1 the norm jumps from 0.5 to 25, and then the unit is stuck: clip. In log 2 the norm is "
        "tiny, because the error signal is halved at every step back. In log 3 the norms become small "
        "because there is hardly any error left."
    )


# The window -------------------------------------------------------------------------------------------


@exercise("Which is the smallest k with which the task is still solved? Write a whole number.")
def check_window(answer):
    """The smallest window that solves temporal order at T = 30."""
    return judge_number(
        answer,
        _smallest_window(T=30),
        whole=True,
        why=(
            "The second mark stands at one of steps 16 to 19. With k = 12 errors reach back to step 19, and "
            "now and then meet it; with 11 they never do. They never meet the first mark, and need not: the "
            "state of this network still holds it when the second one comes."
        ),
        mistakes=[
            (30, "That is full BPTT. The task is solved with less."),
            *((k, "That would reach the first mark; errors need not go that far.") for k in (27, 28, 29)),
            *((k, "That reaches all places of the second mark. Try a smaller k.") for k in range(15, 27)),
            *(
                (k, "It meets the second mark now and then, which is enough. Try a smaller k.")
                for k in (13, 14)
            ),
            *(
                (k, f"Errors sent back {k} steps reach step {31 - k}. Where can the second mark stand?")
                for k in range(1, 12)
            ),
        ],
    )


def _smallest_window(T):
    """The last step at which temporal order may show its second mark is 6T/10 + 1."""
    return T - (6 * T // 10 + 1) + 1


# Pieces -----------------------------------------------------------------------------------------------

VERBS = {"carried": "are", "reset": "is", "other": "is"}
VERB_HINTS = {
    "carried": "Carried over: it is as if all words had come in one piece. Which noun is the subject?",
    "reset": "Reset: the network knows only the second piece. Which noun does it read there first?",
    "other": "Another text: which noun was read before all others, and has not had its verb yet?",
}


@exercise("Which verb does the network expect in each of the three cases? Write is or are, in quotes.")
def check_carry(carried, reset, other):
    """The verb after a sentence that is read in two pieces, by what is done with the state."""
    for name, answer in zip(VERBS, (carried, reset, other), strict=True):
        if as_word(answer, ("is", "are")) != VERBS[name]:
            return not_yet(VERB_HINTS[name])
    return right(
        "Only the state that is carried over holds anything of keys. In the next cell the network reads."
    )


@exercise("What is the earliest step that the error at step 57 can reach? Write a whole number.")
def check_border(answer):
    """The first step of the piece of 20 steps in which step 57 lies."""
    return judge_number(
        answer,
        (57 - 1) // 20 * 20 + 1,
        whole=True,
        why=(
            "Steps 41 to 60 are one piece, and no error leaves it. On the way forward step 57 depends on all "
            "steps from the first on, since the state is carried over."
        ),
        mistakes=[
            (1, "That is how far back the state reaches. The error stops at the border of its piece."),
            (38, "You counted 20 steps back from step 57. The borders are fixed: where are they?"),
            (37, "You subtracted 20 from 57. The borders are fixed: where are they?"),
            (40, "The state of step 40 is handed on, but only its values. Step 40 is in another piece."),
            (57, "That is the step itself. Its error goes further back, as far as the border of its piece."),
            (21, "That is the first step of the piece before."),
            (60, "That is the last step of the piece. Errors go the other way."),
            (61, "That is the first step of the next piece. Errors go the other way."),
        ],
    )
