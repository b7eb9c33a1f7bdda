"""A Pyodide for tests that need no network: what UNROLLED_PYODIDE names, or what `.ci/run` has fetched."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).parents[2]
FETCHED = ROOT / ".pyodide"


def pyodide():
    """The folder of a Pyodide distribution; without one the test is skipped."""
    folder = pathlib.Path(os.environ.get("UNROLLED_PYODIDE", FETCHED))
    if not (folder / "pyodide-lock.json").is_file():
        pytest.skip(f"there is no Pyodide in {folder}: bash .ci/pyodide fetches one")
    return folder
