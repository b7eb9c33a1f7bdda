"""A stored notebook as the page has it: made at build time, so that there is no second source of lessons."""

import pathlib

import nbformat

HERE = pathlib.Path(__file__).parent
KERNEL = {"name": "python", "display_name": "Python (in this page)", "language": "python"}
MEGABYTES = 35
"""How much the page fetches besides JupyterLite before the first cell is done; a test compares it."""

WAYS = """\
**This lesson runs in your browser.** Run all of it with *Run → Run All Cells*, or cell by cell with \
Shift + Enter. The folded cell below fetches NumPy, matplotlib and the lesson's own code: {size} MB the \
first time, after which your browser keeps them.

What you write is kept in this browser, on this device, and nowhere else; *File → Download* gives you the \
notebook. [Back to the pages]({page}), where the labs can be dragged without Python."""

FETCH = """\
# Fetches NumPy, matplotlib and the lesson's own code: {size} MB the first time. Your browser keeps them.
import piplite


class NotFetched(Exception):
    def _render_traceback_(self):
        return [str(self)]


try:
    await piplite.install("unrolled_live", deps=False)
except Exception:
    raise NotFetched("The network is missing. When it is back, run this cell again.") from None
from unrolled_live import fetch

await fetch()"""


def live_copy(notebook, name):
    """The notebook for the page: its kernel, and in place of the ways to run it elsewhere the way here.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        The stored notebook; it is left as it is.
    name : str
        Its file's name without `.ipynb`.

    Returns
    -------
    nbformat.NotebookNode
    """
    copy = nbformat.from_dict(notebook)
    others = [cell for cell in copy.cells if cell.id not in ("ways", "colab")]
    ways = nbformat.v4.new_markdown_cell(WAYS.format(page=f"{name}.html", size=MEGABYTES), id="ways")
    fetch = nbformat.v4.new_code_cell(FETCH.format(size=MEGABYTES), id="fetch")
    fetch.metadata.jupyter = {"source_hidden": True}  # it is nothing to learn from
    copy.cells = [*others[:1], ways, fetch, *others[1:]]
    copy.metadata.kernelspec = KERNEL
    return copy


def write_lessons(notebooks, folder):
    """The page's notebooks of all stored ones into a folder (made); returns their paths."""
    folder.mkdir(parents=True)
    for path in sorted(notebooks.glob("*.ipynb")):
        nbformat.write(live_copy(nbformat.read(path, 4), path.stem), folder / path.name)
    return sorted(folder.iterdir())
