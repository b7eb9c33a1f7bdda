"""docs/questions.md: each question is answered where the page says."""

import pathlib
import re
from urllib.parse import unquote

import nbformat

DOCS = pathlib.Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "questions.md").read_text(encoding="utf-8")
ROWS = [row.strip("| ").split(" | ") for row in PAGE.splitlines() if row.startswith("| ")][1:]


def headings(notebook):
    """The anchors that JupyterLab gives a notebook's headings: their words with hyphens for spaces."""
    prose = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return [h.strip().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", "\n\n".join(prose), re.M)]


def test_they_are_there_and_none_is_left_open():
    assert len(ROWS) >= 13
    assert [row[0] for row in ROWS if "ipynb" not in row[-1]] == []


def test_links_lead_to_headings_of_that_name():
    links = re.findall(r"\]\(([^)#]+)#([^)]+)\)", PAGE)
    assert len(links) >= 12
    for file, anchor in links:
        assert headings(nbformat.read(DOCS / file, 4)).count(unquote(anchor)) == 1, (file, anchor)


def test_a_lesson_is_called_by_its_number():
    links = re.findall(r"\[lesson (\d)\]\(\.\./notebooks/(\d\d)_", PAGE)
    assert len(links) >= len(ROWS)
    assert [number for number, file in links if int(number) != int(file)] == []


def test_numbers_quoted_are_those_of_the_lessons():
    for words, file in [("0.297", "01"), ("0.007", "01"), ("2080", "01")]:
        (path,) = (DOCS.parent / "notebooks").glob(f"{file}_*.ipynb")
        assert words in PAGE
        assert words in path.read_text(encoding="utf-8")
