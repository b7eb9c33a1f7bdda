"""What pip and conda install holds all that a lesson needs, and works from any folder without `run.py`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import venv
import zipfile

import pytest
import yaml

from helpers.tasks import data
from tools import environment

pytestmark = pytest.mark.slow

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


def copy_to(folder):
    """What pip needs of the project, in a new folder: a build leaves files that the next one would find."""
    for name in ["helpers", "data"]:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name in ["pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-TEXT"]:
        shutil.copy(ROOT / name, folder)
    return folder


def pip(python, *words, **options):
    """Let pip do something, which must succeed; without a network the test is skipped, but not in CI."""
    done = subprocess.run([str(python), "-m", "pip", *words], capture_output=True, text=True, **options)
    if done.returncode and environment.OFFLINE.search(done.stderr) and not os.environ.get("CI"):
        pytest.skip("no network: pip cannot fetch setuptools, with which a wheel is built")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    copy, made = copy_to(tmp_path_factory.mktemp("copy")), tmp_path_factory.mktemp("wheel")
    pip(sys.executable, "wheel", "-q", "--no-deps", "-w", str(made), str(copy))
    (path,) = made.glob("*.whl")
    return path


def files(folder):
    """Every file that belongs into a wheel, relative to the folder."""
    names = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    hidden = [name for name in names if any(part == "__pycache__" or part[0] == "." for part in name.parts)]
    return {name.as_posix() for name in set(names) - set(hidden)}


def test_wheel_holds_every_file_of_helpers_and_data(wheel):
    """And no other; the scripts that make data stay behind."""
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {f"helpers/{name}" for name in files(ROOT / "helpers")}
    wanted |= {f"helpers/_data/{name}" for name in files(ROOT / "data") if not name.startswith("make/")}
    assert packed == wanted


def fresh_python(folder):
    """The Python of a new environment, which also sees the packages of .venv, but not the project there."""
    venv.create(folder, with_pip=False)
    python = folder / environment.PYTHON.relative_to(environment.ENV)
    packages = pathlib.Path(data.np.__file__).parents[1]  # lines of .pth files in there are not read
    own = ask(python, "import sysconfig; print(sysconfig.get_path('purelib'))", folder).strip()
    pathlib.Path(own, "packages.pth").write_text(f"{packages}\n", encoding="utf-8")
    return python


def ask(python, code, folder, **variables):
    """What Python prints in this folder; it must succeed."""
    command, variables = [str(python), "-c", code], {**os.environ, **variables}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_works_from_any_folder(wheel, tmp_path):
    target = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(target)
    told = ask(fresh_python(tmp_path / "env"), EVERYTHING, tmp_path, PYTHONPATH=str(target))
    file, folder, loaded, labs = json.loads(told)
    assert pathlib.Path(file).is_relative_to(target)
    assert folder == "_data"
    assert loaded == [len(data.load_text()), 10, 2, 2]
    assert labs == len(list((ROOT / "notebooks").glob("*.ipynb")))


def test_what_conda_lets_pip_add_is_the_project(tmp_path):
    """conda writes the list under `pip:` into a file beside environment.yml and has pip install that."""
    copy, python = copy_to(tmp_path / "copy"), fresh_python(tmp_path / "env")
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"][-1]["pip"]
    (copy / "condaenv.requirements.txt").write_text("\n".join(listed))
    pip(python, "install", "-q", "-U", "-r", "condaenv.requirements.txt", cwd=copy)
    look = "import helpers; from helpers.tasks import data; print(helpers.__file__); data.load_text()"
    told = ask(python, look, tmp_path)
    assert pathlib.Path(told.strip()).is_relative_to(copy)
