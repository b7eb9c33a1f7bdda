"""Drag to paint, in real JupyterLab with headless Chromium: `python run.py bench drag`.

Three labs, each with its first slider moved by a hand inside the page: a first sweep both ways, single
moves, later sweeps, single moves again once all places have been passed. All that twice: on this computer's
own wire, and behind one that takes 40 ms each way, as to Binder or Colab.

`--against PATH` measures an older commit too, in turn, from a worktree of it at PATH:
`git worktree add PATH 3f0d40e`. `interact`, what nearly every notebook does, is the reference.

"p50", "p95": milliseconds from a move to the end of the browser frame that shows its picture, one move at a
time. "pictures": painted a second while the hand moves as often as the browser draws, and how many moves a
second that were. "last": how often the picture at rest was that of the slider's last value, and the lab's
value in the kernel too.
"""

import argparse
import pathlib
import tempfile

import nbformat
import numpy as np
from playwright.sync_api import sync_playwright

from bench._wire import SlowWire
from tools.browser.chromium import FLAGS, find_browser
from tools.browser.notebook import NotebookPage
from tools.browser.servers import NODELAY, jupyterlab

ROOT = pathlib.Path(__file__).parents[1]
WATCH = pathlib.Path(__file__).with_name("drag.js").read_text()
# For each lab the code of its cell, and low, high and step of its first slider.
LABS = {
    "bench lab": ("from bench import drag_lab\nlab = drag_lab.Live()\nlab", [-5, 5, 0.02]),
    "GradientNorms, T = 500": (
        "from helpers.labs.vanishing.norms import GradientNorms\nlab = GradientNorms(T=500)\nlab",
        [0.2, 2, 0.02],
    ),
    "GateMaps": ("from helpers.labs.lstm.maps import GateMaps\nlab = GateMaps()\nlab", [-6, 6, 0.1]),
}
INTERACT = ("from bench import drag_lab\ndrag_lab.inline()", [-5, 5, 0.02])


def main():
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--against", type=pathlib.Path, help="a worktree of an older commit")
    options.add_argument("--labs", default="bench,Gradient,Gate", help="beginnings of their names")
    options.add_argument("--wires", default="0,40", help="milliseconds each way")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--moves", type=int, default=25, help="single moves, before and after")
    options.add_argument("--seconds", type=float, default=4, help="of each sweep")
    options.add_argument("--updates", type=int, default=2000, help="frames over which memory is watched")
    options.add_argument("--no-interact", action="store_true")
    options = options.parse_args()
    roots = {"old": options.against.resolve()} if options.against else {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        cases = write_notebooks(pathlib.Path(folder), roots | {"new": ROOT}, options)
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for delay in map(float, options.wires.split(",")):
            report(delay, in_turn(browser, folder, cases, delay, options))
        if options.updates:
            growth = watch_memory(browser, folder, cases, options.updates)
            print(
                f"growth over {options.updates} frames: " + ", ".join(f"{k} {v}" for k, v in growth.items())
            )


def write_notebooks(folder, roots, options):
    """One notebook for each lab and commit; returns the slider's range by the notebook's name."""
    wanted = tuple(options.labs.split(","))
    cases = {}
    for lab, (code, steps) in LABS.items():
        for way, root in roots.items():
            if lab.startswith(wanted):
                cases[f"{lab}, {way}"] = steps
                write(folder / f"{lab}, {way}.ipynb", root, code)
    if not options.no_interact:
        cases["bench lab, interact"] = INTERACT[1]
        write(folder / "bench lab, interact.ipynb", ROOT, INTERACT[0])
    return cases


def write(path, root, code):
    """A notebook of one cell that finds `helpers` and `bench` in `root`."""
    start = f"import sys\n\nsys.path.insert(0, {str(root)!r})\n"  # this is no lesson, and not installed
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(start + code)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


def in_turn(browser, folder, cases, delay, options):
    """Every case once a round, each in a fresh JupyterLab; from its name to what was measured."""
    results = {case: [] for case in cases}
    for number in range(options.rounds):
        for case, steps in cases.items():
            with jupyterlab(folder, (NODELAY,)) as url:
                wire = SlowWire(int(url.rpartition(":")[2]), delay / 1000) if delay else None
                page = open_page(browser, f"http://127.0.0.1:{wire.port}" if wire else url, case, steps)
                results[case].append(measure(page, options))
                page.close()
                if wire:
                    wire.close()
            print(f"round {number + 1}, {case}: {describe(results[case][-1:])}", flush=True)
    return results


def open_page(browser, url, case, steps):
    """The notebook, run, with the hand on its first slider."""
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    notebook = NotebookPage(page, url, f"{case}.ipynb")
    notebook.run_all()
    page.wait_for_selector(".jp-OutputArea :is(.noUi-handle, input[type=range])")
    page.wait_for_selector(".jp-OutputArea :is(.live-figure[data-painted], .jp-OutputArea img)")
    page.evaluate("steps => { window.range = steps; }", steps)
    page.evaluate(WATCH)
    return page


def measure(page, options):
    """One round of one case."""
    result = {"first": page.evaluate("s => hand.sweep(s)", options.seconds)}
    last = [page.evaluate("hand.settled()")]
    result["fresh"] = page.evaluate("n => hand.singles(n)", options.moves)
    result["later"] = page.evaluate("s => hand.sweep(s)", options.seconds)
    last.append(page.evaluate("hand.settled()"))
    result["swept"] = page.evaluate("n => hand.singles(n)", options.moves)
    page.wait_for_timeout(600)  # the hand rests
    told = page.evaluate("hand.run('print(getattr(lab, next(iter(lab.controls()))))')")
    if told:  # the reference has no lab
        last.append(abs(float(told) - page.evaluate("hand.here()")) < 1e-6)
    return result | {"last": all(last)}


def watch_memory(browser, folder, cases, updates):
    """Growth of the kernel and of the page over many frames, once the page has kept one of each place."""
    case = next(name for name in cases if name.startswith("bench lab") and name.endswith("new"))
    with jupyterlab(folder) as url:
        page = open_page(browser, url, case, cases[case])
        heap = "() => (window.gc?.(), performance.memory.usedJSHeapSize)"
        page.evaluate("hand.run('drag_lab.soak(lab, 500)')")  # all places of its slider
        before = page.evaluate(heap)
        kernel = int(page.evaluate(f"hand.run('print(drag_lab.soak(lab, {updates}))')"))
        page.evaluate("hand.settled()")
        grown = {"kernel": kernel, "page": page.evaluate(heap) - before}
        page.close()
    return {where: f"{size / 2**20:.1f} MiB" for where, size in grown.items()}


def describe(rounds):
    """One case's numbers."""

    def waits(which):
        return np.percentile(np.concatenate([r[which] for r in rounds]), [50, 95, 100])

    def rate(which):
        pictures, moves = (np.median([r[which][k] for r in rounds]) for k in ("pictures", "moves"))
        return f"{pictures:5.1f} of {moves:4.1f}"

    p50, p95, most = waits("swept")
    fresh = waits("fresh")
    last = sum(r["last"] for r in rounds)
    return (
        f"pictures first {rate('first')}, later {rate('later')} | ms unswept {fresh[0]:6.1f} {fresh[1]:6.1f},"
        f" swept p50 {p50:6.1f} p95 {p95:6.1f} most {most:6.1f} | last {last} of {len(rounds)}"
    )


def report(delay, results):
    """The table for one wire."""
    print(f"\nA wire of {delay:g} ms each way:")
    for case, rounds in results.items():
        print(f"  {case:30s} {describe(rounds)}", flush=True)
    print()


if __name__ == "__main__":
    main()
