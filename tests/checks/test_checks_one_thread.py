"""The checks in a page, where Python can start no thread: the same verdicts, and endless loops are stopped.

In a process of its own: Python 3.11 traces nothing any more once a thread has raised an exception in another.
"""

import pathlib
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

ROOT = pathlib.Path(__file__).parents[2]

SCRIPT = """
import sys, threading

def start(self):
    raise RuntimeError("can't start new thread")

threading.Thread.start = start
from helpers import checks
from helpers.checks import calls
from tests.checks.odd_functions import FUNCTIONS
from tests.checks.plain_checks import doubling
from tests.checks.test_checks_exercises import EXERCISES, answers

calls.ONE_THREAD = True

# The solutions are right.
for exercise in EXERCISES:
    verdict = exercise.check(*answers(exercise))
    assert verdict.right, (exercise.cell, verdict)
    assert sys.gettrace() is None

# Odd answers are not.
calls.SECONDS = 0.02
for exercise in EXERCISES:
    for name, make in FUNCTIONS.items():
        given = answers(exercise)
        given[0] = make()
        assert not exercise.check(*given).right, (exercise.cell, name)

# Endless loops are stopped.
calls.SECONDS = 0.05
for name in ("endless loop", "endless loop that catches"):
    said = doubling(FUNCTIONS[name]()).message
    assert said == "Stopped after 0.05 seconds of computing: is there a loop that never ends?", said
assert doubling(lambda x: 2 * x).right
assert sys.gettrace() is None
"""


def test_in_one_thread():
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
