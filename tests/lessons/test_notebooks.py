"""Every lesson keeps the form: short cells, and stored as `run.py refresh` stores it.

Whether the stored numbers are right is not asked here: nbval runs the notebooks and compares.
"""

import copy
import pathlib
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.labs import catalogue
from tools import refresh

PATHS = sorted(refresh.NOTEBOOKS.glob("*.ipynb"))
CODE_LINES = 20
PROSE_WORDS = 150  # "about 120" with some air
SIZE = 450_000  # bytes: previews are small, so that git stays small

FORBIDDEN = {
    "sys.path": "the project is installed, so `import helpers` needs no path",
    "interact(": "it breaks strict nbval and swallows errors; make a Lab",
    "Output(": "it breaks strict nbval and swallows errors; make a Lab",
    "plt.show": "end the cell with the figure",
    "import *": "name what you import",
}


def faults(notebook, folder=refresh.NOTEBOOKS):
    """What is wrong with a stored notebook, as sentences that name the cell."""
    yield from faults_of_the_whole(notebook)
    for cell in notebook.cells:
        of_kind = faults_of_code(cell) if cell.cell_type == "code" else faults_of_prose(cell, folder)
        yield from (f"{cell.get('id')}: {fault}" for fault in of_kind)


def faults_of_the_whole(notebook):
    if notebook != refresh.normalise(copy.deepcopy(notebook)):
        yield "not stored by `python run.py refresh` (ids, counts, metadata or widgets differ)"
    words = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    titles = re.findall(r"^# .+", "\n".join(words), re.M)
    if len(titles) != 1 or not notebook.cells[0].source.startswith("# "):
        yield "a lesson starts with its title, the only one"
    if not words or not re.search(r"References.*\n\s*[-*] \S", words[-1], re.S):
        yield "a lesson ends with its references"


def faults_of_code(cell):
    lines = cell.source.splitlines()
    if len(lines) > CODE_LINES:
        yield f"{len(lines)} lines of code, more than {CODE_LINES}"
    for words, why in FORBIDDEN.items():
        if words in cell.source:
            yield f"{words} is used: {why}"
    if cell.source.rstrip().endswith(";"):
        yield "ends in ';', and nbval then sees another output than a learner"
    if any(line.lstrip().startswith(("!", "%")) for line in lines):
        yield "a shell or magic command, which needs not work for everybody"
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"a stored error, {output.ename}"
        if output.get("name") == "stderr":
            yield f"words on the error stream: {output.text.strip()[:80]}"
        if "image/png" in output.get("data", {}) and "text/plain" not in output.data:
            yield "a picture without words"


def faults_of_prose(cell, folder):
    count = len(prose(cell.source).split())
    if count > PROSE_WORDS:
        yield f"{count} words of prose, more than {PROSE_WORDS}"
    for link in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", cell.source):
        if not (folder / link).exists():
            yield f"a link to {link}, which is not there"
    if cell.source.count("<details>") != cell.source.count("</details>"):
        yield "a <details> that does not close"


def prose(source):
    """The words one reads at a glance: no code block, no folded hint, a formula as one word."""
    for hidden in [r"<details>.*?</details>", r"```.*?```"]:
        source = re.sub(hidden, " ", source, flags=re.S)
    return re.sub(r"\$\$.*?\$\$|\$.*?\$", "formula", source, flags=re.S)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
class TestStored:
    def test_is_valid(self, path):
        nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT), relax_add_props=False)

    def test_keeps_the_form(self, path):
        assert list(faults(nbformat.read(path, as_version=4))) == []

    def test_is_small(self, path):
        assert path.stat().st_size < SIZE

    def test_shows_its_labs_in_their_order(self, path):
        code = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code")
        shown = re.findall(r"^labs\.([A-Z][A-Za-z]+)\(", code, re.M)
        assert shown == [lab.__name__ for lab in catalogue()[path.stem]]


def test_slopes_are_shown_before_each_back():
    """The derivatives stand in `slopes`: `back` alone would only multiply by names."""
    sources = [
        cell.source
        for path in PATHS
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]
    shown = [re.findall(r"getsource\(cells\.(\w+)\.(\w+)\)", source) for source in sources]
    kinds = [kind for found in shown for kind, method in found if method == "back"]
    assert sorted(kinds) == ["GRU", "LRU", "LSTM", "MinGRU", "RNN"]
    for found in shown:
        for kind, method in found:
            assert method != "back" or found[found.index((kind, "back")) - 1] == (kind, "slopes")


def test_every_folder_of_labs_has_a_notebook():
    assert {path.stem for path in PATHS} == set(catalogue())
    assert PATHS


# That each fault is found ---------------------------------------------------------------------------


def lesson(*cells):
    """A notebook with nothing wrong around `cells`."""
    first, last = new_markdown_cell("# Learn it"), new_markdown_cell("**References**\n\n- A paper.")
    return refresh.normalise(new_notebook(cells=[first, *cells, last]))


def test_a_good_lesson_has_no_fault():
    fine = "Short, with $x$ and a [link](01.ipynb#part) and [another](https://a.org).\n<details>" + "w " * 200
    folder = pathlib.Path(__file__).parent
    fine = fine.replace("01.ipynb", "test_notebooks.py") + "</details>"
    assert list(faults(lesson(new_markdown_cell(fine), new_code_cell("x = 1\nx % 2")), folder)) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\n" * 21, "21 lines of code"),
        ("import sys; sys.path.append('..')", "sys.path is used"),
        ("interact(f, x=3)", "interact( is used"),
        ("x = 1\nx;", "ends in ';'"),
        ("!pip install it", "a shell or magic command"),
        ("x = 1\n%matplotlib inline", "a shell or magic command"),
    ],
)
def test_a_fault_of_code_is_found(source, said):
    (fault,) = faults(lesson(new_code_cell(source, id="here")))
    assert fault.startswith(f"here: {said}")


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (new_output("error", ename="ValueError", evalue="", traceback=[]), "a stored error, ValueError"),
        (new_output("stream", name="stderr", text="Warning: no"), "words on the error stream: Warning: no"),
        (new_output("display_data", data={"image/png": "iVBORw0K"}), "a picture without words"),
    ],
)
def test_a_fault_of_an_output_is_found(output, said):
    assert list(faults(lesson(new_code_cell("x", id="here", outputs=[output])))) == [f"here: {said}"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("word " * 151, "151 words of prose"),
        ("[the other](nowhere.md)", "a link to nowhere.md"),
        ("<details>never ends", "a <details> that does not close"),
    ],
)
def test_a_fault_of_prose_is_found(source, said):
    (fault,) = faults(lesson(new_markdown_cell(source, id="here")))
    assert fault.startswith(f"here: {said}")


@pytest.mark.parametrize("change", ["count", "widgets", "view", "id", "metadata"])
def test_a_notebook_that_was_not_refreshed_is_found(change):
    view = new_output("display_data", data={"text/plain": "lab"})
    notebook = lesson(new_code_cell("x", outputs=[view]))
    cell = notebook.cells[1]
    if change == "count":
        cell.execution_count = None
    elif change == "widgets":
        notebook.metadata["widgets"] = {"state": {}}
    elif change == "view":
        cell.outputs[0].data[refresh.WIDGET] = {"model_id": "1"}
    elif change == "id":
        cell.id = "0f3a9c11"
    else:
        cell.metadata["scrolled"] = True
    (fault,) = faults(notebook)
    assert "python run.py refresh" in fault


@pytest.mark.parametrize(
    "cells",
    [
        [new_markdown_cell("No title"), new_markdown_cell("References\n\n- A paper.")],
        [new_markdown_cell("# Learn it"), new_markdown_cell("# Again\nReferences\n\n- A paper.")],
        [new_markdown_cell("# Learn it"), new_markdown_cell("Summary")],
    ],
)
def test_a_missing_title_or_reference_is_found(cells):
    assert len(list(faults(refresh.normalise(new_notebook(cells=cells))))) == 1
