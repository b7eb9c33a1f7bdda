"""The hints of the lesson on the GRU: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN, gru
from helpers.checks.gru import convert as gru_convert
from helpers.engine.cells import GRU
from tests.engine.plain import sigmoid
from tests.lessons.lesson import solution_of

FROM_TORCH = solution_of(gru_convert.check_from_torch)
BEFORE, AFTER = solution_of(gru.check_reset_orders)


def step(
    mix=lambda z, h, n: z * h + (1 - z) * n,
    seen=lambda U, r, h: U @ (r * h),
    last=lambda h: h,
    gate=sigmoid,
    squash=np.tanh,
    order="zr",
    a=lambda W, U, b, x, h: W @ x + U @ h + b,
):
    """The step of exercise 1, with a part exchanged."""

    def gru_step(x_t, h_prev, W, U, b):
        z, r = (gate(a(W[k], U[k], b[k], x_t, h_prev)) for k in order)
        candidate = squash(a(W["h"], U["h"], b["h"], x_t, 0 * h_prev) + seen(U["h"], r, h_prev))
        return last(mix(z, h_prev, candidate))

    return gru_step


def r_on_all(x_t, h_prev, W, U, b):
    z, r = (sigmoid(W[k] @ x_t + U[k] @ h_prev + b[k]) for k in "zr")
    return z * h_prev + (1 - z) * np.tanh(r * (W["h"] @ x_t + U["h"] @ h_prev) + b["h"])


def only_for_H_3(x_t, h_prev, W, U, b):
    return step()(x_t, h_prev, W, U, b) + np.zeros(3)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (step(mix=lambda z, h, n: (1 - z) * h + z * n), "Your z writes"),
        (step(mix=lambda z, h, n: n), "You returned the candidate"),
        (step(mix=lambda z, h, n: z * h), "You left out the candidate"),
        (step(mix=lambda z, h, n: (1 - z) * n), "You kept nothing of the old state"),
        (step(mix=lambda z, h, n: z * h + n), "added all of the candidate"),
        (step(mix=lambda z, h, n: z * h + z * n), "multiplied both parts by z"),
        (step(seen=lambda U, r, h: r * (U @ h)), "You multiplied the product by r"),
        (step(seen=lambda U, r, h: U @ h), "You left out the reset gate"),
        (r_on_all, "belongs to h_prev alone"),
        (step(gate=lambda a: 1 - sigmoid(a)), "Your sigmoid is reversed"),
        (step(seen=lambda U, r, h: (r * h) @ U[:, :2]), "ValueError"),
        (step(seen=lambda U, r, h: U @ (r @ h)), "stopped at an `@` whose two sides do not fit"),
        (only_for_H_3, "Right for D = 2, H = 3, but for D = 4, H = 2: Your function stopped with"),
        (step(seen=lambda U, r, h: 0), "sees nothing of the old state"),
        (step(gate=np.tanh), "You used tanh for the gates"),
        (step(squash=sigmoid), "You used the sigmoid for the candidate"),
        (step(squash=lambda a: a), "You left out tanh"),
        (step(order="rz"), "swapped"),
        (step(a=lambda W, U, b, x, h: W @ x + U @ h), "You left out the bias; add it."),
        (step(a=lambda W, U, b, x, h: W @ x + U @ h - b), "You subtracted the bias; add it."),
        (step(last=lambda h: h[:, None]), "shape should be (3,)"),
        (step(last=np.tanh), "the values are not"),
        (step(last=lambda h: None), "returns nothing"),
    ],
)
def test_a_known_mistake_in_the_step(answer, word):
    feedback = gru.check_step(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


def plain(z, r, then=lambda gru: gru):
    def to_plain(gru):
        gru["b_z"], gru["b_r"] = z, r
        return then(gru)

    return to_plain


def changed(block, value):
    def change(gru):
        gru[block] = value
        return gru

    return change


def with_attributes(**attributes):
    def to_plain(gru):
        for name, value in attributes.items():
            setattr(gru, name, value)
        return gru

    return to_plain


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (plain(0, 1000), "Your z is not 0"),
        (plain(1000, 1000), "the input is shut out"),
        (plain(-1000, 0), "your r is not 1"),
        (plain(-12, 12), "A larger bias makes"),
        (plain(-1000, 1000, changed("U_h", 2)), "must stay as they are"),
        (plain(-1000, 1000, changed("b_h", 0)), "must stay as they are"),
        (plain(-1000, 1000, changed("b_z", np.nan)), "gru.b holds nan. Use finite numbers"),
        (plain(-1000, 1000, changed("b_z", -1e300)), "Use finite numbers of at most a million."),
        (plain(-1000, 1000, lambda gru: None), "returns nothing: did you forget"),
        (plain(-1000, 1000, lambda gru: gru.W), "A GRU is expected; this is an array. Did you return it?"),
        (plain(-1000, 1000, lambda gru: GRU(3, 4, rng=0)), "D = 2 and H = 4; yours has D = 3"),
        (with_attributes(b_z=-1000, b_r=1000), 'gru.b_z = ... sets nothing in the GRU; write gru["b_z"]'),
        (with_attributes(b=1000.0), "gru.b should keep its shape (12, 1); it now has ()"),
        (with_attributes(b="word"), 'gru.b is no longer an array of numbers. Set blocks: gru["b_z"] = 3.'),
    ],
)
def test_a_known_mistake_in_the_plain_network(answer, word):
    feedback = gru.check_plain(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (gru.check_mix, 0.45, "Here z keeps"),
        (gru.check_mix, 0.65, "negative"),
        (gru.check_mix, 0.2, "candidate add"),
        (gru.check_mix, -0.45, "kept of the old"),
        (gru.check_mix, -0.4, "all of the candidate"),
        (gru.check_mix, 0.7, "too large"),
        (gru.check_mix, (-0, 25), "Python writes decimals with a point"),
        (gru.check_budget, 80 / 3, "H times H"),
        (gru.check_budget, 26, "H times H"),
        (gru.check_budget, 24, "2016"),
        (gru.check_budget, 20, "room left"),
        (gru.check_budget, 22.9, "whole number"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


KEPT = 0.5 ** (1 / 20)


@pytest.mark.parametrize(
    ("b_z", "written", "word"),
    [
        (KEPT, 0.034, "b_z: That is z itself"),
        (-3.345, 0.034, "b_z: That is the bias for a z that writes"),
        (20, 0.034, "hundreds of millions"),
        (np.log(19), 0.034, "factors multiply"),
        (np.log(20), 0.034, "14 steps"),
        (np.log(KEPT), 0.034, "You took ln z"),
        (sigmoid(KEPT), 0.034, "z is a sigmoid already"),
        (3.345, KEPT, "written: That is the fraction of the old state that is kept"),
        (3.345, 0.5, "in one step"),
        (3.345, 0.05, "right for a sum"),
        (3.345, 0.025, "halve a sum"),
        (3.345, 3.41, "a percentage"),
        (3.345, -0.034, "too small"),
    ],
)
def test_each_part_of_the_bias_is_judged_alone(b_z, written, word):
    feedback = gru.check_keep_bias(b_z, written)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("as much", "That is the direct path alone"),
        ("less", "does z grow or shrink?"),
        (0.85, "One of the words"),
    ],
)
def test_wrong_guess_about_the_nudge_gets_a_hint(answer, word):
    feedback = gru.check_nudge(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (AFTER, AFTER, "before: You applied r after the product"),
        ([0.5, 0], AFTER, "before: You left out U_h"),
        ([0.2, 0.5], AFTER, "before: You left out r"),
        (BEFORE, BEFORE, "after: You applied r before the product"),
        (BEFORE, [0.2, 0.5], "after: You left out r"),
        (BEFORE, 3, "after: An array of shape (2,) is expected; this is a single number"),
        (BEFORE, (None, 1), "after: An array of numbers is expected; one entry is None"),
    ],
)
def test_each_of_the_pair_is_judged_alone(before, after, word):
    feedback = gru.check_reset_orders(before, after)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


def test_half_a_pair_is_open():
    assert gru.check_reset_orders(BEFORE, ...).mark == OPEN
    assert gru.check_reset_orders([0, ...], AFTER).mark == OPEN


def column(weights):
    W, U, b = FROM_TORCH(weights)
    return [W, U, b[:, None]]


def spoil(weights):
    answer = FROM_TORCH(weights)
    for array in weights.values():
        array[...] = 0
    return answer


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (gru_convert.check_from_torch, column),
        (gru_convert.check_from_torch, spoil),
        (gru_convert.check_from_torch, lambda w: [part.astype(np.float32) for part in FROM_TORCH(w)]),
        (gru.check_plain, plain(-50, 50)),
        (gru.check_plain, plain(-1000, 1000, lambda gru: with_attributes(b_z=3)(gru))),
        (lambda pair: gru.check_keep_bias(*pair), (3.34, 0.0341)),
        (lambda pair: gru.check_keep_bias(*pair), (3.35, 0.0340)),
        (lambda pair: gru.check_keep_bias(*pair), (np.log(0.966 / 0.034), 1 - 0.5**0.05)),
        (gru.check_nudge, " More "),
        (lambda pair: gru.check_reset_orders(*pair), ([0, 0.5], (0.2, 0))),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right
