"""What a page sees of a lab: frames of any control values, and the panel that asks for them."""

import sys
from functools import cached_property

import traitlets

from helpers.engine.one_thread import computing
from helpers.lab.painting import painting
from helpers.page.live import Answer, LiveFigure, postcard


class Page:
    """The page's side of a lab.

    Parameters
    ----------
    lab : helpers.lab.Lab
        Whose questions are answered. Frames are made by a twin, so that it stays where the learner left it.
    figure : matplotlib.figure.Figure
        The lab's figure, which the twin shares.
    """

    def __init__(self, lab, figure):
        self.lab, self._figure, self.panel, self._state = lab, figure, None, {}

    @cached_property
    def live(self):
        """The figure as still pictures and frames."""
        with painting():
            return LiveFigure(self._figure, within=painting)

    # Frames ---------------------------------------------------------------------------------------

    def _frame(self, lab, result):
        """A frame of this result. The artists show it from now on, whatever they showed before."""
        with painting():
            live = self.live  # settles the layout, before an `update` measures anything by it
            lab.update(result)
            return live.frame(key(lab))

    @cached_property
    def _twin(self):
        """A lab of the same class with values of its own, which paints into the same figure."""
        kind = type(self.lab)
        twin = kind.__new__(kind)  # has traits at their defaults, and no observers
        vars(twin).update({name: value for name, value in vars(self.lab).items() if name not in vars(twin)})
        twin._page = None
        return twin

    def answers(self, asked):
        """An `Answer` to each list of control values."""
        with computing():
            return [self._answer(values) for values in asked]

    def _answer(self, values):
        try:
            for name, value in zip(self.lab.controls(), values, strict=True):
                setattr(self._twin, name, value)
            result = self._twin.compute()
            words, verdicts = self._twin.readout(result), self._twin.verdicts(result)
            return Answer(self._frame(self._twin, result), words, verdicts=verdicts)
        except Exception as error:
            return Answer(b"", "", fault(error))

    def answer(self, result):
        """An `Answer` that shows a result of the lab itself, as one step of a run yields it."""
        with computing():
            words, verdicts = self.lab.readout(result), self.lab.verdicts(result)
            return Answer(self._frame(self.lab, result), words, verdicts=verdicts)

    def postcard(self):
        """The picture for a page without a kernel: PNG bytes."""
        lab = self.lab
        written = {c.label: c.written(getattr(lab, name)) for name, c in lab.controls().items()}
        settings = [f"{label}: {value}" for label, value in written.items() if value]
        with painting():
            lab.update(lab.result)
            picture = self.live.picture()
        return postcard(picture, lab.question(), " · ".join(settings), self.caption())

    def caption(self):
        """The words for a page without a kernel: the prediction, or the sentence of a lab that asks none."""
        asks = self.lab.prediction and self.lab.at_start
        return self.lab.prediction.caption() if asks else self.lab.readout_text

    # The panel ------------------------------------------------------------------------------------

    def about(self):
        """What a panel has to know of the lab: question, controls, buttons, what it asks first."""
        lab = self.lab
        return {
            "question": lab.question(),
            "controls": [c.spec() | {"default": c.default_value} for c in lab.controls().values()],
            "buttons": dict(lab.buttons),
            "prediction": lab.prediction.spec(lab.controls()) if lab.prediction else {},
            "colours": dict(lab.colours),
            "code": code_of(type(lab)),
            "places": [[label, list(box), controls] for label, (box, controls) in lab.places().items()],
        }

    def open(self):
        """The panel; made when it is first asked for."""
        if self.panel is None:
            from helpers.page.panel import Panel  # needs ipywidgets, which frames do not

            lab = self.lab
            self.panel = Panel(
                self.live,
                keeps_frames=lab.keeps_frames,
                **self.about(),
                answer=self._answer_panel,
                rest=self._move,
                press=self._press,
                **self._state,
            )
            self.show()
        return self.panel

    def show(self):
        """Show the lab's last result: in the figure and, where there is one, in the panel."""
        lab = self.lab
        if not self.panel:
            with painting():
                lab.update(lab.result)
            return
        with computing():
            frame, verdicts = self._frame(lab, lab.result), lab.verdicts(lab.result)
            self.panel.show(self._values(), Answer(frame, lab.readout_text, verdicts=verdicts))

    def say(self, error):
        """Show one line instead of the words."""
        if self.panel:
            with computing():
                self.panel.say(self._values(), fault(error))

    def report(self, **state):
        """Set attributes of the panel, now or when there is one."""
        self._state |= state
        for name, value in state.items():
            if self.panel:
                setattr(self.panel, name, value)

    def _values(self):
        return [getattr(self.lab, name) for name in self.lab.controls()]

    def _answer_panel(self, asked):
        """Frames for the panel. Where they cannot be kept it gets none, and goes by what the lab shows."""
        with computing():
            if self.lab.keeps_frames:
                answers = self.answers(asked)
                if not self.live.stale:
                    return answers
                self.lab.keeps_frames = self.panel.keeps_frames = False  # the still pictures differ too
                self.lab.show(self.lab.result)
            return []

    def _move(self, values):
        """Go where the hand is and show what is there. Where the lab stays, return the line that says why."""
        with computing():
            before = self._values()
            try:
                self.lab.set(**values)
            except Exception as error:
                if self._values() == before:
                    return fault(error)
                self.say(error)
        return ""

    def _press(self, name):
        try:
            getattr(self.lab, name)()
        except Exception as error:
            self.say(error)


def key(lab):
    """The control values as a frame names them."""
    return " ".join(f"{name}={getattr(lab, name)}" for name in lab.controls())


def code_of(kind):
    """How a lab's class is written in the notebook that shows it, with the import it needs: two strings.

    A notebook may have the lesson's door, or the class's own module, under another name; then that is used.
    """
    door = kind.__module__.rpartition(".")[0]
    place = door if getattr(sys.modules.get(door), kind.__name__, None) is kind else kind.__module__
    room, _, own = place.rpartition(".")
    named = (name for name, value in vars(sys.modules["__main__"]).items() if value is sys.modules[place])
    name = next(named, own)
    needs = f"from {room} import {own}" + (f" as {name}" if name != own else "")
    return [f"{name}.{kind.__name__}", needs]


def fault(error):
    """An error as one line for the person who drags."""
    words = " ".join(str(error).split())
    if isinstance(error, traitlets.TraitError):  # a sentence of ours: what a control takes
        return words
    return f"Not computed here, {type(error).__name__}: {words}. Move a control to go on."
