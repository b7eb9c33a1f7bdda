"""What there is to notice in a lab: folded on a screen, open on paper and on slides."""

import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

from tools.site import lessons
from tools.site.build import ROOT
from tools.slides import rows

NOTICE = """<details><summary><b>Notice</b>, once you have dragged</summary>

- The norm falls to 0.25.

</details>"""
SOLUTION = "<details><summary>Solution</summary>\n\n`x = 1`, which is right.\n</details>"


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    """A lesson with something to notice, and with a solution."""
    folder = tmp_path_factory.mktemp("notice")
    title = "# Learn it\n\nAfter this lesson you can.\n\nMore."
    cells = [new_markdown_cell(title, id="title"), new_code_cell("x = 1", id="code")]
    cells += [new_markdown_cell(NOTICE, id="notice"), new_markdown_cell(SOLUTION, id="task")]
    nbformat.write(new_notebook(cells=cells), folder / "lesson.ipynb")
    return folder / "lesson.ipynb"


def exported(lesson, kind, ending):
    command = [sys.executable, "-m", "nbconvert", "--config", "tools/export.py", "--to", kind, str(lesson)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return (lesson.parent / f"lesson.{ending}").as_uri()


def page_of_the_site(lesson):
    page = lessons.Lesson(lesson, []).page(before=None, after=None, letters=[], modules=[], sizes={})
    style = (ROOT / "tools/site/page.css").read_text(encoding="utf-8")
    path = lesson.with_name("site.html")
    path.write_text(page.replace("</head>", f"<style>{style}</style></head>"), encoding="utf-8")
    return path.as_uri()


def exported_page(lesson):
    return exported(lesson, "html", "html")


@pytest.mark.parametrize("made", [page_of_the_site, exported_page])
def test_notice_folds_on_screen_and_opens_on_paper(new_page, lesson, made):
    page = new_page(offline=True)
    page.goto(made(lesson))
    notice, solution = page.get_by_text("The norm falls to 0.25."), page.get_by_text("which is right.")
    expect(page.get_by_text("once you have dragged")).to_be_visible()
    expect(notice).to_be_hidden()
    page.emulate_media(media="print")
    expect(notice).to_be_visible()
    expect(solution).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_text("once you have dragged").click()
    expect(notice).to_be_visible()


def test_it_is_open_on_slides(new_page, lesson):
    page = new_page(offline=True)
    page.goto(exported(lesson, "slides", "slides.html"))
    found = page.locator("details")
    assert found.evaluate_all("all => all.map(({ open }) => open)") == [True, False]


def test_a_slide_has_room_for_it():
    """Of what is folded there, no more than a line is seen."""
    assert rows(new_markdown_cell(NOTICE)) > rows(new_markdown_cell(SOLUTION))
