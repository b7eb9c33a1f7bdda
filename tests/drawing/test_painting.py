"""A lab looks the same whatever a learner has set in matplotlib, and leaves those settings alone."""

import contextlib
import threading
import warnings

import matplotlib
import matplotlib.patheffects
import matplotlib.style
import numpy as np
import pytest

from helpers.drawing.painting import LEFT_ALONE, painting
from helpers.lab import Lab, Slider

pytestmark = pytest.mark.slow

# "classic" sets every name that any style sets, and the others set these to values that learners see; what is
# left out are palettes and sizes of the same families.
STYLES = [
    "default",
    "classic",
    "dark_background",
    "fivethirtyeight",
    "ggplot",
    "grayscale",
    "seaborn-v0_8",
    "seaborn-v0_8-talk",
]
NAMES = sorted(set(dict.keys(matplotlib.rcParamsDefault)) - LEFT_ALONE)
CANDIDATES = [
    0, 1, 2, 3, 0.2, 0.7, 5.5, 17.0, 90, 400, (0, 2), (2.0, 3.0), [1, 2, 3], [-2, 3], [7.0, 3.0], [(1, 2, 3)],
    "red", "0.4", "#123456", "none", "inherit", "auto", "tight", "standard", "equal", "serif", "monospace",
    "cursive", "fantasy", "italic", "bold", "large", "xx-small", "condensed", "top", "bottom", "left",
    "right", "center", "baseline", "line", "both", "x", "y", "minor", "major", "in", "inout", "dashed",
    "dotted", "--", "-.", "bevel", "miter", "round", "butt", "projecting", "s", "^", "cm", "stix", "it", "bf",
    "dejavuserif", "tt", "log", "symlog", "gray", "plasma", "bilinear", "hanning", "lower", "upper left",
    "svg", "pdf", "jpg", "mlab2018", "serial", "threaded", "force_autohint", "no_hinting", "default", "path",
    "Arial", "2000-01-01", "Europe/Paris", "concise", "edge", "face", "round_numbers", "nearest", "landscape",
    "html5", "cycler('color', ['r', 'g'])",
]  # fmt: skip
"""Nearly every setting finds a valid value here that is not its default."""


class Everything(Lab):
    """What does a figure look like that leaves all to the settings?"""

    x = Slider(0, 10, step=1, default=3, label="x")

    def compute(self):
        """Only numbers."""
        return {"x": np.arange(1, 9), "y": self.x * np.arange(1, 9) / 2}

    def draw(self, result):
        """Everything twice: still, and live."""
        figure = self.new_figure(5, 3)
        plain, log = figure.subplots(1, 2)
        log.set(yscale="log", ylim=(1e-3, 1e3), xlim=(0, 9))
        plain.set(xlim=(0, 9), ylim=(-1, 41), xlabel="$x_t$", ylabel="negative: -1", title="plain")
        figure.suptitle("whole")
        self.lines = [ax.plot([], [], "o--", animated=True, label=r"$\phi$")[0] for ax in (plain, log)]
        self.spots = plain.scatter(result["x"], result["x"], c=result["x"], animated=True)
        self.words = [
            ax.text(1, 3, "", family=kind, animated=True)
            for ax, kind in ((plain, "sans-serif"), (log, "serif"))
        ]
        self.map = plain.imshow(np.eye(3), extent=(5, 9, 0, 9), interpolation="nearest", animated=True)
        plain.plot([1, 8], [20, 25])
        plain.bar([1, 2], [5, 6])
        plain.fill_between([3, 4], [1, 2], hatch="//")
        log.errorbar([1, 2], [0.1, 0.2], 0.05)
        log.annotate("here", (3, 1), (5, 100), arrowprops={"arrowstyle": "->"}, bbox={})
        figure.colorbar(self.map, ax=plain)
        for ax in (plain, log):
            ax.legend()
        plain.set(xlim=(0, 9), ylim=(-1, 41), aspect="auto")
        return figure

    def update(self, result):
        """Move all that is live. A style of lines and a size of letters by name are looked up each time."""
        for line in self.lines:
            line.set(xdata=result["x"], ydata=result["y"] + 0.1, linestyle="--")
        self.spots.set_offsets(np.c_[result["x"], result["y"]])
        self.words[0].set_text(f"x = {self.x}")
        self.words[1].set(text=f"$x_{self.x} = -{self.x}$", fontsize="large")
        self.map.set_data(np.eye(3) * self.x)

    def readout(self, result):
        """The slider's value."""
        return f"x is {self.x}."


def seen(lab):
    """Everything that anyone gets to see of a lab, as bytes."""
    panel = lab.view
    frames = [snapshot.frame for snapshot in lab.frames.snapshots([[0], [7], [3]])]
    frames.append(panel.shown["frame"])
    figure = lab.figure
    sizes = [words.get_fontsize() for words in lab.words]
    figure.canvas.draw()
    drawn = bytes(figure.canvas.buffer_rgba())
    fonts = sorted(lab.frames.live.fonts().values())
    return [*frames, panel.stills, lab.frames.postcard(), sizes, drawn, fonts]


@pytest.fixture(autouse=True)
def own_settings():
    """What a test sets ends with it."""
    with matplotlib.rc_context():
        yield


@pytest.fixture(scope="module")
def expected():
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        return seen(Everything())


def standing():
    """The settings as they are, each the very object."""
    return {name: (id(value), repr(value)) for name, value in dict.items(matplotlib.rcParams)}


def set_at_random(rng):
    """Put nearly every setting to some valid value; returns how many have come to be different."""
    changed = 0
    for name in NAMES:
        for k in rng.permutation(len(CANDIDATES)):
            with warnings.catch_warnings(action="ignore"), contextlib.suppress(Exception):
                matplotlib.rcParams[name] = CANDIDATES[k]  # an old name warns; what is not valid fails
                break
        changed += matplotlib.rcParams._get(name) != matplotlib.rcParamsDefault._get(name)
    return changed


def test_classic_sets_all_that_any_style_sets():
    names = {style: set(dict.keys(own)) for style, own in matplotlib.style.library.items()}
    assert set.union(*names.values()) == names["classic"]


@pytest.mark.parametrize("style", STYLES)
def test_it_looks_the_same_in_every_style(style, expected):
    matplotlib.style.use(style)
    before = standing()
    assert seen(Everything()) == expected
    assert standing() == before


@pytest.mark.parametrize("seed", range(6))
def test_lab_looks_the_same_under_any_settings(seed, expected):
    """It does not matter whether they are set before or after the lab is made."""
    older = Everything()
    assert set_at_random(np.random.default_rng(seed)) > 250
    before = standing()
    assert seen(Everything()) == expected
    assert seen(older) == expected
    assert standing() == before


@pytest.mark.parametrize(
    "settings",
    [
        {"text.usetex": True},  # no LaTeX is needed for a lab
        {"savefig.transparent": True, "savefig.bbox": "tight", "savefig.dpi": 30, "savefig.format": "pdf"},
        {"figure.autolayout": True},
        {"path.effects": [matplotlib.patheffects.withStroke(linewidth=4)], "path.sketch": (2, 100, 2)},
    ],
)
def test_it_looks_the_same_with_what_learners_try(settings, expected):
    older = Everything()
    matplotlib.rcParams.update(settings)
    assert seen(Everything()) == expected
    assert seen(older) == expected


def test_font_list_grown_in_place_changes_nothing(expected):
    fonts = matplotlib.rcParams["font.sans-serif"]
    fonts.insert(0, "DejaVu Serif")
    try:
        assert seen(Everything()) == expected
        assert matplotlib.rcParams["font.sans-serif"] is fonts
    finally:
        fonts.remove("DejaVu Serif")  # the list belongs to all tests


def test_moves_without_a_page_keep_the_settings():
    lab = Everything()
    size = lab.words[1].get_fontsize()
    matplotlib.rcParams["font.size"] = 30
    lab.x = 4
    assert lab.words[1].get_fontsize() == size


class Broken(Everything):
    """What if something goes wrong while it is painted?"""

    def update(self, result):
        """Paint no 5."""
        super().update(result)
        if self.x == 5:
            raise ValueError("no 5")


def test_after_an_error_the_learners_settings_are_back():
    matplotlib.style.use("dark_background")
    before, lab = standing(), Broken()
    (snapshot,) = lab.frames.snapshots([[5]])
    assert "no 5" in snapshot.error
    with pytest.raises(ValueError, match="no 5"):
        lab.x = 5
    with pytest.raises(ValueError, match="no 5"):
        Broken(x=5)
    assert standing() == before


def test_plots_of_a_learner_keep_their_style():
    """Their function is called in the middle of a move, from Python as from the page."""
    colours, lab = [], Everything()
    look = lambda change: colours.append(matplotlib.rcParams["axes.facecolor"])  # noqa: E731
    lab.observe(look, "x")
    lab.view.observe(look, "shown")
    matplotlib.style.use("dark_background")
    lab.x = 4
    lab.set(x=6)
    lab.view._handle_custom_msg({"rest": {"x": 7}, "n": 1, "view": "v"}, [])
    assert colours == ["black"] * 6


def test_settings_made_in_draw_hold_there():
    class Thick(Everything):
        def draw(self, result):
            with matplotlib.rc_context({"lines.linewidth": 9}), painting():
                return super().draw(result)

    before = standing()
    assert Thick().lines[0].get_linewidth() == 9
    assert standing() == before


class Waits(Everything):
    """What happens to settings while another thread paints?"""

    paints, go_on = threading.Event(), threading.Event()

    def update(self, result):
        """At 9, say so and wait, in the middle of painting."""
        super().update(result)
        if self.x == 9:
            self.paints.set()
            assert self.go_on.wait(60)


def test_setting_changed_during_painting_stays_changed(expected):
    before, lab = standing(), Waits()
    thread = threading.Thread(target=lab.frames.snapshots, args=[[[9]]])
    thread.start()
    assert Waits.paints.wait(60)
    matplotlib.rcParams["lines.linewidth"] = 7.5
    Waits.go_on.set()
    thread.join()
    assert matplotlib.rcParams["lines.linewidth"] == 7.5
    after = standing()
    assert {name for name in before if before[name] != after[name]} == {"lines.linewidth"}
    assert seen(Everything()) == expected


def test_two_painting_threads_leave_no_setting_behind(expected):
    matplotlib.style.use("ggplot")
    before, labs, answers = standing(), [Everything(), Everything()], []
    asked = [[x] for x in (0, 7, 3)] * 10
    threads = [
        threading.Thread(target=lambda lab=lab: answers.append(lab.frames.snapshots(asked))) for lab in labs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[snapshot.frame for snapshot in own] for own in answers] == [expected[:3] * 10] * 2
    assert standing() == before
