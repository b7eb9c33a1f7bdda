"""A lesson as a page and as slides: nbconvert's commands as docs/running.md has them."""

import html.parser
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.labs import catalogue, rnn
from tools import refresh

pytestmark = pytest.mark.slow

ROOT = refresh.ROOT
PATHS = sorted(refresh.NOTEBOOKS.glob("*.ipynb"))
COMMAND = re.compile(
    r"^jupyter (nbconvert --config tools/export\.py --to (html|slides)) notebooks/\S+$", re.M
)
COMMANDS = {kind: words for words, kind in COMMAND.findall((ROOT / "docs/running.md").read_text("utf-8"))}


def export(kind, folder, *words):
    """Follow the command there, for these notebooks and options."""
    command = [sys.executable, "-m", "jupyter", *COMMANDS[kind].split(), "--output-dir", str(folder), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "WARNING | Alternative text" not in done.stderr
    return {path.name.partition(".")[0]: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}


def pictures(page):
    """The alternative text of every picture of a page."""
    found = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attrs: found.append(dict(attrs)) if tag == "img" else None
    parser.feed(page)
    assert all(image["src"].startswith("data:image/png;base64,iVBORw0K") for image in found)
    return [image["alt"] for image in found]


def words_of(path):
    """The words that a stored notebook has for its pictures."""
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.get("outputs", ())]
    return [o.metadata["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]


def assert_pictures_have_their_words(page, path):
    """In the page or the slides of a lesson every picture says what is stored, and every lab is there."""
    assert pictures(page) == words_of(path)
    asked = [lab.question() for lab in catalogue()[path.stem]]
    assert all(any(words.startswith(question) for words in words_of(path)) for question in asked)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All lessons as pages; as slides they are looked at in tests/browser/test_slides.py."""
    return export("html", tmp_path_factory.mktemp("html"), *map(str, PATHS))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_picture_has_its_stored_words(made, path):
    assert_pictures_have_their_words(made[path.stem], path)


def test_what_is_run_anew_keeps_its_pictures(tmp_path):
    """And shows them in place of the widgets, which have no kernel."""
    code = ["from helpers.labs import rnn", "rnn.ImpulseResponse()"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in code])
    nbformat.write(notebook, tmp_path / "lesson.ipynb")
    page = export("html", tmp_path / "made", "--execute", str(tmp_path / "lesson.ipynb"))["lesson"]
    lab = rnn.ImpulseResponse()
    assert pictures(page) == [f"{lab.question()} {lab.prediction.caption()}"]
    assert "widget-view" not in page
    assert "widget-state" not in page
