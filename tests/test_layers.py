"""Arrows go one way. This reads the imports of `helpers` and fails on one that runs the other way."""

import ast
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]
HELPERS = ROOT / "helpers"

ENGINE = {"arguments", "cells", "bptt", "probes"}
WIDGETS = {"anywidget", "ipywidgets", "traitlets"}
# What each room may know: rooms of `helpers`, then packages. The standard library is open to all.
MAY_KNOW = {
    "helpers": (set(), set()),
    "arguments": (set(), {"numpy"}),
    "cells": ({"arguments"}, {"numpy"}),
    "bptt": ({"arguments", "cells"}, {"numpy"}),
    "probes": ({"arguments", "cells", "bptt"}, {"numpy"}),
    "sound": (set(), {"numpy"}),
    "data": ({"sound"}, {"numpy"}),
    "tasks": (ENGINE | {"data", "sound"}, {"numpy"}),
    "training": (ENGINE, {"numpy"}),
    "reading": (ENGINE | {"data", "tasks", "training"}, {"numpy"}),
    "checks": (ENGINE | {"computing", "data", "reading", "tasks", "training"}, {"numpy"}),
    "style": (set(), {"matplotlib"}),
    "diagrams": (ENGINE | {"style"}, {"numpy", "matplotlib"}),
    "live": (set(), {"numpy", "matplotlib", "PIL"}),
    "panel": ({"live"}, WIDGETS),
    "server": (set(), {"jupyter_server"}),
    "computing": (set(), {"threadpoolctl"}),
    "controls": (set(), {"traitlets"}),
    "page": ({"live", "panel", "computing", "style"}, {"traitlets"}),
    "prediction": (set(), set()),
    "lab": ({"page", "computing", "controls", "prediction", "style"}, {"matplotlib", "traitlets"}),
    "running": ({"lab", "computing"}, set()),
    "training_lab": ({"controls", "diagrams", "running", "training"}, {"numpy"}),
    "labs": (
        ENGINE
        | {"data", "sound", "tasks", "training", "reading", "style", "diagrams", "controls", "lab"}
        | {"running", "training_lab"},
        {"numpy", "matplotlib", "tqdm"} | WIDGETS,
    ),
}
FILES = sorted(HELPERS.rglob("*.py"))
LINES = 300  # "about 250" with some air: beyond it a file has two subjects


def imported(source, package):
    """The dotted names that a module imports, anywhere in it; `package` is where it lies."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def wrong_arrows(path, source):
    """The imports of a file of `helpers` that its room may not make, as sentences."""
    parts = path.relative_to(HELPERS.parent).with_suffix("").parts
    room = parts[1] if parts[1] != "__init__" else "helpers"
    if room not in MAY_KNOW:
        return [f"helpers/{room} is in no layer: say in tests/test_layers.py what it may know"]
    rooms, packages = MAY_KNOW[room]
    found = []
    for name in imported(source, ".".join(parts[:-1])):
        top, second = [*name.split("."), "helpers"][:2]
        if top == "helpers" and second not in rooms | {room}:
            found.append(f"helpers/{room} may not know helpers/{second}")
        elif top not in packages | {"helpers"} | sys.stdlib_module_names:
            found.append(f"helpers/{room} may not know {top}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_go_one_way(path):
    assert wrong_arrows(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("file", "source", "said"),
    [
        ("cells.py", "from helpers.bptt import unroll", "helpers/cells may not know helpers/bptt"),
        ("cells.py", "from helpers import bptt", "helpers/cells may not know helpers/bptt"),
        ("bptt.py", "import helpers.labs.rnn", "helpers/bptt may not know helpers/labs"),
        ("probes.py", "from . import lab", "helpers/probes may not know helpers/lab"),
        ("probes.py", "import scipy.linalg", "helpers/probes may not know scipy"),
        ("live/figure.py", "from helpers.cells import RNN", "helpers/live may not know helpers/cells"),
        ("live/figure.py", "from ..lab import Lab", "helpers/live may not know helpers/lab"),
        ("lab.py", "def f():\n    from helpers.labs import rnn", "helpers/lab may not know helpers/labs"),
        ("checks/rnn.py", "import matplotlib.pyplot as plt", "helpers/checks may not know matplotlib"),
        ("tasks.py", "from helpers import training", "helpers/tasks may not know helpers/training"),
        ("labs/rnn.py", "import torch", "helpers/labs may not know torch"),
        ("labs/rnn.py", "from tests import test_layers", "helpers/labs may not know tests"),
        ("new.py", "", "helpers/new is in no layer: say in tests/test_layers.py what it may know"),
    ],
)
def test_a_wrong_arrow_is_caught(file, source, said):
    assert wrong_arrows(HELPERS / file, source) == [said]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("bptt.py", "import math\nimport numpy as np\nfrom helpers.cells import RNN"),
        (
            "live/figure.py",
            "from helpers.live.frame import Frame\nfrom .frame import Frame\nfrom . import frame",
        ),
        ("labs/rnn.py", "from helpers import data, probes\nfrom helpers.lab import Lab"),
    ],
)
def test_a_right_arrow_is_not(file, source):
    assert wrong_arrows(HELPERS / file, source) == []


@pytest.mark.parametrize(
    "path", [*FILES, *HELPERS.rglob("*.js")], ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_file_has_one_subject(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines < LINES, f"{lines} lines: give its second subject a file of its own"
