"""Make docs/drag.gif: a lab of lesson 3 while its slider is dragged, as a page without a kernel shows it.

`python -m tools.make_drag SITE`, after `python run.py site --to SITE`. Every picture is a frame that the
engine has computed, photographed in headless Chromium.
"""

import io
import pathlib
import sys

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from helpers.labs.vanishing.norms import GradientNorms
from tools.browser.chromium import FLAGS, find_browser
from tools.browser.lab import LabOnPage
from tools.browser.servers import files_at
from tools.site.build import ROOT, find_lessons

OUT = ROOT / "docs" / "drag.gif"
WIDTH = 720
COLOURS = 48
BEAT = 100
"""ms that a picture stays."""
REST = 900
"""ms that it stays where the hand turns."""
WAIT = """([box, k]) => {
  const input = box.querySelector("input[type=range]"), live = box.querySelector(".live-figure");
  const before = live.dataset.painted;
  if (+input.value === k) return;
  input.value = k;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return new Promise((done) => {
    const look = () => live.dataset.painted === before ? requestAnimationFrame(look) : done();
    look();
  });
}"""


def main(site):
    """Drag to both ends, photograph, and write the file."""
    (lesson,) = (one for one in find_lessons(ROOT / "notebooks") if one.name.startswith("03"))
    (shown,) = (lab for lab in lesson.labs if lab.kind is GradientNorms)
    with files_at(site) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 900, "height": 900})
        page.goto(f"{url}/{lesson.name}.html")
        page.locator(f"#{shown.cell}").scroll_into_view_if_needed()
        page.locator(f"#{shown.cell}[data-ready] .live-figure[data-painted]").wait_for()
        lab = LabOnPage(page, GradientNorms.question())
        lab.wake()
        lab.choose("activation φ", "tanh")
        lab.wait_value("activation", "tanh")
        page.mouse.move(0, 0)  # no curve must be marked
        pictures, times = photographed(lab)
    palette = pictures[len(pictures) // 2].quantize(COLOURS)  # one for all, so that no colour flickers
    first, *rest = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures]
    first.save(OUT, save_all=True, append_images=rest, duration=times, loop=0, optimize=True)
    print(f"{OUT}: {len(pictures)} pictures, {OUT.stat().st_size / 1000:.0f} kB")


def photographed(lab):
    """The lab at every second stop to both ends and back: pictures, and how long each stays."""
    slider = lab.box.locator("input[type=range]").first
    start, last = (int(slider.evaluate(f"input => +input.{name}")) for name in ("value", "max"))
    way = np.r_[start + 2 : last : 2, last:0:-2, 0 : start + 1 : 2]
    pictures, times = [], []
    for k in way.tolist():
        lab.box.evaluate(f"(box, k) => ({WAIT})([box, k])", k)
        pictures.append(smaller(lab.box.screenshot()))
        times.append(REST if k in (0, last) else BEAT)
    return pictures, times


def smaller(picture):
    """A photograph, as wide as the README has room for."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    return image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
