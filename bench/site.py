"""The pages without a kernel in headless Chromium: `python run.py site`, then `python run.py bench site`.

For each lesson: milliseconds from the call of the page until its first lab can be dragged, from an empty
cache, over loopback; and over all of its labs with a slider, whose first one a hand inside the page moves to
and fro as often as the browser draws: how many moves, how many of them were painted in the browser frame in
which the hand moved, and milliseconds from a move to the end of the frame that shows it.
"""

import argparse
import pathlib

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.harness import FLAGS, LabOnPage, files_at, find_browser
from tools.site.build import ROOT, find_lessons
from tools.site.positions import Positions

SWEEP = pathlib.Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# When the first lab was there, in milliseconds since the page was called.
USABLE = """requestAnimationFrame(function look() {
  const lab = document.querySelector("figure[data-ready] .live-figure[data-painted]");
  if (lab) window.usable = performance.now();
  else requestAnimationFrame(look);
})"""


def main():
    """Measure and print the table."""
    options = argparse.ArgumentParser(prog="python run.py bench site", description=__doc__.partition("\n")[0])
    options.add_argument("--folder", type=pathlib.Path, default=ROOT / "site", help="where the site is")
    options.add_argument("--rounds", type=int, default=5, help="how often each page is called")
    options.add_argument("--seconds", type=float, default=2, help="of each lab's sweep")
    options = options.parse_args()
    if not (options.folder / "index.html").is_file():
        raise SystemExit(f"There is no site in {options.folder}: make it first, with python run.py site.")
    print("| lesson | usable after | labs | moves | painted at once | p50 | p95 | most |")
    print("|---|---|---|---|---|---|---|---|")
    with files_at(options.folder) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for lesson in find_lessons(ROOT / "notebooks"):
            usable = np.median([called(browser, url, lesson) for _ in range(options.rounds)])
            labs, painted, waits = swept(browser, url, lesson, options.seconds)
            p50, p95, most = np.percentile(waits, [50, 95, 100])
            moves = f"{len(waits)} | {painted / len(waits):.1%}"
            times = f"{p50:.1f} ms | {p95:.1f} ms | {most:.0f} ms"
            print(f"| {lesson.name} | {usable:.0f} ms | {labs} | {moves} | {times} |", flush=True)


def opened(browser, url, lesson):
    """The page of a lesson in a window that knows nothing yet."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.add_init_script(USABLE)
    page.goto(f"{url}/{lesson.name}.html")
    page.wait_for_function("window.usable")
    return page


def called(browser, url, lesson):
    """Milliseconds until the first lab of a page can be dragged."""
    page = opened(browser, url, lesson)
    usable = page.evaluate("window.usable")
    page.close()
    return usable


def swept(browser, url, lesson, seconds):
    """How many labs were swept, how many moves painted at once, and the waits of all moves."""
    page = opened(browser, url, lesson)
    page.locator("body[data-offline]").wait_for()
    page.evaluate(SWEEP)
    labs, painted, waits = 0, 0, []
    for shown in lesson.labs:
        positions = Positions(shown.kind)
        if positions.runs or not positions.sliders:
            continue
        page.locator(f"#{shown.cell}").scroll_into_view_if_needed()
        page.locator(f"#{shown.cell}[data-ready] .live-figure[data-painted]").wait_for()
        lab = LabOnPage(page, shown.kind.question())
        lab.wake()
        result = lab.box.evaluate("(box, seconds) => sweep(box, seconds)", seconds)
        labs, painted, waits = labs + 1, painted + result["painted"], waits + result["waits"]
    page.close()
    return labs, painted, waits


if __name__ == "__main__":
    main()
