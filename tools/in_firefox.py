"""The labs in Firefox: the other half of the share `front-ends` of `python run.py matrix`.

The Firefox of this machine shows every lab and moves every control to its ends: in JupyterLab, and on a short
site, whose pages need no kernel. Where there is no Firefox this says so, and nothing fails.
"""

import pathlib
import sys
import tempfile
import time

from helpers.lab.controls import Choice, Slider, Text
from helpers.labs import catalogue
from tools.browser import bidi
from tools.browser.firefox import LabInFirefox
from tools.browser.servers import files_at, jupyterlab
from tools.front_ends import APP_IS_IDLE, BRING, HEAD, NOTEBOOKS, RUN_ALL, drive_all, row
from tools.site.build import build, find_lessons
from tools.site.positions import Positions

# A lab of a page without a kernel is made when it comes near the screen.
SCROLL = 'cell => document.getElementById(cell).scrollIntoView({ block: "center" })'


def in_jupyterlab(page):
    """Drive every lab in JupyterLab; return what went wrong, one line each."""
    wrong = []
    with jupyterlab(NOTEBOOKS) as url:
        for lesson, labs in catalogue().items():
            page.open(f"{url}/lab/workspaces/w{time.time_ns()}/tree/{lesson}.ipynb?reset")
            page.wait(f"() => {APP_IS_IDLE}")
            page.call(f"() => {RUN_ALL}.then(() => null)")
            wrong += drive_all(labs, lambda kind: shown(page, kind, BRING, kind.__name__))
        page.open("about:blank")  # JupyterLab would go on asking for a server that is no longer there
    return wrong


def on_the_site(page):
    """Drive every lab on the pages without a kernel; return what went wrong, one line each."""
    wrong, lessons = [], find_lessons(NOTEBOOKS)
    with tempfile.TemporaryDirectory() as folder:
        build(pathlib.Path(folder), brief=True, say=lambda line: None)
        with files_at(folder) as url:
            for lesson in lessons:
                page.open(f"{url}/{lesson.name}.html")
                cells = {lab.kind: lab.cell for lab in lesson.labs}
                find = lambda kind, cells=cells: shown(page, kind, SCROLL, cells[kind])  # noqa: E731
                wrong += drive_all(cells, find, drive_stored)
    return wrong


def shown(page, kind, bring, name):
    """A lab of the page, in view."""
    page.call(bring, name)
    return LabInFirefox(page, kind)


def drive_stored(lab, kind):
    """Every slider to its ends, every list and box through what they offer, as far as a short site has it."""
    positions, start = Positions(kind, brief=True), (lab.key, lab.words)
    lab.wake()
    lab.show_all()
    for name, control in positions.controls.items():
        for value in stops(positions, name):
            move(lab, control, value)
            lab.wait_value(name, value)
            said = lab.said
            assert said["error"] is None
            assert said["words"] == said["spoken"]
        lab.button("Reset").click()
        lab.wait_painted(start[0])
        assert lab.words == start[1]
    assert lab.has_ink()


def stops(positions, name):
    """Where a hand can go with a control; the lab of a run plays only the run that is stored."""
    values = positions.stops[name]
    if isinstance(positions.controls[name], Slider):
        return [values[-1], values[0]] if len(values) > 1 else []
    return [] if positions.runs or len(values) == 1 else [*values[1:], values[0]]


def move(lab, control, value):
    """Move one control there."""
    if isinstance(control, Slider):
        for _ in lab.dragged(control.label, float(value == control.high), steps=3):
            pass
    elif isinstance(control, Choice | Text):  # what can be typed is a list on the site
        lab.choose(control.label, value)
    elif f"{control.name}={value}" not in lab.key:
        lab.toggle(control.label)


def main():
    """Drive the labs in both places, print the table and return 0 if all went well."""
    path = bidi.find_firefox()
    if not path:
        print("There is no Firefox on PATH, so the labs were not shown in it.")
        return 0
    with bidi.firefox(path) as page:
        results = [
            measure(f"JupyterLab, Firefox {page.version}", page, in_jupyterlab),
            measure(f"the site, Firefox {page.version}", page, on_the_site),
        ]
    print("", HEAD, *(line for _, line in results), sep="\n")
    return int(not all(good for good, _ in results))


def measure(name, page, drive_there):
    """Drive every lab there; return whether all went well, and its line of the table."""
    start = time.time()
    print(f"\n=== {name} ===", flush=True)
    page.errors.clear()
    wrong = drive_there(page)
    print("", *page.errors, sep="\n", flush=True)
    good, line = row(name, sys.executable, wrong, start)
    return good and not page.errors, line


if __name__ == "__main__":
    sys.exit(main())
