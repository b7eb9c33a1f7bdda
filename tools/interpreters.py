"""Every Python of this machine that the project runs on."""

import json
import os
import pathlib
import shutil
import subprocess

from tools import environment

OLDEST, NEWEST = 11, 40  # 3.11, as in pyproject.toml; names up to python3.40 are looked for
ASK = """
import sys, sysconfig
plain = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")
if plain and sys.version_info.releaselevel == "final":
    print("%d.%d" % sys.version_info[:2])
"""


def installed():
    """From a version such as "3.12" to the path of a Python that really starts; one for each version.

    Looked for by name on PATH, in pyenv's folder (whose names on PATH need not lead anywhere) and by uv.
    A pre-release and a build without the global lock are passed over.
    """
    found = {}
    for path in [*on_path(), *of_pyenv(), *of_uv()]:
        version = version_of(path)
        if version and minor(version) >= OLDEST:
            found.setdefault(version, str(path))
    return dict(sorted(found.items(), key=lambda pair: minor(pair[0])))


def minor(version):
    """The number after the first point, by which versions are in order: 3.9 is before 3.11."""
    return int(version.split(".")[1])


def version_of(path):
    """Its version, or "" if it does not start or is of another kind."""
    try:
        done = subprocess.run([str(path), "-I", "-c", ASK], capture_output=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode().strip() if done.returncode == 0 else ""


def on_path():
    """What the names python3.11, python3.12, ... lead to."""
    names = (f"python3.{n}" for n in range(OLDEST, NEWEST))
    return [path for path in map(shutil.which, names) if path]


def of_pyenv():
    """What pyenv has built."""
    root = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
    return sorted(root.glob("versions/*/bin/python3.[0-9]*[0-9]"))


def of_uv():
    """What uv has installed or found."""
    uv = environment.found_uv()
    listed = [uv, "python", "list", "--only-installed", "--no-python-downloads", "--output-format", "json"]
    done = subprocess.run(listed, capture_output=True) if uv else None
    return [one["path"] for one in json.loads(done.stdout)] if done and done.returncode == 0 else []
