"""The exercises of all lessons, as they stand in the notebooks: each is tested under its own cell."""

import importlib
import pkgutil
import re

import pytest

from helpers import checks
from helpers.checks.ladder import same
from tests.lessons.lesson import exercises

# A prediction is asked before its lab, so no solution is folded away beside it: it stands here, by its cell.
PREDICTED = {
    "predict-h3-answer": "h_3 = 0.25",
    "predict-back-answer": "at_h_1 = 0.25",
    "predict-bound-answer": "must_vanish = {2, 3}",
    "predict-carry-answer": 'carried, reset, other = "are", "is", "is"',
    "predict-line-answer": "baseline = 1 / 6",
    "predict-shut-answer": 'after_keys = "is"\nafter_key = "is"',
    "predict-latch-answer": "at_the_flag = 0, 1, 1\nelsewhere = 1, 0, 1",
    "predict-nudge-answer": 'c_2_moves = "more"',
    "predict-start-answer": "start_A, start_B, start_C = 2, 1, 16",
    "predict-moves-answer": 'h_t_moves = "more"',
    "predict-min-mix-answer": "h_t = 0.45",
    "predict-mix-answer": {"c_t": "c_t = -0.1", "h_t": "h_t = -0.25"},  # two lessons have one
}
EXERCISES = exercises()
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: f"{e.notebook}:{e.cell}")


def catalogue():
    """Every check there is, wherever in helpers.checks it is made."""
    modules = [
        importlib.import_module(m.name) for m in pkgutil.walk_packages(checks.__path__, "helpers.checks.")
    ]
    return {
        function
        for module in modules
        for name, function in vars(module).items()
        if name.startswith("check_") and function.__module__.startswith("helpers.checks")
    }


def answers(exercise):
    """The right answers: the solution beside the task, or the one to a prediction."""
    predicted = PREDICTED.get(exercise.cell)
    if isinstance(predicted, dict):
        predicted = predicted.get(exercise.names[0])
    assert exercise.solution or predicted, (
        f"{exercise.notebook}, {exercise.cell}: the cell above has no <details> with a Solution. If this is "
        "a prediction, put the right answer into PREDICTED in tests/checks/test_checks_exercises.py."
    )
    return exercise.answers(exercise.solution or predicted)


@each_exercise
def test_the_solution_is_right(exercise):
    verdict = exercise.check(*answers(exercise))
    assert verdict.right, verdict


@each_exercise
def test_the_cell_as_it_stands_is_open(exercise):
    assert exercise.check(*exercise.answers("pass")).mark == checks.OPEN


@each_exercise
def test_the_answer_cell_follows_its_task(exercise):
    assert exercise.cell.endswith("-answer")
    assert re.search(r"^### (Exercise \d+|Predict)", exercise.task, re.M)


def symbols(text):
    """What could give something away: names, numbers, signs; LaTeX's own marks do not count."""
    text = re.sub(r"\\mathrm|[{}\\$`]|\\,", "", text)
    return set(re.findall(r"\w*[\d_]\w*|\b[A-Z]\b|[σ×=^√]|\*\*|\bln\b|\blog\b|\bexp\b|\btanh\b", text))


@each_exercise
def test_feedback_before_an_answer_reveals_nothing_new(exercise):
    """Every symbol in it is already in the task or in the cell."""
    seen = symbols(exercise.task + exercise.source + " ".join(exercise.names))
    assert symbols(exercise.check.task) <= seen
    assert exercise.check(...).message == f"Not answered yet. {exercise.check.task}"


def test_every_check_is_used_in_a_lesson():
    """Each was made as a check, with a task."""
    found = catalogue()
    assert found == {exercise.check for exercise in EXERCISES}
    assert [check.__name__ for check in found if not hasattr(check, "task")] == []


def judged(monkeypatch, exercise):
    """(expected, near, mistakes) of each rung on the way of a right answer."""
    seen = []

    def record(answer, expected, *, near=1e-3, whole=False, mistakes=(), why=""):
        seen.append((expected, near, mistakes))
        return checks.right("so far")

    for check in catalogue():
        module = importlib.import_module(check.__module__)
        for rung in ("judge_number", "judge_array"):
            if hasattr(module, rung):
                monkeypatch.setattr(module, rung, record)
    exercise.check(*answers(exercise))
    return seen


@each_exercise
def test_mistakes_differ_from_each_other_and_the_answer(exercise, monkeypatch):
    """Else a learner would be told of a mistake that was not made: the first case tells them all apart."""
    parts = {"lstm.check_step": 2, "gru.check_reset_orders": 2}  # judged one after the other
    name = f"{exercise.check.__module__}.{exercise.check.__name__}".removeprefix("helpers.checks.")
    for expected, near, mistakes in judged(monkeypatch, exercise)[: parts.get(name, 1)]:
        for wrong, hint in mistakes:
            others = [expected] + [other for other, said in mistakes if said != hint]
            assert [other for other in others if same(wrong, other, 2 * near)] == [], hint
