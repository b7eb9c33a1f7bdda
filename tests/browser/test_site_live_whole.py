"""The lessons in JupyterLite, what needs a page of its own: only with `python run.py site --check`."""

import re

import pytest
from playwright.sync_api import expect

from helpers.lab.controls import Slider
from helpers.labs import catalogue
from tests.browser.vehicle import ALL, ANSWER, FIRST, LONG, WHOLE
from tools.browser.bidi import find_firefox, firefox
from tools.browser.chromium import FLAGS, find_browser
from tools.browser.firefox import LabInFirefox
from tools.browser.lab import TRACK, place, reach
from tools.browser.live import IDLE, OPEN, LivePage
from tools.browser.notebook import FAILED

pytestmark = pytest.mark.skipif(not WHOLE, reason=LONG)


def test_missing_python_gets_one_sentence(browser, live_folder, live_url):
    if not (live_folder / "pyodide").is_dir():
        pytest.skip("this site takes Pyodide from its own network")
    context = browser.new_context()
    context.route("**/*.wasm", lambda route: route.abort())
    page = context.new_page()
    LivePage(page, live_url, FIRST)
    expect(page.locator("body > .unrolled-line")).to_have_text(re.compile("Python cannot start in this page"))
    context.close()


def test_a_kernel_that_is_restarted_in_mid_drag(open_lesson):
    kind = next(
        kind for kind in catalogue()[FIRST] if any(isinstance(c, Slider) for c in kind.controls().values())
    )
    slider = next(control for control in kind.controls().values() if isinstance(control, Slider))
    page = open_lesson()
    page.run_all()
    lab = page.lab(kind.question())
    lab.wait_painted()
    lab.wake()
    lab.slider(slider.label).hover()
    page.page.mouse.down()
    context = "window.jupyterapp.shell.currentWidget.sessionContext"
    page.page.evaluate(f"async () => {{ await {context}.session.kernel.restart(); }}")
    page.page.mouse.up()
    lab.slider(slider.label).press("End")
    expect(lab.error).to_have_text(re.compile("The kernel was restarted"))
    page.run_all()
    again = page.lab(kind.question())
    again.wait_painted()
    again.wake()
    again.slider(slider.label).press("Home")
    expect(again.error).to_be_hidden()


def test_two_lessons_at_once(browser, live_url):
    context = browser.new_context()
    pages = [LivePage(context.new_page(), live_url, name) for name in ALL[:2]]
    for page in pages:
        page.page.set_default_timeout(300_000)
        page.run_all()
    for page, name in zip(pages, ALL, strict=False):
        lab = page.lab(catalogue()[name][0].question())
        lab.wait_painted()
    context.close()


REFUSED = """for (const name of ["indexedDB", "localStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("refused", "SecurityError"); } });
}"""


def test_lesson_runs_where_the_browser_stores_nothing(browser, live_url):
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.add_init_script(REFUSED)
    opened = LivePage(page, live_url, FIRST)
    expect(page.locator("body > .unrolled-line")).to_have_text(re.compile("This browser keeps nothing"))
    opened.run_all()
    opened.lab(catalogue()[FIRST][0].question()).wait_painted()
    context.close()


def test_lesson_runs_from_a_laptop_in_the_room(browser, live_url):
    """Answers are kept, although a browser grants less to an http: address of another machine."""
    flags = [*FLAGS, "--host-resolver-rules=MAP laptop 127.0.0.1"]
    room = browser.browser_type.launch(executable_path=find_browser(), args=flags)
    page = room.new_page(viewport={"width": 1280, "height": 720})
    opened = LivePage(page, live_url.replace("127.0.0.1", "laptop"), FIRST)
    assert not page.evaluate("isSecureContext")
    opened.run_all()
    opened.lab(catalogue()[FIRST][0].question()).wait_painted()
    cell = opened.write_answer(ANSWER)
    page.reload()
    opened.wait_open()
    assert opened.source(cell).startswith(f"{ANSWER}\n")
    room.close()


def test_on_a_phone_a_finger_drags(browser, live_url):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    opened = LivePage(page, live_url, FIRST)
    opened.run_all()
    kind = next(
        kind for kind in catalogue()[FIRST] if any(isinstance(c, Slider) for c in kind.controls().values())
    )
    name, slider = next((n, c) for n, c in kind.controls().items() if isinstance(c, Slider))
    lab = opened.lab(kind.question())
    lab.wait_painted()
    lab.wake()
    lab.wait_seen()
    track, done, _ = lab.slider(slider.label).evaluate(TRACK)
    y, finger = track["y"] + track["height"] / 2, context.new_cdp_session(page)
    for kind_of, x in [("Start", place(track, done)), ("Move", reach(track, 0.5)), ("Move", reach(track, 1))]:
        finger.send(
            "Input.dispatchTouchEvent", {"type": f"touch{kind_of}", "touchPoints": [{"x": x, "y": y}]}
        )
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    lab.wait_value(name, slider.validate(None, slider.high))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_lesson_runs_and_drags_in_firefox(live_url):
    path = find_firefox()
    if path is None:
        pytest.skip("no Firefox on PATH (Debian: sudo apt install firefox-esr)")
    kind = next(
        kind for kind in catalogue()[FIRST] if any(isinstance(c, Slider) for c in kind.controls().values())
    )
    name, slider = next((n, c) for n, c in kind.controls().items() if isinstance(c, Slider))
    with firefox(path) as page:
        page.open(f"{live_url}/notebooks/index.html?path={FIRST}.ipynb", 1280, 720)
        page.wait(f"() => document.querySelector({OPEN!r})")
        page.wait(f"() => {IDLE}")
        page.call("() => window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")
        assert page.call(FAILED) == ""
        lab = LabInFirefox(page, kind)
        lab.wait_painted()
        lab.wake()
        for share, value in ((1, slider.high), (0, slider.low)):
            for _ in lab.dragged(slider.label, share):
                pass
            lab.wait_value(name, slider.validate(None, value))
        assert lab.has_ink()
        assert page.errors == []
