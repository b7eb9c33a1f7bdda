"""How a lab behaves on a page: the newest value wins, errors, the keyboard, running and stopping."""

import re

import pytest
from playwright.sync_api import expect

from helpers.labs import catalogue
from tests.browser.page_labs import Counting, Plain, Slow
from tools.browser.notebook import NotebookPage


@pytest.fixture(scope="module")
def notebook(window, lab_url):
    """One page for all: a lab is reset before it is used again."""
    page = window()
    notebook = NotebookPage(page, lab_url, "labs.ipynb")
    notebook.run_all()
    yield notebook
    assert notebook.errors == []
    page.close()


def shown(notebook, kind):
    """A lab of the notebook, as it starts."""
    lab = notebook.lab(kind.question())
    lab.wait_painted()
    lab.button("Reset").click()
    lab.wait_painted(" ".join(f"{name}={c.default_value}" for name, c in kind.controls().items()))
    return lab


def test_the_newest_value_is_shown_in_the_end(notebook):
    """Ninety moves at five pictures a second."""
    lab = shown(notebook, Slow)
    lab.drag("height", 1.0, steps=30)
    lab.drag("height", 0.0, steps=30)
    lab.drag("height", 0.5, steps=30)
    lab.wait_value("height", 0.5)
    expect(lab.readout).to_have_text("The height is 0.50.")
    expect(lab.slider("height")).to_have_attribute("aria-valuetext", "0.50")


def test_an_error_is_one_line_and_goes_away(notebook):
    lab = shown(notebook, Plain)
    lab.choose("mood", "broken")
    expect(lab.error).to_have_text(re.compile("ValueError: nothing to see. Move a control to go on."))
    expect(lab.readout).to_be_hidden()
    lab.drag("height", 1.0)
    expect(lab.error).to_be_visible()
    lab.choose("mood", "fine")
    lab.wait_value("mood", "fine")
    expect(lab.error).to_be_hidden()
    expect(lab.readout).to_have_text("The height is 1.00.")
    assert notebook.page.locator("text=Traceback").count() == 0


def test_the_keyboard_is_enough(notebook):
    """Tab reaches the slider, arrow keys move it, and a screen reader is told what it is."""
    lab = shown(notebook, Plain)
    slider = lab.slider("height")
    slider.press("ArrowRight")
    lab.wait_value("height", 0.35)
    slider.press("Home")
    lab.wait_value("height", 0.0)
    slider.press("End")
    lab.wait_value("height", 1.0)
    expect(lab.canvas).to_have_attribute("aria-label", "The height is 1.00.")
    expect(lab.canvas).to_have_attribute("role", "img")


def test_there_is_room_for_all_the_words(notebook):
    lab = shown(notebook, Plain)
    notebook.run_code("plain.readout = lambda result: 'many words ' * 100; plain.show(plain.result)")
    expect(lab.readout).to_have_text(re.compile("many words"))
    fits = "line => line.scrollHeight <= line.clientHeight"
    notebook.page.wait_for_function(f"line => ({fits})(line)", arg=lab.readout.element_handle())
    notebook.run_code("del plain.readout; plain.show(plain.result)")


def test_python_moves_the_slider_and_the_picture(notebook):
    lab = shown(notebook, Plain)
    notebook.run_code("plain.height = 0.75")
    lab.wait_value("height", 0.75)
    expect(lab.slider("height")).to_have_attribute("aria-valuetext", "0.75")


def test_labs_on_one_page_are_independent(notebook):
    one, other = shown(notebook, Plain), shown(notebook, Slow)
    before = other.key
    one.drag("height", 1.0)
    one.wait_value("height", 1.0)
    assert other.key == before


def test_a_run_can_be_watched_and_stopped(notebook):
    lab = shown(notebook, Counting)
    run, stop = lab.button("Run"), lab.button("Stop")
    notebook.run_code("page_labs.Counting.n_steps = 10**6")  # longer than it takes any page to stop it
    expect(stop).to_be_disabled()
    before = lab.painted
    run.click()
    expect(run).to_be_disabled()
    expect(lab.readout).to_have_text(re.compile(r"Counted to \d{2}"))
    stop.click()
    expect(run).to_be_enabled()
    assert lab.painted > before + 1
    reached = int(re.search(r"\d+", lab.words).group())
    assert 0 < reached < 10**6
    notebook.run_code(f"page_labs.Counting.n_steps = {Counting.n_steps}")
    lab.drag("count by", 1.0)
    lab.wait_value("by", 5)
    expect(lab.readout).to_have_text("Counted to 0.")
    run.click()
    expect(lab.readout).to_have_text("Counted to 2000.", timeout=30_000)


def test_a_lesson_shows_its_pictures_then_its_labs(notebook):
    """Stored pictures before a cell was run; and all is well once every cell was."""
    name, labs = next(iter(catalogue().items()))
    notebook.open(f"{name}.ipynb")
    shown = notebook.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    picture = shown.locator(".jp-OutputArea img[src^='data:image/png']").first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("i => i.naturalWidth") >= 600
    assert shown.locator(".live-figure").count() == 0
    notebook.run_all()
    for kind in labs:
        lab = notebook.lab(kind.question())
        lab.wait_painted()
        assert lab.has_ink()
