"""What the tests of a lesson share: its solutions, read from the notebook itself."""

import pathlib
import re

import nbformat

NOTEBOOKS = pathlib.Path(__file__).parents[1] / "notebooks"


def solutions(notebook):
    """The solutions a learner finds folded away in a notebook.

    Returns
    -------
    dict
        From the name a solution defines to its value: what comes of running each one-line solution
        (`name = ...` in backticks) and each fenced block of Python in the markdown cells.
    """
    import numpy

    found = {}
    for cell in nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", 4).cells:
        if cell.cell_type == "markdown" and "<summary>Solution" in cell.source:
            text = cell.source.partition("<summary>Solution")[2]
            blocks = re.findall(r"```python\n(.*?)```", text, re.S)
            for code in blocks or re.findall(r"`(\w+ = [^`]+)`", text)[:1]:
                scope = {"np": numpy}
                exec(code, scope)
                found |= {k: v for k, v in scope.items() if k not in ("np", "__builtins__")}
    return found


def stored_text(notebook, cell_id):
    """The text a stored cell printed or showed."""
    cell = next(c for c in nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", 4).cells if c.id == cell_id)
    return "".join(o.get("text", "") or o.get("data", {}).get("text/plain", "") for o in cell.outputs)
