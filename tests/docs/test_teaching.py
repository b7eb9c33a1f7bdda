"""docs/teaching.md: its plans add up, its labs and sliders exist, and its answers are computed here."""

import math
import re
from urllib.parse import unquote

import nbformat
import numpy as np
import pytest

from helpers.drawing.style import three_digits
from helpers.engine import bptt, cells, probes
from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from tests.docs.test_questions import DOCS, headings

PAGE = (DOCS / "teaching.md").read_text(encoding="utf-8")
PATHS = sorted((DOCS.parent / "notebooks").glob("*.ipynb"))
LESSONS = {path.stem: nbformat.read(path, 4) for path in PATHS}
LABS = {name: {lab.__name__: lab for lab in labs} for name, labs in catalogue().items()}
ITALIC = r"(?<!\*)\*([^*]+)\*(?!\*)"
each_lesson = pytest.mark.parametrize("name", LESSONS)


def part(title, level=2, page=PAGE):
    """What stands under a heading, up to the next one of its level or above."""
    found = re.findall(rf"^#{{{level}}} {re.escape(title)}.*\n((?:(?!#{{1,{level}}} ).*\n)*)", page, re.M)
    assert len(found) == 1, title
    return found[0]


def rows(words):
    """The cells of each row of a table, its head left out."""
    lines = [line.strip("| ").split(" | ") for line in words.splitlines() if line.startswith("| ")]
    return lines[1:]


def page_of(name):
    return (DOCS / "teaching" / f"{name}.md").read_text(encoding="utf-8")


def lesson(name, title):
    return part(title, page=page_of(name))


def prose(name):
    return "\n".join(cell.source for cell in LESSONS[name].cells if cell.cell_type == "markdown")


def said(name):
    """All that a lesson says: its words, its code, what it prints, what its labs ask."""
    outputs = [out for cell in LESSONS[name].cells for out in cell.get("outputs", [])]
    printed = [out.get("text", "") + out.get("data", {}).get("text/plain", "") for out in outputs]
    asked = [lab.prediction for lab in LABS[name].values() if lab.prediction]
    return "\n".join(
        [cell.source for cell in LESSONS[name].cells]
        + printed
        + [text for prediction in asked for text in [prediction.question, *prediction.words.values()]]
    )


# Links, minutes, sections --------------------------------------------------------------------------------


def test_it_says_that_no_class_has_tried_it():
    assert "None of it has been tried in a class yet" in PAGE[: PAGE.index("## ")]


def anchors(page):
    """What links to the headings of a page are called."""
    return [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", page, re.M)]


def test_links_lead_to_one_heading_each():
    links = re.findall(r"\]\(([^)#]*)(?:#([^)]+))?\)", PAGE)
    assert len(links) > 30
    for file, anchor in links:
        if not file or file.endswith(".md"):
            page = (DOCS / file).read_text(encoding="utf-8") if file else PAGE
            assert not anchor or anchors(page).count(anchor) == 1, (file, anchor)
        else:
            notebook = nbformat.read(DOCS / file, 4)
            assert not anchor or headings(notebook).count(unquote(anchor)) == 1, (file, anchor)


LESSON, COURSE, BLOCK = "One lesson in 90 minutes", "The whole course", "Three hours in one block"


def linked(cell):
    """The notebooks that a cell of a table links to; the words of each link have the lesson's number."""
    found = re.findall(r"\[[Ll]esson (\d)\]\(\.\./notebooks/((\d\d)_\w+)\.ipynb\)", cell)
    assert [int(number) for number, *_ in found] == [int(digits) for *_, digits in found]
    return [name for _, name, _ in found]


@pytest.mark.parametrize(("title", "minutes"), [(LESSON, 90), (BLOCK, 180)])
def test_a_plan_fills_its_time(title, minutes):
    assert sum(int(row[0]) for row in rows(part(title))) == minutes


def test_block_teaches_what_the_items_ask():
    """It keeps to the order of the lessons."""
    taught = [name for row in rows(part(BLOCK)) for name in linked(row[1])]
    asked = {name for row in rows(part("Answers", 3)) for name in linked(row[-1])}
    assert asked
    assert asked <= set(taught)
    assert taught == sorted(taught)


def test_the_course_has_every_lesson():
    assert [name for row in rows(part(COURSE)) for name in linked(row[0])] == list(LESSONS)
    pages = re.findall(r"\[(\d)\]\(teaching/(\w+)\.md\)", PAGE)
    assert pages == [(str(int(name[:2])), name) for name in LESSONS]


@each_lesson
def test_a_lesson_has_its_title_and_every_section(name):
    title = re.match(r"# (.+)", LESSONS[name].cells[0].source)[1]
    page = page_of(name)
    assert page.startswith(f"# Lesson {int(name[:2])}: {title}\n")
    table = rows(lesson(name, "Minutes"))
    assert [row[1] for row in table] == re.findall(r"^## (.+)$", prose(name), re.M)
    main_line = sum(int(row[0]) for row in table if row[1] != "Further")
    assert main_line <= 90
    totals = {main_line, sum(int(row[0]) for row in table)}
    assert any(f"{total} minutes with all its exercises" in page for total in totals)
    assert lesson(name, "What goes wrong").count("\n- ") >= 4


# Labs, questions, settings -------------------------------------------------------------------------------


@each_lesson
def test_labs_named_are_exactly_those_of_the_lesson(name):
    assert set(re.findall(r"`([A-Z][a-z]\w+)`", page_of(name))) == set(LABS[name])
    assert set(re.findall(r"^- `(\w+)`", lesson(name, "Drag"), re.M)) == set(LABS[name])


@pytest.mark.parametrize("title", [COURSE, BLOCK])
def test_labs_in_a_plan_belong_to_its_lesson(title):
    named = [
        (name, set(re.findall(r"`([A-Z][a-z]\w+)`", " ".join(row))))
        for row in rows(part(title))
        for name in linked(" ".join(row))
    ]
    assert len(named) >= len(LESSONS)
    for name, labs in named:
        assert labs
        assert labs <= set(LABS[name])


@each_lesson
def test_labelled_controls_exist_and_accept_their_settings(name):
    for line in lesson(name, "Drag").splitlines():
        if not line:
            continue
        lab, *steps = re.split(ITALIC, line)
        controls = LABS[name][re.match(r"- `(\w+)`", lab)[1]].controls().values()
        by_label = {control.label: control for control in controls}
        for label, settings in zip(steps[::2], steps[1::2], strict=True):
            assert label in by_label, line
            for written in re.findall(r"`([^`]+)`", settings):
                control = by_label[label]
                if control.kind == "choice":
                    assert written in control.words.values(), line
                    continue
                value = float(written) if control.kind == "slider" else written
                assert control.validate(None, value) == value
                if control.kind == "slider":
                    steps_up = (value - control.low) / control.step
                    assert steps_up == pytest.approx(round(steps_up))


@each_lesson
def test_questions_and_answers_are_the_labs_own(name):
    table = rows(lesson(name, "Ask"))
    assert {row[0].strip("`") for row in table} >= {k for k, lab in LABS[name].items() if lab.prediction}
    for where, question, answer, wrong in table:
        assert re.search(r"\*\*[^*]+\*\*$", wrong), "a misconception has a name"
        kind = LABS[name].get(where.strip("`"))
        if kind is None or kind.prediction is None:
            assert question in prose(name)
            continue
        assert question == kind.prediction.question
        quoted = re.findall("“([^”]+)”", wrong)
        if kind.prediction.choices:
            assert quoted
            assert set(quoted) <= set(kind.prediction.words.values()) - {answer}
        if not issubclass(kind, RunningLab):
            lab = kind(**kind.prediction.at)
            measured = lab.measured(lab.result)
            assert answer == kind.prediction.words.get(measured, f"{measured}{kind.prediction.unit}")


@each_lesson
def test_every_number_stands_in_the_lesson(name):
    words = " ".join(lesson(name, title) for title in ["Ask", "Drag", "What goes wrong"])
    numbers = re.findall(r"(?<![\w.])\d+\.\d+|(?<![\w.])\d\d+", re.sub("`[^`]+`", "", words))
    assert [x for x in numbers if not re.search(rf"(?<![\d.]){re.escape(x)}(?!\d)", said(name))] == []


# The six items: one function each, which takes the numbers of a question and gives the answer and the
# wrong ones. As it does so for both sheets, the two are the same item. ------------------------------------


def as_written(x):
    return f"{x:.4g}"


def unrolling(question, D, H, T, n, longer):
    assert cells.RNN(int(D), int(H), init="zeros").n_parameters == n
    return as_written(n), as_written(n * longer / T)


def reach(question, T, k):
    T, k = int(T), int(k)
    x = np.random.default_rng(0).standard_normal((T, 1, 1)) + np.zeros((1, 1, 2))
    x[k - 1, 0, 1] += 1
    h = bptt.unroll(cells.RNN(1, 8, rng=np.random.default_rng(1)), x).h
    (moved,) = np.nonzero(np.abs(h[..., 1] - h[..., 0]).max(axis=1))
    assert moved.tolist() == list(range(moved[0], T))
    return f"{moved[0] + 1} to {T}", f"{k}", f"1 to {T}"


def total_gradient(question, w, T, direct):
    T = int(T)
    cell = cells.RNN(1, 1, activation="linear", init="zeros").put(W=1, U=w, b=0)
    tape = bptt.unroll(cell, np.zeros((T, 1, 1)))
    errors = np.full((T, 1, 1), direct)
    all_of_it = bptt.backprop(tape, errors).dh[1].item()
    return as_written(all_of_it), as_written(direct), as_written(bptt.backprop(tape, errors[-1]).dh[1].item())


def far_lags(question, H, gain, T, *_):
    H, T = int(H), int(T)
    rng = np.random.default_rng(0)
    cell = cells.RNN(2, H, activation="linear", rng=rng, init="orthogonal", gain=gain)
    tape = bptt.unroll(cell, rng.standard_normal((T, 2, 1)))
    shares = probes.gradient_by_lag(tape, rng.standard_normal((T, H, 1)))["U"]
    whole, far = np.linalg.norm(shares.sum(axis=0)), np.linalg.norm(shares[T // 2 :].sum(axis=0))
    assert f", {three_digits(gain**T)} is left" in question
    assert whole > 10
    assert far < whole / 100
    return letters(question, "contributes next to nothing", "next to 0", "contributes as much")


def cell_after(c, f, T):
    """What an LSTM's cell holds after T steps that write nothing: by the engine."""
    cell = cells.LSTM(1, 1, init="zeros").put(b_f=math.log(f / (1 - f)), b_i=-1000)
    return bptt.unroll(cell, np.zeros((T, 1, 1)), c_0=[[c]]).c[-1].item()


def forget_gate(question, c, f, i):
    assert i == 0
    return as_written(cell_after(c, f, 1)), as_written((1 - f) * c)


def long_way(question, U, f, T, gradient):
    assert U == 0
    left = cell_after(2.0, f, int(T)) - cell_after(1.0, f, int(T))  # linear in c_0: this is dc_T/dc_0
    assert left == pytest.approx(f**T)
    assert left < gradient / 1000
    return letters(question, "less than a thousandth", "all of it", "one gate lets through")


def letters(question, *choices):
    """The letters of the choices with these words."""
    offered = dict(re.findall(r"\*\*([A-C])\*\*: ([^:]+\.)", question))
    found = [k for word in choices for k, choice in offered.items() if word in choice]
    assert sorted(found) == list("ABC")
    return found


ITEMS = [unrolling, reach, total_gradient, far_lags, forget_gate, long_way]


@pytest.mark.parametrize("place", [0, 1], ids=["before", "after"])
@pytest.mark.parametrize("n", range(1, 7))
def test_the_answer_to_an_item_is_computed(n, place):
    sheet = re.findall(r"^\d\. (.+)$", part(["Before", "After"][place], 3), re.M)
    key = rows(part("Answers", 3))
    assert len(sheet) == len(key) == len(ITEMS) == 6
    question, row = sheet[n - 1], key[n - 1]
    numbers = [float(x) for x in re.findall(r"(?<![\w{-])\d+(?:\.\d+)?", question)]
    right, *wrong = ITEMS[n - 1](question, *numbers)
    assert row[place + 1] == right
    assert [pair[place] for pair in re.findall(r"`([^`]+)` or `([^`]+)`", row[3])] == wrong


def test_two_sheets_differ_only_in_numbers():
    """Word for word the same, but for the numbers and the order of the choices."""
    before, after = (re.findall(r"^\d\. (.+)$", part(title, 3), re.M) for title in ["Before", "After"])
    for one, other in zip(before, after, strict=True):
        assert one != other
        blank = [re.sub(r"[\d⁰¹²³⁴-⁹.]+", "#", text.partition(" **A**")[0]) for text in (one, other)]
        assert blank[0] == blank[1]
