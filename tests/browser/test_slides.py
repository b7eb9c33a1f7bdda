"""Slides fit a screen. reveal.js, which comes from the web, is not needed to see how high they are."""

import nbformat
import pytest

from tests.tools.test_export import PATHS, assert_pictures_have_their_words, export

WIDTH, HEIGHT = 1280, 720
SLACK = 60  # of a formula, which without MathJax is as high as its TeX
# Each part of a slide: its height, whether one cell is all of it, and what it begins with.
PARTS = """() => [...document.querySelectorAll(".slides > section > section")].map(part => {
  const cells = [...part.querySelectorAll(".jp-Cell")];
  const height = cells.map(cell => cell.getBoundingClientRect().height).reduce((a, b) => a + b);
  return [height, cells.length === 1, part.textContent.trim().slice(0, 60)];
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("slides")


@pytest.fixture(scope="module")
def decks(folder):
    """All lessons as slides."""
    return export("slides", folder, *map(str, PATHS))


by_lesson = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


@by_lesson
def test_picture_has_its_stored_words(decks, path):
    assert_pictures_have_their_words(decks[path.stem], path)


@by_lesson
def test_idea_is_a_slide_with_parts_beneath(decks, path):
    types = [cell.metadata["slideshow"]["slide_type"] for cell in nbformat.read(path, 4).cells]
    ideas, parts = types.count("slide"), types.count("subslide")
    assert decks[path.stem].count("<section>") == 2 * ideas + parts  # an idea is its first part too
    assert ideas >= 4


@by_lesson
def test_slide_parts_fit_the_height_of_a_screen(new_page, decks, folder, path):
    page = new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.context.set_offline(True)
    page.goto((folder / f"{path.stem}.slides.html").as_uri())
    parts = page.evaluate(PARTS)
    assert len(parts) > 10
    assert [part for part in parts if part[0] > HEIGHT + SLACK and not part[1]] == []
    assert sum(part[0] > HEIGHT + SLACK for part in parts) <= 1, "a table, which can be scrolled"
