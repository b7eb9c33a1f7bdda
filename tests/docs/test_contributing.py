"""CONTRIBUTING.md: the recipe for a lab works when followed word for word, and the tables are complete."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

import nbformat
import pytest
from packaging.requirements import Requirement

from tests.test_layers import HELPERS, imported

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORDS = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
(RECIPE,) = re.findall(r"^## Add a lab\n(.*?)^## ", WORDS, re.M | re.S)
DOOR = re.compile(r"Add to `(.+?)` the line `(.+?)`, and `(.+?)` at the end of `LABS`")
CELL = re.compile(r"In `(.+?)`, add a new cell with `(.+?)` after the last lab")
(LISTING,) = re.findall(r"```python\n(.*?)```", RECIPE, re.S)


# Add a lab ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the project in which the first two steps of the recipe were followed."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ["helpers", "tests", "tools", "bench", "notebooks", "data"]:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [*ROOT.glob("*.md"), ROOT / "run.py", ROOT / "pyproject.toml"]:
        shutil.copy(path, folder)
    (path,) = re.findall(r"Save this as `(.+?)`", RECIPE)
    (folder / path).write_text(LISTING, encoding="utf-8")
    ((door, line, name),) = DOOR.findall(RECIPE)
    open_the_door(folder / door, line, name)
    ((notebook, cell),) = CELL.findall(RECIPE)
    add_to(folder / notebook, cell)
    return folder


def open_the_door(path, line, name):
    """Import a lab in the `__init__` of its lesson, and list it last."""
    imports, listed = path.read_text("utf-8").split("\n\nNOTEBOOK = ")
    listed = re.sub(r"LABS = \((.*?),?\s*\)\n", rf"LABS = (\1, {name})\n", listed, flags=re.S)
    path.write_text(f"{imports}\n{line}\n\nNOTEBOOK = {listed}", "utf-8")


def add_to(path, source):
    """Add a new cell after the last lab."""
    notebook = nbformat.read(path, as_version=4)
    last = max(n for n, c in enumerate(notebook.cells) if c.source.startswith("labs."))
    notebook.cells.insert(last + 1, nbformat.v4.new_code_cell(source))
    nbformat.write(notebook, path)


def follow(clone, *words):
    """Run a command there with .venv's Python, which must succeed; return what it says."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=clone,
        env={**os.environ, "PYTHONPATH": str(clone)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


@pytest.mark.slow
def test_lab_recipe_works_word_for_word(clone):
    (notebook,) = re.findall(r"run\.py refresh (\S+)`", RECIPE)
    (chosen,) = re.findall(r'run\.py test -k "(.+?)"', RECIPE)
    follow(clone, "tools/refresh.py", notebook)
    stored = nbformat.read(clone / notebook, as_version=4)
    (shown,) = [c for c in stored.cells if c.source == "labs.Echo()"]
    assert "image/png" in shown.outputs[0].data
    files = [f"tests/{name}.py" for name in ["labs/test_labs", "test_layers", "lessons/test_notebooks"]]
    said = follow(clone, "-m", "pytest", "-v", "-k", chosen, *files)
    assert "TestLab::test_at_60_random_places[Echo]" in said
    assert "TestStored::test_shows_its_labs_in_their_order[01_" in said


@pytest.mark.parametrize("words", [["check"], ["format", "--check"]])
def test_the_lab_keeps_the_style(clone, words):
    follow(clone, "-m", "ruff", *words, "helpers/labs/rnn/echo.py")


def test_the_lab_can_be_driven_as_is_shown(clone):
    scope = {"__name__": "contributing"}
    exec(LISTING, scope)
    lab = scope["Echo"](w=0.5)
    lab.T = 10
    assert lab.readout_text == "After 10 steps the state is 2.0 × 10⁻³."  # 0.5 ** 9
    assert list(lab.line.get_xdata()) == list(range(1, 11))


# Where things are -----------------------------------------------------------------------------------

ROOMS = WORDS[: WORDS.index("## Change a lesson")]


def test_rooms_table_names_each_and_nothing_else():
    named = set(re.findall(r"`(helpers/[\w/]+(?:\.\w+)?)`", ROOMS))
    rooms = {path.parent for path in ROOT.glob("helpers/*/__init__.py")}
    assert {name.split("/")[1] for name in named} == {room.name for room in rooms}
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_code_words_are_used_where_listed():
    rows = re.findall(r"^\| (\w+) \| .+ \| `(.+)` \|$", ROOMS, re.M)
    assert len(rows) >= 10
    for word, file in rows:
        assert re.search(rf"\b{word}", (ROOT / file).read_text(encoding="utf-8"), re.I), word


# The picture of the rooms ---------------------------------------------------------------------------


def test_the_picture_shows_every_room_once():
    (lines,) = pictures(ROOMS)
    assert sorted(box[0] for box in boxes(lines)) == sorted(
        p.parent.name for p in HELPERS.glob("*/__init__.py")
    )


def test_the_arrows_of_the_picture_are_the_imports():
    """An arrow that follows from others is not drawn, and all others are."""
    (lines,) = pictures(ROOMS)
    used = imports_between_rooms()
    assert arrows(lines) == {(a, b) for a, b in used if not any((c, b) in used for x, c in used if x == a)}


SMALL = """\
┌───────┐ ┌─────┐
│  one  │ │ two │
└───┬───┘ └─────┘
    │
┌───▼───┐
│ three │
└───────┘
""".splitlines()


def test_an_arrow_is_followed_from_box_to_box():
    assert arrows(SMALL) == {("one", "three")}
    assert [name for name, *_ in boxes(SMALL)] == ["one", "two", "three"]
    with pytest.raises(AssertionError, match="leads nowhere"):
        arrows([line.replace("▼", "─") for line in SMALL])
    with pytest.raises(AssertionError, match="comes from nowhere"):
        arrows([line.replace("┬", "─") for line in SMALL])


def pictures(text):
    return [block.splitlines() for block in re.findall(r"```text\n(.*?)```", text, re.S)]


def boxes(lines):
    """(name, line, first column, last column) of each box."""
    return [
        (found[1], row, found.start(), found.end() - 1)
        for row, line in enumerate(lines)
        for found in re.finditer(r"│ +([a-z]+) +│", line)
    ]


def arrows(lines):
    """(from, to): each line that leaves a box at ┬ goes straight down to the ▼ of another one."""
    found, heads = set(), 0
    for name, row, first, last in boxes(lines):
        heads += lines[row - 1][first:last].count("▼")
        for column in range(first, last):
            if lines[row + 1][column] == "┬":
                end = row + 2
                while lines[end][column] == "│":
                    end += 1
                assert lines[end][column] == "▼", f"an arrow from {name} that leads nowhere"
                found |= {(name, other) for other, r, a, z in boxes(lines) if r == end + 1 and a < column < z}
    assert len(found) == heads, "an arrow that comes from nowhere"
    return found


def imports_between_rooms():
    """(from, to) of all rooms of helpers, one of which imports the other."""
    return {
        (path.relative_to(HELPERS).parts[0], name.split(".")[1])
        for path in HELPERS.rglob("*.py")
        if "_data" not in path.parts
        for name in imported(path.read_text("utf-8"), ".".join(path.relative_to(ROOT).parts[:-1]))
        if name.startswith("helpers.") and name.split(".")[1] != path.relative_to(HELPERS).parts[0]
    }


# The tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda path: path.name)
def test_no_row_is_cut_off_from_its_table(path):
    """A row after an empty line is shown as text; a table starts with its head and a line of dashes."""
    blocks = re.split(r"\n\s*\n", path.read_text(encoding="utf-8"))
    rows = [block.splitlines() for block in blocks if block.startswith("|")]
    assert [block[0] for block in rows if len(block) < 2 or not re.fullmatch(r"[|:\- ]+", block[1])] == []


def test_every_dependency_says_why_it_is_here():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, groups = about["project"], about["dependency-groups"].values()
    groups = [project["dependencies"], *project["optional-dependencies"].values(), *groups]
    names = [Requirement(line).name for group in groups for line in group]
    first_cells = " ".join(re.findall(r"^\| ([^|]+) \|", WORDS, re.M))
    assert [name for name in names if name not in first_cells] == []


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", WORDS)
    assert [link for link in links if not (ROOT / link).exists()] == []
