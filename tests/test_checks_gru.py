"""The exercises of notebook 04: open, right, and wrong in each way that has a word of its own."""

import pathlib

import numpy as np
import pytest

from helpers.cells import GRU
from helpers.checks import NOT_YET, OPEN, gru, gru_torch
from tests.lesson import solutions

SOLUTIONS = solutions("04_gru")
EXERCISES = {
    "gru_step": gru.check_step,
    "b_z": gru.check_keep_bias,
    "from_torch": gru.check_from_torch,
    "H_gru": gru.check_budget,
    "to_plain": gru.check_plain,
}
RIGHT_PAIR = SOLUTIONS["before"], SOLUTIONS["after"]


def test_every_exercise_has_a_solution():
    assert set(SOLUTIONS) == {*EXERCISES, "before", "after"}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_is_right(name):
    assert EXERCISES[name](SOLUTIONS[name]).right


def test_the_pair_is_right_and_so_is_the_guess():
    assert gru.check_reset_orders(*RIGHT_PAIR).right
    assert gru.check_reset_orders([0, 0.5], (0.2, 0)).right
    assert gru.check_mix(-0.1).right


@pytest.mark.parametrize(
    "check", [*EXERCISES.values(), gru.check_mix, lambda a: gru.check_reset_orders(a, a)]
)
def test_an_open_answer_is_calm_and_nonsense_is_not_right(check):
    assert check(...).mark == OPEN
    for nonsense in ("word", [1, "a"], np.ones((3, 3)), 1e9, float("nan"), lambda *_: 1 / 0):
        feedback = check(nonsense)
        assert feedback.mark == NOT_YET
        assert len(feedback.message) > 10


@pytest.mark.parametrize("check", [gru.check_step, gru.check_from_torch, gru.check_plain])
def test_a_function_that_returns_nothing_yet_is_open(check):
    assert check(lambda *_: ...).mark == OPEN


# Known mistakes --------------------------------------------------------------------------------------


def step(mix=lambda z, h, n: z * h + (1 - z) * n, seen=lambda U, r, h: U @ (r * h), last=lambda h: h):
    """The step of exercise 1, with a part exchanged."""

    def gru_step(x_t, h_prev, W, U, b):
        z, r = (1 / (1 + np.exp(-(W[k] @ x_t + U[k] @ h_prev + b[k]))) for k in "zr")
        candidate = np.tanh(W["h"] @ x_t + seen(U["h"], r, h_prev) + b["h"])
        return last(mix(z, h_prev, candidate))

    return gru_step


def converted(change):
    """The converter of exercise 4, with one change to its blocks (a dict) before they are joined."""

    def from_torch(weights):
        names = {"W": "weight_ih_l0", "U": "weight_hh_l0", "b": "bias_ih_l0", "c": "bias_hh_l0"}
        p = {f"{k}_{g}": part for k, n in names.items() for g, part in zip("rzn", np.split(weights[n], 3))}  # noqa: B905
        p |= {"W_z": -p["W_z"], "U_z": -p["U_z"], "d_z": -p["b_z"] - p["c_z"], "d_r": p["b_r"] + p["c_r"]}
        p |= {"first": "z", "then": "r"}
        p |= change(p)
        a, b = p["first"], p["then"]
        W, U = (np.concatenate([p[f"{k}_{a}"], p[f"{k}_{b}"], p[f"{k}_n"]]) for k in "WU")
        return W, U, np.concatenate([p[f"d_{a}"], p[f"d_{b}"], p["b_n"], p["c_n"]])

    return from_torch


def unturned(p):
    return {"W_z": -p["W_z"], "U_z": -p["U_z"], "d_z": -p["d_z"]}


def plain(z, r, then=lambda gru: gru):
    def to_plain(gru):
        gru["b_z"], gru["b_r"] = z, r
        return then(gru)

    return to_plain


def with_other_candidate(gru):
    gru["U_h"] *= 2
    return gru


def with_nan(gru):
    gru["b_z"] = np.nan
    return gru


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (gru.check_mix, 0.5, "share that is kept"),
        (gru.check_mix, 0.1, "negative"),
        (gru.check_mix, 0.2, "candidate add"),
        (gru.check_mix, -0.3, "kept of the old"),
        (gru.check_mix, 0.7, "too large"),
        (gru.check_step, step(mix=lambda z, h, n: (1 - z) * h + z * n), "Your z writes"),
        (gru.check_step, step(seen=lambda U, r, h: r * (U @ h)), "multiplies the product"),
        (gru.check_step, step(seen=lambda U, r, h: U @ h), "reset gate is missing"),
        (gru.check_step, step(last=lambda h: h[:, None]), "shape should be (3,)"),
        (gru.check_step, step(last=np.tanh), "the values are not"),
        (gru.check_keep_bias, 0.5 ** (1 / 20), "z itself"),
        (gru.check_keep_bias, -3.345, "z that writes"),
        (gru.check_keep_bias, 20, "hundreds of millions"),
        (gru.check_keep_bias, np.log(19), "losses multiply"),
        (gru.check_budget, 80 / 3, "H times H"),
        (gru.check_budget, 26, "H times H"),
        (gru.check_budget, 24, "2016"),
        (gru.check_budget, 20, "room left"),
        (gru.check_from_torch, converted(unturned), "PyTorch's sign"),
        (gru.check_from_torch, converted(lambda p: {"d_z": -p["d_z"]}), "PyTorch's sign"),
        (
            gru.check_from_torch,
            converted(lambda p: unturned(p) | {"first": "r", "then": "z"}),
            "order is r, z, n",
        ),
        (
            gru.check_from_torch,
            converted(lambda p: {"b_n": p["b_n"] + p["c_n"], "c_n": 0 * p["c_n"]}),
            "stay apart",
        ),
        (
            gru.check_from_torch,
            converted(lambda p: {"d_z": -p["b_z"], "d_r": p["b_r"]}),
            "two biases each",
        ),
        (gru.check_from_torch, converted(lambda p: {"b_n": p["c_n"], "c_n": p["b_n"]}), "swapped"),
        (gru.check_from_torch, converted(lambda p: {"W_n": 2 * p["W_n"]}), "away from PyTorch's"),
        (gru.check_from_torch, converted(lambda p: {"W_n": np.nan * p["W_n"]}), "not finite"),
        (gru.check_from_torch, lambda w: (np.ones((9, 2)), np.ones((9, 3)), np.ones(9)), "fourth block"),
        (gru.check_from_torch, lambda w: (np.ones((2, 9)), np.ones((9, 3)), np.ones(12)), "W should have"),
        (gru.check_from_torch, lambda w: np.ones((9, 2)), "Three arrays"),
        (gru.check_from_torch, lambda w: ("W", "U", "b"), "W should be an array"),
        (gru.check_plain, plain(0, 1000), "z is not 0"),
        (gru.check_plain, plain(1000, 1000), "input shut out"),
        (gru.check_plain, plain(-1000, 0), "r is not 1"),
        (gru.check_plain, plain(-12, 12), "Very close"),
        (gru.check_plain, plain(-1000, 1000, with_other_candidate), "must stay as they are"),
        (gru.check_plain, plain(-1000, 1000, with_nan), "not a finite number"),
        (gru.check_plain, plain(-1000, 1000, lambda gru: None), "Not answered yet"),
        (gru.check_plain, plain(-1000, 1000, lambda gru: gru.W), "GRU is expected"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert not feedback.right
    assert word in feedback.message


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (RIGHT_PAIR[1], RIGHT_PAIR[1], "before: Your `before` is r * (U_h h_prev)"),
        ([0.5, 0], RIGHT_PAIR[1], "still missing"),
        (RIGHT_PAIR[0], RIGHT_PAIR[0], "after: Your `after` is U_h (r * h_prev)"),
        (RIGHT_PAIR[0], [0.2, 0.5], "Now r multiplies it"),
        (RIGHT_PAIR[0], 3, "shape should be (2,)"),
        (RIGHT_PAIR[0], ..., "Not answered yet"),
    ],
)
def test_each_of_the_pair_is_judged_alone(before, after, word):
    feedback = gru.check_reset_orders(before, after)
    assert not feedback.right
    assert word in feedback.message


def test_other_large_biases_will_do():
    assert gru.check_plain(plain(-50, 50)).right


def test_b_may_be_a_column():
    def column(weights):
        W, U, b = SOLUTIONS["from_torch"](weights)
        return W, U, b[:, None]

    assert gru.check_from_torch(column).right


def test_a_learner_who_spoils_the_weights_spoils_nothing():
    def spoil(weights):
        answer = SOLUTIONS["from_torch"](weights)
        for array in weights.values():
            array[...] = 0
        return answer

    assert gru.check_from_torch(spoil).right
    assert gru.check_from_torch(SOLUTIONS["from_torch"]).right


def test_the_values_of_the_converter_are_those_of_pytorch():
    """As tools/torch_reference.py has stored them."""
    stored = np.load(pathlib.Path(__file__).parent / "reference" / "torch.npz")
    for name, array in (
        *gru_torch.WEIGHTS.items(),
        ("x", gru_torch.X),
        ("h_0", gru_torch.H_0),
        ("h", gru_torch.H),
    ):
        np.testing.assert_array_equal(array, stored[f"GRU/{name}"])


def test_the_solution_converts_weights_it_has_not_seen():
    """Against the plain equations of PyTorch's manual, written out here."""
    rng = np.random.default_rng(0)
    W, U, b, c = rng.standard_normal((9, 2)), rng.standard_normal((9, 3)), *rng.standard_normal((2, 9))
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    cell = GRU(2, 3, rng=0, update="write", reset="after")
    found = SOLUTIONS["from_torch"](dict(zip(names, (W, U, b, c), strict=True)))
    W_found, U_found, b_found = found
    cell.put(W=W_found, U=U_found, b=b_found[:, None])
    x, h = rng.standard_normal(2), rng.uniform(-1, 1, 3)
    i, s = np.split(W @ x + b, 3), np.split(U @ h + c, 3)
    r, z = (1 / (1 + np.exp(-(i[k] + s[k]))) for k in (0, 1))
    expected = (1 - z) * np.tanh(i[2] + r * s[2]) + z * h
    np.testing.assert_allclose(cell(x[:, None], h[:, None])[:, 0], expected, rtol=1e-12)
