"""The hints of the lesson on clipping and truncation: each known mistake has a word of its own."""

import numpy as np
import pytest

from helpers.checks import NOT_YET, clipping
from tests.lessons.lesson import solution_of

CLIP = solution_of(clipping.check_clip)


def shortened(factor):
    """clip by norm, with another factor for a gradient that is too long."""

    def clip(g, limit):
        norm = np.linalg.norm(g)
        return g * factor(norm, limit) if norm > limit else g

    return clip


@pytest.mark.parametrize(
    ("check", "answer", "word"),
    [
        (clipping.check_clip, lambda g, limit: np.clip(g, -limit, limit), "changes the direction"),
        (clipping.check_clip, lambda g, limit: np.minimum(g, limit), "changes the direction"),
        (clipping.check_clip, lambda g, limit: g, "returned the gradient unchanged"),
        (clipping.check_clip, shortened(lambda norm, limit: limit / norm**2), "square of the norm"),
        (clipping.check_clip, shortened(lambda norm, limit: limit), "multiplied by the limit"),
        (clipping.check_clip, shortened(lambda norm, limit: 1 / limit), "divided by the limit"),
        (clipping.check_clip, shortened(lambda norm, limit: norm / limit), "take its inverse"),
        (clipping.check_clip, shortened(lambda norm, limit: 1 / norm), "scale it to the limit"),
        (clipping.check_clip, lambda g, limit: np.full(len(g), limit), "the direction of g is lost"),
        (clipping.check_clip, lambda g, limit: g * limit / max(np.abs(g).sum(), 1), "added up the sizes"),
        (clipping.check_clip, lambda g, limit: g * limit / max(np.abs(g).max(), 1), "largest entry"),
        (clipping.check_clip, lambda g, limit: g * limit / np.linalg.norm(g), "stays as it is"),
        (clipping.check_clip, lambda g, limit: np.where(g == 0, np.nan, CLIP(g, limit)), "nan"),
        (clipping.check_window, 30, "full BPTT"),
        (clipping.check_window, 27, "first mark"),
        (clipping.check_window, 15, "all places of the second mark"),
        (clipping.check_window, 13, "now and then"),
        (clipping.check_window, 11, "step 20"),
        (clipping.check_window, 5, "step 26"),
        (clipping.check_window, 40, "too large"),
        (clipping.check_window, 0, "too small"),
        (clipping.check_window, 12.4, "whole number"),
        (clipping.check_border, 1, "how far back the state reaches"),
        (clipping.check_border, 38, "The borders are fixed"),
        (clipping.check_border, 37, "The borders are fixed"),
        (clipping.check_border, 40, "in another piece"),
        (clipping.check_border, 57, "step itself"),
        (clipping.check_border, 21, "piece before"),
        (clipping.check_border, 60, "the other way"),
        (clipping.check_border, 61, "the next piece"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


@pytest.mark.parametrize(
    ("check", "right", "others", "hints"),
    [
        (clipping.check_logs, ("A", "b", "C."), "ABC", ["Log 1", "Log 2", "Log 3"]),
        (
            clipping.check_carry,
            ("are", "is", "Is"),
            ("is", "are"),
            ["Carried over", "Reset", "Another text"],
        ),
    ],
)
def test_each_part_has_its_hint(check, right, others, hints):
    assert check(*right).right
    for place, hint in enumerate(hints):
        for other in others:
            answers = list(right)
            answers[place] = other
            feedback = check(*answers)
            if other.lower() != right[place].strip(".").lower():
                assert feedback.mark == NOT_YET
                assert feedback.message.startswith(hint)
            answers[place] = ...
            assert check(*answers).message.startswith("Not answered yet.")


def test_what_is_no_letter_or_verb_is_said():
    assert "letters A, B or C" in clipping.check_logs("D", "B", "C").message
    assert "in quotes" in clipping.check_carry("are", "was", "is").message


def clip_in_place(g, limit):
    norm = (g @ g) ** 0.5
    if norm > limit:
        g *= limit / norm
    return g


def clip_without_if(g, limit):
    return [limit * number / max(float(np.linalg.norm(g)), limit) for number in g]


@pytest.mark.parametrize("answer", [clip_in_place, clip_without_if])
def test_right_but_unusual(answer):
    assert clipping.check_clip(answer).right


def test_function_that_fails_later_is_judged_calmly():
    """It works at first and fails on a later call."""
    calls = []

    def fails_later(g, limit):
        calls.append(g)
        return CLIP(g, limit) if len(calls) < 3 else 1 / 0

    assert "ZeroDivisionError" in clipping.check_clip(fails_later).message
