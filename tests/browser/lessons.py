"""Every lab of every lesson: it follows the hand, is seen at once on the screens of a classroom, and speaks.

Each lesson is opened and run once, and all that is asked of its labs is asked there. The lessons are shared
out between two files, test_lessons_*.py, so that two workers have as much to do.
"""

import importlib.resources

import pytest
from playwright.sync_api import expect

from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tools.browser.harness import NotebookPage, resize
from tools.browser.moves import drive

CATALOGUE = catalogue()
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SCREENS = [(1280, 720), (1024, 768)]

# How much of the notebook's height a lab leaves free (negative: it does not fit), and the smallest scale at
# which its figure is shown.
ROOM = """box => {
  const seen = document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer");
  const figure = box.querySelector(".live-figure");
  return {
    room: seen.clientHeight - box.getBoundingClientRect().height,
    scale: figure.clientWidth / +figure.style.getPropertyValue("--width"),
    over: box.scrollWidth - box.clientWidth,
  };
}"""


def opened_of(lessons):
    """The fixture `opened`: each of these lessons, run, with the side bar closed as `run.py lab` opens it."""

    @pytest.fixture(scope="module", params=lessons)
    def opened(request, window, lab_url):
        page = window(1280, 720)
        notebook = NotebookPage(page, lab_url, f"{request.param}.ipynb")
        notebook.command("application:toggle-left-area")
        notebook.run_all()
        labs = [(kind, notebook.lab(kind.question())) for kind in CATALOGUE[request.param]]
        for _, lab in labs:
            lab.wait_painted()
            lab.ask_nothing_ahead()
        page.evaluate(AXE)
        # JupyterLab's body has no height and hides what overflows: axe takes all in it for hidden, and of
        # what is hidden it looks at no colour.
        page.add_style_tag(content="body { height: 100vh; }")
        yield page, labs
        page.close()
        assert notebook.errors == []

    return opened


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_all_of_a_lab_is_seen_at_once(opened, screen):
    page, labs = opened
    resize(page, *screen)
    found = {}
    for kind, lab in labs:
        lab.wait_seen()
        found[kind.__name__] = lab.box.evaluate(ROOM)
    wrong = {name: m for name, m in found.items() if m["room"] < 0 or m["scale"] < 0.87 or m["over"] > 0}
    assert not wrong


def test_a_guess_is_answered_and_both_are_seen_at_once(opened):
    page, labs = opened
    asking = [(k, lab) for k, lab in labs if k.prediction and not issubclass(k, RunningLab)]
    starts = [lab.key for _, lab in asking]
    for kind, lab in asking:
        lab.guess(kind.prediction)
        lab.go(kind.prediction.at)
    wrong = {}
    for width, height in SCREENS:
        resize(page, width, height)
        for kind, lab in asking:
            expect(lab.verdict).to_contain_text("You said")
            lab.wait_seen()
            if (room := lab.box.evaluate(ROOM)["room"]) < 0:
                wrong[kind.__name__, width] = room
    for (_, lab), start in zip(asking, starts, strict=True):
        lab.button("Reset").click()
        lab.wait_painted(start)
        expect(lab.verdict).to_be_hidden()
    assert not wrong


@pytest.mark.parametrize("width", [700, 390])
def test_a_narrow_page_shows_all_of_it_without_scrolling_sideways(opened, width):
    page, labs = opened
    resize(page, width, 800)
    for _, lab in labs:
        lab.wait_seen()
        assert lab.box.evaluate("b => b.scrollWidth <= b.clientWidth")
        for handle in lab.box.get_by_role("slider").all():
            if width == 390:
                assert handle.bounding_box()["height"] >= 32


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(opened, width):
    page, labs = opened
    resize(page, width, 720)
    for kind, lab in labs:
        found = violations(lab)
        said = [f"{v['id']}: {n['html']} {n['failureSummary']}" for v in found for n in v["nodes"]]
        assert said == [], kind


def test_in_the_dark_theme_all_words_can_be_read(opened):
    page, labs = opened
    try:
        use_theme(page, "JupyterLab Dark")
        for kind, lab in labs:
            found = violations(lab, runOnly=["color-contrast"])
            assert [f"{n['html']} {n['failureSummary']}" for v in found for n in v["nodes"]] == [], kind
    finally:
        use_theme(page, "JupyterLab Light")


def use_theme(page, name):
    """Change JupyterLab's theme, and wait until its colours are there, which is later than its name."""
    page.evaluate("t => jupyterapp.commands.execute('apputils:change-theme', { theme: t })", name)
    dark = """want => {
      const [red] = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor.match(/\\d+/g);
      return document.body.dataset.jpThemeLight === String(!want) && (red < 128) === want;
    }"""
    page.wait_for_function(dark, arg=name.endswith("Dark"))


def violations(lab, **options):
    """What axe finds in a lab while its top is on the screen: of what is off it, axe judges no colour.

    While cells find their size a lab may slip away; then axe is asked again.
    """
    lab.wait_seen()
    return lab.box.evaluate(
        """async (box, options) => {
          const top = () => box.getBoundingClientRect().top, frame = () => new Promise(requestAnimationFrame);
          for (let n = 0; n < 50; n++) {
            box.scrollIntoView({ block: "start" });
            await frame().then(frame);
            const before = top(), { violations } = await axe.run(box, options);
            if (top() === before && before > 0 && before < innerHeight - 100) return violations;
          }
          throw new Error("the lab does not keep still");
        }""",
        {"resultTypes": ["violations"], **options},
    )


def test_axe_would_find_something(opened):
    """A label of nothing, and faint words: all of them, since it judges none that is overlapped."""
    page, labs = opened
    resize(page, 1280, 720)
    label = labs[0][1].box.locator("label").first
    label.evaluate("e => { e.before = e.htmlFor; e.htmlFor = 'nothing'; }")
    style = page.add_style_tag(content=".live-panel * { color: silver !important; }")
    found = {violation["id"] for violation in violations(labs[0][1])}
    style.evaluate("e => e.remove()")
    label.evaluate("e => { e.htmlFor = e.before; }")
    assert {"label", "select-name"} & found  # of a slider, of a list
    assert "color-contrast" in found


def test_every_lab_follows_the_hand(opened):
    page, labs = opened
    resize(page, 1280, 720)  # each picture of a larger page takes longer
    for kind, lab in labs:
        drive(lab, kind)
