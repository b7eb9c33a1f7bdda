"""The slide that each cell of a lesson is on, so that `jupyter nbconvert --to slides` makes a deck of it.

An idea, which is everything under one heading, is a slide. Its parts lie beneath each other, and none is
higher than a screen: a text, a lab's picture, what to notice in it. Code, and what is said about it, appears
step by step beneath the text that leads to it. `run.py refresh` sets the types of all cells.
"""

import math
import re

from tools import publish

SCREEN = 23  # rows of text on a slide of 1280 x 720 pixels
COLUMNS = 90
SKIPPED = ("imports", *publish.OURS)  # and answers, which are of no use in a lecture
FOLDED = r"<details>(?!\s*<summary><b>Notice</b>).*?</details>"  # what to notice is open on slides


def set_types(cells):
    """Give every cell its slide type, in place."""
    above, filled = None, 0  # the last cell on the slide, and how many of its rows are full
    for cell in cells:
        kind = slide_type(cell, above, filled)
        cell.metadata["slideshow"] = {"slide_type": kind}
        if kind != "skip":
            above, filled = cell, rows(cell) + (filled if kind == "fragment" else 0)


def slide_type(cell, above, filled):
    """skip, slide, subslide (beneath the last one) or fragment (appears on the same one)."""
    if cell.id in SKIPPED or cell.id.endswith("-answer"):
        return "skip"
    is_text = cell.cell_type == "markdown"  # in code, # begins a comment
    if is_text and re.match("##? ", cell.source):
        return "slide"
    thought = is_text and (above is None or above.cell_type == "markdown")
    heading = is_text and cell.source.startswith("### ")
    alone = shows_picture(cell) or (above and shows_picture(above))
    return "subslide" if thought or heading or alone or filled + rows(cell) > SCREEN else "fragment"


def shows_picture(cell):
    """Whether its output is a lab or another figure."""
    return any("image/png" in output.get("data", {}) for output in cell.get("outputs", ()))


def rows(cell):
    """The height of the cell in rows of text; an estimate that is too high rather than too low."""
    if cell.cell_type == "code":
        printed = "".join(output.get("text", "") for output in cell.outputs)
        return len(cell.source.splitlines()) + len(printed.splitlines()) + 2
    text = re.sub(FOLDED, "Hint", cell.source, flags=re.S)
    text = re.sub(r"\]\(.*?\)", "]", text)  # drops the addresses of links
    lines = sum(math.ceil(len(line) / COLUMNS) or 0.7 for line in text.splitlines())
    headings, items = (len(re.findall(f"^(?:{mark})", text, re.M)) for mark in ("#", r"\||-|\d\."))
    return lines + 3 * headings + 0.4 * items + text.count("$$")
