"""The checks of the lesson on unrolling."""

import numpy as np

from helpers.checks import (
    Refused,
    all_right,
    as_array,
    as_number,
    as_set,
    call,
    exercise,
    judge_array,
    judge_number,
    mistakes_of,
    not_yet,
    right,
)
from helpers.engine.bptt import unroll
from helpers.engine.cells import RNN


@exercise("What is h_3? Write a number.")
def check_h_3(answer):
    """The state after three steps of a linear unit with w = 0.5 that reads 1, 0, 0."""
    return judge_number(
        answer,
        _echo(0.5)[2],
        why="h_1 = 1, h_2 = 0.5, h_3 = 0.25: each step multiplies what is left by w.",
        mistakes=[
            (0.125, "That is h_4. The first step takes in x_1 unchanged: what is h_1?"),
            (0.0, "x_3 is 0, but the state is not: it still holds some of x_1."),
            (0.5, "That is h_2. Make one more step."),
            (1.0, "That is h_1. Make two more steps."),
            (1.5, "That is h_1 + h_2. What is h_3 alone?"),
            (1.75, "You added up all three states. What is the last one alone?"),
        ],
    )


def _echo(w):
    cell = RNN(1, 1, activation="linear", init="zeros").put(W=1, U=w)
    return unroll(cell, np.array([1.0, 0, 0]).reshape(3, 1, 1)).h[:, 0, 0]


OF_THE_STATE = "Look at U again: the state has 5 numbers going in and 5 coming out."


@exercise("How many parameters does this RNN have? Write a whole number.")
def check_parameters(answer):
    """How many parameters an RNN with D=3 inputs and H=5 hidden units has."""
    return judge_number(
        answer,
        RNN(3, 5, init="zeros").n_parameters,
        whole=True,
        why="5 × 3 + 5 × 5 + 5 = 45, whether it makes one step or a thousand: the steps share them.",
        mistakes=[
            (40, "Those are W and U. b has entries too."),
            (20, "Those are W and b. The old state has weights too."),
            (30, "You gave U 3 columns, as W has. The state has 5 numbers going in and 5 coming out."),
            (35, OF_THE_STATE),
            (29, OF_THE_STATE),
            (450, "You counted 10 copies. Unrolling makes none: every step uses the same W, U and b."),
            (
                400,
                "You counted 10 copies without b. Every step uses the same weights, and b has entries too.",
            ),
            (50, "You counted two biases, as PyTorch does. Here one b is enough."),
        ],
    )


@exercise("Write the loop: return all the states, an array of shape (T, H).")
def check_unroll(function):
    """The learner's own loop: unroll(x, W, U, b) gives all the states."""
    return all_right(
        (_judge_unroll(function, *sizes) for sizes in ((6, 2, 3), (4, 3, 5))),
        why="Your loop and this course's library agree at every step. That loop is all that unrolling is.",
        later="Right for T = 6, D = 2, H = 3, but for T = 4, D = 3, H = 5",
    )


def _judge_unroll(function, T, D, H):
    """The loop on one sequence; bias and weights are far from 0, so that each mistake shows."""
    rng = np.random.default_rng(7)
    cell, x = RNN(D, H, rng=rng), rng.standard_normal((T, D))
    cell["b"] = rng.uniform(0.3, 0.9, (H, 1))
    W, U, b = cell.W, cell.U, cell.b[:, 0]
    h = unroll(cell, x[:, :, None]).h[:, :, 0]
    return judge_array(call(function, x, W, U, b), h, mistakes=mistakes_of(IN_THE_LOOP, x, W, U, b))


def _loop(x, W, U, b, step=lambda new, old, b: np.tanh(new + old + b)):
    """All the states, with a step of one's own: of W x_t, U h_(t-1) and b."""
    states = [np.zeros(len(b))]
    for x_t in x:
        states.append(step(W @ x_t, U @ states[-1], b))
    return np.array(states[1:])


def _below_a_row_of_0(states):
    return np.concatenate([0 * states[:1], states])


HALF_SQUASHED = "You closed the brackets of tanh too early. tanh goes around the whole sum."
IN_THE_LOOP = [
    ("That is the last state, and it is right. Keep the ones before it too.", lambda *g: _loop(*g)[-1]),
    (
        "All rows are the same: you appended one array T times. Make a new one at each step.",
        lambda *g: np.tile(_loop(*g)[-1], (len(g[0]), 1)),
    ),
    (
        "The states are shifted by one: the first row should be h_1.",
        lambda *g: _below_a_row_of_0(_loop(*g)[:-1]),
    ),
    ("There is one row too many: leave h_0 out.", lambda *g: _below_a_row_of_0(_loop(*g))),
    ("That is the first state alone. Is `return` inside the loop?", lambda *g: _loop(*g)[:1]),
    (
        "You never read the first input, and your first row is 0.",
        lambda x, *g: _below_a_row_of_0(_loop(x[1:], *g)),
    ),
    ("The states are in reverse order: the first row should be h_1.", lambda *g: _loop(*g)[::-1]),
    ("Rows and columns are exchanged: make one row for each step.", lambda *g: _loop(*g).T),
    (
        "The old state has no effect. Is U @ h in the sum, and do you update h at every step?",
        lambda x, W, U, b: np.tanh(x @ W.T + b),
    ),
    (
        "Every step reads the first input. x_t must change from step to step.",
        lambda x, *g: _loop(np.tile(x[0], (len(x), 1)), *g),
    ),
    ("The bias is missing: add b.", lambda x, W, U, b: _loop(x, W, U, 0 * b)),
    ("You subtracted the bias; add it.", lambda x, W, U, b: _loop(x, W, U, -b)),
    ("The tanh is missing.", lambda *g: _loop(*g, lambda new, old, b: new + old + b)),
    (
        "You used a sigmoid. The state goes through tanh.",
        lambda *g: _loop(*g, lambda new, old, b: 1 / (1 + np.exp(-(new + old + b)))),
    ),
    (HALF_SQUASHED, lambda *g: _loop(*g, lambda new, old, b: np.tanh(new) + old + b)),
    (HALF_SQUASHED, lambda *g: _loop(*g, lambda new, old, b: np.tanh(new + old) + b)),
    ("You transposed U. Take it as it is.", lambda x, W, U, b: _loop(x, W, U.T, b)),
]
"""The known mistakes in the loop: a hint, and what returns the same."""


@exercise("For which w > 0 does the echo halve in exactly 20 steps? Write a number with four decimals.")
def check_half_life(answer):
    """The recurrent weight of a linear unit whose echo halves in 20 steps."""
    return judge_number(
        answer,
        0.5 ** (1 / 20),
        near=2e-4,
        why="w = 0.5 ** (1 / 20) = 0.9659. To remember for long, w must come very close to 1.",
        mistakes=[
            (0.5, "With w = 0.5 half is gone after one step; it should take 20."),
            (
                0.975,
                "You spread the half evenly over 20 steps, but each step multiplies. What does that w leave "
                "after 20 steps?",
            ),
            (0.95, "That w takes away a twentieth at each step. What is left after 20 steps?"),
            (0.5**20, "That is what w = 0.5 leaves after 20 steps. You need the w that leaves 0.5."),
            (-(0.5 ** (1 / 20)), "With that w the sign changes at each step; find a w above 0."),
            (2 ** (1 / 20), "With that w the echo doubles in 20 steps. Take 1 divided by it."),
            (np.log(2) / 20, "That is the rate of decay, ln 2 / 20, and not yet the factor per step."),
            (1 / 20, "With that w nearly all is gone after one step; half should be left after 20."),
        ],
    )


@exercise("The network from section 1 reads five inputs, and x_2 changes. Which states change? Write a set.")
def check_changed_states(answer):
    """Which of h_1 .. h_5 change with x_2 in a network whose second unit hears the first, and no more."""
    steps, changed = as_set(answer, "step numbers"), _changed(2, 5)
    if steps == changed:
        return right(
            "At step 2 the first unit reads x_2, at step 3 the second unit hears of it, and then it is gone. "
            "A change can reach every later state, but in this network no weight carries it further."
        )
    if steps - set(range(1, 6)):
        return not_yet("The steps go from 1 to 5.")
    if 1 in steps:
        return not_yet("h_1 was finished before x_2 was read: it cannot change.")
    if 2 not in steps:
        return not_yet("What about the state at the step that reads the changed input?")
    if steps == {2}:
        return not_yet("At step 3 the second unit hears the first unit's previous value. Has that changed?")
    return not_yet("Some of these states do not change here. Which unit listens to the second one?")


def _changed(k, T):
    """The steps whose states change with x_k, of several random sequences."""
    x = np.random.default_rng(0).standard_normal((T, 1, 8))
    other = x.copy()
    other[k - 1] += 1
    cell = RNN(1, 2, init="zeros").put(W=[[1], [0]], U=[[0, 0], [1, 0]])
    moved = (unroll(cell, x).h != unroll(cell, other).h).any(axis=(1, 2))
    return {int(t) + 1 for t in np.flatnonzero(moved)}


@exercise("Which U makes unit 3 return the input two steps late? Write an array of shape (3, 3).")
def check_delay(answer):
    """A U of a linear network of three units, of which the last returns the input two steps late."""
    U = as_array(answer)
    if U.shape != (3, 3):
        raise Refused(f"An array of shape (3, 3) is expected; the shape of yours is {U.shape}.")
    echo = _echo_at_the_end(U)
    if np.abs(echo - (np.arange(len(echo)) == 2)).max() < 1e-9:
        return right(
            "Each unit passes its value on to the next, and no unit keeps it. A line of H such units returns "
            "an input up to H - 1 steps late: coupled units can hold what a single one would forget."
        )
    if np.abs(_echo_at_the_end(U.T) - (np.arange(len(echo)) == 2)).max() < 1e-9:
        return not_yet("Your U is transposed: row i says what unit i listens to.")
    if not echo.any():
        return not_yet("Nothing reaches unit 3. Row 3 of U says what unit 3 listens to.")
    if abs(echo[1]) > 1e-9:
        return not_yet(f"Unit 3 already returns {echo[1]:.3g} one step late. It must wait one more step.")
    if abs(echo[2] - 1) > 1e-9:
        return not_yet(
            f"Two steps late, unit 3 returns {echo[2]:.3g} times the input. Return the input itself."
        )
    late = int(np.flatnonzero(np.abs(echo[3:]) > 1e-9)[0]) + 3
    return not_yet(
        f"Two steps late is right, but {late} steps late the same input comes again. Which unit keeps it?"
    )


def _echo_at_the_end(U, T=12):
    """What the third of three linear units shows at T steps of a push that the first one reads."""
    cell = RNN(1, 3, activation="linear", init="zeros").put(W=[[1], [0], [0]], U=U)
    x = np.zeros((T, 1, 1))
    x[0] = 1
    return np.nan_to_num(unroll(cell, x).h[:, 2, 0])


@exercise("For which recurrent weight, not 0, does the order not count? Write a number.")
def check_order_blind(answer):
    """A recurrent weight for which a linear unit cannot tell the order of its inputs."""
    w = as_number(answer)
    if w == 0:
        return not_yet("With w = 0 the state is the last input, so it matters which input comes last.")
    if abs(w) > 100:
        return not_yet(f"With w = {w:g} the first input counts far more than the last.")
    spread = _spread_over_orders(w)
    if spread > 1e-9:
        return not_yet(f"With w = {w:g} two orders of the same inputs end {spread:.3g} apart.")
    return right("With w = 1 the state is the plain sum of the inputs, and a sum has no order.")


def _spread_over_orders(w):
    x = np.array([0.3, -1.2, 0.7, 2.0, -0.4])
    orders = np.stack([x, x[::-1], np.roll(x, 2)], axis=1)[:, None, :]
    cell = RNN(1, 1, activation="linear", init="zeros").put(W=1, U=w)
    return float(np.ptp(unroll(cell, orders).h[-1, 0]))
