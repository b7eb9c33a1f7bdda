"""A browser and a JupyterLab for the whole run; a picture of the page when a test fails."""

import os
import pathlib
import shutil

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser import lesson_labs, page_labs
from tests.browser.bare import bare, bare_url  # noqa: F401 (fixtures)
from tests.browser.plain import address, plain_page  # noqa: F401 (fixtures)
from tests.browser.vehicle import live_folder, live_url, open_lesson  # noqa: F401 (fixtures)
from tools.browser.chromium import FLAGS, find_browser, slow_down
from tools.browser.servers import jupyterlab

expect.set_options(
    timeout=60_000
)  # how long may be waited for what must come; on a slow machine it comes late
ROOT = pathlib.Path(__file__).parents[2]
SHOTS = ROOT / "shots"


def pytest_collection_modifyitems(items):
    """All tests of this folder drive a browser."""
    for item in items:
        if item.path.is_relative_to(pathlib.Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    path = find_browser()
    if path is None:
        message = "no Chromium or Chrome on PATH (Debian and Ubuntu: sudo apt install chromium)"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_url(tmp_path_factory):
    """The address of a JupyterLab on a copy of notebooks/, beside the notebooks made for tests."""
    folder = tmp_path_factory.mktemp("jupyter") / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    write_notebook(folder / "labs.ipynb", page_labs.CELLS)
    write_notebook(folder / "few.ipynb", map(lesson_labs.cell_of, lesson_labs.IN_JUPYTERLAB))
    write_notebook(folder / "robust.ipynb", page_labs.ROBUST)
    write_notebook(folder / "broken.ipynb", page_labs.ROBUST)
    write_notebook(folder / "late.ipynb", page_labs.LATE)
    write_notebook(folder / "running.ipynb", page_labs.RUNNING)
    for way in page_labs.WAYS:
        write_notebook(folder / f"again_{way}.ipynb", page_labs.SAVED)
    with jupyterlab(folder) as url:
        yield url


def write_notebook(path, cells):
    """A notebook of code cells that can import `tests`."""
    find = f"import sys\n\nsys.path.insert(0, {str(ROOT)!r})"  # no lesson does this: tests/ is not installed
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in [find, *cells]])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def window(browser):
    """Makes pages that share a browser's memory, as a person's tabs do: JupyterLab's code comes but once."""
    context = browser.new_context()

    def make(width=1300, height=1050):
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.set_default_timeout(60_000)
        return page

    yield make
    context.close()


@pytest.fixture
def new_page(browser, window, request):
    """Makes pages; takes a picture of each if the test fails, and closes them."""
    pages = []

    def make(**options):
        page = browser.new_page(**options) if options else window()
        page.set_default_timeout(60_000)
        slow_down(page)
        pages.append(page)
        return page

    yield make
    for number, page in enumerate(pages):
        if getattr(request.node, "failed", False):
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / f"{request.node.name}-{number}.png")
        page.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report
