"""The controls of a lab: traits that know their range and their words.

A control is declared in the body of a `Lab`. Reading and writing it is reading and writing the
lab's attribute; a value it cannot take is a `TraitError` that says which ones it can. What the page
has to know of it is `spec()`: plain data, no widget.
"""

import numbers

import traitlets

from helpers.engine import arguments


class Control(traitlets.TraitType):
    """A trait with a label; see `Slider`, `Choice`, `Toggle` and `Text`.

    Parameters
    ----------
    default
        Where it starts, and where "Reset" puts it.
    label : str
        What the learner reads beside it.
    more : bool
        Whether it matters little: the page then shows it under "more" only.
    """

    kind = None

    def __init__(self, default, label, more=False):
        super().__init__(default_value=default)
        self.label, self.more = label, more

    def spec(self):
        """What a page has to know of it: a dict of plain values."""
        return {"kind": self.kind, "name": self.name, "label": self.label, "more": self.more} | self._spec()

    def _spec(self):
        return {}

    def written(self, value):
        """The value as the learner reads it."""
        return str(value)

    def examples(self):
        """Values worth trying in a test: both ends, or every choice."""
        raise NotImplementedError

    def random(self, rng):
        """A value at random; rng is a numpy Generator."""
        raise NotImplementedError

    def _refuse(self, lab, value, expected):
        raise traitlets.TraitError(f"{self.name} takes {expected}; {arguments.quoted(value)} is not one")


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
    more : bool
        Whether it matters little: the page then shows it under "more" only.
    time : bool
        Whether it walks through time, so that it can be played.

    Raises
    ------
    ValueError
        If these do not fit together; the message says how they should.
    """

    kind = "slider"

    def __init__(self, low, high, *, step, default, label, more=False, time=False):
        super().__init__(default, label, more)
        if not (low < high and 0 < step <= high - low and low <= default <= high):
            raise ValueError(
                f"a slider needs low < high, a step that fits in between, and a default from low to high;"
                f" {label!r} has low={low}, high={high}, step={step}, default={default}"
            )
        self.low, self.high, self.step, self.time = low, high, step, time
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

    @property
    def places(self):
        """As many digits behind the point as the step has."""
        return 0 if self.whole else len(f"{self.step:g}".partition(".")[2])

    def written(self, value):
        """With as many digits as the step has, and a real minus sign."""
        return f"{value:.{self.places}f}".replace("-", "−")

    def _spec(self):
        return {
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "places": self.places,
            "time": self.time,
        }


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

    kind = "choice"

    def __init__(self, choices, *, label, default=None, more=False):
        self.choices = list(choices)
        if len(set(self.choices)) < max(2, len(self.choices)):
            raise ValueError(f"a choice needs two different values or more; {label!r} has {self.choices}")
        default = self.choices[0] if default is None else default
        if default not in self.choices:
            raise ValueError(f"the default of {label!r} is to be one of {self.choices}, not {default!r}")
        super().__init__(default, label, more)

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

    def _spec(self):
        return {"choices": self.choices}


class Toggle(Control):
    """On or off."""

    kind = "toggle"

    def __init__(self, *, label, default=False, more=False):
        super().__init__(default, label, more)

    def validate(self, lab, value):
        """True or False, or a TraitError."""
        if not isinstance(value, bool):
            self._refuse(lab, value, "True or False")
        return value

    def written(self, value):
        """Yes or no."""
        return "yes" if value else "no"

    def examples(self):
        """Both."""
        return [False, True]

    def random(self, rng):
        """Either."""
        return bool(rng.integers(2))


class Text(Control):
    """A line of text.

    Parameters
    ----------
    label, default, more
        As for every control.
    check : callable, optional
        Takes the text and returns one sentence that says what is wrong with it, or "" if nothing is.
    examples : list of str
        Texts worth trying in a test.

    Raises
    ------
    ValueError
        If the default or an example does not pass the check.
    """

    kind = "text"

    def __init__(self, *, label, default="", check=None, examples=(), more=False):
        super().__init__(default, label, more)
        self.check = check or (lambda text: "")
        self._examples = [default, *examples]
        for text in self._examples:
            if fault := self.check(text):
                raise ValueError(f"{arguments.quoted(text)} is no text for {label!r}: {fault}")

    def validate(self, lab, value):
        """The text, or a TraitError with the sentence of `check`."""
        if not isinstance(value, str):
            self._refuse(lab, value, "a text")
        if fault := self.check(value):
            raise traitlets.TraitError(fault)
        return value

    def written(self, value):
        """The text; of a very long one the beginning and the end."""
        return arguments.shortened(value, 200)

    def examples(self):
        """The default and what else was given to try."""
        return self._examples

    def random(self, rng):
        """Any of the examples."""
        return self._examples[rng.integers(len(self._examples))]
