"""The project names no place of its own, and tools/publish.py puts one in and takes it out again."""

import re
import shutil
import subprocess
import sys
import types

import nbformat
import pytest

from tests.lessons.test_notebooks import faults
from tools import publish, refresh

ROOT = refresh.ROOT
PLACE = "Some-One/unrolled.copy"
NAMED = re.compile(r"(?:github\.com|/gh|/github)/([\w.-]+/[\w.-]+?)(?=[/)\"?]|$)", re.M)
PLACEHOLDER = re.compile(r"OWNER|\$(?:home|owner|repository|lesson)")


def run(project, *words):
    """Run the tool there as a bare Python runs it: no package is in reach."""
    command = [sys.executable, "-I", "-S", str(project / "tools/publish.py"), *words]
    return subprocess.run(command, capture_output=True, text=True)


def texts(project):
    """From the name of every page and lesson to its bytes."""
    paths = [project / "README.md", *project.glob("docs/*.md"), *project.glob("notebooks/*.ipynb")]
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A copy of the pages and lessons as they are before they are published."""
    project = tmp_path_factory.mktemp("plain")
    for folder in ["docs", "notebooks", "tools"]:
        shutil.copytree(ROOT / folder, project / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    shutil.copy(ROOT / "README.md", project)
    assert run(project, "--undo").returncode == 0  # the tests also run in a project that is published
    return project


@pytest.fixture(scope="module")
def published(plain, tmp_path_factory):
    """The same, published."""
    project = tmp_path_factory.mktemp("published") / "unrolled"
    shutil.copytree(plain, project)
    done = run(project, PLACE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{2 + len(lessons(project))} files changed."
    return project


def lessons(project):
    return sorted(project.glob("notebooks/*.ipynb"))


# Before ---------------------------------------------------------------------------------------------


def test_nothing_names_a_place_or_a_placeholder_before(plain):
    for name, text in texts(plain).items():
        assert NAMED.findall(text.decode()) == [], name
        assert PLACEHOLDER.findall(text.decode()) == [], name


def test_lesson_begins_with_title_and_imports(plain):
    for path in lessons(plain):
        title, imports = nbformat.read(path, 4).cells[:2]
        assert title.source.startswith("# ")
        assert imports.cell_type == "code"
        assert "import" in imports.source


# Published ------------------------------------------------------------------------------------------


def test_links_lead_to_the_place(published):
    """No placeholder is left."""
    for name, text in texts(published).items():
        assert set(NAMED.findall(text.decode())) <= {PLACE}, name
        assert PLACEHOLDER.findall(text.decode()) == [], name


def test_readme_opens_each_lesson_and_the_site(published):
    """It has badges under its title."""
    words = (published / "README.md").read_text(encoding="utf-8")
    assert words.splitlines()[3].count("[![") == 3, "badges under the title"
    for path in lessons(published):
        assert words.count(f"/github/{PLACE}/blob/HEAD/notebooks/{path.name})") == 1
    assert words.count("(https://Some-One.github.io/unrolled.copy/)") == 2


def test_the_page_on_ways_has_the_addresses(published):
    words = (published / "docs/running.md").read_text(encoding="utf-8")
    assert f'pip install "git+https://github.com/{PLACE}"' in words
    assert f"https://mybinder.org/v2/gh/{PLACE}/HEAD?urlpath=lab/tree/notebooks/01_" in words
    assert f"/github/{PLACE}/blob/HEAD/notebooks/01_rnn_unrolling.ipynb)" in words
    assert "(https://Some-One.github.io/unrolled.copy/)" in words


def test_a_published_lesson_is_as_refresh_stores_it(published):
    for path in lessons(published):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook, relax_add_props=False)
        assert [cell.id for cell in notebook.cells[1:3]] == [*publish.OURS]
        links = notebook.cells[1].source
        assert f"/notebooks/{path.name})" in links
        assert f"github.io/unrolled.copy/live/notebooks/index.html?path={path.name})" in links
        assert list(faults(notebook)) == []


def test_publishing_again_changes_nothing(published, tmp_path):
    """Another name replaces the first."""
    shutil.copytree(published, tmp_path / "again")
    assert run(tmp_path / "again", PLACE).stdout == "There was nothing to change.\n"
    assert texts(tmp_path / "again") == texts(published)
    assert run(tmp_path / "again", "https://github.com/other/place.git").returncode == 0
    found = {name for text in texts(tmp_path / "again").values() for name in NAMED.findall(text.decode())}
    assert found == {"other/place"}
    run(tmp_path / "again", PLACE)
    assert texts(tmp_path / "again") == texts(published)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_undo_leaves_every_byte_as_it_was(plain, tmp_path, end):
    project = tmp_path / "project"
    shutil.copytree(plain, project)
    for name, text in texts(plain).items():
        (project / name).write_bytes(text.replace(b"\n", end))
    before = texts(project)
    assert run(project, PLACE).returncode == 0
    assert texts(project).keys() == before.keys()
    assert texts(project) != before
    assert run(project, "--undo").returncode == 0
    assert texts(project) == before
    assert run(project, "--undo").stdout == "There was nothing to change.\n"


def test_lesson_run_and_saved_is_undone_too(published, tmp_path):
    shutil.copytree(published, tmp_path / "saved")
    path = lessons(tmp_path / "saved")[0]
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].execution_count, notebook.cells[2].metadata["trusted"] = 1, True
    nbformat.write(notebook, path)
    assert run(tmp_path / "saved", "--undo").returncode == 0
    del notebook.cells[1:3]
    assert nbformat.read(path, as_version=4) == notebook


# What is said of a mistake --------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["unrolled"], ["a/b/c"], ["a b/c"], ["a/b", "--undo"]])
def test_without_a_place_it_says_what_it_needs(published, words):
    before, done = texts(published), run(published, *words)
    assert done.returncode == 2
    assert done.stderr.endswith("say where the project is on GitHub, as NAME/REPOSITORY, or say --undo\n")
    assert texts(published) == before


@pytest.mark.parametrize("broken", ["README.md", "notebooks/01_rnn_unrolling.ipynb"])
def test_unexpected_file_is_named_and_nothing_written(plain, tmp_path, broken):
    shutil.copytree(plain, tmp_path / "broken")
    (tmp_path / "broken" / broken).write_text("Something else\n")
    before, done = texts(tmp_path / "broken"), run(tmp_path / "broken", PLACE)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Nothing was changed, since {broken} is not as expected: ")
    assert done.stderr.count("\n") == 1
    assert texts(tmp_path / "broken") == before


# A lesson there -------------------------------------------------------------------------------------


def code_of(path):
    return [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def test_elsewhere_the_guarded_cell_does_nothing(published, monkeypatch, capfd):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it installs something"))
    assert "google.colab" not in sys.modules
    scope = {}
    exec(code_of(lessons(published)[0])[0], scope)
    assert set(scope) == {"__builtins__", "sys"}
    assert capfd.readouterr() == ("", "")


def test_lesson_installs_the_project_and_runs_in_colab(published, monkeypatch, capsys):
    done = []
    monkeypatch.setitem(sys.modules, "google", types.ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    path = published / "notebooks/04_clipping_truncation.ipynb"
    first, *others = code_of(path)
    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", lambda command, check: done.append((command, check)))
        exec(first, scope := {"__name__": "lesson"})
    ((command, check),) = done
    assert command[:5] == [sys.executable, "-m", "pip", "install", "-q"]
    assert command[5:] == ["--no-deps", f"git+https://github.com/{PLACE}", "anywidget", "psygnal"]
    assert check is True
    for source in others:
        exec(source, scope)
    printed = "".join(
        output.get("text", "") for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", ())
    )
    assert capsys.readouterr().out == printed


# The pages ------------------------------------------------------------------------------------------

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page):
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
