"""A lab on a page: the panel that shows it, and what it answers when a hand moves a control."""

import sys

from helpers.drawing.painting import painting
from helpers.engine.one_thread import computing
from helpers.lab.frames import fault
from helpers.page.live import Snapshot


class OnPage:
    """The panel of a lab, once there is one.

    Parameters
    ----------
    lab : helpers.lab.Lab
        Which is shown, and moved as the hand moves it.

    Attributes
    ----------
    panel : helpers.page.panel.Panel or None
    """

    def __init__(self, lab):
        self.lab, self.panel, self._state = lab, None, {}

    def open(self):
        """The panel; made when it is first asked for."""
        if self.panel is None:
            from helpers.page.panel import Panel  # needs ipywidgets, which frames do not

            lab = self.lab
            self.panel = Panel(
                lab.frames.live,
                keeps_frames=lab.keeps_frames,
                **about(lab),
                snapshots=self._snapshots,
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
            frame, verdicts = lab.frames.frame(lab.result), lab.verdicts(lab.result)
            self.panel.show(self._values(), Snapshot(frame, lab.readout_text, verdicts=verdicts))

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

    def _snapshots(self, asked):
        """Frames for the panel. Where they cannot be kept it gets none, and goes by what the lab shows."""
        with computing():
            if self.panel.keeps_frames:
                made = self.lab.frames.snapshots(asked)
                if not self.lab.frames.live.stale:
                    return made
                self.panel.keeps_frames = False  # the still pictures differ too
                self.show()
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


def about(lab):
    """What a page has to know of a lab: question, controls, buttons, what it asks first (a dict)."""
    return {
        "question": lab.question(),
        "controls": [c.spec() | {"default": c.default_value} for c in lab.controls().values()],
        "buttons": dict(lab.buttons),
        "prediction": lab.prediction.spec(lab.controls()) if lab.prediction else {},
        "colours": dict(lab.colours),
        "code": code_of(type(lab)),
        "clickable": [[label, list(box), controls] for label, (box, controls) in lab.clickable().items()],
    }


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
