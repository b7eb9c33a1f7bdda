"""Execute the notebooks and store them the same way every time: `python run.py refresh [notebook ...]`.

Each notebook runs in a fresh kernel, in its own folder, as a learner's "Run All" does. What is stored
is what a reader without a kernel sees and what strict nbval compares: outputs as text and picture,
counts from 1, ids that stay, and nothing that would differ tomorrow.
"""

import pathlib
import re
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # started as a script, Python looks in tools/ only

from tools import publish, slides  # noqa: E402

NOTEBOOKS = ROOT / "notebooks"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEEP = {"tags", "jupyter"}  # what an author sets on a cell; the rest is a session's
WIDGET = "application/vnd.jupyter.widget-view+json"  # names a model that is gone when the kernel is
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
CHECK = re.compile(r"^(\w+\.)?check_\w+\(", re.M)  # what an answer cell calls
RANDOM = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4,12})*")  # the ids that Jupyter makes


def refresh(path, timeout=300):
    """Execute the notebook at `path` and write it back, normalised.

    Parameters
    ----------
    path : pathlib.Path
        The notebook; it runs in the folder it lies in.
    timeout : float
        Seconds a cell may take.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises; CellTimeoutError if it takes too long, DeadKernelError if it kills the
        kernel. The file is then left as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    options = {"timeout": timeout, "kernel_name": "python3", "coalesce_streams": True}
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}, **options).execute()
    nbformat.write(normalise(notebook), path)


def normalise(notebook):
    """The notebook with only what is worth storing; changed in place and returned."""
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    name_cells(notebook.cells)
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEEP}
    slides.set_types(notebook.cells)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    executed = [cell for cell in code if cell.source.strip() and cell.id not in publish.OURS]
    for cell in code:
        cell.execution_count = None
    for count, cell in enumerate(executed, start=1):
        cell.execution_count = count
        for output in cell.outputs:
            normalise_output(output, count)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def normalise_output(output, count):
    """Number a result, and drop the link to a widget where a picture or text stands beside it."""
    output.pop("transient", None)
    if "execution_count" in output:
        output.execution_count = count
    if WIDGET in output.get("data", {}):
        del output.data[WIDGET]
        output.metadata.pop(WIDGET, None)


def name_cells(cells):
    """Give every cell an id that is a unique slug; an author's slug stays."""
    taken, nameless = set(), []
    for number, cell in enumerate(cells, start=1):
        own = cell.get("id", "")
        if SLUG.fullmatch(own) and not RANDOM.fullmatch(own) and own not in taken:
            taken.add(own)
        else:
            nameless.append((number, cell))
    for number, cell in nameless:
        above = cells[number - 2] if number > 1 else None
        cell.id = free_slug(cell, above, number, taken)
        taken.add(cell.id)


def free_slug(cell, above, number, taken):
    """A new id that no cell has, from the cell's first heading, the task it answers, or its place."""
    heading = re.search(r"^#+ +(.+)$", cell.source, re.M) if cell.cell_type == "markdown" else None
    words = re.findall("[a-z0-9]+", heading[1].lower()) if heading else []
    slug = "-".join(words)[:40].strip("-")
    if cell.cell_type == "code" and above and CHECK.search(cell.source):
        slug = f"{above.id}-answer"
    slug = slug if SLUG.fullmatch(slug) else f"cell-{number:02d}"
    return next(name for name in [slug, *(f"{slug}-{n}" for n in range(2, 1000))] if name not in taken)


def main(names):
    """Refresh the notebooks that are named, or all of them; return the exit status."""
    paths = [pathlib.Path(name).resolve() for name in names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    for path in tqdm(paths, unit="notebook"):
        if not path.is_file():
            return f"There is no notebook {path}: give the path of one, or none to refresh all."
        try:
            refresh(path)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            return f"{path.name} was not stored, since it did not run to its end:\n{error}"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
