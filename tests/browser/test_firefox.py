"""A real Firefox, where there is one, is started and shows a page on which a hand moves."""

import pytest

from tools.browser import bidi

PAGE = """data:text/html,<title>here</title><input type=range min=0 max=10 value=0 style=width:400px>
<input id=line><script>window.heard = []; for (const kind of ["pointerdown", "keydown", "input"])
addEventListener(kind, event => heard.push(event.key || kind));</script>"""


@pytest.fixture(scope="module")
def page():
    path = bidi.find_firefox()
    if path is None:
        pytest.skip("no Firefox on PATH (Debian: sudo apt install firefox-esr)")
    with bidi.firefox(path) as page:
        yield page


def test_a_hand_drags_a_slider_and_writes(page):
    page.open(PAGE.replace("\n", " "))
    assert page.call("() => document.title") == "here"
    assert page.call("async (a, b) => ({ sum: a + b })", 1, 2) == {"sum": 3}
    box = page.call("() => document.querySelector('[type=range]').getBoundingClientRect().toJSON()")
    y = round(box["y"] + box["height"] / 2)
    at = [{"x": round(box["x"] + share * box["width"]), "y": y} for share in (0.02, 0.5, 0.98)]
    page.mouse(("pointerMove", at[0]), ("pointerDown", {"button": 0}))
    page.mouse(*(("pointerMove", place) for place in at[1:]), ("pointerUp", {"button": 0}))
    page.wait("value => document.querySelector('[type=range]').value === value", "10")
    page.call("() => document.getElementById('line').focus()")
    page.press(*"hi", "Enter")
    page.wait("() => document.getElementById('line').value === 'hi'")
    heard = page.call("() => heard")
    assert [key for key in heard if key not in ("pointerdown", "input")] == ["h", "i", "Enter"]
    assert "pointerdown" in heard


def test_it_has_the_focus_and_tells_of_errors(page):
    page.open("data:text/html,<p>here")
    assert page.call("() => document.hasFocus()"), "JupyterLab waits for it"
    page.call("() => { setTimeout(() => { throw Error('by itself'); }); }")
    for _ in range(1000):  # it is told of some time after it has happened, between two answers
        page.call("() => null")
        if page.errors:
            break
    assert any("by itself" in error for error in page.errors)
