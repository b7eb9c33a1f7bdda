"""The controls of a lab: traits that know their range, their words and their widget.

A control is declared in the body of a `Lab`. Reading and writing it is reading and writing the
lab's attribute; a value it cannot take is a `TraitError` that says which ones it can.
"""

import numbers

import ipywidgets
import traitlets

LABEL_WIDTH = "15em"
CONTROL_WIDTH = "40em"


class Control(traitlets.TraitType):
    """A trait with a label and a widget; see `Slider`, `Choice` and `Toggle`."""

    def __init__(self, default, label):
        super().__init__(default_value=default)
        self.label = label

    def widget(self, value):
        """A new ipywidget at `value`."""
        style = {"description_width": LABEL_WIDTH}
        layout = {"width": CONTROL_WIDTH, "max_width": "98%"}
        return self._widget(value=value, description=self.label, style=style, layout=layout)

    def examples(self):
        """Values worth trying in a test: both ends, or every choice."""
        raise NotImplementedError

    def random(self, rng):
        """A value at random; rng is a numpy Generator."""
        raise NotImplementedError

    def _refuse(self, lab, value, expected):
        raise traitlets.TraitError(f"{self.name} takes {expected}; {value!r} is not one")


# ipywidgets answers each value from the page with that same value, for other pages that show the widget.
# A drag is quicker without it; another page follows when the slider is moved from Python, or opened anew.


class IntSlider(ipywidgets.IntSlider):
    """A slider of whole numbers that does not tell the page what the page has just said."""

    value = traitlets.CInt(0).tag(sync=True, echo_update=False)


class FloatSlider(ipywidgets.FloatSlider):
    """A slider of numbers that does not tell the page what the page has just said."""

    value = traitlets.CFloat(0.0).tag(sync=True, echo_update=False)


class Slider(Control):
    """A number from `low` to `high`.

    Parameters
    ----------
    low, high : int or float
        The ends of the range. Whole numbers, all of them, make a slider of whole numbers.
    step : int or float
        What an arrow key adds.
    default : int or float
        Where it starts, and where "Reset" puts it.
    label : str
        What the learner reads beside it.

    Raises
    ------
    ValueError
        If these do not fit together; the message says how they should.
    """

    def __init__(self, low, high, *, step, default, label):
        super().__init__(default, label)
        if not (low < high and 0 < step <= high - low and low <= default <= high):
            raise ValueError(
                f"a slider needs low < high, a step that fits in between, and a default from low to high;"
                f" {label!r} has low={low}, high={high}, step={step}, default={default}"
            )
        self.low, self.high, self.step = low, high, step
        self.whole = all(isinstance(v, int) for v in (low, high, step, default))
        self.expected = f"a {'whole ' if self.whole else ''}number from {low} to {high}"

    def validate(self, lab, value):
        """The number, or a TraitError that names the range."""
        if not isinstance(value, numbers.Real) or isinstance(value, bool):
            self._refuse(lab, value, self.expected)
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            self._refuse(lab, value, self.expected)
        # A page adds up steps: 0.1 + 0.2 is to be 0.3 here, and -1 + 10 * 0.1 to be 0, without a sign.
        return int(value) if self.whole else round(float(value), 10) + 0.0

    def examples(self):
        """Both ends."""
        return [self.low, self.high]

    def random(self, rng):
        """A number on the slider's steps."""
        steps = int(rng.integers(0, round((self.high - self.low) / self.step) + 1))
        return min(self.low + steps * self.step, self.high)

    def _widget(self, **options):
        places = 0 if self.whole else max(0, len(f"{self.step:g}".partition(".")[2]))
        kind = IntSlider if self.whole else FloatSlider
        form = {} if self.whole else {"readout_format": f".{places}f"}
        return kind(min=self.low, max=self.high, step=self.step, **form, **options)


class Choice(Control):
    """One of a few named values.

    Parameters
    ----------
    choices : list of str
        The values, in the order they are shown.
    default : str, optional
        The first one if not given.
    label : str
        What the learner reads beside it.

    Raises
    ------
    ValueError
        If the choices repeat, are fewer than two, or lack the default.
    """

    def __init__(self, choices, *, label, default=None):
        self.choices = list(choices)
        if len(set(self.choices)) < max(2, len(self.choices)):
            raise ValueError(f"a choice needs two different values or more; {label!r} has {self.choices}")
        default = self.choices[0] if default is None else default
        if default not in self.choices:
            raise ValueError(f"the default of {label!r} is to be one of {self.choices}, not {default!r}")
        super().__init__(default, label)

    def validate(self, lab, value):
        """The value, or a TraitError that lists the choices."""
        if value not in self.choices:
            self._refuse(lab, value, "one of " + ", ".join(map(repr, self.choices)))
        return value

    def examples(self):
        """Every choice."""
        return self.choices

    def random(self, rng):
        """Any choice."""
        return self.choices[rng.integers(len(self.choices))]

    def _widget(self, **options):
        return ipywidgets.Dropdown(options=self.choices, **options)


class Toggle(Control):
    """On or off."""

    def __init__(self, *, label, default=False):
        super().__init__(default, label)

    def validate(self, lab, value):
        """True or False, or a TraitError."""
        if not isinstance(value, bool):
            self._refuse(lab, value, "True or False")
        return value

    def examples(self):
        """Both."""
        return [False, True]

    def random(self, rng):
        """Either."""
        return bool(rng.integers(2))

    def _widget(self, **options):
        return ipywidgets.Checkbox(**options)
