"""Every lab, driven without a browser: to both ends of every control, and to 60 random places.

Warnings are errors here (pyproject.toml), so an overflow or a division by zero fails too.
"""

import importlib
import inspect
import pkgutil
import re
import weakref

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg

from helpers import labs as rooms
from helpers.lab import Lab
from helpers.labs import catalogue
from helpers.labs.shared.training import TrainingLab
from helpers.page.live.canvas import drawn

LABS = [lab for labs in catalogue().values() for lab in labs]
BAD_WORDS = re.compile(r"\b(nan|inf|None)\b")
# `helpers.drawing.style` writes numbers: no hyphen for a minus sign, no "e" for "× 10", no sign before a 0.
# A hyphen between digits or words, as in "2-3" or "h_(t-1)", is none of these.
BADLY_WRITTEN = re.compile(
    r"(?<![\w)])-\s?[\d(]|\d[eE][+-]?\d|[-−]0(\.0*)?(?!\d|\.\d)|(?<![\d.])0(\.0+)? × 10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]"
)
MANY = "steps|words|updates|rounds|lags|units|seeds|runs|pixels|years|sequences|numbers|networks|lanes"
ONE_IS_MANY = re.compile(rf"(?<![\d.,×−])(?<!\d )\b1 ({MANY})\b")  # "1 step" and "2 steps" are two sentences
LONGEST = 200  # characters: a read-out is one or two sentences


def numbers_of(result):
    """Every array in a result, however deep."""
    values = result.values() if isinstance(result, dict) else result
    for value in values:
        if isinstance(value, dict | list | tuple):
            yield from numbers_of(value)
        elif isinstance(value, np.ndarray | float | int):
            yield np.asarray(value)


def assert_sound(lab):
    assert not BAD_WORDS.search(lab.readout_text), lab.readout_text
    assert lab.readout_text.endswith((".", ")", "!", "?"))
    assert not BADLY_WRITTEN.search(lab.readout_text), lab.readout_text
    assert not ONE_IS_MANY.search(lab.readout_text), lab.readout_text
    assert len(lab.readout_text) <= LONGEST, lab.readout_text
    for name, value in lab.result.items():
        for numbers in numbers_of([value]):
            if numbers.dtype.kind in "fc":  # the logarithm of an exact zero is -inf: nothing is plotted there
                assert (np.isfinite(numbers) | (numbers == -np.inf)).all(), f"{name} is not finite"


@pytest.mark.parametrize(
    "words", ["by -0.5", "w = -1", "1 - (-2)", "4.0e-05", "1e9", "is −0.000.", "is −0.", "0.0 × 10⁻³"]
)
def test_a_badly_written_number_is_found(words):
    assert BADLY_WRITTEN.search(words)


@pytest.mark.parametrize(
    "words",
    ["by −0.5", "steps 2-3", "h_(t-1)", "4.0 × 10⁻⁵", "is −0.001.", "1 − (−2)", "10.0 × 10⁻³", "e-mail 3"],
)
def test_a_well_written_number_is_not(words):
    assert not BADLY_WRITTEN.search(words)


def test_one_of_a_thing_is_no_plural():
    assert ONE_IS_MANY.search("After 1 steps the unit")
    assert not ONE_IS_MANY.search("After 1 step, of 21 steps or 0.1 steps")


def test_the_catalogue_lists_every_lab():
    found = [
        kind
        for module in pkgutil.walk_packages(rooms.__path__, f"{rooms.__name__}.")
        for kind in vars(importlib.import_module(module.name)).values()
        if inspect.isclass(kind) and issubclass(kind, Lab) and kind.__module__ == module.name
    ]
    assert {kind for kind in found if not kind.__name__.startswith("_")} - set(LABS) == {TrainingLab}


@pytest.fixture(scope="module")
def renderers():
    """Every renderer of matplotlib that the tests make, for as long as it lives."""
    living, make = weakref.WeakSet(), RendererAgg.__init__

    def make_known(self, *size):
        make(self, *size)
        living.add(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RendererAgg, "__init__", make_known)
        yield living


def assert_no_pixels(renderers):
    """The kernel keeps each lab that it has shown, but not the megabytes that it was drawn on."""
    assert renderers
    assert {each.width * each.height for each in renderers} == {1}


@pytest.fixture(scope="module", params=LABS, ids=lambda kind: kind.__name__)
def shown(request, renderers):
    """A lab that paints a frame at each move, as on a page; all its tests use it, one after the other."""
    lab = request.param()
    assert lab.view is not None
    return lab


@pytest.fixture
def lab(shown):
    """The same, as it opens."""
    shown.reset()
    return shown


def pictures(lab):
    """What a lab shows as it opens: its frame, and the whole figure, which a page without a kernel has."""
    (snapshot,) = lab.frames.snapshots([opening(lab)])
    return snapshot.frame, lab.frames.live.picture().tobytes()


def opening(lab):
    """The values that its controls open with."""
    return [control.default_value for control in lab.controls().values()]


def test_every_notebook_has_labs():
    assert len(LABS) >= 4
    assert len({lab.question() for lab in LABS}) == len(LABS)  # a question names its lab on the page


class TestLab:
    def test_at_every_end(self, lab):
        assert_sound(lab)
        for name, control in lab.controls().items():
            for value in control.examples():
                setattr(lab, name, value)
                assert_sound(lab)
            lab.reset()

    @pytest.mark.slow
    def test_at_60_random_places(self, lab, renderers):
        rng = np.random.default_rng(0)
        for _ in range(60):
            lab.set(**{name: control.random(rng) for name, control in lab.controls().items()})
            assert_sound(lab)
        assert_no_pixels(renderers)

    @pytest.mark.slow
    def test_shows_what_its_controls_say_alone(self, lab):
        """Words and picture, byte for byte, whatever it has shown before."""
        rng, controls = np.random.default_rng(1), lab.controls().values()
        others = [[control.random(rng) for control in controls] for _ in range(5)]
        before, *_, after = lab.frames.snapshots([opening(lab), *others, opening(lab)])
        assert after.words == before.words
        assert after.frame == before.frame

    @pytest.mark.slow
    def test_nothing_that_keeps_still_moves(self, lab):
        """An axis limit or a title that changes would have the still pictures made anew: slow."""
        rng = np.random.default_rng(2)
        drawn(lab.figure)
        for _ in range(5):
            lab.set(**{name: control.random(rng) for name, control in lab.controls().items()})
            assert not lab.figure.stale

    @pytest.mark.slow
    def test_looks_the_same_under_any_settings(self, lab, renderers):
        plain = pictures(lab)
        with matplotlib.rc_context():
            matplotlib.style.use("dark_background")
            more = {"text.usetex": True, "savefig.transparent": True, "savefig.bbox": "tight"}
            matplotlib.rcParams.update(more | {"font.size": 30, "lines.linewidth": 9})
            assert pictures(type(lab)()) == plain
        assert_no_pixels(renderers)
