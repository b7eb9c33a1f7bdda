"""The lessons in JupyterLite, in a browser, with Python running in the page.

The first lesson is built for the test, and a notebook with a lab that runs. `python run.py site --check` has
every lesson tested, as it was built, and what needs a page of its own.
"""

import json
import os
import pathlib
import re
import shutil

import nbformat
import pytest
from playwright.sync_api import expect

from helpers.lab.controls import Slider
from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tests.browser.frames import compare_within_axes
from tests.browser.vehicle import pyodide
from tests.checks.test_checks_exercises import PREDICTED
from tests.lessons.lesson import exercises
from tools.browser.harness import FLAGS, TRACK, files_at, find_browser, place, reach
from tools.browser.live import LivePage
from tools.site.build import ROOT
from tools.site.live.build import build_live
from tools.site.live.lessons import MEGABYTES

WHOLE = os.environ.get("UNROLLED_SITE")
ALL = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
LESSONS = ALL if WHOLE else ALL[:1]
FIRST = LESSONS[0]
RUNS = next(
    (name, kind) for name, kinds in catalogue().items() for kind in kinds if issubclass(kind, RunningLab)
)
alone = pytest.mark.skipif(not WHOLE, reason="has a page of its own, with run.py site --check")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder `live` of the site."""
    if WHOLE:
        return pathlib.Path(WHOLE) / "live"
    distribution = pyodide()
    made, notebooks = tmp_path_factory.mktemp("made") / "live", tmp_path_factory.mktemp("few")
    shutil.copy(ROOT / "notebooks" / f"{FIRST}.ipynb", notebooks)
    nbformat.write(runs_notebook(), notebooks / "runs.ipynb")
    try:
        build_live(made, notebooks, distribution, say=lambda line: None)
    except SystemExit as error:
        if "cannot be fetched" not in str(error):
            raise
        pytest.skip(str(error))
    return made


def runs_notebook():
    """A notebook with the first lab that runs."""
    code = f"from {RUNS[1].__module__} import {RUNS[1].__name__} as Runs\n\nlab = Runs()\nlab"
    cells = [nbformat.v4.new_markdown_cell("# A lab that runs"), nbformat.v4.new_code_cell(code)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def live(folder):
    """Its address."""
    with files_at(folder.parent) as url:
        yield f"{url}/live"


@pytest.fixture
def open_lesson(new_page, live):
    """Opens a lesson in a window of its own."""

    def make(name=FIRST, cell="", **options):
        page = new_page(**{"viewport": {"width": 1280, "height": 720}, **options})
        return LivePage(page, live, name, cell)

    return make


# A lesson that has been run -------------------------------------------------------------------------


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, browser, live):
    """Each lesson, run from its first cell to its last: (its name, the page)."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.asked = []
    page.on("request", lambda asked: page.asked.append(asked.url))
    opened = LivePage(page, live, request.param)
    opened.run_all()
    yield request.param, opened
    assert opened.errors == []
    context.close()


def texts(outputs):
    """What outputs say: printed text, and the text and HTML of what is shown."""
    said = []
    for output in outputs:
        data = output.get("data", {})
        said += [output.get("name"), output.get("text"), data.get("text/plain"), data.get("text/html")]
    return ["".join(one) for one in said if one]


def test_every_cell_says_what_is_stored(lesson):
    name, page = lesson
    stored = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4).cells
    stored = {cell.id: texts(cell.outputs) for cell in stored if cell.cell_type == "code"}
    found = {cell: texts(outputs) for cell, outputs in page.outputs().items()}
    assert found.pop("fetch") == [], "the first cell leaves nothing behind"
    stored.pop("colab", None)  # a published lesson has it
    assert found == stored


def test_it_asks_no_other_host_for_anything(lesson, folder, live):
    if not (folder / "pyodide").is_dir():
        pytest.skip("this site takes Pyodide from its own network")
    _, page = lesson
    here = live.removesuffix("/live")  # JupyterLite asks its own host, from time to time, whether it is there
    home = (here, f"blob:{here}", "data:")
    assert [asked for asked in page.page.asked if not asked.startswith(home)] == []


def test_every_solution_is_judged_right(lesson):
    name, page = lesson
    for exercise in exercises():
        if exercise.notebook != name:
            continue
        predicted = PREDICTED.get(exercise.cell)
        if isinstance(predicted, dict):
            predicted = predicted[exercise.names[0]]
        check = f"{exercise.check.__module__} import {exercise.check.__name__} as check"
        scope = {"source": exercise.source, "solution": exercise.solution or predicted}
        page.run_code(
            f"import json, numpy\nfrom {check}\nscope = {{'np': numpy}}\n"
            f"code = json.loads({json.dumps(json.dumps(scope))})\n"
            "for part in code.values():\n    exec(part, scope)\n"
            f"verdict = check(*(scope[name] for name in {exercise.names}))\nassert verdict.right, verdict"
        )


def key(setting):
    return " ".join(f"{name}={value}" for name, value in setting.items())


def test_every_lab_shows_what_python_computes_here(lesson):
    name, page = lesson
    for kind in catalogue()[name]:
        lab, python = page.lab(kind.question()), kind()
        lab.wait_painted()
        lab.ask_nothing_ahead()
        lab.wake()
        lab.show_all()
        start = {name: control.default_value for name, control in kind.controls().items()}
        for name_of, control in kind.controls().items():
            if not isinstance(control, Slider):
                continue
            for share, value in ((1, control.high), (0, control.low)):
                value = control.validate(None, value)
                lab.drag(control.label, share, steps=3)
                lab.wait_painted(key(start | {name_of: value}))
                if kind.keeps_frames:
                    compare_within_axes(lab, python, start | {name_of: value})
            lab.button("Reset").click()
            lab.wait_painted(key(start))


# What is written ------------------------------------------------------------------------------------

KEPT = "document.body.dataset.kept === 'true'"
ANSWER = "h_2 = 1.5  # mine"


def answer_cell(page):
    """The first answer cell of the lesson that is open, and its index."""
    return page.page.evaluate(
        """() => { const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
          const index = cells.findIndex((cell) => cell.id.endsWith("-answer"));
          return [cells[index].id, index]; }"""
    )


def source_of(page, cell):
    cells = "[...window.jupyterapp.shell.currentWidget.content.model.cells]"
    return page.page.evaluate(f"id => {cells}.find((cell) => cell.id === id).sharedModel.source", cell)


def write_answer(page):
    """Write a line into the first answer cell and wait until it is kept; returns the id of the cell."""
    cell, index = answer_cell(page)
    editor = page.page.locator(".jp-Notebook-cell").nth(index).locator(".cm-content")
    editor.scroll_into_view_if_needed()
    editor.click()
    page.page.keyboard.press("Control+Home")
    page.page.wait_for_function(KEPT)
    page.page.keyboard.type(f"{ANSWER}\n")
    page.page.wait_for_function(KEPT)
    return cell


def test_a_link_opens_an_exercise_and_the_answer_is_kept_and_can_be_taken_along(open_lesson, live):
    """One visit, since each takes a page some seconds to open."""
    wanted = [exercise.cell for exercise in exercises() if exercise.notebook == FIRST][-1]
    page = open_lesson(cell=wanted)
    index = page.page.evaluate(
        "id => [...window.jupyterapp.shell.currentWidget.content.model.cells].findIndex((c) => c.id === id)",
        wanted,
    )
    expect(page.page.locator(".jp-Notebook-cell").nth(index)).to_be_in_viewport()

    cell = write_answer(page)
    page.page.reload()
    page.wait_open()
    assert source_of(page, cell).startswith(f"{ANSWER}\n")
    with page.page.expect_download() as download:
        page.command("docmanager:download")
    found = nbformat.read(download.value.path(), 4)
    assert next(c for c in found.cells if c.id == cell).source.startswith(ANSWER)

    page.page.route(
        "**/*.html", lambda route: route.fulfill(body="<title>read</title>", content_type="text/html")
    )
    page.page.get_by_role("link", name="Back to the pages").click()
    page.page.wait_for_url(f"{live.removesuffix('/live')}/{FIRST}.html")
    assert page.errors == []


# A lab that runs, a network that goes ---------------------------------------------------------------

ENDLESS = """import {room} as _room

_own = _room.{name}.run_steps


def _again(self):
    while True:
        yield from _own(self)


_room.{name}.run_steps = _again"""
FETCH = """async () => {
  const { commands, shell } = window.jupyterapp, notebook = shell.currentWidget.content;
  notebook.activeCellIndex = notebook.widgets.findIndex(({ model }) => model.id === "fetch");
  await commands.execute("notebook:run-cell");
}"""


def test_without_a_network_there_is_one_sentence_and_a_run_can_be_watched_and_stopped(open_lesson):
    name, kind = (RUNS[0] if WHOLE else "runs"), RUNS[1]
    page = open_lesson(name)
    page.wait_python()
    page.page.context.route("**/*.whl*", lambda route: route.abort())
    page.page.evaluate(FETCH)
    (said,) = page.outputs()["fetch"]
    assert said["output_type"] == "error"
    assert said["traceback"] == ["The network is missing. When it is back, run this cell again."]
    page.page.context.unroute("**/*.whl*")
    page.run_all()
    lab = page.lab(kind.question())
    lab.wait_painted()
    lab.wake()
    page.run_code(ENDLESS.format(room=kind.__module__, name=kind.__name__))
    before, run, stop = lab.painted, lab.button("Run"), lab.button("Stop")
    run.click()
    expect(stop).to_be_enabled()
    page.page.wait_for_function(
        "([e, n]) => +e.dataset.painted > n + 2", arg=[lab.figure.element_handle(), before]
    )
    stop.click()
    expect(run).to_be_enabled()
    expect(lab.error).to_be_hidden()
    assert page.errors == []


@alone
def test_where_python_does_not_come_there_is_one_sentence(browser, folder, live):
    if not (folder / "pyodide").is_dir():
        pytest.skip("this site takes Pyodide from its own network")
    context = browser.new_context()
    context.route("**/*.wasm", lambda route: route.abort())
    page = context.new_page()
    LivePage(page, live, FIRST)
    expect(page.locator("body > .unrolled-line")).to_have_text(re.compile("Python cannot start in this page"))
    context.close()


@alone
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
    expect(lab.error).to_have_text(re.compile("No answer from the kernel"))
    page.run_all()
    again = page.lab(kind.question())
    again.wait_painted()
    again.wake()
    again.slider(slider.label).press("Home")
    expect(again.error).to_be_hidden()


@alone
def test_two_lessons_at_once(browser, live):
    context = browser.new_context()
    pages = [LivePage(context.new_page(), live, name) for name in ALL[:2]]
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


@alone
def test_where_the_browser_refuses_to_store_anything_a_lesson_still_runs(browser, live):
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.add_init_script(REFUSED)
    opened = LivePage(page, live, FIRST)
    expect(page.locator("body > .unrolled-line")).to_have_text(re.compile("This browser keeps nothing"))
    opened.run_all()
    opened.lab(catalogue()[FIRST][0].question()).wait_painted()
    context.close()


@alone
def test_from_a_laptop_in_the_room_a_lesson_runs_and_keeps_what_is_written(browser, live):
    """The address begins with http: and names another machine: to such a page a browser grants less."""
    flags = [*FLAGS, "--host-resolver-rules=MAP laptop 127.0.0.1"]
    room = browser.browser_type.launch(executable_path=find_browser(), args=flags)
    page = room.new_page(viewport={"width": 1280, "height": 720})
    opened = LivePage(page, live.replace("127.0.0.1", "laptop"), FIRST)
    assert not page.evaluate("isSecureContext")
    opened.run_all()
    opened.lab(catalogue()[FIRST][0].question()).wait_painted()
    cell = write_answer(opened)
    page.reload()
    opened.wait_open()
    assert source_of(opened, cell).startswith(f"{ANSWER}\n")
    room.close()


@alone
def test_on_a_phone_a_finger_drags(browser, live):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    opened = LivePage(page, live, FIRST)
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


# Size -----------------------------------------------------------------------------------------------


def test_what_is_fetched_is_as_much_as_the_first_cell_says(folder):
    if not (folder / "pyodide").is_dir():
        pytest.skip("this site takes Pyodide from its own network")
    fetched = [path for name in ("pyodide", "pypi") for path in (folder / name).iterdir()]
    assert abs(sum(path.stat().st_size for path in fetched) / 1e6 - MEGABYTES) < 1
