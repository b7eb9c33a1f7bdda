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

import base64
import html
import inspect

import ipywidgets
import matplotlib
import traitlets
from matplotlib.figure import Figure

from helpers.controls import Choice, Control, Slider, Toggle
from helpers.live import LiveFigure
from helpers.style import STYLE

__all__ = ["Choice", "Lab", "Slider", "Toggle"]


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

    Raises
    ------
    traitlets.TraitError
        For a value outside a control's range; the message names the range.
    TypeError
        For a control the lab does not have.
    """

    def __init__(self, **controls):
        self._check_names(controls)
        super().__init__(**controls)
        self._view, self._widgets, self._moving = None, {}, False
        self._compute()
        with matplotlib.rc_context(STYLE):
            self.figure = self.draw(self.result)
            self.figure.draw_without_rendering()  # settles the layout, which then stays
        self._show()
        self.observe(self._control_changed, list(self.controls()))

    # What a lab says of itself --------------------------------------------------------------------

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

    # What every lab can do ------------------------------------------------------------------------

    @classmethod
    def controls(cls):
        """The controls by name, in the order they were declared."""
        own = [vars(kind) for kind in reversed(cls.__mro__)]
        return {name: c for names in own for name, c in names.items() if isinstance(c, Control)}

    @classmethod
    def question(cls):
        """The lab's question: the first line of its docstring."""
        return inspect.getdoc(cls).partition("\n")[0]

    @staticmethod
    def new_figure(width, height):
        """An empty figure of the project's size and style (inches at 100 pixels each)."""
        return Figure(figsize=(width, height), dpi=100, layout="constrained")

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
        self._moving = True
        try:
            with self.hold_trait_notifications():
                for name, value in controls.items():
                    setattr(self, name, value)
        finally:
            self._moving = False
        self._follow(*controls)
        self._refresh()

    def reset(self):
        """Put every control back where it started."""
        self.set(**{name: control.default_value for name, control in self.controls().items()})

    @classmethod
    def _check_names(cls, controls):
        for name in controls:
            if name not in cls.controls():
                known = ", ".join(cls.controls())
                raise TypeError(f"{cls.__name__} has the controls {known}; {name!r} is not one")

    def _control_changed(self, change):
        if not self._moving:
            self._follow(change.name)
            self._refresh()

    def _refresh(self):
        self._compute()
        self._show()

    def _compute(self):
        self.result = self.compute()
        self.readout_text = self.readout(self.result)

    def _show(self):
        self.update(self.result)
        if self._view:
            self._view.refresh(key=self._key(), readout=self.readout_text, error="")

    def _key(self):
        return " ".join(f"{name}={getattr(self, name)}" for name in self.controls())

    # On the page ----------------------------------------------------------------------------------

    @property
    def view(self):
        """The widget: the question, the controls, the live figure. Made when it is first shown."""
        if self._view is None:
            self._view = LiveFigure(self.figure, STYLE, readout=self.readout_text)
            self._view.refresh(key=self._key())
            controls = ipywidgets.Box(self._control_widgets(), layout={"flex_flow": "row wrap"})
            self._panel = ipywidgets.VBox([self._heading(), controls, self._view])
            self._panel.add_class("live-panel")
        return self._panel

    def _heading(self):
        return ipywidgets.HTML(f"<b>{html.escape(self.question())}</b>")

    def _control_widgets(self):
        for name, control in self.controls().items():
            self._widgets[name] = widget = control.widget(getattr(self, name))
            widget.observe(lambda change, name=name: self._moved(name, change.new), "value")
        reset = ipywidgets.Button(description="Reset", tooltip="Put the controls back where they started")
        reset.on_click(lambda _: self._from_page(self.reset))
        return [*self._widgets.values(), reset]

    def _moved(self, name, value):
        if value != getattr(self, name):
            self._from_page(lambda: setattr(self, name, value))

    def _from_page(self, act):
        """Do what the page asks. An error is one line under the figure: who drags reads no traceback."""
        try:
            act()
        except Exception as error:
            self._say(error)

    def _say(self, error):
        words = " ".join(str(error).split())
        self._view.error = f"Not computed here, {type(error).__name__}: {words}. Move a control to go on."

    def _follow(self, *names):
        """The widgets follow the controls when Python moves them.

        A widget that means the same value is left alone: the page counts 0.1 + 0.2 as 0.30000000000000004,
        and to correct it would move the slider back under a hand that has gone on.
        """
        for name in names:
            widget = self._widgets.get(name)
            if widget and self.controls()[name].validate(self, widget.value) != getattr(self, name):
                widget.value = getattr(self, name)

    def __repr__(self):
        return f"{self.question()} {self.readout_text}"

    def _repr_mimebundle_(self, **kwargs):
        """The widget for a page with a kernel; a picture and the words for one without."""
        widget = {"version_major": 2, "version_minor": 0, "model_id": self.view.model_id}
        bundle = {"application/vnd.jupyter.widget-view+json": widget}  # ipywidgets 7, in Colab, has no method
        picture = base64.b64encode(self._view.png()).decode()
        return bundle | {"text/plain": repr(self), "image/png": picture}
