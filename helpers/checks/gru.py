"""The checks of notebook 04."""

import math

import numpy as np

from helpers.bptt import unroll
from helpers.cells import GRU, RNN
from helpers.checks import call, check_array, check_number, is_open, left_open, not_yet, right
from helpers.checks import gru_torch as torch_gru


def check_mix(answer):
    """The new state for z = 0.25, an old state of 0.8 and a candidate of -0.4."""
    return check_number(
        answer,
        0.25 * 0.8 + 0.75 * -0.4,
        task="Put the numbers into h_t = z_t h_(t-1) + (1 - z_t) h~_t.",
        why="0.25 × 0.8 + 0.75 × (-0.4) = 0.2 - 0.3 = -0.1: a quarter old, three quarters new.",
        mistakes=[
            (0.5, "That takes three quarters of the old state. Here z is the share that is kept."),
            (0.1, "The two parts are added, and the candidate is negative."),
            (0.2, "That is what is kept. What does the candidate add?"),
            (-0.3, "That is what the candidate adds. What is kept of the old state?"),
        ],
    )


def check_step(function):
    """The learner's own step: gru_step(x_t, h_prev, W, U, b) gives h_t."""
    task = "Return h_t, an array of shape (H,)."
    rng = np.random.default_rng(11)
    cell = GRU(2, 3, rng=rng, gain=2.0)
    cell.b[...] = rng.standard_normal(cell.b.shape)
    x_t, h_prev = rng.standard_normal(2), rng.uniform(-1, 1, 3)
    W, U, b = ({k: cell[f"{name}_{k}"].copy() for k in "zrh"} for name in "WUb")
    b = {k: one[:, 0] for k, one in b.items()}
    value, feedback = call(function, x_t, h_prev, W, U, b, task=task)
    if feedback:
        return feedback

    def other(**convention):
        return _once(cell, x_t, h_prev, **convention)

    return check_array(
        value,
        other(),
        task=task,
        why="Your step and the engine agree. Two gates, one candidate, one mixture: that is a GRU.",
        mistakes=[
            (other(update="write"), "Your z writes. Here z_t is the share of the old state that is kept."),
            (
                other(reset="after"),
                "Your r multiplies the product. Here it multiplies h_prev before U_h does.",
            ),
            (other(r_open=True), "The reset gate is missing: the candidate sees r_t * h_prev."),
        ],
    )


def _once(cell, x_t, h_prev, r_open=False, **convention):
    """One step of a GRU with these weights in another convention, or with its reset gate open."""
    other = GRU(cell.D, cell.H, rng=0, **convention)
    other.put(W=cell.W, U=cell.U, b_z=cell["b_z"], b_r=cell["b_r"], b_h=cell["b_h"])
    if r_open:
        other["b_r"] = OPEN_GATE
    return other(x_t[:, None], h_prev[:, None])[:, 0]


OPEN_GATE = 1000.0  # its sigmoid is exactly 1


def check_keep_bias(answer):
    """The bias b_z with which the direct road halves in 20 steps."""
    keep = 0.5 ** (1 / 20)
    return check_number(
        answer,
        math.log(keep / (1 - keep)),
        near=2e-3,
        task="First find z with z**20 = 0.5, then solve sigmoid(b_z) = z.",
        why="z = 0.5**(1/20) = 0.966, and b_z = ln(z / (1 - z)) = 3.345.",
        mistakes=[
            (keep, "That is z itself. Which pre-activation has this sigmoid?"),
            (-math.log(keep / (1 - keep)), "That is the bias for z that writes. Here z keeps."),
            (
                20.0,
                "A bias of 20 keeps for hundreds of millions of steps: the sigmoid comes close to 1 fast.",
            ),
            (
                math.log(19),
                "That is z = 0.95, which loses 1/20 at each step. The losses multiply; solve z**20 = 0.5.",
            ),
        ],
    )


def check_reset_orders(before, after):
    """What reaches the candidate from U_h = [[0, 1], [1, 0]], r = (1, 0), h_prev = (0.5, 0.2)."""
    U_h, r, h_prev = np.array([[0.0, 1], [1, 0]]), np.array([1.0, 0]), np.array([0.5, 0.2])
    first, then = U_h @ (r * h_prev), r * (U_h @ h_prev)
    task = "Work out U_h (r * h_prev) and r * (U_h h_prev), each a pair of numbers."
    if is_open(before) or is_open(after):
        return left_open(task)
    feedback = check_array(before, first, task=task, why="", mistakes=[
        (then, "Your `before` is r * (U_h h_prev): there the product comes first."),
        (r * h_prev, "That is r * h_prev. U_h, which swaps the two, is still missing."),
    ])  # fmt: skip
    if not feedback.right:
        return not_yet(f"before: {feedback.message}")
    feedback = check_array(after, then, task=task, why="", mistakes=[
        (first, "Your `after` is U_h (r * h_prev): there r comes first."),
        (U_h @ h_prev, "That is U_h h_prev. Now r multiplies it."),
    ])  # fmt: skip
    if not feedback.right:
        return not_yet(f"after: {feedback.message}")
    return right("Before: unit 2 hears of unit 1. After: unit 1 hears of unit 2. No single r can do both.")


def check_budget(answer):
    """The most units of a GRU within the parameters of an LSTM with D = 3, H = 20."""
    budget = 4 * 20 * (3 + 20 + 1)
    most = max(H for H in range(1, 100) if GRU(3, H, rng=0).n_parameters <= budget)
    return check_number(
        answer,
        most,
        near=1e-9,
        task="The LSTM has 4 × 20 × (3 + 20 + 1) = 1920. Find the largest H with 3 H (3 + H + 1) below that.",
        why="3 × 23 × 27 = 1863 fits, and 3 × 24 × 28 = 2016 does not.",
        mistakes=[
            (80 / 3, "Parameters grow with H times H: a third more room does not give a third more units."),
            (26, "Parameters grow with H times H: a third more room does not give a third more units."),
            (24, "3 × 24 × 28 = 2016 is already more than 1920."),
            (20, "With 20 units the GRU has 1440 parameters: there is room left."),
        ],
    )


def check_plain(function):
    """The learner's function that sets a GRU's gates so that it becomes the plain RNN."""
    task = "Set biases of the GRU you are given, and return it."
    rng = np.random.default_rng(3)
    cell, x = GRU(2, 4, rng=rng, gain=2.0), rng.standard_normal((12, 2, 1))
    cell["b_h"] = rng.standard_normal((4, 1))
    W, U, b = cell["W_h"].copy(), cell["U_h"].copy(), cell["b_h"].copy()
    value, feedback = call(function, cell, task=task)
    if feedback:
        return feedback
    if not isinstance(value, GRU):
        return not_yet(f"A GRU is expected; this is of type {type(value).__name__}. Did you return it?")
    rnn = RNN(2, 4, rng=0)
    rnn.put(W=W, U=U, b=b)
    if not all(np.array_equal(value[f"{k}_h"], old) for k, old in (("W", W), ("U", U), ("b", b))):
        return not_yet("W_h, U_h and b_h must stay as they are: only the gates are to be set.")
    if not np.isfinite(value.b).all():
        return not_yet("A bias is not a finite number. A large one is enough: 1000, say.")
    tape = unroll(value, x)
    return _judge_plain(tape, np.abs(tape.h - unroll(rnn, x).h).max())


def _judge_plain(tape, apart):
    z, r = tape.z, tape.r
    if apart < 1e-9:
        return right("r = 1 shows the candidate the whole state, z = 0 keeps nothing: that is the plain RNN.")
    if z.min() > 0.9:
        return not_yet("z is near 1, so the old state is kept and the input shut out. It should be 0.")
    if z.max() > 0.1:
        return not_yet("z is not 0: a part of the old state is kept, which a plain RNN cannot do.")
    if r.min() < 0.9:
        return not_yet("z is 0, but r is not 1: the candidate does not see the whole old state.")
    return not_yet(f"Very close: {apart:.0e} apart. A larger bias makes the sigmoid exactly 0 or 1.")


def check_from_torch(function):
    """The learner's converter, from PyTorch's weights to those of GRU(update="write", reset="after")."""
    task = "Return W (9, 2), U (9, 3) and b (12,), with the blocks z, r, h in each, and m at the end of b."
    weights = {name: array.copy() for name, array in torch_gru.WEIGHTS.items()}
    value, feedback = call(function, weights, task=task)
    if feedback:
        return feedback
    if not isinstance(value, tuple | list) or len(value) != 3:
        return not_yet(f"Three arrays are expected, W, U and b. {task}")
    arrays = []
    for name, one, shape in zip("WUb", value, ((9, 2), (9, 3), (12,)), strict=True):
        try:
            one = np.asarray(one, float)
        except (TypeError, ValueError):
            return not_yet(f"{name} should be an array of numbers; it is of type {type(one).__name__}.")
        if one.size != np.prod(shape) or len(one) != shape[0]:
            more = " Its fourth block is b_m, the bias inside r * ( )." if name == "b" else ""
            return not_yet(f"{name} should have the shape {shape}; yours is {one.shape}.{more}")
        if not np.isfinite(one).all():
            return not_yet(f"{name} holds values that are not finite.")
        arrays.append(one.reshape(shape))
    return _judge_conversion(*arrays, task)


def _judge_conversion(W, U, b, task):
    if np.allclose(_states(W, U, b), torch_gru.H, rtol=0, atol=1e-10):
        return right("Every state agrees with the one that PyTorch has computed, to ten digits.")
    for hint, wrong in _wrong_conversions():
        if all(np.allclose(one, other) for one, other in zip((W, U, b), wrong, strict=True)):
            return not_yet(hint)
    worst = np.abs(_states(W, U, b) - torch_gru.H).max()
    return not_yet(f"The shapes are right; the states are up to {worst:.2g} away from PyTorch's. {task}")


def _states(W, U, b):
    cell = GRU(2, 3, rng=0, update="write", reset="after")
    cell.put(W=W, U=U, b=np.c_[b])
    return unroll(cell, torch_gru.X, torch_gru.H_0).h


def _wrong_conversions():
    """Conversions that go wrong in one known way, each with the hint that helps."""
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    parts = [np.split(torch_gru.WEIGHTS[name], 3) for name in names]
    (W_r, W_z, W_n), (U_r, U_z, U_n), (b_r, b_z, b_n), (c_r, c_z, c_n) = parts
    W, U = np.concatenate([-W_z, W_r, W_n]), np.concatenate([-U_z, U_r, U_n])
    keep_W, keep_U = np.concatenate([W_z, W_r, W_n]), np.concatenate([U_z, U_r, U_n])
    b = np.concatenate([-b_z - c_z, b_r + c_r, b_n, c_n])
    keep_b = np.concatenate([b_z + c_z, b_r + c_r, b_n, c_n])
    sign = "z has PyTorch's sign, which keeps. Writing needs the other sign in all of W_z, U_z and b_z."
    return [
        ("PyTorch's order is r, z, n; ours is z, r, h.", (
            np.concatenate([W_r, W_z, W_n]), np.concatenate([U_r, U_z, U_n]),
            np.concatenate([b_r + c_r, b_z + c_z, b_n, c_n]),
        )),
        (sign, (keep_W, keep_U, keep_b)),
        (sign, (W, U, keep_b)),
        ("The candidate's two biases must stay apart: r multiplies only the one of weight_hh.", (
            W, U, np.concatenate([-b_z - c_z, b_r + c_r, b_n + c_n, 0 * c_n]),
        )),
        ("z and r have two biases each in PyTorch; here they are added.", (
            W, U, np.concatenate([-b_z, b_r, b_n, c_n]),
        )),
        ("b_h and b_m are swapped: b_m is the one of bias_hh.", (
            W, U, np.concatenate([b[:6], c_n, b_n]),
        )),
    ]  # fmt: skip
