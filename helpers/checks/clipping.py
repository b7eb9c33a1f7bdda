"""The checks of the lesson on clipping and truncation."""

import numpy as np

from helpers.checks import all_right, call, exercise, judge_array, judge_number


@exercise("Write clipping by norm: give back the gradient, an array of the same length.")
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
        why="Only the length changes. A short gradient stays short: clipping does nothing against vanishing.",
    )


def _judge_clip(function, g, limit):
    norm = np.linalg.norm(g)
    value = call(function, g, limit)
    if norm <= limit:
        said = ", ".join(f"{number:g}" for number in g)
        stays = f"A short gradient must stay as it is: ({said}) is shorter than the limit {limit:g}."
        return judge_array(value, g, mistakes=[] if norm == 0 else [(g * limit / norm, stays)])
    return judge_array(
        value,
        g * limit / norm,
        mistakes=[
            (np.clip(g, -limit, limit), "That clips each number by itself, which turns the gradient."),
            (np.minimum(g, limit), "That clips each number by itself, which turns the gradient."),
            (g, f"A gradient of norm {norm:g} was to be shortened to norm {limit:g}; it is as it was."),
            (g * limit / norm**2, "Divide by the norm, not by its square."),
            (g / norm, f"Now the norm is 1. The limit that is given was {limit:g}."),
            (
                g * limit,
                "That multiplies by the limit, but how long is the result?",
            ),
            (
                g / limit,
                "That divides by the limit, but how long is the result?",
            ),
            (g * norm / limit, "Turn the factor over: the gradient is to become shorter."),
            (np.full_like(g, limit), "That is the limit in each place. The direction of g is lost."),
            (g * limit / np.abs(g).sum(), "The norm is the root of the sum of squares."),
            (
                g * limit / np.abs(g).max(),
                "The norm is the root of the sum of squares.",
            ),
        ],
    )


@exercise("Which is the smallest k with which the task is still solved? Write a whole number.")
def check_window(answer):
    """The smallest window that solves temporal order at T = 30."""
    return judge_number(
        answer,
        _smallest_window(T=30),
        whole=True,
        why=(
            "The second mark stands at step 16 to 19. With k = 12 errors reach back to step 19 and now and "
            "then meet it; with 11 they never do. The first mark, at step 4 to 7, is out of reach anyway: "
            "the network still uses it, since the state carries it forward."
        ),
        mistakes=[
            (30, "That is full BPTT. It is solved with less."),
            *((k, "That would reach the first mark; errors need not go that far.") for k in (27, 28, 29)),
            *((k, "That reaches the second mark wherever it stands. Try less.") for k in range(15, 27)),
            *((k, "It meets the second mark now and then, which is enough. Try less.") for k in (13, 14)),
            *(
                (k, f"Errors sent back {k} steps reach step {31 - k}. Where can the second mark stand?")
                for k in range(1, 12)
            ),
        ],
    )


def _smallest_window(T):
    """The last step at which temporal order may show its second mark is 6T/10 + 1."""
    return T - (6 * T // 10 + 1) + 1


@exercise("Which is the earliest step whose input hears of the error at step 57? Write a whole number.")
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
            (38, "That is 20 steps counted from step 57 on. Here the borders stand fast: where do they?"),
            (37, "That is 20 steps before step 57. Here the borders stand fast: where do they?"),
            (40, "Its state is handed on, as numbers. But it belongs to another piece."),
            (57, "That is the step itself. Its error may go back within the piece."),
            (21, "That is where the piece before begins."),
            (60, "That is where the piece ends. Errors go the other way."),
            (61, "That is where the next piece begins. Errors go the other way."),
        ],
    )
