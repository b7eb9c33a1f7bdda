"""Drive a lesson of `site/live/`, which runs in JupyterLite."""

from tools.browser.harness import NotebookPage, slow_down

IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
START = 180_000
"""Milliseconds that Python may take to start in a page, on a slow machine."""

# Of each code cell, by its id, the text of its outputs: what it has printed, or what it is worth.
TEXTS = """() => Object.fromEntries([...window.jupyterapp.shell.currentWidget.content.model.cells]
  .filter((cell) => cell.type === "code")
  .map((cell) => [cell.id, cell.outputs.toJSON()]))"""


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
        self.page.wait_for_selector("body[data-kept] .jp-Notebook .jp-Cell", timeout=START)

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
