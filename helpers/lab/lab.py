"""A lab: one question a learner can answer by dragging.

    class HowFar(Lab):
        \"\"\"How far does a push travel?\"\"\"

        push = Slider(0.0, 2.0, step=0.1, default=1.0, label="push")

        def compute(self):            # controls -> numbers; nothing else
            return {"far": self.push**2}

        def draw(self, result):       # once: an ordinary figure, what moves has animated=True
            figure = self.new_figure(8, 4)
            ...
            return figure

        def update(self, result):     # put the numbers into the artists
            ...

        def readout(self, result):    # one or two sentences with the numbers that matter
            return f"It travels {result['far']:.2f} m."

In a notebook, `HowFar()` as the last line of a cell shows it. Without a browser the same object
works from Python: `lab.push = 2` recomputes, and `lab.result`, `lab.figure`, `lab.readout_text`
say what came out.
"""

import ast
import base64
import contextlib
import inspect
import textwrap
from types import MappingProxyType

import traitlets

from helpers.drawing.painting import PaintedFigure, painting
from helpers.engine import arguments
from helpers.engine.one_thread import computing
from helpers.lab.controls import Choice, Control, Slider, Text, Toggle
from helpers.lab.frames import Frames
from helpers.lab.on_page import OnPage
from helpers.lab.prediction import Prediction

__all__ = ["Choice", "Lab", "Prediction", "Slider", "Text", "Toggle"]


class Lab(traitlets.HasTraits):
    """One question, its controls and its live figure. Subclass it; the module's text shows how.

    Parameters
    ----------
    **controls
        Where the controls start, instead of at their defaults.

    Attributes
    ----------
    result : dict
        What `compute` returned for the controls as they are.
    figure : matplotlib.figure.Figure
        The picture of it.
    readout_text : str
        The sentence under the picture.
    frames : helpers.lab.frames.Frames
        Pictures and words for any control values, while the lab itself stays as it is.
    keeps_frames : bool
        Whether picture and words depend on the controls alone, so that a page may keep them and ask for
        them ahead. A lab that runs, or measures time, sets it to False.
    buttons : dict
        From names of methods to what is written on the buttons that call them; "Reset" is always there.
    anchors : tuple of dict
        Settings that the lesson asks for, by the controls that differ from their defaults: a page without a
        kernel holds them. A lab that runs is run at these settings, and at no others, for such a page.
    prediction : Prediction or None
        What a page asks before the lab can be moved; `measured` and `because` answer it.
    colours : dict
        From quantities that the sentence names to the colours of their curves.

    Raises
    ------
    traitlets.TraitError
        For a value outside a control's range; the message names the range.
    TypeError
        For a control the lab does not have.
    """

    keeps_frames = True
    buttons = MappingProxyType({})
    prediction = None
    colours = MappingProxyType({})
    anchors = ()
    _controls = MappingProxyType({})

    def __init__(self, **controls):
        self._check_names(controls)
        super().__init__(**controls)
        self._moving = False
        with computing():
            self.result = self.compute()
            self.readout_text = self.readout(self.result)
        with painting():
            self._figure = self.draw(self.result)
            self.update(self.result)
        self.frames, self._on_page = Frames(self, self._figure), OnPage(self)
        self.observe(self._control_changed, list(self.controls()))

    # What a lab says about itself -----------------------------------------------------------------

    def compute(self):
        """From the controls to named numbers and arrays (a dict); no side effects."""
        raise NotImplementedError

    def draw(self, result):
        """The figure, made once; artists that will move have `animated=True`."""
        raise NotImplementedError

    def update(self, result):
        """Put the numbers into the artists."""
        raise NotImplementedError

    def readout(self, result):
        """One or two sentences with the numbers that matter."""
        raise NotImplementedError

    def measured(self, result):
        """At the setting of the prediction: one of its choices, or the number; None if not known yet."""
        raise NotImplementedError

    def because(self, result):
        """At the setting of the prediction: a sentence with the numbers that were measured."""
        raise NotImplementedError

    def clickable(self):
        """Parts of the figure that can be clicked, from what is written on each to (box, controls).

        A box is left, bottom, right and top as fractions of the figure's width and height; the controls are
        the values that a click there sets.
        """
        return {}

    # What every lab can do ------------------------------------------------------------------------

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        own = [vars(kind) for kind in reversed(cls.__mro__)]
        found = {name: c for names in own for name, c in names.items() if isinstance(c, Control)}
        cls._controls = MappingProxyType(found)  # a drag asks for them several times a frame

    @classmethod
    def controls(cls):
        """The controls by name, in the order they were declared."""
        return cls._controls

    @classmethod
    def question(cls):
        """The lab's question: the first line of its docstring."""
        return (inspect.getdoc(cls) or docstring_in_source(cls)).partition("\n")[0]

    @property
    def at_start(self):
        """Whether every control is where "Reset" would put it."""
        return all(getattr(self, name) == c.default_value for name, c in self.controls().items())

    def verdicts(self, result):
        """What to say to each guess, if the controls are at the setting of the prediction; else None."""
        start = {name: control.default_value for name, control in self.controls().items()}
        setting = start | self.prediction.at if self.prediction else {}
        if not setting or any(getattr(self, name) != value for name, value in setting.items()):
            return None
        answer = self.measured(result)
        return None if answer is None else self.prediction.verdicts(answer, self.because(result))

    @staticmethod
    def new_figure(width, height):
        """An empty figure of the project's size and style (inches at 100 pixels each)."""
        return PaintedFigure(figsize=(width, height), dpi=100, layout="constrained")

    def set(self, **controls):
        """Move several controls at once, computing once.

        Raises
        ------
        traitlets.TraitError
            If a value is out of range; then no control has moved.
        TypeError
            For a control the lab does not have.
        """
        self._check_names(controls)
        with computing():
            self._moving = True
            try:
                with self.hold_trait_notifications():
                    for name, value in controls.items():
                        setattr(self, name, value)
            finally:
                self._moving = False
            self._refresh()

    def reset(self):
        """Put every control back where it started."""
        self.set(**{name: control.default_value for name, control in self.controls().items()})

    @classmethod
    def _check_names(cls, controls):
        for name in controls:
            if name not in cls.controls():
                known = ", ".join(cls.controls())
                raise TypeError(
                    f"{cls.__name__} has the controls {known}; {arguments.quoted(name)} is not one"
                )

    def _control_changed(self, change):
        if not self._moving:
            self._refresh()

    def _refresh(self):
        with computing():
            self.show(self.compute())

    @property
    def figure(self):
        """The picture of the controls as they are."""
        with painting():
            self.frames.settle()  # before `update` measures anything by the layout
            self.update(self.result)  # the page may have had another one painted last
        return self._figure

    def show(self, result):
        """Show a result, as `compute` returns one, instead of the last: picture, words and page."""
        with computing():
            self.result, self.readout_text = result, self.readout(result)
            self._on_page.show()

    def __repr__(self):
        return f"{self.question()} {self.readout_text}"

    # On a page ------------------------------------------------------------------------------------

    @property
    def view(self):
        """The widget: question, controls, figure, words. Made when it is first asked for."""
        return self._on_page.open()

    def say(self, error):
        """Show an error on the page, as one line, and not as a traceback."""
        self._on_page.say(error)

    def report(self, *, progress=(), disabled=()):
        """Tell the page how far a run has come.

        Parameters
        ----------
        progress : list of int
            Steps done and steps in all; empty for no progress bar.
        disabled : list of str
            Names of `buttons` that cannot be pressed now.
        """
        self._on_page.report(progress=list(progress), disabled=list(disabled))

    def _repr_mimebundle_(self, **kwargs):
        """The widget for a page with a kernel; a picture and the words for one without."""
        widget = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        picture = base64.b64encode(self.frames.postcard()).decode()
        alt = f"{self.question()} {self.frames.caption()}"
        data = {  # by hand, since ipywidgets 7, in Colab, has no method for it
            "application/vnd.jupyter.widget-view+json": widget,
            "text/plain": repr(self),
            "image/png": picture,
        }
        return data, {"image/png": {"alt": alt}}


def docstring_in_source(kind):
    """A lab's docstring, or the one it inherits, read from the file: `python -OO` drops it from the class."""
    for own in kind.__mro__[: kind.__mro__.index(Lab)]:
        with contextlib.suppress(OSError, TypeError):  # a class that was not read from a file
            (tree,) = ast.parse(textwrap.dedent(inspect.getsource(own))).body
            if found := ast.get_docstring(tree):
                return found
    raise TypeError(
        f"{kind.__name__} has no question: write it as the first line of the docstring of the class"
        " (in a notebook, without Python's option -OO, which drops docstrings)"
    )
