"""A lesson that was run, saved and closed is opened again: each lab is there, as a picture with its words."""

import pytest
from playwright.sync_api import expect

from tests.browser.page_labs import WAYS, Plain
from tools.browser.lab import LabOnPage
from tools.browser.notebook import NotebookPage

QUESTION = Plain.question()
CONTENT = "window.jupyterapp.shell.currentWidget.content"
CONTEXT = "window.jupyterapp.shell.currentWidget.sessionContext"
TRUSTED = f"[...{CONTENT}.model.cells].every(cell => cell.trusted)"
OPENED_AGAIN = [way for way in WAYS if way != "mid_drag"]
# The file, as somebody else's editor or a download leaves it: no server has signed it.
REWRITE = """
import json

with open({name!r}, encoding="utf-8") as file:
    notebook = json.load(file)
notebook["metadata"]["from"] = "elsewhere"
with open({name!r}, "w", encoding="utf-8") as file:
    json.dump(notebook, file)
"""


def name_of(way):
    return f"again_{way}.ipynb"


@pytest.fixture(scope="module")
def saved(window, lab_url):
    """In one JupyterLab each notebook of one lab was run, dragged and saved, and its kernel mostly ended."""
    first = NotebookPage(window(), lab_url, "labs.ipynb")
    for way in OPENED_AGAIN:
        first.open(name_of(way), ends=False)
        first.run_all()
        lab = first.lab(QUESTION)
        lab.wait_painted()
        lab.drag("height", 1.0)
        lab.wait_value("height", 1.0)
        first.command("docmanager:save")
        expect(lab.figure).to_be_visible()  # what is open stays as it is
        if way in ("untrusted", "trusted"):
            first.run_code(REWRITE.format(name=name_of(way)))
        if way != "running":
            first.page.evaluate(f"{CONTEXT}.shutdown()")
    yield
    first.page.close()
    assert first.errors == []


@pytest.fixture(scope="module")
def second(window, lab_url, saved):
    """A JupyterLab in which they are opened again."""
    notebook = NotebookPage(window(), lab_url, "labs.ipynb")
    yield notebook
    notebook.page.close()
    assert notebook.errors == []


@pytest.mark.parametrize("way", OPENED_AGAIN)
def test_labs_reopen_as_pictures_with_words(second, way):
    second.open(name_of(way), ends=False)
    page = second.page
    assert page.evaluate(TRUSTED) == (way in ("shut_down", "running"))
    if way == "trusted":
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:trust'); }")
        page.locator(".jp-Dialog .jp-mod-accept").click()
        page.wait_for_function(TRUSTED)
    shown = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    picture = shown.locator(".jp-OutputArea-output img")
    expect(picture).to_have_count(1)
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("i => i.naturalWidth") > 400
    expect(shown.get_by_text("Error displaying widget")).to_have_count(0)
    assert shown.locator(".live-figure").count() == 0
    second.run_all()  # and the cell makes the lab again
    lab = LabOnPage(shown, QUESTION)
    lab.wait_painted()
    lab.slider("height").press("Home")
    lab.wait_value("height", 0.0)


def test_a_notebook_is_saved_in_mid_drag(second):
    """The hand feels nothing of it, and the lab stays alive."""
    notebook = second
    notebook.open("again_mid_drag.ipynb")
    notebook.run_all()
    lab, page = notebook.lab(QUESTION), notebook.page
    lab.wait_painted()
    for share in lab.dragged("height", 0.2, 0.8, 0.6):
        page.keyboard.press("Control+s")
        page.wait_for_function(f"!{CONTENT}.model.dirty")
        lab.wait_value("height", share)
    stored = page.evaluate("window.jupyterapp.serviceManager.contents.get('again_mid_drag.ipynb')")
    shown = [output["data"] for cell in stored["content"]["cells"] for output in cell["outputs"]]
    assert [sorted(data) for data in shown] == [["image/png", "text/plain"]]
    lab.slider("height").press("Home")
    lab.wait_value("height", 0.0)
