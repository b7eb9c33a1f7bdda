"""The lessons in JupyterLite, in headless Chromium: `python run.py bench live`; it takes some five minutes.

It builds them with the Pyodide in the folder `--pyodide`, and serves them over loopback. For each lesson:
seconds from the call of the page until the lesson is on the screen, until Python has started, and until all
cells have run, in a browser that has never been there ("cold") and in one that has ("warm"); the bytes that
were sent; and the memory of all of that browser's processes then (PSS: what they share counts once).

Then what the hand sees, as in `bench drag`: pictures a second in a first sweep and a later one, in a page and
in JupyterLab on this computer, in turn. A training is the same steps of a lab that runs, in a page and here.
At the end, a number of readers at once fetch all files of a lesson from `python -m http.server`.
"""

import argparse
import concurrent.futures
import contextlib
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import nbformat
import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from bench import drag
from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tools.browser.chromium import FLAGS, find_browser
from tools.browser.live import LivePage
from tools.browser.servers import NODELAY, jupyterlab
from tools.site.build import ROOT
from tools.site.live.build import build_live

LABS = {name: of for name, of in drag.LABS.items() if "from helpers" in of[0]}
TRAIN = """
import time
from {module} import {name}

lab, start = {name}(), time.perf_counter()
lab.run(max_steps=min({steps}, lab.n_steps))
print(time.perf_counter() - start)"""
WINDOW = {"viewport": {"width": 1280, "height": 720}}


def main():
    """Measure and print the tables."""
    options = argparse.ArgumentParser(prog="python run.py bench live", description=__doc__.partition("\n")[0])
    options.add_argument("--pyodide", type=pathlib.Path, default=ROOT / ".pyodide")
    options.add_argument("--readers", type=int, default=30, help="at once, of the files of a lesson")
    options.add_argument("--seconds", type=float, default=4, help="of each sweep")
    options.add_argument(
        "--parts", default="room,hand,training,lessons", help="which of the tables, in order"
    )
    options.add_argument("--steps", type=int, default=20, help="of each training")
    options = options.parse_args()
    lessons = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        work = pathlib.Path(work)
        notebooks = write_notebooks(work)
        build_live(work / "site/live", notebooks, options.pyodide.resolve())
        with served(work / "site") as url:
            start = lambda: playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)  # noqa: E731
            tables = {
                "lessons": lambda: report_lessons(start, f"{url}/live", lessons, work / "site"),
                "hand": lambda: report_sweeps(start, f"{url}/live", notebooks, options.seconds),
                "training": lambda: report_training(start, f"{url}/live", lessons[0], options.steps),
                "room": lambda: report_readers(start, f"{url}/live", lessons[0], options.readers),
            }
            for part in options.parts.split(","):
                tables[part]()


def write_notebooks(work):
    """The stored notebooks, and one for each lab that is swept; returns their folder."""
    folder = work / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    for lab, (code, _) in LABS.items():
        title, cell = nbformat.v4.new_markdown_cell(f"# {lab}"), nbformat.v4.new_code_cell(code)
        notebook = nbformat.v4.new_notebook(cells=[title, cell])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}  # or JupyterLab asks
        nbformat.write(notebook, folder / f"{lab}.ipynb")
    return folder


@contextlib.contextmanager
def served(folder):
    """The files of a folder as a teacher serves them, by a process of their own; yields their address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "-d", str(folder), str(port)]
    child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(20)


# Each lesson ----------------------------------------------------------------------------------------


def report_lessons(start, url, lessons, site):
    """The table of the lessons."""
    print("\n| lesson | cold: on the screen | Python | all cells | warm | | | MB | memory, MB |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for lesson in lessons:
        with contextlib.closing(start()) as browser:  # one of its own, for its memory
            context = browser.new_context(**WINDOW)
            cold, asked, memory = visit(context, url, lesson)
            warm, _, _ = visit(context, url, lesson)
        files = {site / urllib.parse.urlsplit(address).path.lstrip("/") for address in asked}
        size = sum(path.stat().st_size for path in files if path.is_file()) / 1e6
        print(f"| {lesson} | {' | '.join([*cold, *warm])} | {size:.1f} | {memory:.0f} |", flush=True)


def visit(context, url, lesson):
    """Open a lesson and run it: cells of the table, the addresses it has asked for, its memory."""
    page, asked = context.new_page(), set()
    page.set_default_timeout(300_000)
    page.on("request", lambda request: asked.add(request.url))
    begin, ends = time.monotonic(), []
    live = LivePage(page, url, lesson)
    for step in (lambda: None, live.wait_python, live.run_all):
        step()
        ends.append(f"{time.monotonic() - begin:.1f} s")
    memory = held_by_browser()
    page.close()
    return ends, sorted(asked), memory


def held_by_browser():
    """Megabytes of the browser that is open."""
    size = 0
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has just ended
            size += one.memory_full_info().pss if "chrom" in one.name() else 0
    return size / 1e6


# The hand, and a training ---------------------------------------------------------------------------


def report_sweeps(start, url, notebooks, seconds):
    """Pictures a second in a page, and with a kernel on this computer."""
    print("\n| lab | where | first sweep | later |\n|---|---|---|---|", flush=True)
    with jupyterlab(notebooks, (NODELAY,)) as here, contextlib.closing(start()) as browser:
        for lab, (_, steps) in LABS.items():
            page = browser.new_page(**WINDOW)
            page.set_default_timeout(300_000)
            live = LivePage(page, url, lab)
            live.run_all()
            page.wait_for_selector(".jp-OutputArea .live-figure[data-painted]")
            page.evaluate("steps => { window.range = steps; }", steps)
            page.evaluate(drag.WATCH)
            report_sweep(page, lab, "in a page", seconds)
            report_sweep(drag.open_page(browser, here, lab, steps), lab, "with a kernel", seconds)


def report_sweep(page, lab, where, seconds):
    """One row; the page is closed."""
    first, _, later = (page.evaluate(f"hand.{what}") for what in sweeps(seconds))
    print(f"| {lab} | {where} | {first['pictures']:.0f} | {later['pictures']:.0f} |", flush=True)
    page.close()


def sweeps(seconds):
    """What is asked of the hand."""
    return f"sweep({seconds})", "settled()", f"sweep({seconds})"


def report_training(start, url, lesson, steps):
    """The same steps of each lab that runs, in a page and here."""
    print(f"\n| {steps} steps of | in a page | here | ratio |\n|---|---|---|---|", flush=True)
    browser = start()
    page = browser.new_page(**WINDOW)
    page.set_default_timeout(300_000)
    LivePage(page, url, lesson).run_all()
    page.evaluate("window.range = [0, 1, 1]")
    page.evaluate(drag.WATCH)
    for kind in (kind for kinds in catalogue().values() for kind in kinds if issubclass(kind, RunningLab)):
        code = TRAIN.format(module=kind.__module__, name=kind.__name__, steps=steps)
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
        there, here = float(page.evaluate("code => hand.run(code)", code)), float(ran.stdout)
        print(f"| {kind.__name__} | {there:.2f} s | {here:.2f} s | {there / here:.1f} |", flush=True)
    browser.close()


# A room ---------------------------------------------------------------------------------------------


def report_readers(start, url, lesson, readers):
    """How long it takes until so many at once have all files of a lesson, and how much that is."""
    with contextlib.closing(start()) as browser:
        _, asked, _ = visit(browser.new_context(**WINDOW), url, lesson)
    addresses = [address for address in asked if address.startswith(url)]
    with concurrent.futures.ThreadPoolExecutor(readers) as pool:
        begin = time.monotonic()
        done = list(pool.map(lambda _: fetched(addresses), range(readers)))
        took = time.monotonic() - begin
    size, waits = done[0][0], [wait for _, wait in done]
    print(
        f"\n{readers} readers at once, {size / 1e6:.1f} MB each, over loopback: {took:.1f} s in all,", end=" "
    )
    print(f"half of them within {np.median(waits):.1f} s; {readers * size / took / 1e6:.0f} MB/s.")


def fetched(addresses):
    """Fetch all of them, one after the other: bytes and seconds."""
    begin, size = time.monotonic(), 0
    for address in addresses:
        with contextlib.suppress(urllib.error.URLError), urllib.request.urlopen(address, timeout=300) as file:
            size += len(file.read())
    return size, time.monotonic() - begin


if __name__ == "__main__":
    main()
