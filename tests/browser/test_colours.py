"""Forced colours, as in the high contrast of Windows: everything that can be moved is still seen."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_panel_asks import SHOW, TIMED


@pytest.fixture(params=["light", "dark"])
def page(new_page, address, request):
    page = new_page(forced_colors="active", color_scheme=request.param)
    page.goto(address)
    page.evaluate(SHOW, {"about": TIMED, "at": 0.5})
    page.locator(".live-figure[data-painted]").wait_for()
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    return page


def brightness(locator):
    """The relative luminance of each pixel of an element, from 0 to 1 (WCAG 2.2)."""
    picture = Image.open(io.BytesIO(locator.screenshot())).convert("RGB")
    share = np.asarray(picture) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    """From 1 to 21; a part of a control needs 3."""
    return (np.maximum(a, b) + 0.05) / (np.minimum(a, b) + 0.05)


def ground(page):
    """The luminance of what is behind: at a corner of the panel."""
    return brightness(page.locator(".live-panel"))[0, 0]


def test_a_slider_has_a_rail_and_a_handle(page):
    seen = contrast(brightness(page.get_by_role("slider")), ground(page)) >= 3
    middle = seen.shape[0] // 2
    assert seen[middle, 2:-2].mean() > 0.95, "the rail, from end to end"
    deep = seen.sum(axis=0)
    assert deep.max() >= 12, "the handle"
    assert abs(int(deep.argmax()) - seen.shape[1] // 2) < 12, "which is where the slider is"
    assert np.median(deep) < 8


def test_a_slider_that_sleeps_is_seen_too(page):
    page.get_by_role("slider").evaluate("slider => { slider.disabled = true; }")
    seen = contrast(brightness(page.get_by_role("slider")), ground(page)) >= 3
    assert seen[seen.shape[0] // 2, 2:-2].mean() > 0.95


@pytest.mark.parametrize("name", ["Play: length", "Full screen"])
def test_an_icon_is_drawn(page, name):
    inside = brightness(page.get_by_role("button", name=name).locator("svg"))
    assert (contrast(inside, ground(page)) >= 3).mean() > 0.1


def test_the_figure_stays_on_its_white_card(page):
    paper = brightness(page.locator(".live-paper"))
    assert paper[2, paper.shape[1] // 2] == pytest.approx(1)
