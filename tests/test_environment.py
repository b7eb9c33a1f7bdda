"""pyproject.toml holds the ranges; what conda, Binder and the locks install agrees with it."""

import pathlib
import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import MatchSpec
from rattler.exceptions import InvalidMatchSpecError

import run
from tests.test_layers import MAY_KNOW
from tools import environment

ROOT = pathlib.Path(run.__file__).parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def pins(path):
    """What a lock lists: from (name, marker) to (version, set of hashes)."""
    lines = [line for line in path.read_text().replace("\\\n", " ").splitlines() if not line.startswith("#")]
    found = {}
    for line in lines:
        pinned, *hashes = re.split(r"\s+--hash=", line.strip())
        wanted = Requirement(pinned)
        (only,) = wanted.specifier
        assert only.operator == "==", line
        found[canonicalize_name(wanted.name), str(wanted.marker)] = only.version, set(hashes)
    return found


LEARN, TEST = pins(environment.LEARN), pins(environment.TEST)


def ranges(requirements):
    """From the name of each requirement to its range."""
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, requirements)}


# conda and Binder -----------------------------------------------------------------------------------


def from_pip():
    (listed,) = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    return listed


def test_conda_brings_python_and_pip_only():
    specs = [MatchSpec(entry, strict=True) for entry in CONDA["dependencies"] if isinstance(entry, str)]
    assert [spec.name.normalized for spec in specs] == ["python", "pip"]
    assert str(specs[0].version) == PROJECT["requires-python"]
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.parametrize("loose", ["python>>3.11", "python >=3.11 <3", "pip 24 0 0"])
def test_the_parser_is_strict(loose):
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(loose, strict=True)


def test_the_ranges_of_conda_are_those_of_the_project():
    *packages, project = from_pip()
    assert project == "-e .", "without it, `import helpers` fails in Binder"
    assert ranges(packages) == ranges(PROJECT["dependencies"])


# The locks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (LEARN, PROJECT["dependencies"]),
        (TEST, PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]),
    ],
    ids=["requirements.txt", "requirements-test.txt"],
)
def test_a_lock_keeps_to_the_ranges(lock, wanted):
    for name, allowed in ranges(wanted).items():
        versions = [version for (pinned, _), (version, _) in lock.items() if pinned == name]
        assert versions, f"{name} is not in the lock: python run.py lock"
        assert all(allowed.contains(version) for version in versions), (
            f"{name} {versions} is not in {allowed}"
        )


def test_every_pin_has_hashes():
    hashes = [one for lock in (LEARN, TEST) for _, found in lock.values() for one in found or {"none"}]
    assert len(hashes) > 1000
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes)


def test_the_tests_run_on_what_a_learner_has():
    assert LEARN.items() <= TEST.items()
    assert len(LEARN) < len(TEST)


@pytest.mark.parametrize("path", [environment.LEARN, environment.TEST], ids=lambda path: path.name)
def test_a_lock_names_no_index(path):
    words = path.read_text()
    assert re.findall(r"\w+://|^-[^-]|--(?!hash=)\w\S*", words, re.M) == []
    assert "python run.py lock" in words


def test_the_locks_are_for_every_platform():
    markers = " ".join(marker for _, marker in LEARN)
    assert "sys_platform == 'darwin'" in markers.replace('"', "'")
    assert "win32" in markers


# One fact, several files ----------------------------------------------------------------------------


def test_the_oldest_python_is_the_same_everywhere():
    oldest = ".".join(map(str, run.OLDEST))
    assert PROJECT["requires-python"] == f">={oldest}"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"--python-version {oldest} " in run.LOCK


def test_the_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert " AND ".join(citation["license"]) == PROJECT["license"]


@pytest.mark.parametrize("name", PROJECT["license-files"])
def test_the_licences_are_there(name):
    words = " ".join((ROOT / name).read_text(encoding="utf-8").split())
    says = {"LICENSE": "BSD 3-Clause License", "LICENSE-TEXT": "Section 8 -- Interpretation."}
    assert says[name] in words


def test_what_the_layers_may_import_is_declared():
    packages = set().union(*(packages for _, packages in MAY_KNOW.values()))
    listed_as = {"PIL": "pillow", "jupyter_server": "jupyterlab"}  # JupyterLab's own server
    assert {listed_as.get(name, name) for name in packages} <= set(ranges(PROJECT["dependencies"]))
