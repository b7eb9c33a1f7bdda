"""Slide types: an idea is a slide, and its parts fit a screen."""

import copy

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tools import refresh, slides

PATHS = sorted(refresh.NOTEBOOKS.glob("*.ipynb"))
PICTURE = new_output("display_data", data={"image/png": "iVBORw0K", "text/plain": "a lab"})


def types(*cells):
    """The slide types of these cells after a title."""
    cells = [new_markdown_cell("# Learn it", id="title"), *map(copy.deepcopy, cells)]
    slides.set_types(cells)
    first, *others = [cell.metadata["slideshow"]["slide_type"] for cell in cells]
    assert first == "slide"
    return others


def test_idea_is_a_slide_with_parts_beneath():
    idea = [new_markdown_cell("## 1. An idea"), new_markdown_cell("More."), new_markdown_cell("### Predict")]
    assert types(*idea, *idea) == ["slide", "subslide", "subslide"] * 2


def test_code_appears_beneath_its_text():
    """So does what is said of it."""
    cells = [new_markdown_cell("By hand:"), new_code_cell("1 + 1"), new_markdown_cell("So it is.")]
    assert types(*cells) == ["subslide", "fragment", "fragment"]


def test_a_comment_is_no_heading():
    cells = [new_markdown_cell("By hand:"), new_code_cell("# One."), new_code_cell("### Two.")]
    assert types(*cells) == ["subslide", "fragment", "fragment"]


def test_picture_is_alone_on_its_slide():
    """So is what to notice."""
    lab = new_code_cell("labs.Lab()", outputs=[PICTURE])
    cells = [new_markdown_cell("## An idea"), lab, new_markdown_cell("**Notice**"), new_code_cell("1")]
    assert types(*cells) == ["slide", "subslide", "subslide", "fragment"]
    assert types(lab, new_code_cell("1")) == ["subslide", "subslide"]


def test_what_would_not_fit_the_screen_goes_beneath():
    text, long = new_markdown_cell("Read:"), new_code_cell("x = 1\n" * 12)
    assert types(text, long, long, new_code_cell("1")) == ["subslide", "fragment", "subslide", "fragment"]
    printed = new_code_cell("f()", outputs=[new_output("stream", name="stdout", text="row\n" * 30)])
    assert types(text, printed) == ["subslide", "subslide"]


def test_imports_answers_and_ways_are_left_out():
    ids = ["ways", "colab", "imports", "exercise-answer"]
    hidden = [new_code_cell("import numpy as np", id=name) for name in ids]
    assert types(*hidden, new_code_cell("1")) == ["skip"] * 4 + ["fragment"]
    assert types(new_markdown_cell("## Do it"), hidden[-1], new_markdown_cell("Well?")) == [
        "slide",
        "skip",
        "subslide",
    ]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_ideas_are_slides_and_pictures_are_shown(path):
    cells = nbformat.read(path, as_version=4).cells
    by_type = {}
    for cell in cells:
        by_type.setdefault(cell.metadata["slideshow"]["slide_type"], []).append(cell)
    assert by_type.keys() <= {"slide", "subslide", "fragment", "skip"}
    texts = [cell for cell in cells if cell.cell_type == "markdown"]
    assert by_type["slide"] == [cell for cell in texts if cell.source.startswith(("# ", "## "))]
    assert len(by_type["slide"]) >= 4
    assert not any(slides.shows_picture(cell) for cell in by_type["skip"] + by_type["fragment"])
