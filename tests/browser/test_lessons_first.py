"""The first half of the lessons in JupyterLab: see lessons.py."""

import pytest

from tests.browser.axe import violations, words_of
from tests.browser.lessons import *  # noqa: F403
from tests.browser.lessons import CATALOGUE, opened_of, richest
from tools.browser.chromium import resize

LESSONS = list(CATALOGUE)[: len(CATALOGUE) // 2]
opened = opened_of(LESSONS)


@pytest.mark.parametrize("opened", LESSONS[:1], indirect=True, scope="module")
def test_axe_finds_nothing_in_either_theme(opened):
    """In one lesson: JupyterLab gives its colours to every lab alike."""
    page, labs = opened
    resize(page, 1280, 720)
    # JupyterLab's body has no height and hides what overflows: axe takes all in it for hidden, and of
    # what is hidden it looks at no colour.
    page.add_style_tag(content="body { height: 100vh; }")
    _, lab = richest(labs)
    try:
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            use_theme(page, theme)
            lab.wait_seen()
            assert words_of(violations(lab)) == [], theme
    finally:
        use_theme(page, "JupyterLab Light")


def use_theme(page, name):
    """Change JupyterLab's theme, and wait until its colours are there, which is later than its name."""
    page.evaluate("t => jupyterapp.commands.execute('apputils:change-theme', { theme: t })", name)
    dark = """want => {
      const [red] = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor.match(/\\d+/g);
      return document.body.dataset.jpThemeLight === String(!want) && (red < 128) === want;
    }"""
    page.wait_for_function(dark, arg=name.endswith("Dark"))
