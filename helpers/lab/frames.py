"""Frames of a lab: pictures and words for any control values, and the picture for a page without a kernel."""

from functools import cached_property

import traitlets

from helpers.drawing.painting import painting
from helpers.engine.one_thread import computing
from helpers.page.live import LiveFigure, Snapshot, lay_out, postcard


class Frames:
    """What a lab shows, for any control values. The lab itself stays where the learner left it.

    Parameters
    ----------
    lab : helpers.lab.Lab
        Whose frames are made.
    figure : matplotlib.figure.Figure
        The lab's figure, into which they are painted.
    """

    def __init__(self, lab, figure):
        self._lab, self._figure, self._settled = lab, figure, False

    def settle(self):
        """Lay the figure out, unless that has been done; `live` does it too, at the sharpness of a page."""
        if not self._settled:
            lay_out(self._figure)
            self._settled = True

    @cached_property
    def live(self):
        """The figure as still pictures and frames (a `helpers.page.live.LiveFigure`)."""
        self._settled = True
        with painting():
            return LiveFigure(self._figure, within=painting)

    def snapshots(self, asked):
        """Pictures and words for any control values.

        Parameters
        ----------
        asked : list of lists
            The values of all controls, in the order of `Lab.controls()`.

        Returns
        -------
        list of helpers.page.live.Snapshot
            A frame and its words for each, or the line that says why there is none.
        """
        with computing():
            return [self._snapshot(values) for values in asked]

    def snapshot(self, result):
        """A `Snapshot` that shows a result of the lab itself, as one step of a run yields it."""
        with computing():
            return self._showing(self._lab, result)

    def frame(self, result):
        """The frame of such a result: bytes."""
        return self._frame(self._lab, result)

    def postcard(self):
        """The picture for a page without a kernel: PNG bytes."""
        lab = self._lab
        written = {c.label: c.written(getattr(lab, name)) for name, c in lab.controls().items()}
        settings = [f"{label}: {value}" for label, value in written.items() if value]
        with painting():
            live = self.live  # settles the layout, as in `_frame`
            lab.update(lab.result)
            picture = live.picture()
        return postcard(picture, lab.question(), " · ".join(settings), self.caption())

    def caption(self):
        """The words for a page without a kernel: the prediction, or the sentence of a lab that asks none."""
        asks = self._lab.prediction and self._lab.at_start
        return self._lab.prediction.caption() if asks else self._lab.readout_text

    # How they are made ----------------------------------------------------------------------------

    def _snapshot(self, values):
        twin = self._twin
        twin.follow()
        try:
            for name, value in zip(self._lab.controls(), values, strict=True):
                setattr(twin.lab, name, value)
            return self._showing(twin.lab, twin.lab.compute())
        except Exception as error:
            return Snapshot(b"", "", fault(error))
        finally:
            twin.lead()

    def _showing(self, lab, result):
        words, verdicts = lab.readout(result), lab.verdicts(result)
        return Snapshot(self._frame(lab, result), words, verdicts=verdicts)

    def _frame(self, lab, result):
        """A frame of this result. The artists show it from now on, whatever they showed before."""
        with painting():
            live = self.live  # settles the layout, before an `update` measures anything by it
            lab.update(result)
            return live.frame(key(lab))

    @cached_property
    def _twin(self):
        return Twin(self._lab)


class Twin:
    """A second lab of the same class, with control values of its own. All its other attributes are the lab's.

    That holds whenever they are assigned. What a method notes about the artists is noted in both, because
    both paint into the same figure.

    Attributes
    ----------
    lab : helpers.lab.Lab
        It has no observers: what it is set to is not announced.
    """

    def __init__(self, lab):
        kind = type(lab)
        self._original, self.lab = lab, kind.__new__(kind)
        self._traits = [name for name in lab.trait_names() if name not in lab.controls()]
        self._private = {*vars(self.lab), *dir(traitlets.HasTraits)}  # where traitlets keeps the values

    def follow(self):
        """Take over the attributes of the lab."""
        self._copy(self._original, self.lab)
        for name in self._traits:
            setattr(self.lab, name, getattr(self._original, name))

    def lead(self):
        """Hand on to the lab what was assigned here since."""
        self._copy(self.lab, self._original)

    def _copy(self, one, other):
        vars(other).update({name: value for name, value in vars(one).items() if name not in self._private})


def key(lab):
    """The control values as a frame names them."""
    return " ".join(f"{name}={getattr(lab, name)}" for name in lab.controls())


def fault(error):
    """An error as one line for the person who drags."""
    words = " ".join(str(error).split())
    if isinstance(error, traitlets.TraitError):  # a sentence of ours: what a control takes
        return words
    return f"Not computed here, {type(error).__name__}: {words}. Move a control to go on."
