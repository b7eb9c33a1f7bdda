"""Every lab on a page of its own: it follows the hand, answers a guess, and can be read and heard."""

import pytest
from playwright.sync_api import expect

from helpers.lab.running import RunningLab
from tests.browser.axe import violations, words_of
from tests.browser.conftest import LABS
from tools.browser.moves import drive


@pytest.fixture(params=LABS, ids=lambda kind: kind.__name__, scope="module")
def shown(request, bare):
    bare.resize(1280, 720)
    return request.param, bare.show(request.param())


def test_a_guess_is_answered_until_reset(bare, shown):
    kind, lab = shown
    if not kind.prediction or issubclass(kind, RunningLab):
        return
    start = lab.key
    lab.guess(kind.prediction)
    lab.go(kind.prediction.at)
    expect(lab.verdict).to_contain_text("You said")
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


def test_it_follows_the_hand(bare, shown):
    kind, lab = shown
    bare.scheme("light")
    bare.resize(1280, 720)
    drive(lab, kind)
