"""The panel as a widget of Jupyter: its state goes to the page, the page's questions come here.

The page holds controls, words and figure, and asks for frames by control values (`frames.js`). What
makes them is given to `Panel` as functions, so a panel knows no lab.
"""

import pathlib
import time

import anywidget
import traitlets

from helpers.page.live import Snapshot
from helpers.page.panel.module import joined

VIEWS = 100
"""Of how many views of one panel it is kept which of their moves were heard: the latest of them."""


class Panel(anywidget.AnyWidget):
    """Question, controls, figure, words and errors, on a page.

    Parameters
    ----------
    figure : helpers.page.live.LiveFigure
        What is shown.
    question : str
        Its heading, and the panel's name for a screen reader.
    controls : list of dict
        What `Control.spec` says of each; control values are lists in this order.
    snapshots : callable
        Takes a list of lists of control values and returns a `Snapshot` of each.
    rest : callable
        Is told what the hand has moved: control values by name. It shows where that leads, and returns ""; or
        it returns the line that says why the lab stays where it was.
    press : callable
        Is told the name of a button that was pressed.
    buttons : dict
        From the names of buttons to what is written on them.
    keeps_frames : bool
        Whether a frame is a function of the control values alone, so that the page may keep it and ask
        for it ahead. If not, every move is told, and the page goes by what is shown.
    prediction : dict
        What is asked before the controls can be moved: `question`, `choices` (empty for a number), `unit`,
        and `setting`, where the answer is found, in words. Empty for no question.
    colours : dict
        From words of the sentence to the colours they are marked with.
    code : list of str
        How the lab is written in Python, and the import that this needs.
    clickable : list
        Parts of the figure that can be clicked: of each its label, its box (left, bottom, right and top as
        shares of the figure), and the control values by name that a click sets.

    Attributes
    ----------
    shown : dict
        What the kernel has last shown: `values`, `frame`, `words`, `error`, `verdicts`, and `heard`: of each
        view of the page, the number of its last move that the kernel had heard by then (see agree.js).
    disabled : list of str
        Names of the buttons that cannot be pressed now.
    progress : list
        Empty, or steps done and steps in all.
    """

    _esm = joined()
    _css = pathlib.Path(__file__).with_name("panel.css").read_text(encoding="utf-8")

    question = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    size = traitlets.List().tag(sync=True)
    stills = traitlets.Dict().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    keeps_frames = traitlets.Bool(True).tag(sync=True)
    buttons = traitlets.Dict().tag(sync=True)
    prediction = traitlets.Dict().tag(sync=True)
    colours = traitlets.Dict().tag(sync=True)
    code = traitlets.List().tag(sync=True)
    clickable = traitlets.List().tag(sync=True)
    disabled = traitlets.List().tag(sync=True)
    progress = traitlets.List().tag(sync=True)

    def __init__(self, figure, *, snapshots, rest, press, **state):
        self._figure, self._snapshots, self._rest, self._press = figure, snapshots, rest, press
        self._heard = {}  # view -> number of its last move, the latest last
        super().__init__(size=figure.size, **state)
        self.on_msg(self._hear)

    @property
    def words(self):
        """What the frame on show says."""
        return self.shown["words"]

    @property
    def error(self):
        """The line that says what went wrong; empty when all is well."""
        return self.shown["error"]

    def show(self, values, snapshot):
        """Show a `Snapshot` at these control values; the still pictures too, if they have changed."""
        with self.hold_sync():  # one message
            if self._figure.stale:
                self.stills = self._figure.still_pictures()
            self.shown = {"values": values, "heard": self._heard, **snapshot._asdict()}

    def say(self, values, error):
        """Show one line in the place of the words, at these control values; the picture stays."""
        self.shown = self.shown | {"values": values, "heard": self._heard, "error": error}

    # What the page says ---------------------------------------------------------------------------

    def _hear(self, _, content, __):
        if "ask" in content:
            self._send_answers(**content)
        elif "rest" in content:
            self._go(**content)
        elif "press" in content:
            self._press(content["press"])
        elif "font" in content:
            self._send_font(content["font"])

    def _send_answers(self, ask, n, view):
        """Whatever happens there is an answer: the page waits for it."""
        start = time.perf_counter()
        try:
            made = self._snapshots(ask)
        except Exception as error:
            made = [Snapshot(b"", "", f"{type(error).__name__}: {error}")] * len(ask)
        took = 1000 * (time.perf_counter() - start)
        words, errors = [a.words for a in made], [a.error for a in made]
        content = {"n": n, "view": view, "ms": took, "words": words, "errors": errors}
        content["verdicts"] = [a.verdicts for a in made]
        self.send(content, [a.frame for a in made])

    def _go(self, rest, n, view):
        """A move is heard, so what it leads to says so; one that leads nowhere is answered by itself."""
        others = [(name, number) for name, number in self._heard.items() if name != view]
        self._heard = dict([*others, (view, n)][-VIEWS:])
        if error := self._rest(rest):
            self.send({"refused": n, "view": view, "error": error})

    def _send_font(self, name):
        """The page asks once for each font it must set text in."""
        path = self._figure.fonts().get(name)
        self.send({"font": name}, [pathlib.Path(path).read_bytes()] if path else [])
