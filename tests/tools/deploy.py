"""What the tests of deploy/ share: its files, and Python run in a folder."""

import os
import pathlib
import subprocess
import sys

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
START, SERVER = DEPLOY / "start.sh", DEPLOY / "jupyter_server_config.json"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
needs_bash = pytest.mark.skipif(os.name == "nt", reason="a hub runs on Linux")


def python(code, folder, **variables):
    """What Python prints for some code, in this folder."""
    command, variables = [sys.executable, "-c", code], {**os.environ, **variables}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=True
    ).stdout
