"""A browser and a JupyterLab for the whole run; a picture of the page when a test fails."""

import os
import pathlib

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.harness import FLAGS, find_browser, jupyterlab

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
def lab_url():
    """The address of a JupyterLab on a copy of notebooks/."""
    with jupyterlab(ROOT / "notebooks") as url:
        yield url


@pytest.fixture
def new_page(browser, request):
    """Makes pages; takes a picture of each if the test fails, and closes them."""
    pages = []

    def make(**options):
        page = browser.new_page(**{"viewport": {"width": 1300, "height": 1050}} | options)
        page.set_default_timeout(60_000)
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
