"""The rungs of the ladder that all checks are made of."""

import numpy as np
import pytest

from helpers import checks

TASK, WHY = "Do it.", "So it is."


def number(answer):
    return checks.check_number(answer, 2.0, task=TASK, why=WHY, mistakes=[(4.0, "Not the square.")])


@pytest.mark.parametrize("answer", [..., None])
def test_an_open_answer_is_calm(answer):
    for feedback in (number(answer), checks.check_array(answer, np.ones(2), task=TASK, why=WHY)):
        assert feedback.mark == checks.OPEN
        assert not feedback.right
        assert TASK in repr(feedback)


@pytest.mark.parametrize("answer", [2, 2.0, np.float64(2), np.array([2.0]), 2.001])
def test_a_right_number(answer):
    assert number(answer).right
    assert WHY in repr(number(answer))


@pytest.mark.parametrize(
    ("answer", "word"),
    [("2", "str"), (True, "bool"), ([2], "list"), (4, "Not the square."), (3, "too large"), (1, "too small")],
)
def test_a_wrong_number_gets_its_own_word(answer, word):
    assert not number(answer).right
    assert word in number(answer).message


def test_the_array_ladder_goes_one_rung_at_a_time():
    expected = np.arange(6.0).reshape(2, 3)
    hint = [(expected + 1, "One too many.")]

    def judge(answer):
        return checks.check_array(answer, expected, task=TASK, why=WHY, mistakes=hint)

    assert "An array of numbers" in judge("no").message
    assert "(2, 3); yours is (6,)" in judge(expected.ravel()).message
    assert "not finite" in judge(expected * np.nan).message
    assert judge(expected + 1).message == "One too many."
    wrong = expected.copy()
    wrong[1, 2] = 0
    assert "entry [1, 2]" in judge(wrong).message
    assert judge(expected.tolist()).right


def test_a_learners_function_may_fail_without_a_traceback():
    value, feedback = checks.call(lambda x: 1 / x, 0, task=TASK)
    assert value is None
    assert "ZeroDivisionError" in feedback.message
    assert checks.call(lambda: ..., task=TASK)[1].mark == checks.OPEN
    assert checks.call(..., task=TASK)[1].mark == checks.OPEN
    assert "function is expected" in checks.call(3, task=TASK)[1].message
    assert checks.call(lambda x: x + 1, 1, task=TASK) == (2, None)


def test_feedback_is_escaped_on_a_page():
    assert "&lt;b&gt;" in checks.not_yet("<b>")._repr_html_()
