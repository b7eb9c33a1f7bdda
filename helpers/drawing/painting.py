"""The one door to our figures: they are made, changed and drawn within `painting()`, and nowhere else.

matplotlib consults its settings (`matplotlib.rcParams`) whenever it makes an artist, numbers an axis or
draws. Those settings belong to the learner, who may have chosen a dark style for plots of their own. Within
`painting()` matplotlib's defaults and our style sheet hold instead, so a lab or a sketch looks the same
in every notebook.
"""

import contextlib

import matplotlib
from matplotlib.figure import Figure

from helpers.drawing.style import STYLE
from helpers.engine.one_thread import computing

LEFT_ALONE = {"backend", "backend_fallback", "interactive"}
"""Settings that say how the learner's own figures reach the screen. No lab's figure depends on them."""

SETTINGS = {
    name: list(value) if isinstance(value, list) else value  # a copy: learners append to the lists of fonts
    for name, value in (dict(dict.items(matplotlib.rcParamsDefault)) | STYLE).items()
    if name not in LEFT_ALONE
}
"""All other settings of matplotlib, as they are for labs."""

_painting = False


@contextlib.contextmanager
def painting():
    """Hold this while a lab's figure is made, changed or drawn. It includes `computing`.

    The thread that holds it may enter it again, and then finds the settings as it left them.

    Settings belong to the whole process, and this is what holds where several threads are at work. Threads
    that paint labs wait for each other. A thread that changes a setting while another one paints a lab does
    not lose its change, unless it chooses the very object that labs use, as True is. But what it plots at
    that moment may come out in the style of the labs, and so may what it plots after a `rc_context` of its
    own that began at that moment. In a notebook this needs a thread that the learner has started: cells,
    running labs and messages from the page take turns in a single one (`page/panel/kernel.js` sees to that).
    """
    global _painting
    with computing():
        if _painting:
            yield
            return
        theirs = _what_differs()
        try:
            dict.update(matplotlib.rcParams, {name: SETTINGS[name] for name in theirs})
            _painting = True
            yield
        finally:
            _painting = False
            _put_back(theirs)


# `matplotlib.rc_context` would do, but it checks and copies so much that it takes as long as a small frame.
# `dict` reads and writes the settings as they are: nothing needs to be checked, and no old name warns.


def _what_differs():
    """The settings of the learner that are not the labs' own."""
    now = dict.items(matplotlib.rcParams)
    return {name: value for name, value in now if value is not SETTINGS.get(name, value)}


def _put_back(theirs):
    """Restore settings, except those that another thread has changed in the meantime."""
    now, get = matplotlib.rcParams, dict.get
    unchanged = {name: value for name, value in theirs.items() if get(now, name) is SETTINGS[name]}
    dict.update(now, unchanged)


class PaintedFigure(Figure):
    """A figure that is drawn within `painting()`, even where a cell saves `lab.figure`."""

    def draw(self, renderer):
        """Draw the figure, as matplotlib does."""
        with painting():
            super().draw(renderer)
