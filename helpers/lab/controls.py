"""The controls of a lab: traits that know their range and their words.

A control is declared in the body of a `Lab`, and is read and set as an attribute of the lab. A value that it
cannot take raises a `TraitError` that says which ones it can. `spec()` is what a page needs to know about it:
plain data, no widget.
"""

import numbers
from collections.abc import Mapping

import traitlets

from helpers.engine import arguments


class Control(traitlets.TraitType):
    """A trait with a label; see `Slider`, `Choice`, `Toggle` and `Text`.

    Parameters
    ----------
    default
        The value at the start, and after "Reset".
    label : str
        The words beside it.
    more : bool
        Whether it is less important: the page then shows it only under "more".
    """

    kind = None
    refusal = "{name} cannot be {value}."

    def __init__(self, default, label, more=False):
        super().__init__(default_value=default)
        self.label, self.more = label, more

    def spec(self):
        """What a page needs to know about it: a dict of plain values."""
        return {"kind": self.kind, "name": self.name, "label": self.label, "more": self.more} | self._spec()

    def _spec(self):
        return {}

    def written(self, value):
        """The value as the learner reads it."""
        return str(value)

    def examples(self):
        """Values that a test should try: both ends, or every choice."""
        raise NotImplementedError

    def random(self, rng):
        """A random value; rng is a numpy Generator."""
        raise NotImplementedError

    def _refuse(self, value, **expected):
        said = self.refusal.format(name=self.name, value=arguments.quoted(value), **expected)
        raise traitlets.TraitError(said)


class Slider(Control):
    """A number from `low` to `high`.

    Parameters
    ----------
    low, high : int or float
        The ends of the range. If low, high, step and default are all whole numbers, so are the values.
    step : int or float
        What an arrow key adds.
    default : int or float
        The value at the start, and after "Reset".
    label : str
        The words beside it.
    more : bool
        Whether it is less important: the page then shows it only under "more".
    time : bool
        Whether it moves through time, so that it can be played.

    Raises
    ------
    ValueError
        If these do not fit together; the message says how they should.
    """

    kind = "slider"
    refusal = "{name} must be a number from {low} to {high}; got {value}."
    whole_refusal = "{name} must be a whole number from {low} to {high}; got {value}."

    def __init__(self, low, high, *, step, default, label, more=False, time=False):
        super().__init__(default, label, more)
        if not (low < high and 0 < step <= high - low and low <= default <= high):
            raise ValueError(
                f"a slider needs low < high, a step that fits in between, and a default from low to high;"
                f" {label!r} has low={low}, high={high}, step={step}, default={default}"
            )
        self.low, self.high, self.step, self.time = low, high, step, time
        self.whole = all(isinstance(v, int) for v in (low, high, step, default))
        if self.whole:
            self.refusal = self.whole_refusal

    def validate(self, lab, value):
        """The number, or a TraitError that names the range."""
        is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not is_number or not self.low <= value <= self.high or (self.whole and value != int(value)):
            self._refuse(value, low=self.low, high=self.high)
        # A page adds up steps: here 0.1 + 0.2 must be 0.3, and -1 + 10 * 0.1 must be 0, without a sign.
        return int(value) if self.whole else round(float(value), 10) + 0.0

    def examples(self):
        """Both ends."""
        return [self.low, self.high]

    def random(self, rng):
        """A number on the slider's steps."""
        steps = int(rng.integers(0, round((self.high - self.low) / self.step) + 1))
        return min(self.low + steps * self.step, self.high)

    @property
    def decimals(self):
        """The number of decimals of the step."""
        return 0 if self.whole else len(f"{self.step:g}".partition(".")[2])

    def written(self, value):
        """With as many decimals as the step, and a real minus sign."""
        return f"{value:.{self.decimals}f}".replace("-", "−")

    def _spec(self):
        return {
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "decimals": self.decimals,
            "time": self.time,
        }


class Choice(Control):
    """One of a few named values.

    Parameters
    ----------
    choices : mapping of str to str, or sequence of str
        In the order they are shown: from each value to the words that the learner reads. In a sequence each
        value is its own words.
    default : str, optional
        The first value if not given.
    label : str
        The words beside it.

    Attributes
    ----------
    choices : list of str
        The values.
    words : dict
        From each value to its words.

    Raises
    ------
    ValueError
        If the choices repeat, are fewer than two, or lack the default.
    """

    kind = "choice"
    refusal = "{name} must be one of {choices}; got {value}."

    def __init__(self, choices, *, label, default=None, more=False):
        given = list(choices)
        self.words = dict(choices) if isinstance(choices, Mapping) else {words: words for words in given}
        self.choices = list(self.words)
        if len(set(self.words.values())) < max(2, len(given)):
            raise ValueError(f"a choice needs at least two different values; {label!r} has {given}")
        default = self.choices[0] if default is None else default
        if default not in self.choices:
            raise ValueError(f"the default of {label!r} must be one of {self.choices}, not {default!r}")
        super().__init__(default, label, more)

    def validate(self, lab, value):
        """The value, or a TraitError that lists the choices."""
        if value not in self.choices:
            self._refuse(value, choices=", ".join(map(repr, self.choices)))
        return value

    def written(self, value):
        """The words of the value."""
        return self.words[value]

    def examples(self):
        """Every choice."""
        return self.choices

    def random(self, rng):
        """Any choice."""
        return self.choices[rng.integers(len(self.choices))]

    def _spec(self):
        return {"choices": self.choices, "words": list(self.words.values())}


class Toggle(Control):
    """On or off."""

    kind = "toggle"
    refusal = "{name} must be True or False; got {value}."

    def __init__(self, *, label, default=False, more=False):
        super().__init__(default, label, more)

    def validate(self, lab, value):
        """True or False, or a TraitError."""
        if not isinstance(value, bool):
            self._refuse(value)
        return value

    def written(self, value):
        """Yes or no."""
        return "yes" if value else "no"

    def examples(self):
        """Both values."""
        return [False, True]

    def random(self, rng):
        """Either value."""
        return bool(rng.integers(2))


class Text(Control):
    """A line of text.

    Parameters
    ----------
    label, default, more
        As for every control.
    check : callable, optional
        Takes the text and returns one sentence that says what is wrong with it, or "" if it is right.
    examples : list of str
        Texts that a test should try.

    Raises
    ------
    ValueError
        If the default or an example does not pass the check.
    """

    kind = "text"
    refusal = "{name} must be text; got {value}."

    def __init__(self, *, label, default="", check=None, examples=(), more=False):
        super().__init__(default, label, more)
        self.check = check or (lambda text: "")
        self._examples = [default, *examples]
        for text in self._examples:
            if fault := self.check(text):
                raise ValueError(f"{label!r} cannot start with {arguments.quoted(text)}: {fault}")

    def validate(self, lab, value):
        """The text, or a TraitError with the sentence of `check`."""
        if not isinstance(value, str):
            self._refuse(value)
        if fault := self.check(value):
            raise traitlets.TraitError(fault)
        return value

    def written(self, value):
        """The text; if it is very long, its beginning and its end."""
        return arguments.shortened(value, 200)

    def examples(self):
        """The default and the other examples."""
        return self._examples

    def random(self, rng):
        """Any of the examples."""
        return self._examples[rng.integers(len(self._examples))]
