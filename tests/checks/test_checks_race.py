"""What the checks of the lesson on the memory race say of answers, beyond those that all checks are given."""

import numpy as np
import pytest

from helpers.checks import race


@pytest.mark.parametrize("answer", [1 / 6, 0.167, 0.17, 0.1667])
def test_two_digits_of_the_line_to_beat_are_enough(answer):
    assert race.check_baseline(answer).right


@pytest.mark.parametrize(
    ("answer", "hint"), [(1 / 12, "one of the two"), (0.41, "root"), (1 / 3, "from 0"), (0.2, "too large")]
)
def test_a_wrong_line_gets_its_hint(answer, hint):
    feedback = race.check_baseline(answer)
    assert not feedback.right
    assert hint in feedback.message


@pytest.mark.parametrize(("answer", "right"), [(0.42, True), (0.424, True), (0.6, False), (0.3, False)])
def test_two_steps_ahead(answer, right):
    assert race.check_two_ahead(answer).right == right


def start(b_f, b_i):
    def function(cell):
        cell["b_f"], cell["b_i"] = b_f, b_i
        return cell

    return race.check_start(function)


def test_keep_long_and_write_little_is_what_the_exercise_on_the_start_wants():
    """From seeds 1 to 5 it took 120 to 240 of the 300 updates, under two kernels."""
    assert start(np.log(race.T), -np.log(race.T)).right


@pytest.mark.parametrize(("b_f", "b_i"), [(np.log(race.T), 0), (0, -np.log(race.T))])
def test_one_of_the_two_is_not_enough(b_f, b_i):
    """Within 300 updates from none of five seeds, under two kernels."""
    assert not start(b_f, b_i).right
