"""The checks of notebook 01."""

import numpy as np

from helpers.bptt import unroll
from helpers.cells import RNN
from helpers.checks import call, check_array, check_number, is_open, left_open, not_yet, right


def check_h_3(answer):
    """The state after three steps of a linear unit with w = 0.5 that reads 1, 0, 0."""
    return check_number(
        answer,
        _echo(0.5)[2],
        task="Work it out on paper: h_1 = x_1, then h_2 = 0.5 h_1 + x_2, then h_3.",
        why="h_1 = 1, h_2 = 0.5, h_3 = 0.25: each step multiplies what is left by w.",
        mistakes=[
            (0.125, "That is h_4. The first step takes in x_1 = 1 whole, so h_1 = 1 and not 0.5."),
            (0.0, "x_3 is 0, but the state is not: it still holds some of x_1."),
            (0.5, "That is h_2. One more step."),
            (1.5, "Do not add the inputs up: each step first shrinks the old state by w."),
        ],
    )


def _echo(w):
    cell = RNN(1, 1, activation="linear", rng=0)
    cell.put(W=1, U=w, b=0)
    return unroll(cell, np.array([1.0, 0, 0]).reshape(3, 1, 1)).h[:, 0, 0]


def check_parameters(answer):
    """How many parameters an RNN with D=3 inputs and H=5 hidden units has."""
    return check_number(
        answer,
        RNN(3, 5, rng=0).n_parameters,
        task="Count the entries of W (5, 3), of U (5, 5) and of b (5).",
        why="5 × 3 + 5 × 5 + 5 = 45, for one step or for a thousand: the steps share them.",
        mistakes=[
            (40, "Almost: b has entries too."),
            (30, "W is (5, 3), U is (5, 5): the state has 5 numbers going in and 5 coming out."),
            (450, "Unrolling 10 steps does not make 10 copies: every step uses the same W, U and b."),
            (50, "One b is enough here. (PyTorch keeps two, so it would say 50.)"),
        ],
    )


def check_changed_states(answer):
    """Which of h_1 .. h_8 can change when x_5 changes."""
    task = "Write the steps as a set, for example {1, 2, 3}."
    if is_open(answer):
        return left_open(task)
    try:
        steps = {int(k) for k in answer}
    except (TypeError, ValueError):
        return not_yet(f"A set of step numbers is expected; this is of type {type(answer).__name__}. {task}")
    expected = _changed(5, 8)
    if steps == expected:
        return right("h_5 reads x_5, and every later state is made from the one before it.")
    if steps - set(range(1, 9)):
        return not_yet("The steps go from 1 to 8.")
    if steps & set(range(1, 5)):
        return not_yet("A state before step 5 was finished before x_5 was read: it cannot change.")
    if 5 not in steps:
        return not_yet("The state at the step that reads the changed input changes too.")
    return not_yet("Some are missing: what h_5 passes on reaches h_6, and then?")


def _changed(k, T):
    x = np.random.default_rng(0).standard_normal((T, 1, 1)) + np.zeros((1, 1, 2))
    x[k - 1, 0, 1] += 1
    h = unroll(RNN(1, 4, rng=1), x).h
    return {int(t) + 1 for t in np.flatnonzero((h[:, :, 0] != h[:, :, 1]).any(axis=1))}


def check_unroll(function):
    """The learner's own loop: unroll(x, W, U, b) gives all the states."""
    task = "Return an array of shape (T, H) with h_1 to h_T as its rows."
    rng = np.random.default_rng(7)
    cell = RNN(2, 3, rng=rng)
    x = rng.standard_normal((6, 2))
    W, U, b = cell.W, cell.U, cell.b[:, 0]
    value, feedback = call(function, x, W, U, b, task=task)
    if feedback:
        return feedback
    expected = unroll(cell, x[:, :, None]).h[:, :, 0]
    forgetful = np.tanh(x @ W.T + b)
    only_last = expected[-1]
    if np.shape(value) == only_last.shape and np.allclose(value, only_last):
        return not_yet("That is the last state, and it is right. Keep the ones before it too.")
    return check_array(
        value,
        expected,
        task=task,
        why="Your loop and the engine agree at every step. That loop is all that unrolling is.",
        mistakes=[(forgetful, "The old state is missing: a network without U @ h forgets at every step.")],
    )


def check_half_life(answer):
    """The recurrent weight of a linear unit whose echo halves in 20 steps."""
    return check_number(
        answer,
        0.5 ** (1 / 20),
        near=2e-4,
        task="Solve w**20 = 0.5 for w.",
        why="w = 0.5 ** (1 / 20) = 0.9659: to remember for long, w must come very close to 1.",
        mistakes=[
            (0.5, "With w = 0.5 half is gone after one step; it must last 20."),
            (0.975, "Not 1 - 0.5 / 20: the losses multiply, they do not add. Solve w**20 = 0.5."),
            (0.5**20, "That is what is left of w = 0.5 after 20 steps. Turn the question round."),
        ],
    )


def check_order_blind(answer):
    """A recurrent weight for which a linear unit cannot tell the order of its inputs."""
    task = "Choose w so that every order of the same inputs ends in the same state."
    if is_open(answer):
        return left_open(task)
    if isinstance(answer, bool) or not isinstance(answer, int | float | np.number):
        return not_yet(f"A single number is expected; this is of type {type(answer).__name__}.")
    spread = _spread_over_orders(float(answer))
    if answer == 0:
        return not_yet("w = 0 sees only the last input, so which one comes last matters a great deal.")
    if not spread <= 1e-9:
        return not_yet(f"With w = {answer:g} two orders of the same inputs end {spread:.3f} apart. {task}")
    return right("With w = 1 the state is the plain sum of the inputs, and a sum has no order.")


def _spread_over_orders(w):
    x = np.array([0.3, -1.2, 0.7, 2.0, -0.4])
    orders = np.stack([x, x[::-1], np.roll(x, 2)], axis=1)[:, None, :]
    cell = RNN(1, 1, activation="linear", rng=0)
    cell.put(W=1, U=w, b=0)
    return float(np.ptp(unroll(cell, orders).h[-1, 0]))
