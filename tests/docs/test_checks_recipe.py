"""CONTRIBUTING's "Add an exercise", followed to the letter, adds an exercise that all tests hold."""

import importlib
import pathlib
import re
import sys
import textwrap
import types

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from helpers.checks import NOT_YET, OPEN
from tests.checks import test_checks_exercises, test_checks_fuzz
from tests.lessons.lesson import NOTEBOOKS, exercises_of
from tests.lessons.test_notebooks import faults
from tools import refresh

WORDS = (pathlib.Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPE = WORDS.partition("## Add an exercise\n")[2].partition("\n## ")[0]
TASK, CELL, CHECK = (
    textwrap.dedent(block) for block in re.findall(r"^ +```\w+\n(.*?)^ +```$", RECIPE, re.M | re.S)
)


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The exercise of the recipe in a copy of lesson 1, with its check in a copy of that lesson's module."""
    (module,) = re.findall(r"here `helpers/checks/(\w+)\.py`", RECIPE)
    name = f"helpers.checks.{module}"
    source = pathlib.Path(importlib.import_module(name).__file__).read_text(encoding="utf-8")
    copy = types.ModuleType(name)
    exec(compile(f"{source}\n\n{CHECK}", f"{module}.py", "exec"), vars(copy))
    monkeypatch.setitem(sys.modules, name, copy)

    (lesson,) = re.findall(r"refresh notebooks/(\w+)\.ipynb", RECIPE)
    notebook = nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", 4)
    # If you try the recipe, its cells are in the lesson already.
    notebook.cells = [cell for cell in notebook.cells if cell.source not in (TASK.strip(), CELL.strip())]
    last = max(k for k, cell in enumerate(notebook.cells) if cell.id.endswith("-answer"))
    notebook.cells[last + 1 : last + 1] = [new_markdown_cell(TASK.strip()), new_code_cell(CELL.strip())]
    path = tmp_path / f"{lesson}.ipynb"
    nbformat.write(refresh.normalise(notebook), path)
    return path


def test_exercise_is_found_where_the_recipe_says(added):
    exercise = list(exercises_of(added))[-1]
    assert f"`{exercise.cell.removesuffix('-answer')}` and `{exercise.cell}`" in RECIPE
    assert exercise.solution in TASK


def test_the_notebook_keeps_its_form(added):
    assert list(faults(nbformat.read(added, 4), NOTEBOOKS)) == []


HELD = [
    test
    for module in (test_checks_exercises, test_checks_fuzz)
    for name, test in vars(module).items()
    if name.startswith("test_") and "exercise" in test.__code__.co_varnames[: test.__code__.co_argcount]
]


@pytest.mark.parametrize("test", HELD, ids=lambda test: test.__name__)
def test_every_test_of_an_exercise_holds_it(added, test, monkeypatch):
    arguments = {"exercise": list(exercises_of(added))[-1], "monkeypatch": monkeypatch}
    test(**{name: arguments[name] for name in test.__code__.co_varnames[: test.__code__.co_argcount]})


def test_its_hints(added):
    check = list(exercises_of(added))[-1].check
    assert check(...).mark == OPEN
    assert "fades" in check(2).message
    assert "One more step" in check(1).message
    assert check(7).mark == NOT_YET


def test_an_exercise_without_a_solution_is_noticed(added):
    notebook = nbformat.read(added, 4)
    task = next(cell for cell in notebook.cells if cell.source == TASK.strip())
    task.source = task.source.partition("<details><summary>Solution")[0]
    nbformat.write(notebook, added)
    with pytest.raises(AssertionError, match="exercise-9-answer: the cell above has no <details>"):
        test_checks_exercises.test_the_solution_is_right(list(exercises_of(added))[-1])
