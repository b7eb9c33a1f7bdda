"""The form of a lesson: title, sketch, ideas with labs, PyTorch and Keras, Further, Summary, References.

`test_notebooks.py` holds the form of single cells, `test_given_away.py` that no question is answered above,
`../docs/test_english.py` what is left behind of habits in the words. All four, for one lesson:

    python -m pytest tests/lessons/test_form.py tests/lessons/test_notebooks.py \\
        tests/lessons/test_given_away.py tests/docs/test_english.py -k "05_lstm_gates or labs/lstm/"
"""

import itertools
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.lessons.lesson import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
LAB = re.compile(r"labs\.[A-Z]\w*\(")
NOTICE = re.compile(r"<details><summary><b>Notice</b>[^<\n]*</summary>\n\n.*?\n\n?</details>", re.S)
FRAMEWORKS, FURTHER, SUMMARY = "From here to PyTorch and Keras", "Further", "Summary"
END_OF_MAIN_LINE = "You have reached the end of the main line"


def faults(notebook, last=False):
    """What is wrong with the form of a lesson, as sentences; `last` says that no lesson follows it."""
    for look in (of_opening, of_sections, of_labs, of_exercises):
        yield from look(notebook.cells)
    end = notebook.cells[-1].source
    if "**References**" not in end:
        yield "the last cell does not hold the references"
    if "**Next:**" not in end and not last:
        yield "the last cell does not say what comes next"


def of_opening(cells):
    title = cells[0].source
    if "After this lesson" not in title:
        yield "the title is not followed by what the learner will be able to explain"
    if not 2 <= len(re.findall(r"^\d\. ", title, re.M)) <= 4:
        yield "there are not two to four objectives under the title"
    if "**Before you start" not in title:
        yield "the title cell does not say what to know before"
    code = [cell for cell in cells if cell.cell_type == "code"]
    if [cell.id for cell in code[:2]] != ["imports", "sketch"] or "Sketch(" not in code[1].source:
        yield "the imports are not followed by the sketch of the unrolled chain"


def of_sections(cells):
    titles = [found for cell in cells for found in re.findall(r"^## (.+)", words(cell), re.M)]
    tail = [title for title in titles if title in (FRAMEWORKS, FURTHER, SUMMARY)]
    if tail not in ([FRAMEWORKS, FURTHER, SUMMARY], [FRAMEWORKS, SUMMARY]):
        yield f"after the main line come {tail}"
    elif titles[-len(tail) :] != tail:
        yield f"a section of the main line stands among {tail}"
    further = next(
        (cell.source for cell in cells if cell.source.startswith(f"## {FURTHER}")), END_OF_MAIN_LINE
    )
    if END_OF_MAIN_LINE not in further:
        yield f"Further does not begin with “{END_OF_MAIN_LINE}”"


def of_labs(cells):
    """A lab is alone in its cell, and what there is to notice is folded away after it."""
    noticed = True
    for cell in cells:
        if "**Notice" in words(cell):
            yield f"{cell.id}: a Notice that is not folded"
        if "<b>Notice" in words(cell) and not NOTICE.search(words(cell)):
            yield f"{cell.id}: a Notice that is not folded as the others are"
        noticed = noticed or bool(NOTICE.search(words(cell)))
        if cell.cell_type != "code" or not LAB.search(cell.source):
            continue
        if not LAB.match(cell.source) or len(LAB.findall(cell.source)) > 1:
            yield f"{cell.id}: a lab that is not alone in its cell"
        if not noticed:
            yield f"{cell.id}: nothing is to be noticed in the lab before this one"
        noticed = False
    if not noticed:
        yield "nothing is to be noticed in the last lab"


def of_exercises(cells):
    numbers = [int(n) for cell in cells for n in re.findall(r"^### Exercise (\d+)", words(cell), re.M)]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the exercises are numbered {numbers}"
    for cell, below in itertools.pairwise(cells):
        asks = re.search(r"^### Exercise", words(cell), re.M) and "<summary>Solution" in words(cell)
        if asks and "checks.check_" not in below.source:
            yield f"{cell.id}: an exercise without a check under it"


def words(cell):
    return cell.source if cell.cell_type == "markdown" else ""


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_lesson_keeps_the_form(path):
    assert list(faults(nbformat.read(path, 4), last=path == PATHS[-1])) == []


# That each fault is found ---------------------------------------------------------------------------

TITLE = "# Learn it\n\nAfter this lesson you can.\n\n1. Do.\n2. Say.\n\n**Before you start:** nothing."
FOLDED = "<details><summary><b>Notice</b>, once you have dragged</summary>\n\n- It falls.\n\n</details>"
GOOD = {
    "title": TITLE,
    "imports": "from helpers.labs import rnn as labs",
    "sketch": 'Sketch("U", "h")',
    "idea": "## 1. An idea",
    "lab": "labs.Waves()",
    "notice": FOLDED,
    "exercise": "### Exercise 1\n\n<details><summary>Solution</summary>1</details>",
    "exercise-answer": "x = ...\nchecks.check_x(x)",
    "frameworks": "## From here to PyTorch and Keras",
    "further": f"## Further\n\n{END_OF_MAIN_LINE}.",
    "summary": "## Summary",
    "end": "**Next:** more.\n\n**References**\n\n- A paper.",
}
CODE = ("imports", "sketch", "lab", "exercise-answer", "another")


def lesson(**changed):
    cells = {name: source for name, source in (GOOD | changed).items() if source}
    made = [(new_code_cell if name in CODE else new_markdown_cell)(s, id=name) for name, s in cells.items()]
    return new_notebook(cells=made)


def test_a_lesson_of_this_form_has_no_fault():
    assert list(faults(lesson())) == []
    assert list(faults(lesson(further=None))) == []
    assert list(faults(lesson(end="**References**\n\n- A paper."), last=True)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title": TITLE.replace("After", "In")}, "able to explain"),
        ({"title": TITLE.replace("2. Say.", "")}, "two to four objectives"),
        ({"title": TITLE.replace("Before", "When")}, "what to know before"),
        ({"sketch": None}, "not followed by the sketch"),
        ({"further": "## Further"}, "Further does not begin"),
        ({"frameworks": None}, "after the main line come"),
        ({"end": "**References**"}, "what comes next"),
        ({"end": "**Next:** more."}, "the references"),
        ({"idea": "## Summary\n## Further"}, "after the main line come"),
        (
            {"further": f"## Further\n{END_OF_MAIN_LINE}\n## 2. Late"},
            "a section of the main line stands among",
        ),
        ({"lab": "x = 1\nlabs.Waves()"}, "lab: a lab that is not alone"),
        ({"notice": None}, "in the last lab"),
        (
            {"notice": "labs", "another": None, "further": f"## Further\n{END_OF_MAIN_LINE}"},
            "in the last lab",
        ),
        ({"notice": "**Notice**\n\n- It falls.\n" + FOLDED}, "notice: a Notice that is not folded"),
        ({"notice": FOLDED.replace("</summary>\n", "</summary>")}, "notice: a Notice that is not folded as"),
        ({"exercise": "### Exercise 2"}, "numbered [2]"),
        ({"exercise-answer": "x = ..."}, "without a check"),
    ],
)
def test_a_fault_of_form_is_found(changed, said):
    assert any(said in fault for fault in faults(lesson(**changed)))


def test_labs_without_a_notice_between_are_found():
    notebook = lesson()
    notebook.cells.insert(5, new_code_cell("labs.Waves()", id="another"))
    assert list(faults(notebook)) == ["another: nothing is to be noticed in the lab before this one"]
