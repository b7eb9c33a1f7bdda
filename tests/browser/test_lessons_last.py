"""The second half of the lessons in JupyterLab: see lessons.py."""

from tests.browser.lessons import *  # noqa: F403
from tests.browser.lessons import CATALOGUE, opened_of

opened = opened_of(list(CATALOGUE)[len(CATALOGUE) // 2 :])
