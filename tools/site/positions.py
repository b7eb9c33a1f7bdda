"""Which positions of a lab a page without a kernel holds.

All combinations of six sliders are too many. What is held are *sweeps*: one slider moves over its stops and
all else keeps still, first everything at its default, in every combination of choices. A lab's `anchors`
and its prediction name the settings that its lesson asks for. Where one needs several sliders, they can be
moved one after the other, and at the anchor each of them can be dragged.

A lab that runs is held at its anchors only, each with its whole run.
"""

import functools
import itertools
import math
from typing import NamedTuple

from helpers.lab.controls import Slider, Text
from helpers.lab.running import RunningLab

MOST = 37
"""Stops of a slider, besides its default and those that an anchor names, where there is room for them."""
FREE = 3
"""To an anchor of so many sliders every order of moving them is held."""


class Sweep(NamedTuple):
    """Positions that are stored together, one after the other.

    Attributes
    ----------
    moves : str or None
        The control that moves; None where nothing does, since the lab runs.
    at : dict
        The values of all controls; that of `moves` is its default.
    """

    moves: str | None
    at: dict


class Positions:
    """What a page holds of a lab.

    Parameters
    ----------
    kind : type
        A class of labs.
    brief : bool
        Only both ends and the default of each slider, and no anchors: quick to make, for tests.
    most : int
        Stops of a slider at the most, besides its default and those that an anchor names.

    Attributes
    ----------
    stops : dict
        From each control's name to the values that it can take on the page, in order.
    sweeps : list of Sweep
        The first ones are those from the default setting.
    n_plain : int
        How many of them are: with the other lists as they are and no anchor.
    """

    def __init__(self, kind, brief=False, most=MOST):
        self.kind, self.controls = kind, kind.controls()
        self.runs = issubclass(kind, RunningLab)
        self.defaults = {name: c.default_value for name, c in self.controls.items()}
        asked = [kind.prediction.at] if kind.prediction else []
        self.anchors = [self._checked(anchor) for anchor in ([] if brief else [*kind.anchors, *asked])]
        self.sliders = [name for name, c in self.controls.items() if isinstance(c, Slider)]
        self.stops = {name: self._stops(name, 2 if brief else most) for name in self.controls}
        self.sweeps = self._runs() if self.runs else self._sweeps()
        self.n_plain = 1 if self.runs else max(1, len(self.sliders))

    def _checked(self, anchor):
        self.kind._check_names(anchor)
        return {name: self.controls[name].validate(None, value) for name, value in anchor.items()}

    def _stops(self, name, most):
        control = self.controls[name]
        named = {self.defaults[name], *(a[name] for a in self.anchors if name in a)}
        if not isinstance(control, Slider):
            return list(control.examples())
        return sorted(named if self.runs else {*thinned(control, most), *named})

    def _ways(self):
        """Every combination of lists and boxes, and each text by itself: dicts, the default first."""
        texts = [name for name, c in self.controls.items() if isinstance(c, Text)]
        lists = [name for name in self.controls if name not in [*texts, *self.sliders]]
        for values in itertools.product(*(_first(self.stops[n], self.defaults[n]) for n in lists)):
            yield dict(zip(lists, values, strict=True))
        for name in texts:
            yield from ({name: text} for text in self.stops[name] if text != self.defaults[name])

    def _sweeps(self):
        """Each once: what moves, and where all else stands."""
        found = {}
        moving = self.sliders or list(self.controls)[:1]
        for way in self._ways():
            for name, others in [(name, {}) for name in moving] + list(self._to_the_anchors()):
                at = self.defaults | way | others
                at[name] = self.defaults[name]
                found.setdefault((name, *at.values()), Sweep(name, at))
        return list(found.values())

    def _to_the_anchors(self):
        """The ways to each anchor of several sliders: what moves, and where others of them stand already.

        Three sliders can be moved in any order; more of them in the order in which the anchor names them.
        """
        for anchor in self.anchors:
            own = {name: value for name, value in anchor.items() if name in self.sliders}
            for name in own:
                others = [other for other in own if other != name]
                groups = range(1, len(others) + 1) if len(own) <= FREE else [len(others)]
                for group in (g for n in groups for g in itertools.combinations(others, n)):
                    yield name, {other: own[other] for other in group}
            for n in range(1, len(own)) if len(own) > FREE else ():
                yield list(own)[n], dict(list(own.items())[:n])

    def _runs(self):
        ways = [] if self.kind.anchors else self._ways()
        settings = [self.defaults | a for a in [*self.anchors, *ways]]
        unique = {tuple(at.values()): Sweep(None, at) for at in [self.defaults, *settings]}
        return list(unique.values())

    def of(self, sweep):
        """The positions of a sweep, in order: dicts."""
        if sweep.moves is None:
            return [sweep.at]
        return [sweep.at | {sweep.moves: value} for value in self.stops[sweep.moves]]

    @functools.cached_property
    def all(self):
        """Every position that is held: a set of tuples of values, in the order of the controls."""
        return {tuple(at.values()) for sweep in self.sweeps for at in self.of(sweep)}

    def hold(self, setting):
        """Whether the page has this setting (a dict; what it leaves out is at its default)."""
        return tuple((self.defaults | self._checked(setting)).values()) in self.all


def thinned(slider, most):
    """The places of a slider, evenly thinned out to `most`, both ends among them."""
    last = math.ceil((slider.high - slider.low) / slider.step - 1e-9)  # the last step may be shorter
    chosen = range(last + 1) if last < most else {round(k * last / (most - 1)) for k in range(most)}
    return [slider.validate(None, min(slider.low + k * slider.step, slider.high)) for k in sorted(chosen)]


def _first(values, one):
    return [one, *(value for value in values if value != one)]
