"""The cells that open a lesson elsewhere: the same in all, silent at home, and right in a pretended Colab."""

import re
import subprocess
import sys
import types

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import refresh, ways

ROOT = refresh.ROOT
PATHS = sorted(refresh.NOTEBOOKS.glob("*.ipynb"))
(CELL,) = [cell.source for cell in ways.cells("01_rnn_unrolling") if cell.cell_type == "code"]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_lesson_has_them_under_its_title(path):
    links, colab = nbformat.read(path, as_version=4).cells[1:3]
    wanted = ways.cells(path.stem)
    assert [cell.id for cell in (links, colab)] == ["ways", "colab"]
    assert [cell.source for cell in (links, colab)] == [cell.source for cell in wanted], "run.py refresh"
    assert colab.metadata == wanted[1].metadata
    assert colab.outputs == []
    assert f"notebooks/{path.name})" in links.source


def test_they_are_put_in_once_and_replace_what_was_there():
    notebook = new_notebook(cells=[new_markdown_cell("# T", id="title"), new_code_cell("1", id="one")])
    ways.add_ways(notebook, "x")
    assert [cell.id for cell in notebook.cells] == ["title", "ways", "colab", "one"]
    notebook.cells[2].source = "something older"
    notebook.cells.insert(1, notebook.cells.pop())
    ways.add_ways(notebook, "y")
    assert [cell.id for cell in notebook.cells] == ["title", "ways", "colab", "one"]
    assert "notebooks/y.ipynb" in notebook.cells[1].source
    assert notebook.cells[2].source == CELL


def test_elsewhere_nothing_happens(monkeypatch, capfd):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it installs something"))
    assert "google.colab" not in sys.modules
    scope = {}
    exec(CELL, scope)
    assert set(scope) == {"__builtins__", "sys"}
    assert capfd.readouterr() == ("", "")


def test_in_colab_the_project_is_installed_without_what_it_depends_on(monkeypatch):
    done = []
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    monkeypatch.setattr(subprocess, "run", lambda command, check: done.append((command, check)))
    exec(CELL, {})
    ((command, check),) = done
    assert command[:5] == [sys.executable, "-m", "pip", "install", "-q"]
    assert command[5:] == ["--no-deps", f"git+https://github.com/{ways.HOME}", "anywidget", "psygnal"]
    assert check


def test_in_colab_a_panel_asks_for_the_widgets_of_others_by_itself():
    """anywidget does so since 0.9.18, the oldest admitted. In a process of its own, since it does so once."""
    script = """
import sys, types, anywidget
from helpers.page.panel import Panel
asked = []
colab = types.ModuleType("google.colab.output")
colab.enable_custom_widget_manager = lambda: asked.append("widgets")
sys.modules["google.colab.output"] = colab
assert issubclass(Panel, anywidget.AnyWidget)
anywidget.AnyWidget()
print(asked)
"""
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout == "['widgets']\n", found.stderr


@pytest.mark.parametrize("name", ["docs/running.md", "README.md"])
def test_the_placeholder_is_the_same_everywhere(name):
    """And docs/running.md says that it is one, for as long as it is."""
    words = (ROOT / name).read_text(encoding="utf-8")
    places = set(re.findall(r"(?:github\.com|/gh|/github)/([\w.-]+/[\w.-]+)", words))
    assert places <= {ways.HOME}
    if name.startswith("docs") and ways.HOME == "OWNER/unrolled":
        assert "is a placeholder" in words


PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_whatever_a_page_points_to_within_the_project_is_there(page):
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_opens_each_lesson_in_colab_and_names_the_placeholder():
    words = (ROOT / "README.md").read_text(encoding="utf-8")
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert words.count(f"/github/{ways.HOME}/blob/HEAD/notebooks/{notebook.name})") == 1
    owner = ways.HOME.partition("/")[0]
    assert f"https://{owner}.github.io/{ways.HOME.partition('/')[2]}/" in words
    assert owner != "OWNER" or "`OWNER` in the links of this page stands for" in words
