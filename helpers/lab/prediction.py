"""What a lab asks on a page before it can be moved.

    class HowFar(Lab):
        push = Slider(0.0, 2.0, step=0.1, default=1.0, label="push")
        prediction = Prediction("Twice the push?", {"push": 2.0}, ["twice as far", "four times as far"])

        def measured(self, result):   # at that setting: one of the choices
            return "twice as far" if result["far"] < 3 else "four times as far"

        def because(self, result):    # a sentence with the numbers
            return f"It travels {result['far']:.2f} m, and 1.00 m before."

The lab opens where the text before it has explained it, never at the setting that is asked about. What there
is to say to each guess is computed with the frame of that setting and travels with it, so a page without a
kernel can say it too.
"""

RANGES = {"%": [0, 100]}
"""Between which ends a guess lies, by its unit."""


class Prediction:
    """A question with a few choices, or one that is answered with a number.

    Parameters
    ----------
    question : str
        What is asked, in one or two short sentences.
    at : dict
        The setting that it speaks of: values of controls by name; the others stay where they start.
    choices : sequence of str
        Two to four. Left out, a number is asked for.
    unit : str
        Behind the number. With "%" a guess lies between 0 and 100.
    near : float
        How far a number may be off and still be called near.
    then : str
        What is to be done at the setting before there is an answer, such as "press Run".

    Raises
    ------
    ValueError
        If there are not two to four different choices, or, for a number, `near` is not above 0.
    """

    def __init__(self, question, at, choices=(), *, unit="", near=0.0, then=""):
        self.question, self.at, self.choices = question, dict(at), list(choices)
        self.unit, self.near, self.then = unit, near, then
        if choices and not 2 <= len(set(choices)) == len(choices) <= 4:
            raise ValueError(f"a prediction has two to four different choices, not {self.choices}")
        if not choices and not near > 0:
            raise ValueError("a prediction of a number needs `near`: how far off it may be")

    def spec(self, controls):
        """What a page has to know of it: a dict of plain values.

        Parameters
        ----------
        controls : dict
            The lab's controls by name.
        """
        moves = [
            f"{controls[name].label}: {controls[name].written(value)}" for name, value in self.at.items()
        ]
        setting = ", ".join(moves) + (f"; then {self.then}" if self.then else "")
        return {
            "question": self.question,
            "choices": self.choices,
            "unit": self.unit,
            "range": RANGES.get(self.unit, []),
            "setting": setting,
        }

    def verdicts(self, answer, why):
        """What to say to each guess.

        Parameters
        ----------
        answer : str or float
            What was measured: one of the choices, or the number.
        why : str
            A sentence with the numbers.

        Returns
        -------
        dict
            From each choice to a sentence. For a number: `low` and `high`, between which a guess is near, and
            the sentences `near` and `far`, in which {guess} stands for it.

        Raises
        ------
        ValueError
            If the answer is none of the choices.
        """
        if not self.choices:
            measured = f"{answer:g}{self.unit}".replace("-", "−")
            said = f"You said {{guess}}{self.unit}"
            return {
                "low": answer - self.near, "high": answer + self.near,
                "near": f"{said}, near what comes out: {measured}. {why}",
                "far": f"{said}. What comes out is {measured}. {why}",
            }  # fmt: skip
        if answer not in self.choices:
            raise ValueError(
                f"the answer to “{self.question}” is to be one of {self.choices}, not {answer!r}"
            )
        right = f"You said “{answer}”, and so it is. {why}"
        other = {guess: f"You said “{guess}”. What comes out is “{answer}”. {why}" for guess in self.choices}
        return other | {answer: right}

    def caption(self):
        """The question for a page where nobody can answer it."""
        choices = f" {' / '.join(self.choices)}" if self.choices else ""
        return f"Predict: {self.question}{choices}"
