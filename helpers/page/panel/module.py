"""Several small JavaScript modules as the one text that a widget can carry."""

import pathlib
import re

FOLDER = pathlib.Path(__file__).parent
MODULES = (
    "element.js", "stops.js", "agree.js", "frames.js", "blocks.js", "paint.js", "marks.js", "figure.js",
    "play.js", "controls.js", "words.js", "copy.js", "keys.js", "ask.js", "layout.js", "panel.js",
    "kernel.js",
)  # fmt: skip
"""In the order in which they use each other; a page without a kernel imports them as they lie here."""


def joined(names=MODULES):
    """The modules end to end: without their imports of each other, and with the last one's exports only."""
    *parts, last = ((FOLDER / name).read_text(encoding="utf-8") for name in names)
    parts = [re.sub(r"^export (?=\w)", "", part, flags=re.M) for part in parts]
    return re.sub(r'^import .* from "\./.*";\n', "", "\n".join([*parts, last]), flags=re.M)
