"""Drag to paint, in real JupyterLab with headless Chromium: `python run.py bench drag`.

Three ways to repaint the same figure while a slider is dragged, in turn, round after round:

- inline: `interact` with a new inline figure each time;
- live: the live figure, on JupyterLab as it comes;
- live, no delay: the live figure, on JupyterLab as `run.py lab` starts it (TCP_NODELAY).

"drag to paint" is the time from the mouse event that moved the slider to the end of the browser frame
that shows the new picture, one move at a time, each from rest. "frames a second" is counted while the
mouse moves sixty times a second. "last value" says how often the picture at rest showed the slider's
last value.
"""

import argparse
import pathlib
import tempfile
import time

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.harness import FLAGS, NODELAY, NotebookPage, find_browser, jupyterlab

CELLS = {
    "inline": "from bench import drag_lab\ndrag_lab.inline()",
    "live": "from bench import drag_lab\nlab = drag_lab.Live()\nlab",
}
WAYS = {"inline": ("inline", ()), "live": ("live", ()), "live, no delay": ("live", (NODELAY,))}

WATCH = pathlib.Path(__file__).with_name("drag.js").read_text()


def main():
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--moves", type=int, default=40, help="single moves a round")
    options.add_argument("--seconds", type=float, default=4, help="of dragging without a pause, a round")
    options.add_argument("--updates", type=int, default=2000, help="frames over which memory is watched")
    options = options.parse_args()
    results = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_notebooks(pathlib.Path(folder))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for number in range(options.rounds):
            for way, (notebook, server_options) in WAYS.items():
                with jupyterlab(folder, server_options) as url:
                    results[way].append(measure(browser, url, notebook, options))
                print(f"round {number + 1}, {way}: {describe(results[way][-1:])}", flush=True)
        growth = watch_memory(browser, folder, options.updates)
    report(results, growth, options)


def write_notebooks(folder):
    """One notebook for each way; they find `bench` beside `helpers`."""
    root = pathlib.Path(__file__).parents[1]
    start = f"import sys\n\nsys.path.insert(0, {str(root)!r})\n"  # this is no lesson, and not installed
    for name, code in CELLS.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(start + code)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, folder / f"{name}.ipynb")


def open_page(browser, url, notebook):
    """The notebook, run, with the watch on its picture."""
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    NotebookPage(page, url, f"{notebook}.ipynb").run_all()
    page.wait_for_selector(".jp-OutputArea .noUi-handle")
    page.wait_for_selector(".jp-OutputArea img")
    page.evaluate(WATCH)
    return page


def measure(browser, url, notebook, options):
    """One round of one way: latencies (ms), frames a second, whether it ended on the last value."""
    page = open_page(browser, url, notebook)
    handle = page.locator(".noUi-handle").first.bounding_box()
    track = page.locator(".noUi-base").first.bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    single_moves(page, track, y, 5)  # to warm up
    page.evaluate("drag.waits.length = 0")
    single_moves(page, track, y, options.moves)
    waits = page.evaluate("drag.waits")
    fps = sweep(page, track, y, options.seconds)
    page.mouse.up()
    last = page.evaluate("() => drag.atRest()")
    page.close()
    return {"waits": waits, "fps": fps, "last": last}


def single_moves(page, track, y, moves):
    """Move, wait for the picture, rest for a moment that does not keep step with the screen, and again."""
    for k in range(moves):
        share = 0.1 + 0.8 * ((7 * k) % 40) / 40
        page.mouse.move(track["x"] + share * track["width"], y)
        page.evaluate("() => drag.idle()")
        time.sleep(0.06 + 0.04 * (0.618 * k % 1))


def sweep(page, track, y, seconds):
    """Move to and fro at a hand's pace; returns the number of frames painted a second."""
    before, start, k, now = page.evaluate("drag.painted"), time.monotonic(), 0, 0.0
    while now < seconds:
        share = 0.5 + 0.45 * np.sin(2 * np.pi * now / 2)
        page.mouse.move(track["x"] + share * track["width"], y)
        k += 1
        time.sleep(max(0, start + k / 60 - time.monotonic()))
        now = time.monotonic() - start
    return (page.evaluate("drag.painted") - before) / now


def watch_memory(browser, folder, updates):
    """Growth of the kernel and of the page, in bytes, over many frames."""
    with jupyterlab(folder) as url:
        page = open_page(browser, url, "live")
        heap = "() => (window.gc?.(), performance.memory.usedJSHeapSize)"
        before = page.evaluate(heap)
        kernel = page.evaluate("code => drag.run(code)", f"print(drag_lab.soak(lab, {updates}))")
        return {"kernel": int(kernel), "page": page.evaluate(heap) - before}


def describe(rounds):
    """One way's numbers."""
    waits = np.concatenate([r["waits"] for r in rounds])
    fps = np.median([r["fps"] for r in rounds])
    last = sum(r["last"] for r in rounds)
    p50, p95 = np.percentile(waits, [50, 95])
    return f"p50 {p50:6.1f} ms   p95 {p95:6.1f} ms   {fps:5.1f} frames/s   last value {last} of {len(rounds)}"


def report(results, growth, options):
    """The table, the ratio and the memory."""
    print(f"\nDrag to paint: LSTM, T=200, H=32, B=4, a 2 x 2 figure; {options.rounds} rounds in turn")
    for way, rounds in results.items():
        print(f"  {way:15s} {describe(rounds)}")
    middle = {way: np.median(np.concatenate([r["waits"] for r in rounds])) for way, rounds in results.items()}
    for way in ("live", "live, no delay"):
        print(f"  {way} is {middle['inline'] / middle[way]:.1f} times faster than inline")
    kernel, page = (growth[k] / 2**20 for k in ("kernel", "page"))
    print(f"  growth over {options.updates} frames: kernel {kernel:.1f} MiB, page {page:.1f} MiB")


if __name__ == "__main__":
    main()
