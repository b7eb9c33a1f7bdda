"""A few labs in JupyterLab: in them is every kind of control, and a run.

What a lab does by itself is asked of every lab in test_every_lab.py, on a page without JupyterLab. Here it
is shown that a lab is as large there as in JupyterLab, and that a hand moves each kind of control.
"""

import pytest
from playwright.sync_api import expect

from helpers.labs.race.race import Race
from tests.browser.axe import violations, words_of
from tests.browser.lesson_labs import FEW, IN_JUPYTERLAB, MEASURE, ROOM
from tools.browser.chromium import resize
from tools.browser.moves import drive
from tools.browser.notebook import NotebookPage

# The height of what JupyterLab shows of a notebook.
SEEN = "document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer').clientHeight"


@pytest.fixture(scope="module")
def notebook(window, lab_url):
    """A few labs of the lessons, with the side bar closed as `run.py lab` opens it."""
    notebook = NotebookPage(window(1280, 720), lab_url, "few.ipynb")
    notebook.command("application:toggle-left-area")
    notebook.run_all()
    yield notebook
    notebook.page.close()
    assert notebook.errors == []


@pytest.fixture(scope="module")
def shown(notebook):
    """From each lab's class to the lab on the page."""
    labs = {kind: notebook.lab(kind.question()) for kind in IN_JUPYTERLAB}
    for lab in labs.values():
        lab.wait_painted()
        lab.ask_nothing_ahead()
    return labs


@pytest.mark.parametrize("screen", ROOM, ids=str)
def test_lab_is_as_large_on_the_bare_page(notebook, shown, bare, screen):
    """So test_every_lab.py can ask there whether all of a lab is seen at once."""
    resize(notebook.page, *screen)
    width, height = ROOM[screen]
    assert notebook.page.evaluate(SEEN) == height
    for kind, lab in shown.items():
        lab.wait_seen()
        assert lab.has_ink()
        alone = bare.show(kind())
        bare.resize(*screen, lab=width)
        assert lab.box.evaluate(MEASURE) == pytest.approx(alone.box.evaluate(MEASURE), abs=0.1)


@pytest.mark.parametrize("kind", FEW, ids=lambda kind: kind.__name__)
def test_it_follows_the_hand(notebook, shown, kind):
    resize(notebook.page, 1280, 720)  # each picture of a larger page takes longer
    drive(shown[kind], kind)


def test_axe_finds_nothing_in_either_theme(notebook, shown):
    """In one lab: JupyterLab gives its colours to every lab alike."""
    page, lab = notebook.page, shown[FEW[0]]
    resize(page, 1280, 720)
    # JupyterLab's body has no height and hides what overflows: axe takes all in it for hidden, and of
    # what is hidden it looks at no colour.
    page.add_style_tag(content="body { height: 100vh; }")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        use_theme(page, theme)
        lab.wait_seen()
        assert words_of(violations(lab)) == [], theme


def use_theme(page, name):
    """Change JupyterLab's theme, and wait until its colours are there, which is later than its name."""
    page.evaluate("t => jupyterapp.commands.execute('apputils:change-theme', { theme: t })", name)
    dark = """want => {
      const [red] = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor.match(/\\d+/g);
      return document.body.dataset.jpThemeLight === String(!want) && (red < 128) === want;
    }"""
    page.wait_for_function(dark, arg=name.endswith("Dark"))


def wait_words(lab, part):
    expect(lab.readout).to_contain_text(part)


def test_start_watch_stop_change_and_start_again(notebook, shown):
    """The memory race as a learner runs it; made so long that it ends when it is stopped, however late."""
    notebook.run_code("from helpers.labs.race import race\n\nrace.N_STEPS *= 10")
    lab = shown[Race]
    lab.wake()
    lab.choose("length", "middle")
    wait_words(lab, "T = 60")
    wait_words(lab, "not been raced yet")

    lab.button("Run").click()
    wait_words(lab, "left")
    seen = lab.painted
    notebook.page.wait_for_function(
        "([figure, seen]) => +figure.dataset.painted > seen + 3", arg=[lab.figure.element_handle(), seen]
    )
    lab.button("Stop").click()
    expect(lab.button("Run")).to_be_enabled()
    expect(lab.button("Stop")).to_be_disabled()
    kept = notebook.told("print(shown_Race.readout_text)")
    expect(lab.readout).to_have_text(kept)
    assert "LSTM, keep long" in kept
    assert lab.has_ink()

    lab.choose("task", "parity")  # another race: nothing was run there yet
    wait_words(lab, "not been raced yet")
    lab.button("Run").click()
    wait_words(lab, "left")
    lab.choose("task", "temporal order")  # a control ends the run, and does not wait for it
    expect(lab.readout).to_have_text(kept)  # what was learnt there is there still
    expect(lab.button("Run")).to_be_enabled()
