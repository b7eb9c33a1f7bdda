"""Fetches what a lesson needs, in the page: its first cell calls this (see lessons.py)."""

import logging

import piplite
from IPython.display import HTML, clear_output, display

STEPS = {
    "NumPy": ["numpy"],
    "matplotlib": ["matplotlib", "pillow"],
    "the widgets": ["ipywidgets", "anywidget", "psygnal", "comm", "typing-extensions"],
    "the lesson's code": ["threadpoolctl", "traitlets", "unrolled"],
}
"""What is fetched, by the words that are shown meanwhile."""
BAR = '<label>Fetching {what} … <progress max="{steps}" value="{done}"></progress></label>'


class NotFetched(Exception):
    """Shown as one sentence, without a traceback."""

    def _render_traceback_(self):
        return [str(self)]


async def fetch():
    """Fetch and import, and show how far it is; nothing of that is left when all is here.

    Raises
    ------
    NotFetched
        If something does not come.
    """
    shown = display(HTML(""), display_id=True)
    for done, (what, names) in enumerate(STEPS.items()):
        shown.update(HTML(BAR.format(what=what, steps=len(STEPS) + 1, done=done)))
        try:
            await piplite.install(names, deps=what == "matplotlib")
        except Exception as error:
            raise NotFetched(f"Fetching {what} failed ({error}): run this cell again.") from error
    shown.update(HTML(BAR.format(what="and preparing the fonts", steps=len(STEPS) + 1, done=len(STEPS))))
    prepare_matplotlib()
    clear_output()


def prepare_matplotlib():
    """Import matplotlib, which lists its fonts the first time: it would say so in the middle of a lesson."""
    log = logging.getLogger("matplotlib.font_manager")
    before, log.level = log.level, logging.ERROR
    import matplotlib.font_manager  # noqa: F401

    log.level = before
