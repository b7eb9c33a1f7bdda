"""Every lab on a page of its own: it follows its controls, answers a guess, and can be read and heard."""

import pytest
from playwright.sync_api import expect

from helpers.lab import Slider
from helpers.lab.running import RunningLab
from tests.browser.axe import violations, words_of
from tests.browser.lesson_labs import LABS, MEASURE, ROOM
from tools.browser.lab import GO, SAID
from tools.browser.moves import drive

# Moves controls one after the other, each once the move before it is shown; returns what the lab said.
FOLLOW = f"""async (box, moves) => {{
  const figure = box.querySelector(".live-figure"), said = [];
  for (const [name, value, shown] of moves) {{
    const start = performance.now();
    ({GO})(box, {{ [name]: value }});
    const input = box.querySelector(`[data-name="${{name}}"] :is(input, select)`);
    input.dispatchEvent(new Event("change", {{ bubbles: true }}));
    while (!` ${{figure.dataset.key}} `.includes(` ${{shown}} `)) {{
      if (performance.now() > start + 60_000) throw new Error(`${{shown}} is never shown`);
      await new Promise(requestAnimationFrame);
    }}
    said.push(({SAID})(box));
  }}
  return said;
}}"""


@pytest.fixture(params=LABS, ids=lambda kind: kind.__name__, scope="module")
def shown(request, bare):
    bare.scheme("light")
    bare.resize(1280, 720)
    return request.param, bare.show(request.param())


def assert_seen_at_once(bare, lab):
    """All of it is on the screen, in the room that JupyterLab has for it."""
    for screen, (width, height) in ROOM.items():
        bare.resize(*screen, lab=width)
        found = lab.box.evaluate(MEASURE)
        assert found["width"] == width
        assert found["height"] <= height, screen
        assert found["scale"] >= 0.87, screen
        assert found["over"] <= 0, screen


def test_all_of_it_is_seen_at_once(bare, shown):
    _, lab = shown
    assert_seen_at_once(bare, lab)
    assert lab.has_ink()


def test_a_guess_is_answered_until_reset(bare, shown):
    """Guess and answer leave room for all of the lab."""
    kind, lab = shown
    if not kind.prediction or issubclass(kind, RunningLab):
        return
    start = lab.key
    lab.guess(kind.prediction)
    lab.go(kind.prediction.at)
    expect(lab.verdict).to_contain_text("You said")
    assert_seen_at_once(bare, lab)
    lab.button("Reset").click()
    lab.wait_painted(start)
    expect(lab.verdict).to_be_hidden()


def test_lab_fits_a_narrow_page(bare, shown):
    """Nothing has to be scrolled sideways, and every handle is large enough for a finger."""
    _, lab = shown
    for width in (700, 390):
        bare.resize(width, 800)
        assert lab.box.evaluate("b => b.scrollWidth <= b.clientWidth")
    for handle in lab.box.get_by_role("slider").all():
        assert handle.bounding_box()["height"] >= 32


def test_axe_finds_nothing(bare, shown):
    _, lab = shown
    for width, scheme in ((390, "light"), (1280, "dark")):
        bare.resize(width, 720)
        bare.scheme(scheme)
        assert words_of(violations(lab)) == [], (width, scheme)


def test_axe_would_find_something(bare):
    """A label of nothing, and faint words: all of them, since it judges none that is overlapped."""
    bare.scheme("light")
    bare.resize(1280, 720)
    lab = bare.show(LABS[0]())
    lab.box.locator("label").first.evaluate("e => { e.htmlFor = 'nothing'; }")
    style = bare.page.add_style_tag(content=".live-panel * { color: silver !important; }")
    found = {violation["id"] for violation in violations(lab)}
    style.evaluate("e => e.remove()")
    assert {"label", "select-name"} & found  # of a slider, of a list
    assert "color-contrast" in found


def moves_of(kind):
    """For every control its name, the values that it goes to, and what the picture then shows."""
    for name, control in kind.controls().items():
        first, *others = control.examples()
        steps = [control.high - control.step] if isinstance(control, Slider) else []
        for value in (*others, *steps, first):
            yield name, value, f"{name}={control.validate(None, value)}"


def by_events(lab, kind):
    """Move every control without leaving the page; what the lab says each time."""
    return lab.box.evaluate(FOLLOW, list(moves_of(kind)))


def test_it_follows_every_control(bare, shown):
    """That a mouse and keys make the same events of every kind of control, test_in_jupyterlab.py shows."""
    kind, lab = shown
    drive(lab, kind, by_events)
