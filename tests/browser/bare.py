"""A page with one lab and nothing else: the real panel, wired straight to the Python of the test.

What a lab does is tried here: the page has a few hundred elements where JupyterLab has twenty thousand, and
there is no kernel to wait for. What JupyterLab adds to it is tried there, once for each lesson.
"""

import base64
import pathlib
import shutil

import pytest

from helpers.page.panel import Panel, module
from tools.browser.lab import LabOnPage
from tools.browser.servers import files_at

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A lab</title>
<link rel="stylesheet" href="panel.css">
<style>
  :root { color-scheme: light dark; }
  html.dark { color-scheme: dark; }
  html.light { color-scheme: light; }
  body { margin: 8px; font-family: system-ui, sans-serif; }
</style>
<main></main>
<script type="module" src="bare.js"></script></html>"""


class Wire:
    """The kernel's end of a widget's comm: keeps what the panel says until the page has asked for it."""

    comm_id, kernel = "bare", True

    def __init__(self):
        self.said = []

    def send(self, data, buffers=None, **_):
        buffers = [bytes(buffer) for buffer in buffers or ()]
        if data["method"] == "custom":
            self.said.append({"custom": data["content"], "buffers": buffers})
        else:
            state = data["state"]
            for path, buffer in zip(data.get("buffer_paths", ()), buffers, strict=True):
                put(state, path, buffer)
            self.said.append({"state": state})

    def take(self):
        """What was said since it was last asked."""
        said, self.said = self.said, []
        return said

    def on_msg(self, act):
        """What comes from the page goes to the panel without it."""

    def close(self, *_, **__):
        """Nobody listens any more."""


def put(state, path, buffer):
    """Put a buffer in its place: ipywidgets takes bytes out of a state before it sends it."""
    for name in path[:-1]:
        state = state[name]
    state[path[-1]] = buffer


def as_json(what):
    """With bytes as bare.js reads them."""
    if isinstance(what, dict):
        return {name: as_json(part) for name, part in what.items()}
    if isinstance(what, (list, tuple)):
        return [as_json(part) for part in what]
    if isinstance(what, (bytes, memoryview)):
        return {"bytes": base64.b64encode(what).decode()}
    return what


class BarePage:
    """The page; `show` puts one lab on it, in the place of the one before."""

    def __init__(self, page, url):
        self.page, self.panel, self.errors, self.number = page, None, [], 0
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.expose_function("toPython", self._hear)
        page.goto(url)
        page.wait_for_function("() => Boolean(window.showLab)")

    def show(self, lab):
        """Put a lab on the page; returns it as the learner sees it, painted."""
        self.show_panel(lab.view)
        shown = LabOnPage(self.page, type(lab).question())
        shown.wait_painted()
        shown.ask_nothing_ahead()
        return shown

    def show_panel(self, panel):
        """Put a panel on the page, in the place of the one before."""
        self.panel, self.wire, self.number = panel, Wire(), self.number + 1
        panel.comm = self.wire
        state = {name: getattr(panel, name) for name in Panel.class_own_traits(sync=True)}
        self.page.evaluate("([state, number]) => showLab(state, number)", [as_json(state), self.number])

    def resize(self, width, height, lab=None):
        """Give the window another size, and the lab a width; returns when the page is laid out in it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate(
            """async ([w, h, lab]) => {
              document.querySelector("main").style.width = lab ? `${lab}px` : "";
              while (innerWidth !== w || innerHeight !== h) await new Promise(requestAnimationFrame);
              await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
            }""",
            [width, height, lab],
        )

    def scheme(self, name):
        """Show the page in the "light" or the "dark" scheme, as a learner's system asks for it."""
        self.page.emulate_media(color_scheme=name)

    def _hear(self, number, content):
        if number != self.number:  # from the lab that was shown before
            return []
        self.panel._handle_custom_msg(content, [])
        return as_json(self.wire.take())


@pytest.fixture(scope="session")
def bare_url(tmp_path_factory):
    """The address of the page."""
    folder = tmp_path_factory.mktemp("bare")
    for file in module.FOLDER.glob("*.[jc]s*"):
        (folder / file.name).write_bytes(file.read_bytes())
    shutil.copy(pathlib.Path(__file__).with_name("bare.js"), folder)
    (folder / "index.html").write_text(PAGE)
    with files_at(folder) as url:
        yield f"{url}/index.html"


@pytest.fixture(scope="session")
def bare(browser, bare_url):
    """The one bare page of a worker."""
    page = browser.new_page()
    made = BarePage(page, bare_url)
    yield made
    page.close()
    assert made.errors == []
