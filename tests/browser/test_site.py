"""The pages without a kernel, in a browser: every lab is compared with the one in Python.

A site of the first lesson is made for the test, with few positions. `python run.py site --check` has all
of it tested.
"""

import json
import os
import pathlib
import shutil

import numpy as np
import pytest
from playwright.sync_api import expect

from helpers.controls import Slider
from tests.browser.harness import LabOnPage, files_at
from tools.site.build import ROOT, build, find_lessons
from tools.site.pack import BLOCKS, is_place
from tools.site.positions import Positions

WHOLE = os.environ.get("UNROLLED_SITE")
LESSONS = find_lessons(ROOT / "notebooks")[: None if WHOLE else 1]
NEAREST = 1 / 32  # of a pixel


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site."""
    folder = pathlib.Path(WHOLE) if WHOLE else tmp_path_factory.mktemp("made") / "site"
    if not WHOLE:
        notebooks = tmp_path_factory.mktemp("few")
        for lesson in LESSONS:
            shutil.copy(ROOT / "notebooks" / f"{lesson.name}.ipynb", notebooks)
        build(folder, notebooks, brief=True, say=lambda line: None)

    with files_at(folder) as url:
        yield url


@pytest.fixture
def lesson_page(new_page, site):
    """Opens the page of a lesson; what it asked for and what went wrong there is kept beside it."""

    def open_page(lesson, **options):
        page = new_page(**options)
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("response", lambda reply: reply.ok or page.wrong.append(reply.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(f"{site}/{lesson.name}.html")
        return page

    return open_page


def shown(page, lab):
    """A lab of a page, brought into view."""
    page.locator(f"#{lab.cell}").scroll_into_view_if_needed()
    page.locator(f"#{lab.cell}[data-ready] .live-figure[data-painted]").wait_for()
    return LabOnPage(page, lab.kind.question())


# The frame on show, as the page has decoded it.
FRAME = """box => {
  const { frames } = box;
  return frames.kept.get(frames.shown) && Array.from(frames.kept.get(frames.shown).frame);
}"""


def parts(frame):
    """A frame's operations and blocks: [(operation, {name: numbers})]."""
    length = int.from_bytes(frame[:4], "little")
    operations, at = json.loads(frame[4 : 4 + length])["ops"], 4 + length + -length % 4
    for op in operations:
        blocks = {}
        for name in BLOCKS[op["kind"]]:
            if name in op:
                kind = "<f4" if name in ("points", "spots", "sizes") else np.uint8
                blocks[name] = np.frombuffer(frame[at : at + op[name]], kind)
                at += op[name] + -op[name] % 4
        yield op, blocks
    assert at == len(frame)


def compare(lab, python, setting):
    """Words, key and decoded frame on the page are those of the lab in Python."""
    (answer,) = python.answers([list(setting.values())])
    expect(lab.figure).to_have_attribute("data-key", " ".join(f"{k}={v}" for k, v in setting.items()))
    expect(lab.readout).to_have_text(answer.words)
    frame = bytes(lab.box.evaluate(FRAME))
    for (op, blocks), (op_here, blocks_here) in zip(parts(frame), parts(answer.frame), strict=True):
        assert op == op_here
        for name, numbers in blocks.items():
            if is_place(op["kind"], name):
                np.testing.assert_allclose(numbers, blocks_here[name], rtol=0, atol=NEAREST)
            else:
                np.testing.assert_array_equal(numbers, blocks_here[name])


def drive(lab, kind):
    """Each slider with the mouse to its ends, each list through its choices; all as Python has it."""
    positions, python = Positions(kind, brief=not WHOLE), kind()
    lab.show_all()
    lab.wake()
    compare(lab, python, positions.defaults)
    for name, control in positions.controls.items():
        stops = positions.stops[name]
        if len(stops) == 1:
            continue
        if isinstance(control, Slider):
            for share, value in ((1, stops[-1]), (0, stops[0])):
                lab.drag(control.label, share, steps=3)
                lab.wait_value(name, value)
                if not positions.runs:
                    compare(lab, python, positions.defaults | {name: value})
        lab.button("Reset").click()
        compare(lab, python, positions.defaults)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lab_shows_what_python_computes(lesson_page, lesson):
    page = lesson_page(lesson)
    for shown_lab in lesson.labs:
        drive(shown(page, shown_lab), shown_lab.kind)
    assert page.wrong == []
    home = page.url.rpartition("/")[0]  # a blob: is a picture that the page itself has made
    assert [asked for asked in page.asked if not asked.startswith((home, "blob:" + home))] == []
