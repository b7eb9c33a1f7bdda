"""The pages without a kernel in headless Chromium: `python run.py site`, then `python run.py bench site`.

For each lesson: milliseconds from the call of the page until its first lab can be dragged, from an empty
cache, over loopback; and over all of its labs with a slider, whose first one a mouse drags from end to end:
how many moves, how many of them were painted in the browser frame in which the page heard of them, and
milliseconds from then to the end of the frame that shows them.
"""

import argparse
import pathlib

import numpy as np
from playwright.sync_api import sync_playwright

from tools.browser.chromium import FLAGS, find_browser
from tools.browser.lab import LabOnPage
from tools.browser.servers import files_at
from tools.site.build import ROOT, find_lessons
from tools.site.positions import Positions

WATCH = pathlib.Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# When the first lab was there, in milliseconds since the page was called; a reader goes straight to it.
USABLE = """
addEventListener("DOMContentLoaded", () => document.querySelector("figure[data-lab]").scrollIntoView());
requestAnimationFrame(function look() {
  const lab = document.querySelector("figure[data-ready] .live-figure[data-painted]");
  if (lab) window.usable = performance.now();
  else requestAnimationFrame(look);
})"""


def main():
    """Measure and print the table."""
    options = argparse.ArgumentParser(prog="python run.py bench site", description=__doc__.partition("\n")[0])
    options.add_argument("--folder", type=pathlib.Path, default=ROOT / "site", help="where the site is")
    options.add_argument("--rounds", type=int, default=5, help="how often each page is called")
    options.add_argument("--moves", type=int, default=40, help="of the mouse, from end to end")
    options = options.parse_args()
    if not (options.folder / "index.html").is_file():
        raise SystemExit(f"There is no site in {options.folder}: make it first, with python run.py site.")
    print("| lesson | usable after | labs | moves | painted at once | p50 | p95 | most |")
    print("|---|---|---|---|---|---|---|---|")
    with files_at(options.folder) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        for lesson in find_lessons(ROOT / "notebooks"):
            usable = np.median([called(browser, url, lesson) for _ in range(options.rounds)])
            labs, late, waits = dragged(browser, url, lesson, options.moves)
            if not labs:
                print(f"| {lesson.name} | {usable:.0f} ms | 0 | | | | | |", flush=True)
                continue
            p50, p95, most = np.percentile(waits, [50, 95, 100])
            moves = f"{len(waits)} | {1 - late / len(waits):.1%}"
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


def dragged(browser, url, lesson, moves):
    """How many labs were dragged, how many moves were painted late, and the waits of all moves."""
    page = opened(browser, url, lesson)
    page.locator("body[data-offline]").wait_for()
    page.add_script_tag(content=WATCH)
    labs, late, waits = 0, 0, []
    for shown in lesson.labs:
        positions = Positions(shown.kind)
        if positions.runs or not positions.sliders:
            continue
        page.locator(f"#{shown.cell}").scroll_into_view_if_needed()
        page.locator(f"#{shown.cell}[data-ready] .live-figure[data-painted]").wait_for()
        lab = LabOnPage(page, shown.kind.question())
        lab.wake()
        lab.box.evaluate("box => watch(box)")
        lab.drag(positions.controls[positions.sliders[0]].label, 1, 0, 1, steps=moves)
        seen = page.evaluate("seen")
        labs, late, waits = labs + 1, late + seen["late"], waits + seen["waits"]
    page.close()
    return labs, late, waits


if __name__ == "__main__":
    main()
