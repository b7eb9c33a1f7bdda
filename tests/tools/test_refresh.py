"""What `run.py refresh` stores: the same bytes every time, and nothing a session leaves behind."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import refresh

pytestmark = pytest.mark.slow

WIDGET_CELL = """\
import ipywidgets
class Slide(ipywidgets.IntSlider):
    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": "a slider at 0", "image/png": "iVBORw0K"}
Slide()"""


@pytest.fixture
def stored(tmp_path):
    """A notebook as an author leaves it after a morning of work, in a file."""
    cells = [
        new_markdown_cell("# Add two numbers\n\nRead this.", id="8a1b2c3d"),
        new_code_cell("print('one')\nprint('two')\n1 + 1", execution_count=41, metadata={"trusted": True}),
        new_code_cell(WIDGET_CELL, id="the-slider", metadata={"tags": ["lab"], "collapsed": False}),
        new_code_cell("open('here.txt', 'w').close()", id="the-slider2"),
        new_code_cell("", id="empty"),
    ]
    metadata = {"widgets": {"state": 1}, "kernelspec": {"name": "someone-elses", "display_name": "x"}}
    path = tmp_path / "lesson.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
    return path


def test_stored_is_only_what_a_reader_needs(stored):
    assert refresh.main([str(stored)]) == 0
    notebook = nbformat.read(stored, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata == {"kernelspec": refresh.KERNEL, "language_info": {"name": "python"}}
    assert [c.id for c in notebook.cells] == [
        "add-two-numbers",
        "cell-02",
        "the-slider",
        "the-slider2",
        "empty",
    ]
    assert [c.get("execution_count") for c in notebook.cells] == [None, 1, 2, 3, None]
    slides = [c.metadata.pop("slideshow")["slide_type"] for c in notebook.cells]
    assert slides == ["slide", "fragment", "subslide", "subslide", "fragment"]
    assert [c.metadata for c in notebook.cells] == [{}, {}, {"tags": ["lab"]}, {}, {}]
    stream, result = notebook.cells[1].outputs
    assert (stream.text, result.data, result.execution_count) == ("one\ntwo\n", {"text/plain": "2"}, 1)
    (widget,) = notebook.cells[2].outputs
    assert widget.data == {"text/plain": "a slider at 0", "image/png": "iVBORw0K"}
    assert (stored.parent / "here.txt").exists(), "a notebook runs in its own folder"


def test_twice_is_the_same_bytes(stored):
    refresh.main([str(stored)])
    once = stored.read_bytes()
    refresh.main([str(stored)])
    assert stored.read_bytes() == once


def test_colab_cell_is_run_but_not_counted(tmp_path):
    path = tmp_path / "published.ipynb"
    cells = [new_code_cell("x = 1", id="colab"), new_code_cell("x + 1", id="first")]
    nbformat.write(new_notebook(cells=cells), path)
    assert refresh.main([str(path)]) == 0
    colab, first = nbformat.read(path, as_version=4).cells
    assert (colab.execution_count, first.execution_count) == (None, 1)
    assert first.outputs[0].data == {"text/plain": "2"}, "it was run all the same"


def test_raising_cell_is_reported_and_nothing_stored(tmp_path):
    path = tmp_path / "wrong.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("[][7]", id="too-far")]), path)
    before = path.read_bytes()
    said = refresh.main([str(path)])
    assert said.startswith("wrong.ipynb was not stored")
    assert "IndexError" in said
    assert path.read_bytes() == before


def test_a_notebook_that_is_not_there_is_said():
    assert "no notebook" in refresh.main(["nowhere.ipynb"])


def test_an_answer_cell_is_named_after_its_task():
    cells = [
        new_markdown_cell("### Exercise 1: why?", id="8a1b2c3d"),
        new_code_cell("w = ...\nchecks.check_w(w)", id="8a1b2c3e"),
        new_markdown_cell("### Exercise 2", id="exercise-latch"),
        new_code_cell("def program(cell):\n    return ...\n\n\ncheck_latch(program)", id="8a1b2c3f"),
        new_code_cell("unchecked = 1", id="8a1b2c40"),
    ]
    refresh.name_cells(cells)
    ids = [cell.id for cell in cells]
    assert ids[:2] == ["exercise-1-why", "exercise-1-why-answer"]
    assert ids[2:] == ["exercise-latch", "exercise-latch-answer", "cell-05"]


def test_ids_are_unique_even_when_headings_are_not():
    cells = [
        new_markdown_cell("## Notice"),
        new_markdown_cell("## Notice"),
        new_code_cell("1", id="notice-2"),
    ]
    refresh.name_cells(cells)
    assert [cell.id for cell in cells] == ["notice", "notice-3", "notice-2"]
