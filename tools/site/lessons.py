"""A stored notebook as a page: nbconvert's HTML exporter with the template of this folder.

A cell that shows a lab becomes a figure with its still picture and its words, which `page.js` turns into the
panel. Mathematics becomes MathML, which browsers set by themselves, with no script and no font to fetch.
"""

import ast
import base64
import pathlib
import re
from typing import NamedTuple

import nbformat
from jinja2 import pass_context
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

HERE = pathlib.Path(__file__).parent
LIVE = "live"
"""The folder of the site in which the lessons run."""


class Shown(NamedTuple):
    """A lab in a cell of a notebook.

    Attributes
    ----------
    cell : str
        The cell's id.
    kind : type
        The class of labs.
    start : dict
        The controls that the cell sets.
    """

    cell: str
    kind: type
    start: dict


class Lesson:
    """One notebook that becomes a page.

    Parameters
    ----------
    path : pathlib.Path
        The stored notebook.
    kinds : list of type
        The classes of labs that it may show.
    """

    def __init__(self, path, kinds):
        self.name, self.notebook = path.stem, nbformat.read(path, 4)
        self.title = _heading(self.notebook)
        found = [_shown(cell, kinds) for cell in self.notebook.cells if cell.cell_type == "code"]
        self.labs = [one for one in found if one]
        self.live = f"{LIVE}/notebooks/index.html?path={path.name}"

    @property
    def promise(self):
        """What the reader will be able to do: the first paragraph under the title."""
        paragraphs = [cell.source for cell in self.notebook.cells if cell.source.startswith("# ")]
        return paragraphs[0].split("\n\n")[1]

    def pictures(self):
        """The still pictures of its labs: from a cell's id to PNG bytes."""
        cells = {cell.id: cell for cell in self.notebook.cells}
        return {lab.cell: base64.b64decode(_picture(cells[lab.cell])[0]) for lab in self.labs}

    def page(self, **about):
        """The page as HTML. `about` is what the template has to know besides the notebook."""
        notebook = nbformat.from_dict(self.notebook)
        notebook.cells = [cell for cell in notebook.cells if "google.colab" not in cell.source]
        for cell in notebook.cells:
            cell.metadata["site"] = self.role(cell)
        # A lesson that was published (tools/publish.py) has links that open it in Colab and Binder.
        ways = any(cell.id == "ways" for cell in notebook.cells)
        about |= {"name": self.name, "title": self.title, "ways": ways}
        about |= {"live": self.live, "first": notebook.cells[0].id}
        return Exporter().from_notebook_node(notebook, {"site": about})[0]

    def role(self, cell):
        """What the template has to know of a cell."""
        kinds = {lab.cell: lab.kind for lab in self.labs}
        if cell.id not in kinds:
            return {"answer": cell.id.endswith("-answer")}
        kind, words = kinds[cell.id], _picture(cell)[1]
        question = kind.question()
        return {"lab": kind.__name__, "question": question, "words": words.removeprefix(question).strip()}


class Exporter(HTMLExporter):
    """nbconvert's exporter with our template and mathematics as MathML."""

    def __init__(self):
        super().__init__(template_name="template", extra_template_basedirs=[str(HERE)])

    @pass_context
    def markdown2html(self, context, source):
        """Markdown to HTML; nbconvert calls it as a filter."""
        return MarkdownWithMath(renderer=Renderer(escape=False, exclude_anchor_links=True)).render(source)


class Renderer(IPythonRenderer):
    """Mathematics as MathML; links to notebooks lead to their pages."""

    def inline_math(self, body):
        """A formula in a line."""
        return convert(body)

    def block_math(self, body):
        """A formula by itself."""
        return convert(body, display="block")

    def link(self, text, url, title=None):
        """A link; to another lesson, as that lesson's page."""
        return super().link(text, re.sub(r"^([\w-]+)\.ipynb", r"\1.html", url), title)


def _heading(notebook):
    first = next(cell.source for cell in notebook.cells if cell.source.startswith("# "))
    return first.partition("\n")[0].removeprefix("# ")


def _picture(cell):
    """The picture that the cell's output holds and the words that go with it, or None."""
    for output in cell.get("outputs", []):
        if "image/png" in output.get("data", {}):
            data = output["data"]
            return data["image/png"], output["metadata"].get("image/png", {}).get("alt", data["text/plain"])
    return None


def _shown(cell, kinds):
    """The lab that a cell shows, or None: the picture's words begin with the lab's question."""
    picture = _picture(cell)
    if picture is None:
        return None
    asked = [kind for kind in kinds if picture[1].startswith(kind.question())]
    if not asked:
        return None
    last = ast.parse(cell.source).body[-1].value
    keywords = last.keywords if isinstance(last, ast.Call) else []
    return Shown(cell.id, asked[0], {k.arg: ast.literal_eval(k.value) for k in keywords})
