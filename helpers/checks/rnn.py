"""The checks of the lesson on unrolling."""

import numpy as np

from helpers.checks import (
    all_right,
    as_number,
    as_set,
    call,
    exercise,
    judge_array,
    judge_number,
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
            (0.125, "That is h_4. The first step takes in x_1 whole: what is h_1?"),
            (0.0, "x_3 is 0, but the state is not: it still holds some of x_1."),
            (0.5, "That is h_2. One more step."),
            (1.0, "That is h_1. Two more steps."),
            (1.5, "Do not add the inputs up: each step first shrinks the old state."),
            (1.75, "Do not add the states up: what is the last one alone?"),
        ],
    )


def _echo(w):
    cell = RNN(1, 1, activation="linear", init="zeros").put(W=1, U=w)
    return unroll(cell, np.array([1.0, 0, 0]).reshape(3, 1, 1)).h[:, 0, 0]


@exercise("How many parameters does this RNN have? Write a whole number.")
def check_parameters(answer):
    """How many parameters an RNN with D=3 inputs and H=5 hidden units has."""
    return judge_number(
        answer,
        RNN(3, 5, init="zeros").n_parameters,
        whole=True,
        why="5 × 3 + 5 × 5 + 5 = 45, for one step or for a thousand: the steps share them.",
        mistakes=[
            (40, "Almost: b has entries too."),
            (20, "That is W and b. The old state has weights too."),
            (30, "That is W and U with 3 in both. The state has 5 numbers going in and 5 coming out."),
            (35, "Look at U again: the state has 5 numbers going in and 5 coming out."),
            (29, "Look at U again: the state has 5 numbers going in and 5 coming out."),
            (450, "Unrolling 10 steps does not make 10 copies: every step uses the same W, U and b."),
            (400, "Unrolling does not make copies: every step uses the same weights. And b has entries too."),
            (50, "One b is enough here. (PyTorch keeps two, so it would say 50.)"),
        ],
    )


@exercise("Which of the states can change? Write a set of step numbers.")
def check_changed_states(answer):
    """Which of h_1 .. h_8 can change when x_5 changes."""
    steps = as_set(answer, "step numbers")
    if steps == _changed(5, 8):
        return right("h_5 reads x_5, and every later state is made from the one before it.")
    if steps - set(range(1, 9)):
        return not_yet("The steps go from 1 to 8.")
    if steps & set(range(1, 5)):
        return not_yet("A state before step 5 was finished before x_5 was read: it cannot change.")
    if 5 not in steps:
        return not_yet("And the state at the step that reads the changed input?")
    return not_yet("Some are missing: where does h_5 go from there?")


def _changed(k, T):
    x = np.random.default_rng(0).standard_normal((T, 1, 1)) + np.zeros((1, 1, 2))
    x[k - 1, 0, 1] += 1
    h = unroll(RNN(1, 4, rng=1), x).h
    return {int(t) + 1 for t in np.flatnonzero((h[:, :, 0] != h[:, :, 1]).any(axis=1))}


@exercise("Write the loop: give back all the states, an array of shape (T, H).")
def check_unroll(function):
    """The learner's own loop: unroll(x, W, U, b) gives all the states."""
    return all_right(
        (_judge_unroll(function, *sizes) for sizes in ((6, 2, 3), (4, 3, 5))),
        why="Your loop and the engine agree at every step. That loop is all that unrolling is.",
        later="Right for T = 6, D = 2, H = 3, but for T = 4, D = 3, H = 5",
    )


def _judge_unroll(function, T, D, H):
    """The loop on one sequence; bias and weights are far from 0, so that each mistake shows."""
    rng = np.random.default_rng(7)
    cell, x = RNN(D, H, rng=rng), rng.standard_normal((T, D))
    cell["b"] = rng.uniform(0.3, 0.9, (H, 1))
    W, U, b = cell.W, cell.U, cell.b[:, 0]
    h = unroll(cell, x[:, :, None]).h[:, :, 0]
    return judge_array(call(function, x, W, U, b), h, mistakes=_mistakes_in_the_loop(x, W, U, b, h))


def _mistakes_in_the_loop(x, W, U, b, h):
    def way(x=x, U=U, b=b, squash=np.tanh, step=None):
        states = [np.zeros(len(b))]
        for x_t in x:
            new, old = W @ x_t, U @ states[-1]
            states.append(step(new, old) if step else squash(new + old + b))
        return np.array(states[1:])

    start = np.zeros((1, len(b)))
    half_squashed = "tanh goes around the whole sum: look at the brackets."
    one_array = "All rows are the same: one array was appended T times. Make a new one at each step."
    return [
        (h[-1], "That is the last state, and it is right. Keep the ones before it too."),
        (np.tile(h[-1], (len(h), 1)), one_array),
        (
            np.concatenate([start, h[:-1]]),
            "The states are shifted by one: the first row should be h_1.",
        ),
        (np.concatenate([start, h]), "There is one row too many: h_0 is not asked for."),
        (h[:1], "That is the first state alone: does `return` stand inside the loop?"),
        (np.concatenate([start, way(x[1:])]), "The first input is never read, and the first row is 0."),
        (h[::-1], "Those are the states in the other order: the first row should be h_1."),
        (h.T, "Rows and columns are exchanged: one row for each step."),
        (np.tanh(x @ W.T + b), "The old state has no say. Does U @ h use it, and is h another at each step?"),
        (way(np.tile(x[0], (len(x), 1))), "Every step reads the first input: x_t is another at each step."),
        (way(b=0 * b), "The bias is missing."),
        (way(b=-b), "The bias is added, not taken away."),
        (way(squash=lambda a: a), "The tanh is missing."),
        (way(squash=lambda a: 1 / (1 + np.exp(-a))), "The state goes through tanh, not a sigmoid."),
        (way(step=lambda new, old: np.tanh(new) + old + b), half_squashed),
        (way(step=lambda new, old: np.tanh(new + old) + b), half_squashed),
        (way(U=U.T), "U is transposed; on the way forward it is taken as it is."),
    ]


@exercise("For which w > 0 does the echo halve in exactly 20 steps? Write a number of four digits.")
def check_half_life(answer):
    """The recurrent weight of a linear unit whose echo halves in 20 steps."""
    return judge_number(
        answer,
        0.5 ** (1 / 20),
        near=2e-4,
        why="w = 0.5 ** (1 / 20) = 0.9659: to remember for long, w must come very close to 1.",
        mistakes=[
            (0.5, "With w = 0.5 half is gone after one step; it must last 20."),
            (0.975, "The losses multiply, they do not add: what is left after 20 steps with that w?"),
            (0.95, "That loses a twentieth at each step. What is left after 20 of them?"),
            (0.5**20, "That is what is left of w = 0.5 after 20 steps. Turn the question round."),
            (-(0.5 ** (1 / 20)), "With that w the sign changes at each step; w > 0 is asked for."),
            (2 ** (1 / 20), "With that w it doubles. Turn it over."),
            (np.log(2) / 20, "That is how fast it decays, not yet the factor of a step."),
            (1 / 20, "With that w nearly all is gone after one step; half must last 20."),
        ],
    )


@exercise("For which recurrent weight, not 0, does the order not count? Write a number.")
def check_order_blind(answer):
    """A recurrent weight for which a linear unit cannot tell the order of its inputs."""
    w = as_number(answer)
    if w == 0:
        return not_yet("w = 0 sees only the last input, so which one comes last matters a great deal.")
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
