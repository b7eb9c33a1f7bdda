"""What the checks of the lesson on the memory race say of answers, beyond those that all checks are given."""

import numpy as np
import pytest

from helpers.checks import race
from helpers.tasks import data


@pytest.mark.parametrize("answer", [1 / 6, 0.167, 0.17, 0.1667])
def test_baseline_needs_only_two_digits(answer):
    assert race.check_baseline(answer).right


@pytest.mark.parametrize(
    ("answer", "hint"),
    [(1 / 12, "one of the two"), (0.41, "root"), (1 / 3, "one number"), (0.2, "too large")],
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


@pytest.mark.slow
@pytest.mark.parametrize(("b_f", "b_i"), [(np.log(race.T), 0), (0, -np.log(race.T))])
def test_one_of_the_two_is_not_enough(b_f, b_i):
    """Within 300 updates with none of five seeds, under two kernels.

    Both together, which test_checks_exercises.py has judged, took 120 to 240 of the 300, under two kernels.
    """
    feedback = start(b_f, b_i)
    assert not feedback.right
    assert "Solved with 0 of 3 seeds within 300 updates." in feedback.message


def test_the_bets_are_compared_with_the_table():
    """The table itself, counted here in another way."""
    won = []
    for task in ("adding", "temporal order", "agreement"):
        rows = [
            row for row in data.load_race() if (row["task"], row["length"], row["lr"]) == (task, "long", 0.01)
        ]
        failed = {row["lane"] for row in rows if row["H"] < 64 and not row["updates"]}
        (letter,) = [key for key, lanes in race.SOLVERS.items() if lanes == race.SOLVERS["A"] - failed]
        won.append(letter)
    assert won == ["B", "C", "D"]
    assert race.check_bets(*won).right
    assert "win all three bets" in race.check_bets(*won).message


@pytest.mark.parametrize(
    ("bets", "said"),
    [
        (
            ("A", "C", "D"),
            "bet on adding. Of five seeds the RNN solves adding with 0, “LSTM, keep long” with 5",
        ),
        (("B", "A", "D"), "bet on temporal order. Of five seeds the RNN solves temporal order with 0"),
        (("B", "C", "B"), "the RNN solves agreement with 5, “LSTM, keep long” with 1 and the GRU with 5."),
    ],
)
def test_a_lost_bet_is_told_what_was_measured(bets, said):
    feedback = race.check_bets(*bets)
    assert not feedback.right
    assert said in feedback.message


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("sunspots", "The next lane, “LSTM, b_f = 1”, needs 40."),
        ("Copy", "The RNN solves copy with 0 of five seeds"),
        ("next character", "the RNN needs 60 updates for next character"),
        ("embedded Reber", "needs"),
        ("memory", "The name of a task is expected"),
    ],
)
def test_task_where_the_rnn_wins_is_sunspots(task, said):
    feedback = race.check_rnn_wins(task)
    assert feedback.right == (task == "sunspots")
    assert said in feedback.message
