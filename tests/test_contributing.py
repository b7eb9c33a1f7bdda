"""The example in CONTRIBUTING.md works, and its tables are complete."""

import pathlib
import re
import tomllib

import pytest
from packaging.requirements import Requirement

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORDS = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def echo():
    (source,) = re.findall(r"```python\n(.*?)```", WORDS.partition("## Add a lab")[2], re.S)
    scope = {"__name__": "contributing"}
    exec(source, scope)
    return scope["Echo"]


def test_the_lab_that_is_shown_can_be_dragged(echo):
    lab = echo(w=0.5)
    lab.T = 10
    assert lab.readout_text == "After 10 steps the state is 0.00195."
    assert list(lab.line.get_xdata()) == list(range(1, 11))
    for name, control in lab.controls().items():
        for value in control.examples():
            setattr(lab, name, value)
    assert len(lab.result["h"]) == 100


def test_every_dependency_says_why_it_is_here():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = [Requirement(line).name for group in groups for line in group]
    first_cells = " ".join(re.findall(r"^\| ([^|]+) \|", WORDS, re.M))
    assert [name for name in names if name not in first_cells] == []


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", WORDS)
    assert [link for link in links if not (ROOT / link).exists()] == []
