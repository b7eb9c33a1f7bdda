"""The lessons 1 to 3 in the browser: see lessons.py."""

from tests.browser.lessons import *  # noqa: F403
from tests.browser.lessons import CATALOGUE, opened_of

opened = opened_of(list(CATALOGUE)[:3])
