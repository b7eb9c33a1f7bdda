"""The pages without a kernel, in a browser: every lab is compared with the one in Python.

A site of the first lesson is made for the test, with few positions. `python run.py site --check` has all
of it tested.
"""

import os
import pathlib
import re
import shutil

import pytest
from playwright.sync_api import expect

from helpers.lab.controls import Slider
from tests.browser.frames import compare
from tools.browser.lab import TRACK, LabOnPage, place, reach
from tools.browser.servers import files_at
from tools.site.build import ROOT, build, find_lessons
from tools.site.positions import Positions

WHOLE = os.environ.get("UNROLLED_SITE")
LESSONS = find_lessons(ROOT / "notebooks")[: None if WHOLE else 1]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site."""
    folder = pathlib.Path(WHOLE) if WHOLE else tmp_path_factory.mktemp("made") / "site"
    if not WHOLE:
        notebooks = tmp_path_factory.mktemp("few")
        for lesson in LESSONS:
            shutil.copy(ROOT / "notebooks" / f"{lesson.name}.ipynb", notebooks)
        build(folder, notebooks, brief=True, say=lambda line: None)

    with files_at(folder) as url:
        yield url


@pytest.fixture
def lesson_page(new_page, site):
    """Opens the page of a lesson; what it asked for and what went wrong there is kept beside it."""

    def open_page(lesson, **options):
        page = new_page(**options)
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("response", lambda reply: reply.ok or reply.status == 304 or page.wrong.append(reply.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(f"{site}/{lesson.name}.html")
        return page

    return open_page


def shown(page, lab):
    """A lab of a page, brought into view."""
    page.locator(f"#{lab.cell}").scroll_into_view_if_needed()
    page.locator(f"#{lab.cell}[data-ready] .live-figure[data-painted]").wait_for()
    return LabOnPage(page, lab.kind.question())


def drive(lab, kind):
    """Each slider with the mouse to its ends, each list through its choices; all as Python has it."""
    positions, python = Positions(kind, brief=not WHOLE), kind()
    lab.show_all()
    lab.wake()
    compare(lab, python, positions.defaults)
    for name, control in positions.controls.items():
        stops = positions.stops[name]
        if len(stops) == 1:
            continue
        if isinstance(control, Slider):
            for share, value in ((1, stops[-1]), (0, stops[0])):
                lab.drag(control.label, share, steps=1)
                lab.wait_value(name, value)
                if not positions.runs:
                    compare(lab, python, positions.defaults | {name: value})
        lab.button("Reset").click()
    compare(lab, python, positions.defaults)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_every_lab_shows_what_python_computes(lesson_page, lesson):
    page = lesson_page(lesson)
    for shown_lab in lesson.labs:
        drive(shown(page, shown_lab), shown_lab.kind)
    assert page.wrong == []
    home = page.url.rpartition("/")[0]  # a blob: is a picture that the page itself has made
    assert [asked for asked in page.asked if not asked.startswith((home, "blob:" + home))] == []


# Other ways to read it ------------------------------------------------------------------------------

PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}


def drag_by_finger(lab, label, share):
    """A finger on the handle of a slider, which goes to a share of the track and off it at an end."""
    track, done, _ = lab.slider(label).evaluate(TRACK)
    y = track["y"] + track["height"] / 2
    start, end = place(track, done), reach(track, share)
    finger = lab.page.context.new_cdp_session(lab.page)
    for kind, x in [("Start", start), *(("Move", start + (end - start) * k / 5) for k in range(1, 6))]:
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_labs_on_a_phone_are_dragged_by_finger(lesson_page, lesson):
    """Nothing is wider than the screen."""
    page = lesson_page(lesson, **PHONE)
    for shown_lab in lesson.labs:
        lab, positions = shown(page, shown_lab), Positions(shown_lab.kind, brief=not WHOLE)
        for skip in lab.box.get_by_role("button", name="just show me", exact=True).all():
            skip.tap()
        if positions.sliders and not positions.runs:
            name = positions.sliders[0]
            for share, value in ((1, positions.stops[name][-1]), (0, positions.stops[name][0])):
                drag_by_finger(lab, positions.controls[name].label, share)
                lab.wait_value(name, value)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    assert page.wrong == []


@pytest.mark.parametrize("lesson", find_lessons(ROOT / "notebooks"), ids=lambda lesson: lesson.name)
def test_text_and_formulas_fit_a_phone(new_page, lesson):
    """A long display formula scrolls by itself; one within a line cannot."""
    page = new_page(**PHONE)
    page.set_content(lesson.page(sizes={lab.cell: (1, 1) for lab in lesson.labs}, modules=[], letters=[]))
    page.add_style_tag(path=ROOT / "tools/site/page.css")
    assert page.locator("math").count() > 20
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]


def test_once_it_is_loaded_it_needs_no_network(lesson_page):
    lesson = LESSONS[0]
    page = lesson_page(lesson, viewport={"width": 1280, "height": 720})
    page.locator("body[data-offline]").wait_for()
    page.context.set_offline(True)
    for shown_lab in lesson.labs:
        lab, positions = shown(page, shown_lab), Positions(shown_lab.kind, brief=not WHOLE)
        lab.wake()
        for name in positions.sliders:
            for value in (positions.stops[name][-1], positions.stops[name][0]):
                lab.go({name: value})
                lab.wait_value(name, value)
    assert page.wrong == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_pictures_and_words_show_without_scripts(lesson_page, lesson):
    page = lesson_page(lesson, viewport={"width": 1280, "height": 720}, java_script_enabled=False)
    for lab in lesson.labs:
        figure = page.locator(f"#{lab.cell}")
        figure.scroll_into_view_if_needed()
        expect(figure.locator("img")).to_have_js_property("complete", True)
        assert figure.locator("img").evaluate("picture => picture.naturalWidth") > 300
        expect(figure.locator("figcaption")).to_be_visible()
        expect(figure.locator("figcaption")).not_to_be_empty()
    summary = page.locator("summary").first
    summary.click()
    expect(page.locator("details").first).to_have_attribute("open", "")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_paper_shows_every_lab_uncut(lesson_page, lesson):
    """A sheet of A4 is 794 pixels wide, less its margins; what is wider there is cut."""
    page = lesson_page(lesson, viewport={"width": 718, "height": 1000})
    page.locator("body[data-offline]").wait_for()
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") == 718
    expect(page.locator("nav")).to_be_hidden()
    for lab in lesson.labs:
        expect(page.locator(f"#{lab.cell}").locator("> img, canvas[role=img]")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_rest_comes_to_a_page_never_idle(new_page, site):
    """Headless Chromium often does not call a page idle in which nothing moves."""
    page = new_page()
    page.add_init_script(
        "window.requestIdleCallback = (go, { timeout } = {}) => timeout && setTimeout(go, timeout);"
    )
    page.goto(f"{site}/{LESSONS[0].name}.html")
    page.locator("body[data-offline]").wait_for()


# A link to a state ----------------------------------------------------------------------------------


def some_state(lesson):
    """A lab of the lesson with a slider that can be at its upper end: (what is shown, name, value)."""
    for shown_lab in lesson.labs:
        positions = Positions(shown_lab.kind, brief=not WHOLE)
        if positions.sliders and not positions.runs:
            name = positions.sliders[-1]
            return shown_lab, name, positions.stops[name][-1]
    return None


WITH_STATES = [(lesson, *some_state(lesson)) for lesson in LESSONS if some_state(lesson)]
each_state = pytest.mark.parametrize(
    ("lesson", "shown_lab", "name", "value"), WITH_STATES, ids=[lesson.name for lesson, *_ in WITH_STATES]
)


@each_state
def test_copied_link_opens_the_lab_in_that_state(lesson_page, lesson, shown_lab, name, value):
    kind = shown_lab.kind
    page = lesson_page(lesson, viewport={"width": 1280, "height": 720})
    page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    lab = shown(page, shown_lab)
    lab.wake()
    lab.show_all()
    lab.drag(kind.controls()[name].label, 1)
    lab.wait_value(name, value)
    lab.button("Copy a link").click()
    page.wait_for_function("window.copied")
    address = page.evaluate("copied")
    assert address == f"{page.url}#{kind.__name__}:{name}={value:g}"
    key = lab.key
    page.goto("about:blank")
    page.goto(address)
    again = shown(page, shown_lab)
    expect(again.figure).to_have_attribute("data-key", key)
    expect(again.figure).to_be_in_viewport()
    expect(again.button("just show me")).to_have_count(0)
    assert page.wrong == []


@each_state
def test_link_to_a_missing_setting_opens_the_nearest(lesson_page, lesson, shown_lab, name, value):
    """A line under the lab says so."""
    page = lesson_page(lesson, viewport={"width": 1280, "height": 720})
    lab = shown(page, shown_lab)
    note = page.locator(f"#{shown_lab.cell} .held")
    for state in (f"{name}=99999999,nothing=1", f"{name}=%,=", f"{name}=99999999,{name}x=%E0%A4"):
        page.evaluate("state => { location.hash = state; }", f"{shown_lab.kind.__name__}:{state}")
        said = "this is the nearest that it holds"
        expect(note).to_contain_text(said)
        expect(lab.figure).to_have_count(1)
        if "99999999" in state:  # each state opens the lab anew, so that a figure found before may be gone
            expect(lab.figure).to_have_attribute(
                "data-key", re.compile(rf"(^| ){name}={re.escape(str(value))}( |$)")
            )
    page.evaluate("location.hash = 'nothing'")
    assert page.wrong == []


def test_other_fragments_are_left_to_the_browser(lesson_page):
    page = lesson_page(LESSONS[0], viewport={"width": 1280, "height": 720})
    cell = LESSONS[0].notebook.cells[-1].id
    page.goto(f"{page.url}#{cell}")
    expect(page.locator(f"#{cell}")).to_be_in_viewport()
    assert page.wrong == []


# The front page -------------------------------------------------------------------------------------

SEEN = """() => ["input[type=range]", "canvas[role=img]", ".live-readout"].map((part) =>
  document.querySelector(`#door ${part}`).getBoundingClientRect().bottom <= innerHeight && scrollY === 0)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "options", [{"viewport": {"width": 1280, "height": 720}}, PHONE], ids=["wide", "phone"]
)
def test_front_page_opens_with_a_draggable_lab(lesson_page, options, scheme):
    page = lesson_page(LESSONS[0], **options, color_scheme=scheme)
    page.goto(page.url.replace(f"{LESSONS[0].name}.html", "index.html"))
    page.locator("#door[data-ready] .live-figure[data-painted]").wait_for()
    assert page.evaluate(SEEN) == [True] * 3
    lab = LabOnPage(page, page.locator("#door").get_attribute("aria-label"))
    before, slider = lab.key, lab.box.get_by_role("slider").first
    expect(slider).to_be_enabled()
    slider.press("End")
    page.wait_for_function("([e, key]) => e.dataset.key !== key", arg=[lab.figure.element_handle(), before])
    expect(page.locator(".cards > li")).to_have_count(len(LESSONS))
    assert page.evaluate("document.documentElement.scrollWidth") == options["viewport"]["width"]
    assert page.wrong == []
