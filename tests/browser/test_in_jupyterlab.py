"""Every lab in JupyterLab: what only JupyterLab shows is asked of all of them, on one page.

What a lab does by itself is asked in test_every_lab.py, on a page without JupyterLab.
"""

import pytest
from playwright.sync_api import expect

from helpers.lab.running import RunningLab
from helpers.labs.race.race import Race
from tests.browser.axe import violations, words_of
from tests.browser.conftest import LABS
from tools.browser.chromium import resize
from tools.browser.moves import drive
from tools.browser.notebook import NotebookPage

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

# Makes a guess, a choice or a number.
GUESS = """(box, choice) => {
  const number = box.querySelector(".live-number");
  if (number) number.value = "1";
  [...box.querySelectorAll(".live-choices button")].find((button) => button.textContent === choice).click();
}"""


def kinds_of(lab):
    """The kinds of a lab's controls; and whether it runs."""
    return {type(control) for control in lab.controls().values()} | ({RunningLab} & set(lab.__mro__))


def few_of_all_kinds(labs):
    """A few labs in which there is every kind of control, and a run: each time the lab that adds most."""
    kinds, few = set().union(*map(kinds_of, labs)), []
    while kinds:
        few.append(max(labs, key=lambda lab: len(kinds_of(lab) & kinds)))
        kinds -= kinds_of(few[-1])
    return few


@pytest.fixture(scope="module")
def notebook(window, lab_url):
    """The labs of all lessons, with the side bar closed as `run.py lab` opens it."""
    notebook = NotebookPage(window(1280, 720), lab_url, "every_lab.ipynb")
    notebook.command("application:toggle-left-area")
    notebook.run_all()
    yield notebook
    notebook.page.close()
    assert notebook.errors == []


@pytest.fixture(scope="module")
def shown(notebook):
    """From each lab's class to the lab on the page."""
    labs = {kind: notebook.lab(kind.question()) for kind in LABS}
    for lab in labs.values():
        lab.wait_painted()
        lab.ask_nothing_ahead()
    return labs


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_all_of_a_lab_is_seen_at_once(notebook, shown, screen):
    resize(notebook.page, *screen)
    found = {}
    for kind, lab in shown.items():
        lab.wait_seen()
        assert lab.has_ink()
        found[kind.__name__] = lab.box.evaluate(ROOM)
    wrong = {name: m for name, m in found.items() if m["room"] < 0 or m["scale"] < 0.87 or m["over"] > 0}
    assert wrong == {}, wrong


def test_guess_and_its_answer_fit_on_one_screen(notebook, shown):
    """The hand's own guess is tried in test_every_lab.py; here it is made in all labs at once."""
    asking = {k: lab for k, lab in shown.items() if k.prediction and not issubclass(k, RunningLab)}
    for kind, lab in asking.items():
        lab.box.evaluate(GUESS, max(kind.prediction.words.values(), key=len, default="guess"))
        lab.go(kind.prediction.at)
    for lab in asking.values():
        expect(lab.verdict).to_contain_text("You said")
    wrong = {}
    for width, height in SCREENS:
        resize(notebook.page, width, height)
        for kind, lab in asking.items():
            lab.wait_seen()
            if (room := lab.box.evaluate(ROOM)["room"]) < 0:
                wrong[kind.__name__, width] = room
    for lab in asking.values():
        lab.button("Reset").dispatch_event("click")
    assert wrong == {}, wrong


@pytest.mark.parametrize("kind", few_of_all_kinds(LABS), ids=lambda kind: kind.__name__)
def test_it_follows_the_hand(notebook, shown, kind):
    resize(notebook.page, 1280, 720)  # each picture of a larger page takes longer
    drive(shown[kind], kind)


def test_axe_finds_nothing_in_either_theme(notebook, shown):
    """In one lab: JupyterLab gives its colours to every lab alike."""
    page, lab = notebook.page, shown[few_of_all_kinds(LABS)[0]]
    resize(page, 1280, 720)
    # JupyterLab's body has no height and hides what overflows: axe takes all in it for hidden, and of
    # what is hidden it looks at no colour.
    page.add_style_tag(content="body { height: 100vh; }")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        use_theme(page, theme)
        lab.wait_seen()
        assert words_of(violations(lab)) == [], theme


def use_theme(page, name):
    """Change JupyterLab's theme, and wait until its colours are there, which is later than its name."""
    page.evaluate("t => jupyterapp.commands.execute('apputils:change-theme', { theme: t })", name)
    dark = """want => {
      const [red] = getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor.match(/\\d+/g);
      return document.body.dataset.jpThemeLight === String(!want) && (red < 128) === want;
    }"""
    page.wait_for_function(dark, arg=name.endswith("Dark"))


def wait_words(lab, part):
    expect(lab.readout).to_contain_text(part)


def test_start_watch_stop_change_and_start_again(notebook, shown):
    """The memory race as a learner runs it; made so long that it ends when it is stopped, however late."""
    notebook.run_code("from helpers.labs.race import race\n\nrace.N_STEPS *= 10")
    lab = shown[Race]
    lab.choose("length", "middle")
    wait_words(lab, "T = 60")
    wait_words(lab, "not been raced yet")

    lab.button("Run").click()
    wait_words(lab, "left")
    seen = lab.painted
    notebook.page.wait_for_function(
        "([figure, seen]) => +figure.dataset.painted > seen + 3", arg=[lab.figure.element_handle(), seen]
    )
    lab.button("Stop").click()
    expect(lab.button("Run")).to_be_enabled()
    expect(lab.button("Stop")).to_be_disabled()
    kept = lab.words
    assert "LSTM, keep long" in kept
    assert lab.has_ink()

    lab.choose("task", "parity")  # another race: nothing was run there yet
    wait_words(lab, "not been raced yet")
    lab.button("Run").click()
    wait_words(lab, "left")
    lab.choose("task", "temporal order")  # a control ends the run, and does not wait for it
    expect(lab.readout).to_have_text(kept)  # what was learnt there is there still
    expect(lab.button("Run")).to_be_enabled()
