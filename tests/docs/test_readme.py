"""README.md: short, with every lesson in its table, and links that lead somewhere."""

import pathlib
import re

import nbformat

ROOT = pathlib.Path(__file__).parents[2]
WORDS = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURED = (ROOT / "docs/measured.md").read_text(encoding="utf-8")
SCREENS = 950  # words, about a screen and a half


def test_it_is_a_screen_and_a_half():
    assert len(WORDS.split()) < SCREENS


def test_the_table_has_every_lesson_by_its_title():
    rows = re.findall(r"^\| \[(\d\d) ([^]]+)\]\(notebooks/(\w+)\.ipynb\) \|", WORDS, re.M)
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [stem for _, _, stem in rows] == [path.stem for path in paths]
    for (number, title, stem), path in zip(rows, paths, strict=True):
        assert number == stem[:2]
        assert nbformat.read(path, 4).cells[0].source.startswith(f"# {title}\n")


def test_links_lead_somewhere():
    for name in ("README.md", "docs/measured.md"):
        page = ROOT / name
        links = re.findall(r"\]\((?!\w+:)([^)#]*)(?:#([^)]+))?\)", page.read_text(encoding="utf-8"))
        assert links
        for file, anchor in links:
            target = (page.parent / file).resolve()
            assert target.exists(), file
            assert not anchor or f"# {anchor.replace('-', ' ')}\n" in target.read_text("utf-8").lower(), (
                anchor
            )


def test_few_figures_agree_with_the_full_page():
    few = WORDS.partition("## Measured\n")[2].partition("\n## ")[0]
    for number in ("9", "15", "2.5", "344", "1.2"):
        assert re.search(rf"(?<![\d.]){number}(?![\d.]\d)", few), number
        assert re.search(rf"(?<![\d.]){number}(?![\d.]\d)", MEASURED), number
