"""A wheel holds all that a lesson needs, and works from any folder: no checkout, no .venv of `run.py`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import venv
import zipfile

import pytest

from helpers.tasks import data
from tools import environment

ROOT = environment.ROOT
LEFT_OUT = ("__pycache__", ".*")  # .gitattributes, .ipynb_checkpoints
EVERYTHING = """
import json, warnings
warnings.filterwarnings("error")
warnings.filterwarnings("ignore", r"'\\w+' (argument is )?deprecated", DeprecationWarning)  # pyproject.toml
import helpers
from helpers.tasks import data
from helpers.labs import catalogue
labs = [kind() for kinds in catalogue().values() for kind in kinds[:1]]
loaded = [len(load()) for load in (data.load_text, data.load_speech, data.load_sunspots, data.load_digits)]
print(json.dumps([helpers.__file__, data.FOLDER.name, loaded, len(labs)]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel made of a copy, since a build leaves files behind and takes in those of an earlier one."""
    copy, made = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in ["helpers", "data"]:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name in ["pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-TEXT"]:
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(made), str(copy)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and environment.OFFLINE.search(done.stderr) and not os.environ.get("CI"):
        pytest.skip("no network: pip cannot fetch setuptools, with which a wheel is built")
    assert done.returncode == 0, done.stderr
    (path,) = made.glob("*.whl")
    return path


def files(folder):
    """Every file that belongs into a wheel, relative to the folder."""
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    hidden = [name for name in names if any(part == "__pycache__" or part[0] == "." for part in name.parts)]
    return {name.as_posix() for name in set(names) - set(hidden)}


def test_it_holds_every_file_of_helpers_and_of_data_and_no_other(wheel):
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {f"helpers/{name}" for name in files(ROOT / "helpers")}
    wanted |= {f"helpers/_data/{name}" for name in files(ROOT / "data")}
    assert packed == wanted


def test_it_works_from_any_folder(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=False)
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    # The packages are those of .venv, read through PYTHONPATH: there the editable project is not found.
    packages = pathlib.Path(data.np.__file__).parents[1]
    python = tmp_path / "env" / environment.PYTHON.relative_to(environment.ENV)
    done = subprocess.run(
        [str(python), "-c", EVERYTHING],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(target), str(packages)])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    file, folder, loaded, labs = json.loads(done.stdout)
    assert pathlib.Path(file).is_relative_to(target)
    assert folder == "_data"
    assert loaded == [len(data.load_text()), 10, 2, 2]
    assert labs == len(list((ROOT / "notebooks").glob("*.ipynb")))
