"""Arrows go one way. This reads every import of the tree and fails on one that runs the other way."""

import ast
import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
HELPERS = ROOT / "helpers"
LINES = 300  # "about 250" with some air: beyond it a file has two subjects
LONG = {
    "tests/browser/test_panel_asks.py",
    "tests/browser/test_robust.py",
}
"""Tests that are longer: what one page does."""

ENGINE = {"helpers.engine"}
CHECKED = ENGINE | {"helpers.tasks", "helpers.training", "helpers.english"}
OF_A_LESSON = CHECKED | {"helpers.drawing", "helpers.lab", "helpers.labs.shared"}
ALL = {"helpers", "tools"}
ANY = None  # any package: these are scripts for whoever works on the project
LESSONS = ("rnn", "bptt", "vanishing", "clipping", "lstm", "lstm_memory", "gru", "race", "without_h")

# What each room may know: other rooms, then packages. A file belongs to the longest name that fits it; the
# standard library is open to all.
MAY_KNOW = {
    "helpers": (set(), set()),
    "helpers.engine": (set(), {"numpy"}),
    "helpers.engine.one_thread": (set(), {"threadpoolctl"}),
    "helpers.engine.cells": ({"helpers.engine.arguments"}, {"numpy"}),
    "helpers.engine.bptt": ({"helpers.engine.arguments", "helpers.engine.cells"}, {"numpy"}),
    "helpers.engine.probes": (
        {"helpers.engine.arguments", "helpers.engine.cells", "helpers.engine.bptt"},
        {"numpy"},
    ),
    "helpers.tasks": (ENGINE, {"numpy"}),
    "helpers.training": (ENGINE, {"numpy"}),
    "helpers.english": (ENGINE | {"helpers.tasks", "helpers.training"}, {"numpy"}),
    "helpers.drawing": (set(), {"numpy", "matplotlib"}),
    "helpers.drawing.painting": ({"helpers.engine.one_thread", "helpers.drawing.style"}, {"matplotlib"}),
    "helpers.page": (set(), set()),
    "helpers.page.live": (set(), {"numpy", "matplotlib", "PIL"}),
    "helpers.page.panel": ({"helpers.page.live"}, {"anywidget", "traitlets"}),
    "helpers.lab": (
        {"helpers.page", "helpers.engine.arguments", "helpers.engine.one_thread", "helpers.drawing.painting"},
        {"traitlets"},
    ),
    "helpers.labs": (ENGINE | {"helpers.lab"}, set()),
    "helpers.labs.shared": (CHECKED | {"helpers.drawing", "helpers.lab"}, {"numpy", "matplotlib"}),
    **{f"helpers.labs.{name}": (OF_A_LESSON, {"numpy", "matplotlib"}) for name in LESSONS},
    "helpers.checks": (CHECKED, {"numpy"}),
    "helpers.server": (set(), {"jupyter_server"}),
    "tools": (ALL, ANY),
    "tools.environment": (set(), set()),
    "bench": (ALL, ANY),
    "data.make": (set(), ANY),
    "run": ({"tools.environment"}, set()),
}
"""`tests` is missing: a test may look at anything, and nothing may look at a test."""

FILES = [
    path
    for top in ("helpers", "tools", "bench", "data")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "_data" not in path.parts
] + [ROOT / "run.py"]


def imported(source, package):
    """The dotted names that a module imports, anywhere in it; `package` is where it lies."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def is_in(name, room):
    """Whether a dotted name is a room or lies in it."""
    return f"{name}.".startswith(f"{room}.")


def room_of(name):
    """The room that a dotted name lies in, or None: the longest name of the table that fits."""
    return max((room for room in MAY_KNOW if is_in(name, room)), key=len, default=None)


def wrong_arrows(path, source):
    """The imports of a file that its room may not make, as sentences."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    room = room_of(name)
    if room is None or (room == "helpers" and name != "helpers"):
        return [f"{name} is in no room: say in tests/test_layers.py what it may know"]
    rooms, packages = MAY_KNOW[room]
    ours = {"helpers", "tools", "bench", "tests", "run"}
    found = []
    for other in imported(source, ".".join(parts[:-1])):
        top = other.partition(".")[0]
        if top in ours:
            if not any(is_in(other, known) for known in rooms | {room, name}):
                found.append(f"{room} may not know {room_of(other) or top}")
        elif packages is not ANY and top not in packages | sys.stdlib_module_names:
            found.append(f"{room} may not know {top}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_go_one_way(path):
    assert wrong_arrows(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("room", MAY_KNOW)
def test_the_table_names_rooms_that_are_there(room):
    place = ROOT / room.replace(".", "/")
    assert place.is_dir() or place.with_suffix(".py").is_file()


@pytest.mark.parametrize(
    "room", [room for room in MAY_KNOW if not room.startswith(("helpers.labs", "tools", "bench", "data"))]
)
def test_the_table_allows_no_more_than_is_used(room):
    """What a room may know and does not, or no longer, is an open door that nobody needs."""
    rooms, packages = MAY_KNOW[room]
    used = {
        other
        for path in FILES
        if room_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) == room
        for other in imported(path.read_text("utf-8"), ".".join(path.relative_to(ROOT).parts[:-1]))
    }
    assert [known for known in rooms if not any(is_in(other, known) for other in used)] == []
    assert packages - {other.partition(".")[0] for other in used} == set()


@pytest.mark.parametrize(
    ("file", "source", "said"),
    [
        (
            "engine/cells/rnn.py",
            "from helpers.engine.bptt import unroll",
            "engine.cells may not know engine.bptt",
        ),
        ("engine/cells/rnn.py", "from helpers.engine import bptt", "engine.cells may not know engine.bptt"),
        ("engine/bptt/cost.py", "import helpers.labs.rnn", "engine.bptt may not know labs.rnn"),
        ("engine/probes/norms.py", "from ...lab import Lab", "engine.probes may not know lab"),
        ("engine/probes/norms.py", "import scipy.linalg", "engine.probes may not know scipy"),
        (
            "page/live/figure.py",
            "from helpers.engine.cells import RNN",
            "page.live may not know engine.cells",
        ),
        ("page/live/figure.py", "from ...lab import Lab", "page.live may not know lab"),
        ("lab/lab.py", "def f():\n    from helpers.labs import rnn", "lab may not know labs.rnn"),
        ("lab/lab.py", "from helpers.engine import probes", "lab may not know engine.probes"),
        ("labs/rnn/swap.py", "from helpers.labs.lstm import block", "labs.rnn may not know labs.lstm"),
        ("checks/rnn.py", "import matplotlib.pyplot as plt", "checks may not know matplotlib"),
        ("tasks/base.py", "from helpers import training", "tasks may not know training"),
        ("labs/rnn/swap.py", "import torch", "labs.rnn may not know torch"),
    ],
)
def test_a_wrong_arrow_is_caught(file, source, said):
    said = " may not know ".join(
        name if name in ("scipy", "torch", "matplotlib") else f"helpers.{name}"
        for name in said.split(" may not know ")
    )
    assert wrong_arrows(HELPERS / file, source) == [said]


@pytest.mark.parametrize(
    ("file", "source", "said"),
    [
        (
            "helpers/new/room.py",
            "",
            "helpers.new.room is in no room: say in tests/test_layers.py what it may know",
        ),
        ("tools/matrix.py", "from run import TWO", "tools may not know run"),
        ("bench/drag.py", "from tests import test_layers", "bench may not know tests"),
        ("helpers/labs/rnn/swap.py", "from tools import refresh", "helpers.labs.rnn may not know tools"),
        ("run.py", "from tools import matrix", "run may not know tools"),
    ],
)
def test_nothing_looks_up(file, source, said):
    assert wrong_arrows(ROOT / file, source) == [said]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("engine/bptt/cost.py", "import math\nimport numpy as np\nfrom helpers.engine.cells import RNN"),
        ("page/live/figure.py", "from helpers.page.live.frame import Frame\nfrom .frame import Frame"),
        ("labs/rnn/swap.py", "from helpers.engine import probes\nfrom helpers.lab import Lab"),
    ],
)
def test_a_right_arrow_is_not(file, source):
    assert wrong_arrows(HELPERS / file, source) == []


OF_SCRIPTS = [path for top in ("helpers", "tools", "bench", "tests") for path in (ROOT / top).rglob("*.js")]


@pytest.mark.parametrize(
    "path",
    [*FILES, *(ROOT / "tests").rglob("*.py"), *OF_SCRIPTS],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_a_file_has_one_subject(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if path.relative_to(ROOT).as_posix() in LONG:
        assert lines >= LINES, "it is short enough now: take it off the list"
    else:
        assert lines < LINES, f"{lines} lines: give its second subject a file of its own"


@pytest.mark.parametrize("path", [*(ROOT / "tests").rglob("test_*.py")], ids=lambda path: path.stem)
def test_names_of_tests_have_eight_words(path):
    """The thing first; what else is to be said stands in the docstring."""
    names = re.findall(r"^\s*def test_(\w+)", path.read_text(encoding="utf-8"), re.M)
    assert [name for name in names if len(name.split("_")) > 8] == []
