"""What is read, anywhere in the project, keeps to one English."""

import pathlib

import pytest

from tests.docs.english import EVERYWHERE, IN_LESSONS, of_markdown, of_python, of_script, read, slips

ROOT = pathlib.Path(__file__).parents[2]
OF_A_LESSON = ("notebooks", "helpers/labs", "helpers/checks", "docs/teaching", "docs/questions")
PATTERNS = ["*.md", "docs/**/*.md", "data/*.md", "deploy/*.md", "notebooks/*.ipynb", "run.py"]
PATTERNS += [f"{top}/**/*.{kind}" for top in ("helpers", "tools", "bench", "deploy") for kind in ("py", "js")]
FILES = sorted(
    path
    for pattern in PATTERNS
    for path in ROOT.glob(pattern)
    if not {"_data", "vendor", ".ipynb_checkpoints"} & set(path.parts)
)
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]


@pytest.mark.parametrize("name", NAMES)
def test_no_habit_is_left(name):
    habits = EVERYWHERE | (IN_LESSONS if name.startswith(OF_A_LESSON) else {})
    found = [
        f"{place}: “{written}” ({instead})"
        for place, words in read(ROOT / name)
        for written, instead in slips(words, habits)
    ]
    assert found == []


def test_everything_is_read():
    assert len(NAMES) > 150
    assert {"README.md", "run.py", "docs/teaching/07_gru.md", "helpers/page/panel/panel.js"} <= set(NAMES)


# That it is found -----------------------------------------------------------------------------------

SLIPS = [
    "The answer turns round.",
    "On the way back it pales.",
    "Give back the state.",
    "As the judge says.",
    "Look at the read-out.",
    "They are drawn evenly.",
    "It is 2 less the mean.",
    "It is solved from every seed.",
    "It turns the gradient.",
    "A step more adds none.",
    "It goes number by number.",
    "It is × 0.802 a step.",
    "Nobody told it to.",
    "It closes of itself.",
    "The gate is to be shut.",
    "This is what becomes of it.",
    "What there is to see.",
    "It is open. Else it is shut.",
    "Who keeps long writes little.",
    "Drag it to and fro.",
    "It is 4 percent.",
    "It has learned.",
    "A computer programme.",
    "The behavior is gray.",
    "It is centered.",
    "It is labeled.",
    "It memorizes.",
    "We analyze it.",
]
FINE = [
    "The answer flips, and the gradient goes all the way back.",
    "All steps share W. Who learns it? The size of a prize.",
    "At most 3 per step, and nothing else. It was seized.",
]


@pytest.mark.parametrize("words", SLIPS)
def test_a_slip_is_found(words):
    assert len(list(slips(words, EVERYWHERE))) >= 1


def test_every_habit_is_tried():
    assert [h for h in EVERYWHERE if not any(list(slips(words, {h: ""})) for words in SLIPS)] == []
    assert list(slips("The engine has a share.", IN_LESSONS)) != []


@pytest.mark.parametrize("words", FINE)
def test_good_english_is_not(words):
    assert list(slips(words, EVERYWHERE | IN_LESSONS)) == []


def test_code_and_formulas_and_titles_are_not_read():
    assert "color" not in of_markdown("`color`, $color$ and [this](color.md).\n\n- Center (1999), *Color*.")
    assert dict(of_python("x = 'color'  # grey\ny = 'it is gray'")) == {1: "# grey", 2: "it is gray"}
    assert dict(of_script("a(); // one\n/* two */ 'http://three'")) == {1: "// one", 2: "/* two */"}
