"""The pages without a kernel: what they hold, and that the stored notebooks can be turned into pages."""

import json
import re

import matplotlib.figure
import numpy as np
import pytest
from matplotlib.patches import Circle

from helpers.lab import Lab
from helpers.lab.controls import Slider
from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from helpers.page.live import LiveFigure
from helpers.page.panel.blocks import BLOCKS
from tests.browser.frames import parts
from tools import publish
from tools.site import build, door, record
from tools.site.lessons import Lesson, Renderer
from tools.site.positions import Positions, thinned

LABS = [kind for kinds in catalogue().values() for kind in kinds]
NAMES = [kind.__module__.rpartition(".")[2] + "." + kind.__name__ for kind in LABS]
LESSONS = build.find_lessons(build.ROOT / "notebooks")


# What is held ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LABS, ids=NAMES)
def test_settings_a_lesson_asks_for_are_held(kind):
    """The sliders of an anchor are moved one after the other; then each of them can be dragged there."""
    positions = Positions(kind)
    assert positions.hold({})
    for anchor in kind.anchors:
        if not positions.runs:
            names = [name for name in anchor if name in positions.sliders]
            for n in range(len(names) + 1):
                lists = {name: value for name, value in anchor.items() if name not in names}
                assert positions.hold(lists | {name: anchor[name] for name in names[:n]}), anchor
            for name in names:
                assert all(positions.hold(anchor | {name: value}) for value in positions.stops[name])
        assert positions.hold(anchor), anchor


@pytest.mark.parametrize("kind", LABS, ids=NAMES)
def test_every_control_moves_from_the_default(kind):
    positions = Positions(kind)
    if not positions.runs:
        for name, stops in positions.stops.items():
            assert all(positions.hold({name: value}) for value in stops)
            assert set(kind.controls()[name].examples()) <= set(stops)


@pytest.mark.parametrize("most", [2, 7, 1000])
def test_slider_is_thinned_evenly_keeping_its_ends(most):
    for kind in LABS:
        for slider in (c for c in kind.controls().values() if c.kind == "slider"):
            stops = thinned(slider, most)
            assert (stops[0], stops[-1]) == (slider.low, slider.high)
            assert len(stops) <= most
            assert len(set(stops)) == len(stops)
            if most == 1000 and len(stops) < 1000:
                np.testing.assert_allclose(np.diff(stops)[:-1], slider.step, rtol=1e-6)


RUNNING = [kind for kind in LABS if issubclass(kind, RunningLab)]


@pytest.mark.parametrize("kind", RUNNING, ids=lambda kind: kind.__name__)
def test_running_lab_makes_at_most_twelve_runs(kind):
    """All ways to set the race are some 190,000."""
    assert 1 < len(Positions(kind).sweeps) <= 12


def test_a_wrong_anchor_is_named():
    class Wrong(LABS[0]):
        anchors = ({"nothing": 1},)

    with pytest.raises(TypeError, match="'nothing' is not one"):
        Positions(Wrong)


class Wide(Lab):
    """How wide is a lab that has no room?"""

    a = Slider(0.0, 1.0, step=0.01, default=0.0, label="a")

    def compute(self):
        return {"cells": np.random.default_rng(int(1000 * self.a)).random((60, 60))}

    def draw(self, result):
        figure = self.new_figure(2, 2)
        self.image = figure.subplots().imshow(result["cells"], animated=True)
        return figure

    def update(self, result):
        self.image.set_data(result["cells"])

    def readout(self, result):
        return f"Now {self.a:.2f}."


@pytest.mark.parametrize(("room", "stops"), [(1_000_000, 37), (100_000, 25), (10, 13)])
def test_lab_too_large_gets_fewer_stops(room, stops, monkeypatch, tmp_path):
    monkeypatch.setattr(record, "ROOM", room)
    assert record.record(Wide, tmp_path / "lab")["positions"] == stops
    (slider,) = json.loads((tmp_path / "lab" / "lab.json").read_text())["about"]["controls"]
    assert len(slider["stops"]) == stops
    assert (slider["stops"][0], slider["stops"][-1]) == (0, 1)


def test_lessons_that_are_too_large_are_named():
    fits = {"name": "fits", "first": 400_000, "all": 3_000_000}
    assert build.too_large([fits]) is None
    slow = fits | {"name": "slow", "first": 400_001}
    said = build.too_large([fits, slow, fits | {"name": "huge", "all": 4_000_000}])
    assert said.startswith("Too large: slow (400,001 bytes), huge (4,000,000 bytes); at most 400,000 bytes")


# Packs ----------------------------------------------------------------------------------------------


def test_blocks_are_listed_in_order_of_the_frame():
    """And all of them: what a lab's frame writes is used up to the last byte (`parts` asserts it)."""
    fig = matplotlib.figure.Figure()
    ax = fig.add_subplot()
    ax.plot([1, 2], [3, 4], "o-", animated=True)
    ax.add_patch(Circle((1, 3), 1, animated=True))
    ax.scatter([1, 2], [3, 4], s=[5, 60], c=["red", "blue"], animated=True)
    ax.imshow([[0, 1]], interpolation="nearest", animated=True)
    ax.text(1, 3, "one", animated=True)
    found = {}
    for op, blocks in parts(LiveFigure(fig).frame("key")):
        written = [name for name in op if name in BLOCKS[op["kind"]]]
        assert written == list(blocks)
        found.setdefault(op["kind"], set()).update(blocks)
    assert {kind: found.get(kind) for kind in BLOCKS} == {
        kind: set(blocks) for kind, blocks in BLOCKS.items()
    }


# Lessons as pages -----------------------------------------------------------------------------------


def test_every_lab_is_on_its_page():
    shown = {lesson.name: {lab.kind for lab in lesson.labs} for lesson in LESSONS}
    assert shown == {name: set(shown.get(name, ())) | set(kinds) for name, kinds in catalogue().items()}


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_formula_becomes_mathml(lesson, monkeypatch):
    formulas = []
    for name in ("inline_math", "block_math"):
        make = getattr(Renderer, name)
        keep = lambda self, body, make=make: formulas.append(make(self, body)) or formulas[-1]  # noqa: E731
        monkeypatch.setattr(Renderer, name, keep)
    page = lesson.page(sizes={lab.cell: (1, 1) for lab in lesson.labs}, modules=[], letters=[])
    assert len(formulas) > 20
    assert page.count("<math") == len(formulas)
    for formula in formulas:
        assert "\\" not in formula
    assert "$" not in re.sub("<(pre|code).*?</\\1>", "", page, flags=re.S)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_exercises_say_where_to_do_them(lesson):
    """Hints and solutions stay readable."""
    page = lesson.page(sizes={lab.cell: (1, 1) for lab in lesson.labs}, modules=[], letters=[])
    sources = [cell.source for cell in lesson.notebook.cells if cell.cell_type == "markdown"]
    for folded in ("<details>", "<summary>Hint", "<summary>Solution</summary>"):
        assert page.count(folded) == sum(source.count(folded) for source in sources)
    answers = [cell.id for cell in lesson.notebook.cells if cell.id.endswith("-answer")]
    assert page.count(f"run.py lab notebooks/{lesson.name}.ipynb</code>") == len(answers) > 0
    here = f"live/notebooks/index.html?path={lesson.name}.ipynb"
    assert [cell for cell in answers if f'<a href="{here}#cell-id={cell}">' not in page] == []
    assert page.count(f'<a href="{here}">Run this lesson here</a>') == 2
    assert ".ipynb)" not in page


def test_published_lesson_says_where_to_open_it(tmp_path):
    """Its two cells come with tools/publish.py; the one that Colab runs is of no use on a page."""
    names = {"home": "some/one", "owner": "some", "repository": "one", "lesson": "01_rnn_unrolling"}
    for place in (None, names):
        stored = (build.ROOT / "notebooks/01_rnn_unrolling.ipynb").read_text(encoding="utf-8")
        (tmp_path / "01_rnn_unrolling.ipynb").write_text(publish.lesson(stored, place), encoding="utf-8")
        lesson = Lesson(tmp_path / "01_rnn_unrolling.ipynb", LABS)
        page = lesson.page(sizes={lab.cell: (1, 1) for lab in lesson.labs}, modules=[], letters=[])
        answers = [cell.id for cell in lesson.notebook.cells if cell.id.endswith("-answer")]
        assert page.count('<a href="#ways">') == (len(answers) if place else 0)
        assert page.count('id="ways"') == page.count("mybinder.org") == bool(place)
        assert "google.colab" not in page


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_without_a_script_there_are_pictures_and_words(lesson):
    page = lesson.page(sizes={lab.cell: (1, 1) for lab in lesson.labs}, modules=[], letters=[])
    pictures = re.findall(r'<figure[^>]*>.*?<img alt="([^"]*)".*?<figcaption>', page, re.S)
    assert len(pictures) == page.count("<figcaption>") == len(lesson.labs) > 0
    assert all(re.findall(r'<img[^>]*? alt="([^"]*)"', page)), "the sketches and diagrams speak, too"
    for lab, words in zip(lesson.labs, pictures, strict=True):
        assert words.startswith(lab.kind.question().replace("&", "&amp;"))


# The front page -------------------------------------------------------------------------------------


def test_front_page_lab_belongs_to_a_lesson():
    found = door.find_door(LESSONS)
    assert found["lab"] == door.DOOR
    assert found["lab"] in {kind.__name__ for kind in catalogue()[found["lesson"]]}


def test_front_page_falls_back_to_first_lab():
    """It does so where its own lab is not on the site."""
    (first, *_) = LESSONS
    assert door.find_door([first])["cell"] == first.labs[0].cell
    assert door.find_door([]) is None


def test_each_lesson_has_minutes_in_the_notes():
    found = door.minutes(door.DOCS)
    assert set(found) == {lesson.name for lesson in LESSONS}
    assert all(10 <= int(minutes) <= 240 for minutes in found.values())
