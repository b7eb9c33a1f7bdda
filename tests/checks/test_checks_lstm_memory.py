"""The hints of the lesson on memory: each known mistake has a sentence of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, OPEN
from helpers.checks import lstm_memory as memory
from tests.engine.plain import sigmoid

N = {
    "o_1": 0.6682, "c_1": 1.1803, "f": 0.7411, "i": 0.6734, "candidate": 0.9142, "shown": 0.2108
}  # fmt: skip
VIA_I = N["shown"] * -0.5 * N["i"] * (1 - N["i"]) * N["candidate"]
VIA_C = N["shown"] * (1 - N["candidate"] ** 2) * N["i"]


def gone(left):
    """Exercise 2 with its right letter."""
    return memory.check_gone(left, "B")


def paths(via_i=VIA_I, via_c=VIA_C):
    return memory.check_paths(via_i, via_c)


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (memory.check_nudge, " More. "),
        (memory.check_half_life, np.log(2) / -np.log(0.982)),
        (memory.check_half_life, 38.2),
        (memory.check_half_life, 38),
        (memory.check_bias, 4.97),
        (memory.check_bias, np.log(0.993 / 0.007)),
        (gone, 0.022),
        (gone, 0.88**30),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right


def test_two_paths_may_be_rounded():
    assert paths().right
    assert paths(-0.0212, 0.0233).right


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("less", "which of f, i and the candidate fall?"),
        ("as much", "direct path alone"),
        ("a lot", "“as much”"),
    ],
)
def test_the_hint_for_a_wrong_direction(word, hint):
    feedback = memory.check_nudge(word)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


@pytest.mark.parametrize(
    ("answers", "hint"),
    [
        ({"via_i": -VIA_I}, "via_i: The sign is wrong"),
        ({"via_i": VIA_I / N["shown"]}, "How much does h_1 move with c_1?"),
        ({"via_i": -VIA_I / N["shown"]}, "nudge of h_1, and the weight"),
        ({"via_i": -2 * VIA_I}, "You left out the weight"),
        ({"via_i": VIA_I / N["candidate"]}, "what i is multiplied by"),
        ({"via_i": VIA_I / (N["i"] * (1 - N["i"]))}, "You left out the slope"),
        ({"via_i": VIA_I / (1 - N["i"])}, "not i_2"),
        ({"via_i": VIA_I / N["candidate"] * N["c_1"]}, "You multiplied by c_1"),
        ({"via_i": VIA_C}, "comes through the candidate"),
        ({"via_c": -VIA_C}, "via_c: The sign is wrong"),
        ({"via_c": VIA_C / N["shown"]}, "How much does h_1 move with c_1?"),
        ({"via_c": VIA_C / N["i"]}, "what the candidate is multiplied by"),
        ({"via_c": N["shown"] * N["i"]}, "You left out the slope of tanh"),
        ({"via_c": N["shown"] * N["i"] * N["candidate"] * (1 - N["candidate"])}, "slope of a sigmoid"),
        ({"via_c": VIA_I}, "comes through i_2"),
    ],
)
def test_the_hint_for_a_wrong_path(answers, hint):
    feedback = paths(**answers)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


@pytest.mark.parametrize(
    ("check", "answer", "hint"),
    [
        (memory.check_half_life, sigmoid(4.0), "f itself"),
        (memory.check_half_life, np.log(2) / np.log(sigmoid(4.0)), "The sign is wrong"),
        (memory.check_half_life, 27.8, "same amount"),
        (memory.check_half_life, -1 / np.log(sigmoid(4.0)), "1/e"),
        (memory.check_half_life, 0.0262, "Take the inverse"),
        (memory.check_half_life, np.log(2) / 4, "First take its sigmoid"),
        (memory.check_half_life, np.log10(0.5) / np.log(sigmoid(4.0)), "two logarithms"),
        (memory.check_bias, 0.5**0.01, "f itself"),
        (memory.check_bias, -4.966, "a negative bias forgets"),
        (memory.check_bias, np.log(99), "about 1/e"),
        (memory.check_bias, np.log(100), "about 1/e"),
        (memory.check_bias, 100, "nothing is forgotten"),
        (memory.check_bias, 5, "more digits"),
        (gone, 0.881, "That is one step"),
        (gone, 26.4, "do not add up"),
        (gone, 0.119, "one step takes away"),
        (gone, 0.978, "How much is left?"),
        (gone, 2.2, "That is a percentage"),
        (gone, 0.079, "20 steps"),
        (gone, 0.731**30, "forget bias of 1"),
        (gone, -2.576, "same amount"),
    ],
)
def test_the_hint_for_a_wrong_number(check, answer, hint):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


@pytest.mark.parametrize(
    ("letter", "hint"),
    [("A", "meets no tanh"), ("C", "Is it on the direct path"), ("d", "recurrent weights")],
)
def test_the_hint_for_a_wrong_reason(letter, hint):
    feedback = memory.check_gone(0.022, letter)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message


def test_only_the_right_reason_is_accepted():
    assert [memory.check_gone(0.022, letter).right for letter in "ABCD"] == [False, True, False, False]
    assert memory.check_gone(0.022, " b ").right


@pytest.mark.parametrize("reason", [3, "because", "AB", "", ["B"]])
def test_a_reason_that_is_no_letter(reason):
    assert "One of the letters A, B, C or D is expected" in memory.check_gone(0.022, reason).message


@pytest.mark.parametrize(("left", "reason"), [(..., "B"), (0.022, ...), (0.022, None)])
def test_half_an_answer_is_open(left, reason):
    assert memory.check_gone(left, reason).mark == OPEN


@pytest.mark.parametrize("bets", [(2, 1, 16), (5, 4, 12), ("3", 0, 16)])
def test_bets_are_compared_with_what_was_measured(bets):
    feedback = memory.check_bets(*bets)
    assert feedback.right == (bets[0] != "3")
    assert ("Start A solved it in 2 of 16 runs" in feedback.message) == (bets[0] != "3")


@pytest.mark.parametrize(
    ("bets", "hint"),
    [
        ((8, 1, 16), "You predicted 8, 1 and 16."),
        ((2, 16, 16), "You predicted 2, 16 and 16."),
        ((2, 17, 16), "for B you wrote 17"),
        ((-1, 1, 16), "for A you wrote -1"),
        ((2.5, 1, 16), "whole numbers of runs, from 0 to 16"),
        (("many", 1, 16), "without quotes"),
    ],
)
def test_a_bet_that_is_far_off_or_none(bets, hint):
    feedback = memory.check_bets(*bets)
    assert feedback.mark == NOT_YET
    assert hint in feedback.message
