"""The lessons in JupyterLite, in a browser, with Python running in the page.

The first lesson is built for the test, of which two labs are driven, and a notebook with a lab that runs.
`python run.py site --check` has every lab of every lesson tested, as it was built; what needs a page of its
own is in test_site_live_whole.py.
"""

import json

import nbformat
import pytest
from playwright.sync_api import expect

from helpers.lab.controls import Slider
from helpers.labs import catalogue
from tests.browser.frames import compare_within_axes
from tests.browser.vehicle import ANSWER, FIRST, LESSONS, LONG, RUNS, WHOLE
from tests.checks.test_checks_exercises import PREDICTED
from tests.lessons.lesson import exercises
from tools.browser.live import LivePage
from tools.site.build import ROOT
from tools.site.live.lessons import MEGABYTES

# A lesson that has been run -------------------------------------------------------------------------


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, browser, live_url):
    """Each lesson, run from its first cell to its last: (its name, the page)."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.asked = []
    page.on("request", lambda asked: page.asked.append(asked.url))
    opened = LivePage(page, live_url, request.param)
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


def test_it_asks_no_other_host_for_anything(lesson, live_folder, live_url):
    if not (live_folder / "pyodide").is_dir():
        pytest.skip("this site takes Pyodide from its own network")
    _, page = lesson
    here = live_url.removesuffix("/live")  # JupyterLite asks its host now and then whether it is still there
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
    for kind in catalogue()[name][: None if WHOLE else 2]:
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


@pytest.mark.skipif(not WHOLE, reason=LONG)
def test_linked_exercise_opens_and_keeps_its_answer(open_lesson, live_url):
    """The answer can be downloaded, too. One visit, since each takes a page some seconds to open."""
    wanted = [exercise.cell for exercise in exercises() if exercise.notebook == FIRST][-1]
    page = open_lesson(cell=wanted)
    index = page.page.evaluate(
        "id => [...window.jupyterapp.shell.currentWidget.content.model.cells].findIndex((c) => c.id === id)",
        wanted,
    )
    expect(page.page.locator(".jp-Notebook-cell").nth(index)).to_be_in_viewport()

    cell = page.write_answer(ANSWER)
    page.page.reload()
    page.wait_open()
    assert page.source(cell).startswith(f"{ANSWER}\n")
    with page.page.expect_download() as download:
        page.command("docmanager:download")
    found = nbformat.read(download.value.path(), 4)
    assert next(c for c in found.cells if c.id == cell).source.startswith(ANSWER)

    page.page.route(
        "**/*.html", lambda route: route.fulfill(body="<title>read</title>", content_type="text/html")
    )
    page.page.get_by_role("link", name="Back to the pages").click()
    page.page.wait_for_url(f"{live_url.removesuffix('/live')}/{FIRST}.html")
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


@pytest.mark.skipif(not WHOLE, reason=LONG)
def test_missing_network_gets_one_sentence(open_lesson):
    """Once the network is back, a run can be watched and stopped."""
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


# Size -----------------------------------------------------------------------------------------------


def test_download_is_as_large_as_stated(live_folder):
    """The first cell of a lesson states its size."""
    if not (live_folder / "pyodide").is_dir():
        pytest.skip("this site takes Pyodide from its own network")
    fetched = [path for name in ("pyodide", "pypi") for path in (live_folder / name).iterdir()]
    assert abs(sum(path.stat().st_size for path in fetched) / 1e6 - MEGABYTES) < 1
