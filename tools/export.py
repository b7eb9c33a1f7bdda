"""Settings for nbconvert: `jupyter nbconvert --config tools/export.py --to html` (or slides) and a notebook.

The words that belong to a lab's picture become its alternative text, which nbconvert's own templates leave
out, and the picture is shown in place of the widget, which needs a kernel. What to notice in a lab is
folded away on a page, as in the notebook; on paper and on slides it is open.
"""

import html
import re

from nbconvert.preprocessors import Preprocessor

PICTURE, WIDGET = "image/png", "application/vnd.jupyter.widget-view+json"
NOTICE = re.compile(r"<details>(?=\s*<summary><b>Notice</b>)")
ON_PAPER = "@media print { details:has(> summary > b)::details-content { content-visibility: visible; } }"


class Describe(Preprocessor):
    """Make every picture an element with its alternative text."""

    def preprocess_cell(self, cell, resources, index):
        """Change the outputs of a cell in place; nbconvert calls it for each."""
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if PICTURE in data:
                data.pop(WIDGET, None)
                words = output.metadata.get(PICTURE, {}).get("alt") or data.get("text/plain", "")
                data["text/html"] = f'<img alt="{html.escape(words)}" src="{source(data.pop(PICTURE))}">'
        return cell, resources


class OpenOnPaper(Preprocessor):
    """Open every Notice when the page is printed."""

    def preprocess_cell(self, cell, resources, index):
        """Put the style into the first cell, in place."""
        if index == 0:
            cell.source = f"<style>{ON_PAPER}</style>\n\n{cell.source}"
        return cell, resources


class OpenOnSlides(Preprocessor):
    """Open every Notice."""

    def preprocess_cell(self, cell, resources, index):
        """Change a cell in place; nbconvert calls it for each."""
        if cell.cell_type == "markdown":
            cell.source = NOTICE.sub("<details open>", cell.source)
        return cell, resources


def source(picture):
    """The address of a picture that holds the picture itself."""
    return f"data:{PICTURE};base64,{picture.strip()}"


c = get_config()  # noqa: F821 (traitlets has it ready for a file of settings)
c.HTMLExporter.preprocessors = [Describe, OpenOnPaper]
c.SlidesExporter.preprocessors = [Describe, OpenOnSlides]
c.ExecutePreprocessor.store_widget_state = False
# All of a lab is seen at once on a screen of this size, and so is a slide; a longer table can be scrolled.
c.SlidesExporter.reveal_width, c.SlidesExporter.reveal_height = "1280", "720"
c.SlidesExporter.reveal_scroll = True
c.SlidesExporter.exclude_input_prompt = c.SlidesExporter.exclude_output_prompt = True
