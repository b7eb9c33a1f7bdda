"""A lab's question is its docstring, which `python -OO` drops: labs still ask it."""

import json
import subprocess
import sys

import pytest

from helpers.labs import catalogue

pytestmark = pytest.mark.slow

ASK_ALL = """
import json
from helpers.labs import catalogue
labs = [kind for kinds in catalogue().values() for kind in kinds]
class Heir(labs[0]):
    pass
print(json.dumps([[kind.question() for kind in [*labs, Heir]], repr(labs[0]()), labs[0].__doc__]))
"""
OF_NO_FILE = """
from helpers.lab import Lab
class Mine(Lab):
    "How far?"
try:
    Mine.question()
except TypeError as error:
    print(error)
"""


def without(code):
    """What it prints under `python -OO`."""
    return subprocess.run(
        [sys.executable, "-OO", "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_every_lab_still_asks_its_question():
    """A subclass of a lab asks the same question."""
    asked, first, docstring = json.loads(without(ASK_ALL))
    assert docstring is None
    labs = [kind for kinds in catalogue().values() for kind in kinds]
    assert asked == [kind.question() for kind in [*labs, labs[0]]]
    assert first == repr(labs[0]())


def test_lab_without_a_file_says_what_it_needs():
    """One sentence is enough for it."""
    said = without(OF_NO_FILE)
    assert said.startswith("Mine has no question: write it as the first line of the docstring of the class")
    assert "without Python's option -OO" in said
    assert said.count("\n") == 1
