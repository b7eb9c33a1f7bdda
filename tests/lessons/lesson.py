"""What the tests of a lesson share: its exercises and their solutions, read from the notebook itself."""

import ast
import functools
import importlib
import itertools
import pathlib
import re
from dataclasses import dataclass

import nbformat
import numpy

NOTEBOOKS = pathlib.Path(__file__).parents[2] / "notebooks"


def stored_text(notebook, cell_id):
    """The text a stored cell printed or showed."""
    cell = next(c for c in nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", 4).cells if c.id == cell_id)
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)


@dataclass(frozen=True)
class Exercise:
    """An answer cell of a lesson, with all that stands around it.

    Attributes
    ----------
    notebook, cell : str
        The notebook's name, and the id of the answer cell: the one that calls a check.
    check : callable
        The check it calls.
    names : list of str
        The variables that hold the answers, in the order in which the check takes them.
    source : str
        The answer cell without its last line, the call.
    task : str
        The cell above, without what is folded away.
    solution : str or None
        The code that is folded away there as the solution; None where there is none.
    """

    notebook: str
    cell: str
    check: object
    names: list
    source: str
    task: str
    solution: str | None

    def answers(self, solution=None):
        """The values of the answers once the code of a solution has run in place of the dots."""
        scope = {"np": numpy}
        exec(self.source, scope)
        exec(solution or self.solution or "", scope)
        return [scope[name] for name in self.names]


def exercises_of(path):
    """The exercises of a notebook: each code cell that calls a check, in the order they stand."""
    cells = nbformat.read(path, 4).cells
    modules = {}
    for cell in cells:
        modules |= _imported(cell.source) if cell.cell_type == "code" else {}
    for above, cell in itertools.pairwise(cells):
        call = _check_called(cell.source) if cell.cell_type == "code" else None
        if call:
            owner, name = call.func.value.id if isinstance(call.func, ast.Attribute) else None, _name(call)
            check = getattr(importlib.import_module(modules[owner or name]), name)
            yield Exercise(
                notebook=path.stem,
                cell=cell.id,
                check=check,
                names=[ast.unparse(argument) for argument in call.args],
                source="\n".join(cell.source.splitlines()[: call.lineno - 1]),
                task=re.sub(r"<details>.*?</details>", "", above.source, flags=re.S),
                solution=_solution(above.source),
            )


def _imported(source):
    """From the names that a cell imports from helpers.checks to the modules they are, or are in."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("helpers.checks"):
            for alias in node.names:
                module = node.module if alias.name.startswith("check_") else f"{node.module}.{alias.name}"
                found[alias.asname or alias.name] = module
    return found


def _check_called(source):
    """The call of a check that ends a cell, or None."""
    body = ast.parse(source).body
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    return last if isinstance(last, ast.Call) and _name(last).startswith("check_") else None


def _name(call):
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def _solution(markdown):
    """The code of the solution in a task: its fenced block, or its first line `name = ...` in backticks."""
    text = markdown.partition("<summary>Solution")[2]
    found = re.findall(r"```python\n(.*?)```", text, re.S) or re.findall(r"`(\w+ = [^`]+)`", text)
    return found[0] if found else None


@functools.cache
def exercises():
    """The exercises of all lessons."""
    return [exercise for path in sorted(NOTEBOOKS.glob("*.ipynb")) for exercise in exercises_of(path)]


def solution_of(check):
    """The answers that the lesson itself gives as the solution to the exercise of a check."""
    (exercise,) = (one for one in exercises() if one.check is check)
    answers = exercise.answers()
    return answers[0] if len(answers) == 1 else tuple(answers)


def says(lab, *words):
    """Assert that all of these words are in a lab's read-out."""
    assert [w for w in words if w not in lab.readout_text] == []


def assert_inside(lab):
    """Assert that no live line goes beyond its axes."""
    for ax in lab.figure.axes:
        for line in (a for a in ax.lines if a.get_animated()):
            y = numpy.asarray(line.get_ydata(), float)
            low, high = ax.get_ylim()
            assert numpy.nanmin(y, initial=low) >= low
            assert numpy.nanmax(y, initial=high) <= high
