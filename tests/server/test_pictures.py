"""What the Jupyter server writes when a notebook with labs is saved: pictures, and no link to a widget."""

import copy
import json
import types

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import LargeFileManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.lab import Lab
from helpers.server import pictures
from tests.lab.test_lab import Waves

WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
PLAIN = {WIDGET: {"model_id": "slider"}, "text/plain": "IntSlider(value=0)"}  # of which there is no picture


def shown(lab):
    """A lab as the output of a cell."""
    data, metadata = lab._repr_mimebundle_() if isinstance(lab, Lab) else (lab, {})
    return new_output("execute_result", data=data, metadata=metadata, execution_count=1)


def notebook(*shows, **metadata):
    cells = [new_code_cell("show()", outputs=[shown(what)], metadata={"trusted": True}) for what in shows]
    return new_notebook(cells=[new_markdown_cell("Read."), *cells, new_code_cell("1")], metadata=metadata)


@pytest.fixture
def server(tmp_path):
    """A server's contents manager with the extension, in a folder of its own."""
    manager = LargeFileManager(root_dir=str(tmp_path))
    manager.notary.data_dir, manager.notary.db_file = str(tmp_path), ":memory:"
    (point,) = pictures._jupyter_server_extension_points()
    assert point == {"module": "helpers.server.pictures"}
    pictures._load_jupyter_server_extension(types.SimpleNamespace(contents_manager=manager))
    return manager


def save(server, content, name="lesson.ipynb"):
    """Save it; returns what lies on the disk then."""
    server.save({"type": "notebook", "format": "json", "content": content}, name)
    with open(f"{server.root_dir}/{name}", encoding="utf-8") as file:
        return nbformat.validator.normalize(json.load(file))[1]


def forms(stored):
    return [list(output["data"]) for cell in stored["cells"] for output in cell.get("outputs", [])]


def test_lab_is_saved_as_picture_and_words(server):
    lab = Waves()
    before = shown(lab)
    assert WIDGET in before.data
    stored = save(server, notebook(lab))
    assert forms(stored) == [["image/png", "text/plain"]]
    (output,) = stored["cells"][1]["outputs"]
    assert output["data"]["image/png"].strip() == before.data["image/png"].strip()
    assert output["metadata"]["image/png"]["alt"].startswith("How many waves fit in?")
    assert len(json.dumps(stored)) < 60_000


def test_a_widget_without_a_picture_keeps_its_link(server):
    assert forms(save(server, notebook(PLAIN))) == [list(PLAIN)]


def test_widget_with_saved_state_keeps_its_link(server):
    """JupyterLab's *Save Widget State Automatically*: then the link leads somewhere."""
    one, other = Waves(), Waves()
    state = {"state": {one.view.model_id: {}}, "version_major": 2, "version_minor": 0}
    stored = save(server, notebook(one, other, widgets={STATE: state}))
    assert [WIDGET in kinds for kinds in forms(stored)] == [True, False]


def test_a_notebook_that_is_trusted_stays_trusted(server):
    save(server, notebook(Waves()))
    cells = server.get("lesson.ipynb")["content"]["cells"]
    assert [cell["metadata"]["trusted"] for cell in cells if cell["cell_type"] == "code"] == [True, True]


def test_a_figure_of_ipympl_is_a_picture_too(server):
    figure = {
        WIDGET: {"model_id": "1"},
        "image/png": "iVBORw0K",
        "text/html": "<img>",
        "text/plain": "Canvas",
    }
    assert forms(save(server, notebook(figure))) == [["image/png", "text/html", "text/plain"]]


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "format": "text", "content": "widget"},
        {"type": "directory"},
        {"type": "notebook", "content": {"metadata": {}, "worksheets": []}},  # of IPython's days
        {"type": "notebook", "content": {"metadata": {}, "cells": [{"cell_type": "raw", "source": ""}]}},
        {"type": "notebook", "content": {"metadata": {}, "cells": [
            {"cell_type": "code", "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}]}]}},
    ],
)  # fmt: skip
def test_everything_else_is_written_as_it_is(model):
    before = copy.deepcopy(model)
    pictures.keep_pictures(model=model, path="any", contents_manager=None)
    assert model == before
