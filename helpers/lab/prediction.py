"""What a lab asks on a page before it can be moved.

    class HowFar(Lab):
        push = Slider(0.0, 2.0, step=0.1, default=1.0, label="push")
        prediction = Prediction(
            "The push is doubled. How far does it travel?",
            {"push": 2.0},
            {"twice": "twice as far", "four times": "four times as far"},
        )

        def measured(self, result):   # at that setting: the value of one of the choices
            return "twice" if result["far"] < 3 else "four times"

        def because(self, result):    # a sentence with the numbers
            return f"It travels {result['far']:.2f} m, and 1.00 m before."

The lab opens where the text before it has explained it, never at the setting that is asked about. The answer
to every guess is computed together with the frame of that setting and travels with it, so a page without a
kernel can give it too.

What a learner reads is made of whole sentences with named fields, and the choices have values of their own
beside their words: so the words can be changed, or translated, and nothing else changes with them.
"""

from collections.abc import Mapping

RANGES = {"%": [0, 100]}
"""The smallest and the largest number that can be guessed, by unit."""

RIGHT = "You said “{guess}”, and you were right. {why}"
WRONG = "You said “{guess}”. It turns out to be “{answer}”. {why}"
NEAR = "You said {guess}{unit}, which is close: it turns out to be {answer}{unit}. {why}"
FAR = "You said {guess}{unit}. It turns out to be {answer}{unit}. {why}"
SETTINGS = (
    "To see it, set *{}* to {}.",
    "To see it, set *{}* to {} and *{}* to {}.",
    "To see it, set *{}* to {}, *{}* to {} and *{}* to {}.",
)
"""How to reach the setting, by the number of controls to be moved; labels stand between asterisks."""
ON_PAPER = "Predict: {question} Choose: {choices}"
ON_PAPER_A_NUMBER = "Predict: {question}"


class Prediction:
    """A question with a few choices, or one that is answered with a number.

    Parameters
    ----------
    question : str
        One or two short sentences, complete without the choices.
    at : dict
        The setting that the question is about: one to three values by the names of their controls; the
        others stay where they start.
    choices : mapping of str to str, or sequence of str
        Two to four, in the order they are shown: from the value that `measured` returns to the words on its
        button. In a sequence each value is its own words. Left out, a number is asked for.
    unit : str
        What follows the number. With "%", a guess lies between 0 and 100.
    near : float
        The largest distance from the right number that still counts as close.
    then : str
        A sentence that says what else is needed at the setting before there is an answer, such as
        "Then press Run."

    Attributes
    ----------
    choices : list of str
        The values.
    words : dict
        From each value to its words.

    Raises
    ------
    ValueError
        If there are not two to four different choices; for a number, if `near` is not above 0; if the
        setting is not made with one to three controls.
    """

    def __init__(self, question, at, choices=(), *, unit="", near=0.0, then=""):
        self.question, self.at = question, dict(at)
        self.words = dict(choices) if isinstance(choices, Mapping) else {words: words for words in choices}
        self.choices = list(self.words)
        self.unit, self.near, self.then = unit, near, then
        given = list(choices)
        if given and not 2 <= len(set(self.words.values())) == len(given) <= 4:
            raise ValueError(f"a prediction needs two to four different choices, not {given}")
        if not given and not near > 0:
            raise ValueError(
                "a prediction of a number needs `near`, the largest distance that is still close"
            )
        if not 1 <= len(self.at) <= len(SETTINGS):
            raise ValueError(f"a prediction sets one to three controls, not {len(self.at)}")

    def spec(self, controls):
        """What a page needs to know: a dict of plain values.

        Parameters
        ----------
        controls : dict
            The lab's controls by name.
        """
        return {
            "question": self.question,
            "choices": [list(choice) for choice in self.words.items()],
            "unit": self.unit,
            "range": RANGES.get(self.unit, []),
            "setting": self._setting(controls),
        }

    def _setting(self, controls):
        moves = [part for name, value in self.at.items() for part in _move(controls[name], value)]
        sentence = SETTINGS[len(self.at) - 1].format(*moves)
        return f"{sentence} {self.then}" if self.then else sentence

    def verdicts(self, answer, why):
        """The answer to each guess.

        Parameters
        ----------
        answer : str or float
            What was measured: the value of one of the choices, or the number.
        why : str
            A sentence with the numbers.

        Returns
        -------
        dict
            From the value of each choice to what is said. For a number: `low` and `high`, between which a
            guess is close, and what is then said, `near` or `far`, in which {guess} stands for the guess.

        Raises
        ------
        ValueError
            If the answer is none of the choices.
        """
        if not self.choices:
            said = {"guess": "{guess}", "answer": _number(answer), "unit": self.unit, "why": why}
            low, high = answer - self.near, answer + self.near
            return {"low": low, "high": high, "near": NEAR.format(**said), "far": FAR.format(**said)}
        if answer not in self.words:
            raise ValueError(f"the answer to “{self.question}” is not one of {self.choices}: {answer!r}")
        return {
            value: (RIGHT if value == answer else WRONG).format(
                guess=guess, answer=self.words[answer], why=why
            )
            for value, guess in self.words.items()
        }

    def caption(self):
        """The question for a page on which it cannot be answered."""
        sentence = ON_PAPER if self.choices else ON_PAPER_A_NUMBER
        return sentence.format(question=self.question, choices=" · ".join(self.words.values()))


def _move(control, value):
    return control.label, control.written(value)


def _number(value):
    return f"{value:g}".replace("-", "−")
