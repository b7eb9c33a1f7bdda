"""Lessons in JupyterLite for tests, with a Pyodide that needs no network.

It is the one that UNROLLED_PYODIDE names, or the one that `.ci/run` has fetched. With UNROLLED_SITE it is the
site in that folder that is tested, with all its lessons.
"""

import os
import pathlib
import re
import shutil
import urllib.request

import nbformat
import pytest

from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tools.browser.live import LivePage
from tools.browser.servers import files_at
from tools.site.live.build import build_live

ROOT = pathlib.Path(__file__).parents[2]
FETCHED = ROOT / ".pyodide"
WHOLE = os.environ.get("UNROLLED_SITE")
ALL = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
LESSONS = ALL if WHOLE else ALL[:1]
LONG = "takes long: tried with run.py site --check"
FIRST = LESSONS[0]
RUNS = next(
    (name, kind) for name, kinds in catalogue().items() for kind in kinds if issubclass(kind, RunningLab)
)
"""The first lab that runs, with the name of its lesson."""
ANSWER = "h_2 = 1.5  # mine"


def pyodide():
    """The folder of a Pyodide distribution; without one the test is skipped."""
    folder = pathlib.Path(os.environ.get("UNROLLED_PYODIDE", FETCHED))
    if not (folder / "pyodide-lock.json").is_file():
        pytest.skip(f"there is no Pyodide in {folder}: bash .ci/pyodide fetches one")
    return folder


@pytest.fixture(scope="session")
def live_folder(tmp_path_factory):
    """The folder `live` of the site."""
    if WHOLE:
        folder = pathlib.Path(WHOLE) / "live"
        if not (folder / "pyodide").is_dir() and not reachable(folder):
            pytest.skip("Pyodide's network cannot be reached: run.py site --pyodide FOLDER --check")
        return folder
    distribution = pyodide()
    made, notebooks = tmp_path_factory.mktemp("made") / "live", tmp_path_factory.mktemp("few")
    shutil.copy(ROOT / "notebooks" / f"{FIRST}.ipynb", notebooks)
    nbformat.write(runs_notebook(), notebooks / "runs.ipynb")
    try:
        build_live(made, notebooks, distribution, say=lambda line: None)
    except SystemExit as error:
        if "cannot be fetched" not in str(error):
            raise
        pytest.skip(str(error))
    return made


def reachable(folder):
    """Whether the Pyodide that these pages would ask for is there."""
    found = (
        re.search(r"https://[\w./-]+/pyodide\.js", path.read_text("utf-8")) for path in folder.rglob("*.js")
    )
    (address,) = {one[0] for one in found if one}
    try:
        with urllib.request.urlopen(address, timeout=20):
            return True
    except OSError:
        return False


def runs_notebook():
    """A notebook with the first lab that runs."""
    code = f"from {RUNS[1].__module__} import {RUNS[1].__name__} as Runs\n\nlab = Runs()\nlab"
    cells = [nbformat.v4.new_markdown_cell("# A lab that runs"), nbformat.v4.new_code_cell(code)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="session")
def live_url(live_folder):
    """Its address."""
    with files_at(live_folder.parent) as url:
        yield f"{url}/live"


@pytest.fixture
def open_lesson(new_page, live_url):
    """Opens a lesson in a window of its own."""

    def make(name=FIRST, cell="", **options):
        page = new_page(**{"viewport": {"width": 1280, "height": 720}, **options})
        return LivePage(page, live_url, name, cell)

    return make
