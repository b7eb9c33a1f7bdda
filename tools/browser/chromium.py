"""Chromium: where it is, how it is started, and how it is slowed down or given another size."""

import os
import shutil

# The first is Chromium without windows: it lays out and paints as the others do, in four fifths of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_browser():
    """The path of a Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def slow_down(page):
    """Slow the page's processor down by the factor UNROLLED_SLOW_PAGE, if that is set.

    The tests must be right on any machine: `UNROLLED_SLOW_PAGE=4 python run.py test tests/browser`.
    """
    if rate := float(os.environ.get("UNROLLED_SLOW_PAGE", "0")):
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def resize(page, width, height):
    """Give the window another size; returns when JupyterLab has laid itself out in it.

    It does so in a task of its own, after the picture in which it hears of the size.
    """
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([w, h]) => innerWidth === w && innerHeight === h", arg=[width, height])
    page.evaluate(
        """async () => {
          for (let k = 0; k < 3; k++) await new Promise(go => requestAnimationFrame(() => setTimeout(go)));
        }"""
    )
