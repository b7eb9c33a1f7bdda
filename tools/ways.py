"""The two cells under a lesson's title that open it elsewhere: links, and what Colab has to install.

`run.py refresh` puts them into every lesson, so that they are the same in all. Whoever publishes the
project puts its place into HOME and runs `run.py refresh`; docs/running.md says what else names it.
"""

from nbformat.v4 import new_code_cell, new_markdown_cell

HOME = "OWNER/unrolled"  # a placeholder, until the project has a place on GitHub
LINKS = """Nothing installed? Open this lesson [in Colab]({colab}) or [in Binder]({binder})."""
COLAB = "https://colab.research.google.com/github/{home}/blob/HEAD/notebooks/{name}.ipynb"
BINDER = "https://mybinder.org/v2/gh/{home}/HEAD?urlpath=lab/tree/notebooks/{name}.ipynb"
# anywidget and psygnal, which it needs, are the only packages of ours that Colab may lack.
INSTALL = """\
# Only Colab needs this cell: there, it installs the lessons' own code.
import sys

if "google.colab" in sys.modules:
    import subprocess

    home = "git+https://github.com/{home}"
    packages = ["--no-deps", home, "anywidget", "psygnal"]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *packages], check=True)"""


def add_ways(notebook, name):
    """Put both cells under the title, or bring them up to date; the notebook is changed in place.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Its first cell is the title.
    name : str
        Its file's name without `.ipynb`.
    """
    wanted = cells(name)
    stored = {cell.id: cell for cell in notebook.cells if cell.get("id") in ("ways", "colab")}
    same = [stored.get(cell.id, cell) for cell in wanted]
    for cell, fresh in zip(same, wanted, strict=True):
        cell.source, cell.metadata = fresh.source, fresh.metadata
    others = [cell for cell in notebook.cells if cell.get("id") not in stored]
    notebook.cells = [*others[:1], *same, *others[1:]]


def cells(name):
    """Both cells as they are in the lesson of that name."""
    links = LINKS.format(colab=COLAB.format(home=HOME, name=name), binder=BINDER.format(home=HOME, name=name))
    hidden = {"jupyter": {"source_hidden": True}}  # JupyterLab folds it: a learner there has no use for it
    code = new_code_cell(INSTALL.format(home=HOME), id="colab", metadata=hidden)
    return [new_markdown_cell(links, id="ways"), code]
