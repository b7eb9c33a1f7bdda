"""The hints of the lesson on vanishing gradients: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, vanishing

RIGHT_GAIN, RIGHT_CAUSES = 1.3, ("weights", "slopes", "neither")


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (vanishing.check_left, 4e-5, "divided by 2.5"),
        (vanishing.check_left, 2.5e-4, "leave less"),
        (vanishing.check_left, 1e-8, "after 80 steps"),
        (vanishing.check_left, 1e-6, "after 60 steps"),
        (vanishing.check_left, 0.794, "factor per step"),
        (vanishing.check_left, 10**-1.6, "40/100"),
        (vanishing.check_left, -10, "power of ten"),
        (vanishing.check_left, 0, "too small"),
        (vanishing.check_left, 1e-9, "too large"),
        (vanishing.check_transpose, [0.25, 0], "multiplied by U"),
        (vanishing.check_transpose, [0.5, 2], "at h_2"),
        (vanishing.check_transpose, [0.125, 1.5], "at h_0"),
        (vanishing.check_transpose, [2, 0.25], "other order"),
        (vanishing.check_transpose, [0.25, 4], "each entry"),
        (vanishing.check_transpose, [4.25, 1], "Both steps back use the transpose"),
        (vanishing.check_transpose, [0.25, 1], "Both steps back use the transpose"),
        (vanishing.check_transpose, 2.25, "shape (2,)"),
        (vanishing.check_bound, {1, 2, 3}, "1.64 is not below 1"),
        (vanishing.check_bound, {3}, "0.9 is below"),
        (vanishing.check_bound, {2}, "3.65 is below"),
        (vanishing.check_bound, {2, 3, 4}, "1.1 is not below 1"),
        (vanishing.check_bound, set(), "Network 2"),
        (vanishing.check_bound, {2, 3, 5}, "5 is not one of them"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("gain", "reason", "word"),
    [
        (1, "A", "without tanh"),
        (1.1, "A", "Try a larger gain"),
        (1.6, "A", "Try a smaller gain"),
        (-1, "A", "above 0"),
        ((1, 3), "A", "with a point"),
        (RIGHT_GAIN, "B", "keeps the norm"),
        (RIGHT_GAIN, "C", "not a factor"),
        (RIGHT_GAIN, "D", "A, B or C"),
    ],
)
def test_the_gain_and_its_reason(gain, reason, word):
    feedback = vanishing.check_threshold_gain(gain, reason)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize("gain", [1.29, 1.3, 1.31])
def test_gains_beside_it_are_right_too(gain):
    assert vanishing.check_threshold_gain(gain, "a").right


@pytest.mark.parametrize(("place", "word"), list(enumerate(["Network A", "Network B", "Network C"])))
def test_each_network_has_its_hint(place, word):
    for wrong in {"weights", "slopes", "neither"} - {RIGHT_CAUSES[place]}:
        given = list(RIGHT_CAUSES)
        given[place] = wrong
        feedback = vanishing.check_causes(*given)
        assert feedback.mark == NOT_YET
        assert word in feedback.message


def test_transpose_answer_states_the_norms():
    assert f"{np.hypot(0.25, 2):.2f}" == "2.02"
    assert "from 1 to 2.02" in vanishing.check_transpose([0.25, 2]).message
