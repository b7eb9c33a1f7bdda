"""The check of the learner's own step of an LSTM, and the mistakes that it knows."""

import numpy as np

from helpers.checks import all_right, as_parts, call, exercise, judge_array, mistakes_of
from helpers.checks.ladder import same
from helpers.engine.cells import LSTM, sigmoid


@exercise("Write the step: return h_t and c_t, two arrays of shape (H,).")
def check_step(function):
    """The learner's own step: lstm_step(x_t, h_prev, c_prev, W, U, b) gives h_t and c_t."""
    return all_right(
        (all_right(_judge_step(function, D, H), why="") for D, H in ((2, 3), (4, 2))),
        why="Your step agrees with this course's library. Three gates, a candidate, two states: an LSTM.",
        later="Right for D = 2, H = 3, but for D = 4, H = 2",
    )


def _judge_step(function, D, H):
    """The verdict on c_t, and then the one on h_t."""
    rng = np.random.default_rng(7)
    cell = LSTM(D, H, rng=rng, gain=2.0)
    cell["b"] = rng.standard_normal((4 * H, 1))
    x_t, h_prev, c_prev = rng.standard_normal(D), rng.uniform(-1, 1, H), rng.uniform(-2, 2, H)
    W, U, b = ({k: cell[f"{name}_{k}"] for k in "fico"} for name in "WUb")
    given = x_t, h_prev, c_prev, W, U, {k: one[:, 0] for k, one in b.items()}
    h_t, c_t = (one[:, 0] for one in cell(x_t[:, None], (h_prev[:, None], c_prev[:, None])))
    first, second = as_parts(call(function, *given), ("h_t", "c_t"))
    known = mistakes_of(MISTAKES, *given)
    in_c = [(c, hint) for (_, c), hint in known if not same(c, c_t, 1e-6)]
    swapped = [(h_t, "Your second array is h_t. Return h_t first, then c_t.")]
    yield judge_array(second, c_t, mistakes=swapped + in_c).about("c_t")
    yield judge_array(first, h_t, mistakes=[(h, hint) for (h, _), hint in known]).about("h_t")


def _keep_and_write(f, i, c_tilde, h_prev, c_prev):
    return f * c_prev + i * c_tilde


def _show(o, c_t, c_prev):
    return o * np.tanh(c_t)


def _step(
    sum_of=lambda W, U, b, x, h, c: W @ x + U @ h + b,
    candidate_of=None,
    gate=sigmoid,
    squash=np.tanh,
    order="fio",
    cell=_keep_and_write,
    show=_show,
):
    """A step with a part of it exchanged: a function like the learner's."""

    def step(x_t, h_prev, c_prev, W, U, b):
        a = {k: sum_of(W[k], U[k], b[k], x_t, h_prev, c_prev) for k in "fico"}
        if candidate_of:
            a["c"] = candidate_of(W["c"], U["c"], b["c"], x_t, h_prev, c_prev)
        f, i, o = (gate(a[k]) for k in order)
        c_t = cell(f, i, squash(a["c"]), h_prev, c_prev)
        return show(o, c_t, c_prev), c_t

    return step


def _without_h(W, U, b, x, h, c):
    return W @ x + b


MISTAKES = (
    ("You left out the bias.", _step(sum_of=lambda W, U, b, x, h, c: W @ x + U @ h)),
    ("You subtracted the bias; add it.", _step(sum_of=lambda W, U, b, x, h, c: W @ x + U @ h - b)),
    (
        "You left out h_prev. The gates and the candidate see the old hidden state, too.",
        _step(sum_of=_without_h),
    ),
    (
        "You multiplied U by c_prev; it multiplies h_prev.",
        _step(sum_of=lambda W, U, b, x, h, c: W @ x + U @ c + b),
    ),
    ("You used the transpose of U; use U.", _step(sum_of=lambda W, U, b, x, h, c: W @ x + U.T @ h + b)),
    ("You put the gates through tanh; use the sigmoid.", _step(gate=np.tanh)),
    ("Your sigmoid is reversed: it is 1 / (1 + exp(-a)).", _step(gate=lambda a: sigmoid(-a))),
    ("You left h_prev out of the candidate; it sees it, too.", _step(candidate_of=_without_h)),
    ("You put the candidate through a sigmoid; use tanh.", _step(squash=sigmoid)),
    ("You left the candidate as it is; put it through tanh.", _step(squash=lambda a: a)),
    ("You swapped i_t and o_t.", _step(order="foi")),
    ("You swapped f_t and i_t: f_t belongs to the old cell state.", _step(order="ifo")),
    ("You swapped f_t and o_t.", _step(order="oif")),
    (
        "You wrote with 1 - f_t. An LSTM has an input gate for that.",
        _step(cell=lambda f, i, n, h, c: f * c + (1 - f) * n),
    ),
    (
        "You wrote the candidate at full strength; multiply it by i_t.",
        _step(cell=lambda f, i, n, h, c: f * c + n),
    ),
    ("You subtracted what is written; add it.", _step(cell=lambda f, i, n, h, c: f * c - i * n)),
    ("You wrote nothing: add i_t times the candidate.", _step(cell=lambda f, i, n, h, c: f * c)),
    (
        "You kept nothing of the old cell state: add f_t * c_prev.",
        _step(cell=lambda f, i, n, h, c: i * n),
    ),
    (
        "You kept all of the old cell state; multiply it by f_t.",
        _step(cell=lambda f, i, n, h, c: c + i * n),
    ),
    (
        "You kept f_t times h_prev; the old cell state is c_prev.",
        _step(cell=lambda f, i, n, h, c: f * h + i * n),
    ),
    ("You multiplied o_t by c_t; it multiplies tanh(c_t).", _step(show=lambda o, c, c_prev: o * c)),
    (
        "You took the tanh of o_t * c_t; only c_t goes through tanh.",
        _step(show=lambda o, c, c_prev: np.tanh(o * c)),
    ),
    ("You returned the output gate itself. What does it let through?", _step(show=lambda o, c, c_prev: o)),
    ("You left out the output gate: multiply by o_t.", _step(show=lambda o, c, c_prev: np.tanh(c))),
    (
        "You showed the old cell state; show the new one.",
        _step(show=lambda o, c, c_prev: o * np.tanh(c_prev)),
    ),
)
"""A hint, and a step that makes this mistake and no other."""
