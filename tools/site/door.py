"""The front page: one lab that can be dragged at once, and under it a card for each lesson."""

import pathlib
import re

import jinja2

from tools.site.lessons import HERE

DOOR = "GradientNorms"
"""The lab of the front page: one slider, and the gradients vanish or explode."""
DOCS = pathlib.Path(__file__).parents[2] / "docs"


def write_home(site, lessons, pictures, modules, made):
    """Write index.html.

    Parameters
    ----------
    site : pathlib.Path
        The folder of the site.
    lessons : list of tools.site.lessons.Lesson
        In order.
    pictures : dict
        From a lesson's name to the sizes of its pictures by the cell's id.
    modules : list of str
        The scripts that the page loads.
    made : dict
        What `record` returned for each lab, by the names of lesson and lab.
    """
    door = find_door(lessons)
    page = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE / "template")).get_template("home.html.j2")
    text = page.render(
        lessons=lessons,
        sizes={name: next(iter(found.values()), None) for name, found in pictures.items()},
        minutes=minutes(DOCS),
        modules=modules,
        door=door and door | {"size": pictures[door["lesson"]][door["cell"]]},
        letters=sorted(made[door["lesson"], door["lab"]]["fonts"]) if door else [],
    )
    (site / "index.html").write_text(text, encoding="utf-8")


def find_door(lessons):
    """The lab of the front page, as the template has it; in a site without it, the first that there is."""
    shown = [(lesson, lab) for lesson in lessons for lab in lesson.labs]
    if not shown:
        return None
    lesson, lab = next((pair for pair in shown if pair[1].kind.__name__ == DOOR), shown[0])
    cell = next(cell for cell in lesson.notebook.cells if cell.id == lab.cell)
    return {"lesson": lesson.name, "cell": lab.cell} | lesson.role(cell)


def minutes(docs):
    """How long each lesson takes, from the teacher's notes in a folder: minutes by the lesson's name."""
    notes = "\n".join(path.read_text(encoding="utf-8") for path in docs.rglob("*.md"))
    return dict(re.findall(r"/notebooks/(\w+)\.ipynb\)\. (\d+) minutes", notes))
