"""How an answer is read and judged: the rungs that all checks are made of."""

import itertools
from fractions import Fraction

import numpy as np
import pytest

from helpers import checks
from helpers.checks.feedback import Feedback
from tests.checks.plain_checks import WHY, array, doubling, number


@pytest.mark.parametrize("check", [number, array, doubling])
@pytest.mark.parametrize("answer", [..., None])
def test_open_answer_is_told_only_the_task(check, answer):
    """It is marked as open, not as wrong."""
    feedback = check(answer)
    assert feedback.mark == checks.OPEN
    assert not feedback.right
    assert repr(feedback) == "○ Not answered yet. Do it."


def documented(x):
    """What it will do."""


def dots(x): ...


def documented_dots(x):
    """What it will do."""
    ...


def nothing(x):
    pass


def returns_dots(x):
    """What it will do."""
    return ...


def partly_done(x):
    x = ...
    return x


@pytest.mark.parametrize(
    "stub",
    [documented, dots, documented_dots, nothing, returns_dots, partly_done, lambda x: ..., lambda x: None],
)
def test_empty_function_is_open(stub):
    assert doubling(stub).mark == checks.OPEN


def test_function_that_returns_nothing_is_told_so():
    def forgot(x):
        x * 2

    def sometimes(x):
        if x > 5:
            return x
        return None

    for function in (forgot, sometimes, lambda x: print(end="")):
        assert "returns nothing: did you forget `return`?" in doubling(function).message


def test_dots_inside_an_answer_leave_it_open():
    assert array([[1, 2, 3], [4, ..., 6]]).mark == checks.OPEN
    assert array([..., [4, 5, 6]]).mark == checks.OPEN


@pytest.mark.parametrize("answer", [2, 2.0, np.float32(2), np.array([2.0]), np.array(2), Fraction(2), 2.001])
def test_a_right_number(answer):
    assert number(answer).right
    assert WHY in repr(number(answer))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("2", "this is text. Write it without quotes"),
        (True, "this is True or False"),
        ([2], "this is a list"),
        ((2, 5), "Python writes decimals with a point"),
        (lambda: 2, "this is a function"),
        (2 + 0j, "this is a complex number"),
        (10**400, "this is a number too large to work with"),
        (float("nan"), "this is nan, which is not finite"),
        (np.timedelta64(2, "s"), "of type timedelta64"),
        (np.array([1, 2]), "this is an array"),
        (4, "Not the square."),
        (3, "3 is too large."),
        (1, "1 is too small."),
        (2.009, "2.009 is close, but not close enough. Keep more digits while you calculate."),
    ],
)
def test_a_wrong_number_gets_its_own_word(answer, words):
    feedback = number(answer)
    assert feedback.mark == checks.NOT_YET
    assert words in feedback.message


@pytest.mark.parametrize("answer", [1.96, 2.0001, 2.4])
def test_what_is_counted_is_a_whole_number(answer):
    judge = checks.judge_number(answer, 2, whole=True)
    assert f"A whole number is expected; this is {answer:g}." in judge.message
    assert checks.judge_number(2.0, 2, whole=True).right
    assert "too large" in checks.judge_number(3, 2, whole=True).message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("no", "An array of numbers is expected; this is text."),
        (range(6), "The shape should be (2, 3); yours is (6,)."),
        ([[1, 2], [3]], "differ in length"),
        (np.full((2, 3), np.nan), "one entry is nan"),
        (np.ones((2, 3)) + 0j, "one entry is a complex number"),
        (np.full((2, 3), "1"), "one entry is text"),
        ({1, 2}, "this is a set. Write a list."),
        (itertools.count(), "or no end"),
        ([itertools.count()], "or no end"),
        (np.broadcast_to(0.0, (10**9, 3)), "the shape of yours is (1000000000, 3)"),
        (np.arange(6.0).reshape(2, 3) + 1, "One too many."),
        ([0, 1, 2], "That is the first row."),
        ([[0, 1, 2], [3, 4, 0]], "Entry [1, 2] is furthest off."),
    ],
)
def test_array_ladder_goes_one_rung_at_a_time(answer, words):
    feedback = array(answer)
    assert feedback.mark == checks.NOT_YET
    assert words in feedback.message


@pytest.mark.parametrize(
    "answer",
    [
        np.arange(6).reshape(2, 3),
        [[0, 1, 2], [3, 4, 5]],
        (np.arange(3.0), np.arange(3.0) + 3),
        [[Fraction(k) for k in row] for row in ((0, 1, 2), (3, 4, 5))],
        (map(int, row) for row in ("012", "345")),
    ],
)
def test_a_right_array(answer):
    assert array(answer).right


def test_table_of_mistakes_uses_the_given_inputs():
    table = [("You added.", lambda a, b: a + b), ("You swapped the two.", lambda a, b: b - a)]
    assert checks.mistakes_of(table, 5.0, 2.0) == [(7.0, "You added."), (-3.0, "You swapped the two.")]
    said = checks.judge_array(
        [-3.0], np.array([3.0]), mistakes=checks.mistakes_of(table, [5.0], np.array([2.0]))
    )
    assert said.message == "You swapped the two."


def test_sets_letters_and_parts():
    assert checks.as_set((k for k in (5, 6.0, np.int8(7))), "steps") == {5, 6, 7}
    assert checks.as_letter(" b.", "ABC") == "B"
    assert len(checks.as_parts(np.ones((2, 3)), ("h_t", "c_t"))) == 2
    for read, words in [
        (lambda: checks.as_set("567", "steps"), "A set of steps is expected; this is text."),
        (lambda: checks.as_set({5.9, 6}, "steps"), "5.9 is not a whole number"),
        (lambda: checks.as_set(5, "steps"), "this is a number"),
        (lambda: checks.as_set(itertools.count(), "steps"), "or no end"),
        (lambda: checks.as_letter("AB", "ABC"), "One of the letters A, B or C is expected."),
        (lambda: checks.as_letter("", "ABC"), "One of the letters"),
        (lambda: checks.as_parts([1], ("h_t", "c_t")), "2 arrays are expected, h_t and c_t; 1 came."),
        (lambda: checks.as_parts(3, ("h_t", "c_t")), "this is a number."),
    ]:
        with pytest.raises(checks.Refused) as refusal:
            read()
        assert words in str(refusal.value)


def test_the_first_that_is_not_right_speaks():
    seen = []

    def verdicts():
        for mark in (checks.RIGHT, checks.NOT_YET, checks.RIGHT):
            seen.append(mark)
            yield Feedback(mark, "It.").about("c_t")

    assert repr(checks.all_right(verdicts(), WHY)) == "✗ c_t: It."
    assert len(seen) == 2
    assert checks.all_right([], WHY).right


def test_feedback_is_escaped_on_a_page():
    assert "&lt;b&gt;" in checks.not_yet("<b>")._repr_html_()
