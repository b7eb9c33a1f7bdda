"""The labs in other front ends than JupyterLab: a share of `python run.py matrix`, which needs a browser.

Each front end gets an environment of its own in .matrix/, which uv makes. Every lesson is opened and run,
every lab is shown, and every control of each is moved to its ends. Notebook 7 and Voila have the locked
versions. The classic Notebook has those that Colab is reported to have; Colab itself shows widgets with a
program of its own, which cannot be had here. tools/in_firefox.py does the same in another browser.
"""

import json
import subprocess
import sys
import time
from typing import NamedTuple

from playwright.sync_api import Error, sync_playwright

from helpers.lab import Slider
from helpers.labs import catalogue
from tools import environment, interpreters
from tools.browser.chromium import FLAGS, find_browser
from tools.browser.lab import LabOnPage
from tools.browser.moves import drive, press_keys
from tools.browser.servers import OF_JUPYTER, server

FOLDER = environment.ROOT / ".matrix"
NOTEBOOKS = environment.ROOT / "notebooks"
FIRST = next(iter(catalogue().values()))[0]  # with it the keys are tried; its first control is a slider
SHOWN = ["ipykernel", "ipywidgets", "anywidget", "numpy", "matplotlib"]
ASK = f"import json; from importlib.metadata import version; print(json.dumps(list(map(version, {SHOWN}))))"
COLUMNS = ["front end", *SHOWN, "lessons", "labs dragged", "minutes"]
HEAD = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"
LOCKED = ["-r", str(environment.LEARN)]
# What Colab has; the classic Notebook wants old pieces besides.
COLAB = ["ipykernel==6.17.1", "ipywidgets==7.7.1", "traitlets==5.7.1", "anywidget==0.9.21", "numpy==2.1.3"]
COLAB += ["matplotlib==3.10.0", "ipython==7.34.0", "jupyter-client<8", "setuptools", "threadpoolctl"]
VOILA = ["--no-browser", "--port={port}", "--Voila.ip=127.0.0.1", "--ServerApp.root_dir={folder}", "{folder}"]
CLASSIC = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port={port}", "--NotebookApp.token="]
CLASSIC += ["--NotebookApp.notebook_dir={folder}"]
EXPOSED = "--JupyterNotebookApp.expose_app_in_browser=True"
APP_IS_IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
RUN_ALL = "window.jupyterapp.commands.execute('notebook:run-all-cells')"
# Only the cells near the screen are in the page: bring the one that makes the lab there.
BRING = """async name => {
  const { content } = window.jupyterapp.shell.currentWidget;
  const k = [...content.model.cells].findIndex(cell => cell.sharedModel.getSource().includes(`.${name}(`));
  content.activeCellIndex = k;
  await content.scrollToItem(k, "start");
}"""
CLASSIC_IS_IDLE = """
  window.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.info_reply?.implementation
"""
# Once the kernel is ready its widgets are looked for, and those that come meanwhile are thrown away: let the
# kernel answer some times first.
CLASSIC_RUN_ALL = """new Promise(done => {
  const again = n => n ? Jupyter.notebook.kernel.execute("", { shell: { reply: () => again(n - 1) } })
    : done(Jupyter.notebook.execute_all_cells());
  again(5);
})"""


class FrontEnd(NamedTuple):
    """A program that shows notebooks."""

    name: str
    needs: list  # what uv is to install
    module: str
    words: list  # for the port, the folder and no token
    page: str  # where it shows a notebook
    ready: str = "/api/status"
    idle: str = ""  # in the page: when it can be run; nothing: it runs by itself
    run: str = ""
    bring: str = ""  # in the page, with a lab's name: what brings it there


FRONT_ENDS = [
    FrontEnd("Notebook 7", [*LOCKED, "notebook>=7"], "notebook", [*OF_JUPYTER, EXPOSED], "notebooks/{}",
             idle=APP_IS_IDLE, run=RUN_ALL, bring=BRING),
    FrontEnd("Voila", [*LOCKED, "voila"], "voila", VOILA, "voila/render/{}", ready="/voila/static/voila.js"),
    FrontEnd("classic Notebook 6.5.7", [*COLAB, "notebook==6.5.7"], "notebook", CLASSIC, "notebooks/{}",
             idle=CLASSIC_IS_IDLE, run=CLASSIC_RUN_ALL),
]  # fmt: skip


def python_for(front_end):
    """The path of a Python with the front end and the project in it."""
    env = FOLDER / front_end.name.replace(" ", "-")
    python, uv = str(env / environment.PYTHON.relative_to(environment.ENV)), environment.found_uv()
    newest = interpreters.installed()["3.12"]  # as Colab's and Binder's
    add = [uv, "pip", "install", "-q", "-p", python]
    make = [uv, "venv", "-q", "--clear", "-p", newest, str(env)]
    for command in [make, [*add, *front_end.needs], [*add, "--no-deps", "-e", "."]]:
        subprocess.run(command, check=True, cwd=environment.ROOT, env=environment.variables())
    return python


def open_lesson(page, front_end, url, lesson):
    """Open a lesson and run it; what it shows comes when it is ready."""
    page.goto(f"{url}/{front_end.page.format(lesson + '.ipynb')}")
    if front_end.run:
        page.wait_for_function(front_end.idle)
        page.evaluate(front_end.run)


def drive_all(kinds, find, hand=drive):
    """Move every control of every lab; return what went wrong, one line each.

    Parameters
    ----------
    kinds : list of type
        The classes of labs.
    find : callable
        Takes a class and returns the lab on the page, brought into view.
    hand : callable, optional
        Takes that and the class, and moves what there is; every control, if left out.
    """
    wrong = []
    for kind in kinds:
        try:
            lab = find(kind)
            lab.wait_painted()
            hand(lab, kind)
            said = "."
        except (AssertionError, Error) as error:
            wrong.append(f"{kind.__name__}: {str(error).splitlines()[0] if str(error) else 'failed'}")
            said = f"\n{wrong[-1]}\n"
        print(said, end="", flush=True)
    return wrong


def with_keys(lab, kind):
    """Every control, and in the first lab of the course what the keys do."""
    drive(lab, kind)
    if kind is FIRST:
        press_keys(lab, next(c.label for c in kind.controls().values() if isinstance(c, Slider)))


def row(name, python, wrong, start):
    """Whether all went well, and the line of the table."""
    numbers = " | ".join(json.loads(subprocess.check_output([python, "-c", ASK])))
    lessons = catalogue()
    labs, minutes = sum(map(len, lessons.values())), (time.time() - start) / 60
    count = f"**{labs - len(wrong)} of {labs}**" if wrong else f"{labs} of {labs}"
    return not wrong, f"| {name} | {numbers} | {len(lessons)} | {count} | {minutes:.1f} |"


def measure(front_end, browser):
    """Show and drag every lab in a front end; return whether all went well, and its line of the table."""
    start = time.time()
    try:
        python = python_for(front_end)
    except subprocess.CalledProcessError:
        return False, f"| {front_end.name} | **could not be installed** |" + " |" * (len(COLUMNS) - 2)
    print(f"\n=== {front_end.name} ===", flush=True)
    wrong = []
    with server(NOTEBOOKS, [python, "-m", front_end.module], front_end.words, front_end.ready) as url:
        for lesson, labs in catalogue().items():
            page = browser.new_page(viewport={"width": 1300, "height": 1050})
            page.set_default_timeout(60_000)
            open_lesson(page, front_end, url, lesson)
            hand = with_keys if front_end.bring else drive
            wrong += drive_all(labs, lambda kind, page=page: brought(page, front_end, kind), hand)
            page.close()
    return row(front_end.name, python, wrong, start)


def brought(page, front_end, kind):
    """A lab of a page, in view."""
    if front_end.bring:
        page.evaluate(front_end.bring, kind.__name__)
    return LabOnPage(page, kind.question())


def main(names=()):
    """Measure every front end, or those that are named; print the table and return 0 if all went well."""
    if not environment.found_uv():
        print("The front ends were not tried, since uv makes their environments (pip install uv).")
        return 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        results = [measure(one, browser) for one in FRONT_ENDS if not names or one.name in names]
    print("", HEAD, *(line for _, line in results), sep="\n")
    return int(not all(good for good, _ in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
