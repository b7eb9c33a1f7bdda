"""What a lesson says in a kernel without the project's `helpers`, and that docs/running.md explains it."""

import os
import pathlib
import re
import subprocess
import sys

import nbformat
import pytest

from tests.lessons.lesson import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
REMEDY = "# If this fails, open the lesson with: python3 run.py lab (docs/running.md says more)"
PAGE = (NOTEBOOKS.parent / "docs/running.md").read_text(encoding="utf-8")
# A kernel in which the project is not installed; the shell is the one that shows a learner's tracebacks.
KERNEL = """
import sys
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]
sys.path[:] = [place for place in sys.path if "editable" not in place]
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell(colors="NoColor")
shell.run_cell(sys.stdin.read())
"""


def imports_of(path):
    (cell,) = [cell for cell in nbformat.read(path, as_version=4).cells if cell.id == "imports"]
    return cell.source


def traceback(source, folder):
    """What a learner sees who runs this in a notebook in this folder, without the project."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command, options = [sys.executable, "-c", KERNEL], {"capture_output": True, "encoding": "utf-8"}
    done = subprocess.run(command, input=source, cwd=folder, env=variables, **options)
    return done.stdout + done.stderr


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_remedy_is_above_the_first_project_import(path):
    lines = imports_of(path).splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("from helpers"))
    assert lines[first - 1] == REMEDY


@pytest.mark.parametrize("path", [PATHS[0], PATHS[-1]], ids=lambda path: path.stem)
@pytest.mark.parametrize("other", [None, "def mine(): pass\n"], ids=["no helpers", "a helpers.py of mine"])
def test_error_shows_the_remedy_and_is_explained(path, other, tmp_path):
    if other:
        (tmp_path / "helpers.py").write_text(other)
    shown = traceback(imports_of(path), tmp_path)
    assert REMEDY in shown
    error = shown.strip().splitlines()[-1]
    assert error.startswith(("ModuleNotFoundError: ", "ImportError: "))
    known = re.sub(r"import name '\w+' from 'helpers' .*", "import name 'english' from 'helpers'", error)
    assert known in re.findall(r"^- `(\w+Error: .+?)`", PAGE, re.M)
    if "from 'helpers'" in error:
        assert str(pathlib.Path(tmp_path, "helpers.py")) in error
