"""The hints of the lesson on clipping: each known mistake has a word of its own."""

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
        (clipping.check_clip, lambda g, limit: np.clip(g, -limit, limit), "turns the gradient"),
        (clipping.check_clip, lambda g, limit: np.minimum(g, limit), "turns the gradient"),
        (clipping.check_clip, lambda g, limit: g, "as it was"),
        (clipping.check_clip, shortened(lambda norm, limit: limit / norm**2), "square"),
        (clipping.check_clip, shortened(lambda norm, limit: limit), "multiplies by the limit"),
        (clipping.check_clip, shortened(lambda norm, limit: 1 / limit), "divides by the limit"),
        (clipping.check_clip, shortened(lambda norm, limit: norm / limit), "Turn the factor over"),
        (clipping.check_clip, shortened(lambda norm, limit: 1 / norm), "The limit that is given"),
        (clipping.check_clip, lambda g, limit: g * limit / np.linalg.norm(g), "must stay as it is"),
        (clipping.check_clip, lambda g, limit: np.where(g == 0, np.nan, CLIP(g, limit)), "nan"),
        (clipping.check_window, 30, "full BPTT"),
        (clipping.check_window, 27, "first mark"),
        (clipping.check_window, 15, "wherever it stands"),
        (clipping.check_window, 11, "step 20"),
        (clipping.check_window, 13, "now and then"),
        (clipping.check_window, 5, "step 26"),
        (clipping.check_window, 40, "too large"),
        (clipping.check_window, 0, "too small"),
        (clipping.check_window, 12.4, "whole number"),
        (clipping.check_border, 1, "how far back the state reaches"),
        (clipping.check_border, 38, "borders stand fast"),
        (clipping.check_border, 37, "borders stand fast"),
        (clipping.check_border, 40, "another piece"),
        (clipping.check_border, 57, "step itself"),
        (clipping.check_border, 60, "the other way"),
    ],
)
def test_a_known_mistake_gets_its_own_word(check, answer, word):
    feedback = check(answer)
    assert feedback.mark == NOT_YET
    assert word in feedback.message


def clip_in_place(g, limit):
    norm = (g @ g) ** 0.5
    if norm > limit:
        g *= limit / norm
    return g


def clip_without_if(g, limit):
    return [limit * number / max(float(np.linalg.norm(g)), limit) for number in g]


@pytest.mark.parametrize(
    ("check", "answer"),
    [
        (clipping.check_clip, clip_in_place),
        (clipping.check_clip, clip_without_if),
    ],
)
def test_right_but_unusual(check, answer):
    assert check(answer).right


def test_a_function_that_fails_on_its_second_call_is_judged_calmly():
    calls = []

    def fails_later(g, limit):
        calls.append(g)
        return CLIP(g, limit) if len(calls) < 3 else 1 / 0

    assert "ZeroDivisionError" in clipping.check_clip(fails_later).message
