"""What the page shows is what matplotlib draws.

Each kind of live artist is painted by the page at two device pixels a CSS pixel, and drawn by
matplotlib's Agg at the same size. The two may differ by how they smooth edges, so what is compared is
the share of pixels that differ by more than a third of full scale in some colour: at most 0.8 % (Agg moves
the edges of bars and markers to whole pixels, the page does not), or 1.2 % where there is live text,
whose glyphs the browser fits to the pixels in its own way. Most kinds differ in no pixel at all. The
same bound must refuse a picture whose live artists are missing, or that is two CSS pixels off.
"""

import io

import numpy as np
import pytest
from PIL import Image

from helpers.drawing.painting import painting
from tests.browser.bare import BarePage
from tests.browser.kinds import DRAWN, live, panel

ALLOWED = dict.fromkeys(DRAWN, 0.008) | {"text": 0.012, "mathematics": 0.012}


def by_matplotlib(kind):
    """What Agg draws, live artists and all."""
    figure, picture = live(kind).figure, io.BytesIO()
    with painting():
        figure.savefig(picture, format="png", dpi=figure.dpi)
    return pixels(picture.getvalue())


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def apart(a, b):
    """The share of pixels that differ clearly."""
    height, width = (min(n) for n in zip(a.shape[:2], b.shape[:2], strict=True))
    return (np.abs(a[:height, :width] - b[:height, :width]).max(axis=2) > 85).mean()


@pytest.fixture(scope="module")
def sharp(browser, bare_url):
    """A bare page with two device pixels a CSS pixel."""
    page = browser.new_page(viewport={"width": 1100, "height": 900}, device_scale_factor=2)
    made = BarePage(page, bare_url)
    yield made
    page.close()
    assert made.errors == []


def shoot(bare, kind):
    """The figure of one kind as the page paints it, then without its canvas."""
    bare.show_panel(panel(kind))
    figure = bare.page.locator(".live-figure").filter(has=bare.page.locator(f"canvas[aria-label='{kind}']"))
    figure.and_(bare.page.locator("[data-painted][data-fonts=here]")).wait_for()
    ready = """async f => {
      await Promise.all([...f.querySelectorAll('img')].filter(i => i.src).map(i => i.decode()));
      await document.fonts.ready;
      await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    }"""
    figure.evaluate(ready)
    whole_pixels = """f => {
      const { x, y } = f.getBoundingClientRect();
      Object.assign(f.style, { marginLeft: `${Math.ceil(x) - x}px`, marginTop: `${Math.ceil(y) - y}px` });
    }"""
    figure.evaluate(whole_pixels)  # a panel may be laid out at half a pixel, which blurs it all
    whole = pixels(figure.screenshot())
    figure.locator("canvas[role=img]").evaluate("c => { c.style.visibility = 'hidden' }")
    still = pixels(figure.screenshot())
    return whole, still


@pytest.mark.parametrize("kind", DRAWN)
def test_the_page_paints_what_matplotlib_draws(sharp, kind):
    whole, still = shoot(sharp, kind)
    expected = by_matplotlib(kind)
    assert whole.shape == expected.shape == (600, 1000, 3)
    assert apart(whole, expected) <= ALLOWED[kind]
    assert apart(still, expected) > ALLOWED[kind] * 0.9  # the live artists are what makes them equal
    assert apart(np.roll(whole, 4, axis=1), expected) > ALLOWED[kind]
