"""Slides fit a screen. reveal.js, which comes from the web, is not needed to see how high they are."""

import subprocess
import sys

import pytest

from tools import refresh

PATHS = sorted(refresh.NOTEBOOKS.glob("*.ipynb"))
WIDTH, HEIGHT = 1280, 720
SLACK = 60  # of a formula, which without MathJax is as high as its TeX
# Each part of a slide: its height, whether one cell is all of it, and what it begins with.
PARTS = """() => [...document.querySelectorAll(".slides > section > section")].map(part => {
  const cells = [...part.querySelectorAll(".jp-Cell")];
  const height = cells.map(cell => cell.getBoundingClientRect().height).reduce((a, b) => a + b);
  return [height, cells.length === 1, part.textContent.trim().slice(0, 60)];
})"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    command = [sys.executable, "-m", "nbconvert", "--config", "tools/export.py", "--to", "slides"]
    words = ["--output-dir", str(folder), *map(str, PATHS)]
    subprocess.run([*command, *words], cwd=refresh.ROOT, check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_slide_parts_fit_the_height_of_a_screen(new_page, decks, path):
    page = new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.context.set_offline(True)
    page.goto((decks / f"{path.stem}.slides.html").as_uri())
    parts = page.evaluate(PARTS)
    assert len(parts) > 10
    assert [part for part in parts if part[0] > HEIGHT + SLACK and not part[1]] == []
    assert sum(part[0] > HEIGHT + SLACK for part in parts) <= 1, "a table, which can be scrolled"
