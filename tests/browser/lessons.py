"""The labs of every lesson in JupyterLab: each lesson is run once, and asked what only JupyterLab shows.

What a lab does by itself is asked in test_every_lab.py, on a page without JupyterLab. What axe finds in
JupyterLab's colours is asked of one lab, in test_lessons_first.py.

The lessons are shared out between two files, test_lessons_*.py, so that two workers have as much to do.
"""

import pytest
from playwright.sync_api import expect

from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tools.browser.chromium import resize
from tools.browser.moves import drive
from tools.browser.notebook import NotebookPage

CATALOGUE = catalogue()
SCREENS = [(1280, 720), (1024, 768)]

# How much of the notebook's height a lab leaves free (negative: it does not fit), and the smallest scale at
# which its figure is shown.
ROOM = """box => {
  const seen = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer");
  const figure = box.querySelector(".live-figure");
  return {
    room: seen.clientHeight - box.getBoundingClientRect().height,
    scale: figure.clientWidth / +figure.style.getPropertyValue("--width"),
    over: box.scrollWidth - box.clientWidth,
  };
}"""


@pytest.fixture(scope="module")
def notebook(window, lab_url):
    """One JupyterLab for all lessons of a file, with the side bar closed as `run.py lab` opens it."""
    notebook = NotebookPage(window(1280, 720), lab_url, "labs.ipynb")
    notebook.command("application:toggle-left-area")
    yield notebook
    notebook.page.close()
    assert notebook.errors == []


def opened_of(lessons):
    """The fixture `opened`: each of these lessons, run."""

    @pytest.fixture(scope="module", params=lessons)
    def opened(request, notebook):
        notebook.open(f"{request.param}.ipynb")
        notebook.run_all()
        labs = [(kind, notebook.lab(kind.question())) for kind in CATALOGUE[request.param]]
        for _, lab in labs:
            lab.wait_painted()
            lab.ask_nothing_ahead()
        return notebook.page, labs

    return opened


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_all_of_a_lab_is_seen_at_once(opened, screen):
    page, labs = opened
    resize(page, *screen)
    found = {}
    for kind, lab in labs:
        lab.wait_seen()
        assert lab.has_ink()
        found[kind.__name__] = lab.box.evaluate(ROOM)
    wrong = {name: m for name, m in found.items() if m["room"] < 0 or m["scale"] < 0.87 or m["over"] > 0}
    assert wrong == {}, wrong


def test_guess_and_its_answer_fit_on_one_screen(opened):
    page, labs = opened
    asking = [(k, lab) for k, lab in labs if k.prediction and not issubclass(k, RunningLab)]
    for kind, lab in asking:
        lab.guess(kind.prediction)
        lab.go(kind.prediction.at)
    wrong = {}
    for width, height in SCREENS:
        resize(page, width, height)
        for kind, lab in asking:
            expect(lab.verdict).to_contain_text("You said")
            lab.wait_seen()
            if (room := lab.box.evaluate(ROOM)["room"]) < 0:
                wrong[kind.__name__, width] = room
    for _, lab in asking:
        lab.button("Reset").click()
    assert wrong == {}, wrong


def test_the_richest_lab_follows_the_hand(opened):
    page, labs = opened
    resize(page, 1280, 720)  # each picture of a larger page takes longer
    kind, lab = richest(labs)
    drive(lab, kind)


def richest(labs):
    """The lab with the most kinds of controls, and among those with the most controls."""
    return max(labs, key=lambda pair: (len(set(map(type, of(pair)))), len(of(pair))))


def of(pair):
    """The controls of a lab's class."""
    return pair[0].controls().values()
