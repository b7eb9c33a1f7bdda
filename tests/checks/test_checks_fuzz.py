"""Whatever is thrown at a check, one sentence comes back; and it says "right" of nothing that is wrong."""

import pytest

from helpers.checks import NOT_YET, OPEN, RIGHT, calls
from tests.checks.changed_answers import disguises, distortions
from tests.checks.odd_functions import FUNCTIONS, returning
from tests.checks.odd_values import VALUES
from tests.checks.test_checks_exercises import answers, each_exercise

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 3)


def verdicts(exercise, kinds):
    """(name, feedback) for each of the answers, in each place where the check takes one."""
    for place in range(len(exercise.names)):
        for name, make in kinds:
            given = answers(exercise)  # the others are right
            given[place] = make()
            yield name, exercise.check(*given)


def is_a_sentence(feedback):
    said = feedback.message
    assert feedback.mark in (OPEN, NOT_YET, RIGHT)
    assert 10 < len(said) <= 400
    assert "\n" not in repr(feedback) + said
    assert said.endswith((".", "?", ".)"))
    assert "<script" not in feedback._repr_html_()
    return True


@each_exercise
def test_value_of_any_kind_gets_a_sentence(exercise):
    """It is never called right."""
    for name, feedback in verdicts(exercise, VALUES.items()):
        assert is_a_sentence(feedback), name
        assert feedback.mark == NOT_YET, name


@each_exercise
def test_function_of_any_kind_gets_a_sentence(exercise, monkeypatch):
    """It is never called right."""
    monkeypatch.setattr(calls, "SECONDS", 0.02)
    for name, feedback in verdicts(exercise, FUNCTIONS.items()):
        assert is_a_sentence(feedback), name
        assert feedback.mark == NOT_YET, name


def takes_functions(exercise):
    return any(callable(answer) for answer in answers(exercise))


@each_exercise
def test_function_may_return_a_value_of_any_kind(exercise):
    if takes_functions(exercise):
        kinds = [(name, lambda make=make: returning(make)) for name, make in VALUES.items()]
        for name, feedback in verdicts(exercise, kinds):
            assert is_a_sentence(feedback), name
            assert feedback.mark == NOT_YET, name


@each_exercise
def test_a_right_answer_in_other_clothes_is_right(exercise):
    for place, answer in enumerate(answers(exercise)):
        for name, disguised in disguises(answer):
            given = answers(exercise)
            given[place] = disguised
            feedback = exercise.check(*given)
            assert feedback.right, (name, feedback)


@each_exercise
def test_distorted_right_answer_is_not_right(exercise):
    for place, answer in enumerate(answers(exercise)):
        for name, distorted in distortions(answer):
            given = answers(exercise)
            given[place] = distorted
            feedback = exercise.check(*given)
            assert is_a_sentence(feedback), name
            assert feedback.mark == NOT_YET, (name, feedback)


def test_there_are_some_hundred_kinds():
    assert len(VALUES) + len(FUNCTIONS) > 150
