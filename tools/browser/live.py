"""Drive a lesson of `site/live/`, which runs in JupyterLite."""

from tools.browser.chromium import slow_down
from tools.browser.notebook import NotebookPage

IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
OPEN = "body[data-kept] .jp-Notebook .jp-Cell"
START = 180_000
"""Milliseconds that Python may take to start in a page, on a slow machine."""

# Of each code cell, by its id, the text of its outputs: what it has printed, or what it is worth.
TEXTS = """() => Object.fromEntries([...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter((cell) => cell.type === "code")
  .map((cell) => [cell.id, cell.outputs.toJSON()]))"""


# What stands in a cell; the id and the place of the first cell for an answer; whether all is kept.
SOURCE = """id => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .find((cell) => cell.id === id).sharedModel.source"""
ANSWER_CELL = """() => { const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
  const index = cells.findIndex((cell) => cell.id.endsWith("-answer"));
  return [cells[index].id, index]; }"""
KEPT = "document.body.dataset.kept === 'true'"


class LivePage(NotebookPage):
    """One lesson open in JupyterLite's view of a single notebook."""

    def __init__(self, page, url, lesson, cell=""):
        """`url` is the address of the folder `live`; `cell` the id of the cell to open it at."""
        self.page, self.errors = page, []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        slow_down(page)
        at = f"#cell-id={cell}" if cell else ""
        page.goto(f"{url}/notebooks/index.html?path={lesson}.ipynb{at}")
        self.wait_open()

    def wait_open(self):
        """Wait until the lesson is on the screen."""
        self.page.wait_for_selector(OPEN, timeout=START)

    def wait_python(self):
        """Wait until Python has started."""
        self.page.wait_for_function(IDLE, timeout=START)

    def run_all(self):
        """Run every cell; raises if one failed or wrote to stderr."""
        self.wait_python()
        super().run_all()

    def outputs(self):
        """Of each code cell its outputs, by its id."""
        return self.page.evaluate(TEXTS)

    def source(self, cell):
        """What stands in a cell."""
        return self.page.evaluate(SOURCE, cell)

    def write_answer(self, line):
        """Write a line into the first answer cell and wait until it is kept; returns the id of the cell."""
        cell, index = self.page.evaluate(ANSWER_CELL)
        editor = self.page.locator(".jp-Notebook-cell").nth(index).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        self.page.keyboard.press("Control+Home")
        self.page.wait_for_function(KEPT)
        self.page.keyboard.type(f"{line}\n")
        self.page.wait_for_function(KEPT)
        return cell
