"""pyproject.toml holds the ranges; what conda, Binder, the locks and CI install agrees with it."""

import pathlib
import re
import tomllib
from importlib.metadata import distributions

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
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


def lines_of(path):
    """What a lock lists: requirements, each with its hashes."""
    lines = [line for line in path.read_text().replace("\\\n", " ").splitlines() if not line.startswith("#")]
    for line in lines:
        pinned, *hashes = re.split(r"\s+--hash=", line.strip())
        yield Requirement(pinned), set(hashes)


def pins(path):
    """The same, from (name, marker) to (version, set of hashes)."""
    found = {}
    for wanted, hashes in lines_of(path):
        (only,) = wanted.specifier
        assert only.operator == "==", wanted
        found[canonicalize_name(wanted.name), str(wanted.marker)] = only.version, hashes
    return found


LEARN, TEST = pins(environment.LEARN), pins(environment.TEST)


def ranges(requirements):
    """From the name of each requirement to its range."""
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, requirements)}


# conda and Binder -----------------------------------------------------------------------------------

ENTRIES = [entry for entry in CONDA["dependencies"] if isinstance(entry, str)]


def test_conda_has_the_packages_and_ranges_of_pyproject():
    """On conda-forge each of them has the name that it has on PyPI."""
    specs = [MatchSpec(entry, strict=True) for entry in ENTRIES]
    found = {spec.name.normalized: str(spec.version) for spec in specs}
    assert len(found) == len(specs)
    assert found.pop("python")
    assert found.pop("pip")
    assert {name: SpecifierSet(wanted) for name, wanted in found.items()} == ranges(PROJECT["dependencies"])
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]


def test_pip_adds_the_project_and_nothing_else():
    """As `-e .`: then conda needs no second command, and Binder copies the project before it installs it.

    tests/test_install.py installs it so.
    """
    assert [entry for entry in CONDA["dependencies"] if not isinstance(entry, str)] == [{"pip": ["-e ."]}]


def test_binder_reads_a_python_the_project_supports():
    """repo2docker reads `python=3.12` and nothing else: another form silently gets it an old Python."""
    (spec,) = [entry for entry in ENTRIES if entry.startswith("python")]
    found = re.fullmatch(r"python ?={1,2} ?(\d+\.\d+)", spec)
    assert found
    assert SpecifierSet(PROJECT["requires-python"]).contains(found[1])


@pytest.mark.parametrize("loose", ["python>>3.11", "python >=3.11 <3", "pip 24 0 0"])
def test_the_parser_is_strict(loose):
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(loose, strict=True)


# The locks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        (LEARN, PROJECT["dependencies"]),
        (TEST, PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]),
        (pins(environment.SITE), PYPROJECT["dependency-groups"]["site"]),
    ],
    ids=["requirements.txt", "requirements-test.txt", "requirements-site.txt"],
)
def test_a_lock_keeps_to_the_ranges(lock, wanted):
    for name, allowed in ranges(wanted + PYPROJECT["tool"]["uv"]["constraint-dependencies"]).items():
        versions = [version for (pinned, _), (version, _) in lock.items() if pinned == name]
        assert versions, f"{name} is not in the lock: python run.py lock"
        assert all(allowed.contains(version) for version in versions), (
            f"{name} {versions} is not in {allowed}"
        )


def extras_asked_by(requirements, extras):
    """(name, extra) of what is required by a package that was itself asked for with some extras."""
    return {
        (canonicalize_name(one.name), extra)
        for one in map(Requirement, requirements)
        if one.marker is None or any(one.marker.evaluate({"extra": own}) for own in ("", *extras))
        for extra in one.extras
    }


@pytest.mark.parametrize("lock", [environment.LEARN, environment.TEST], ids=lambda path: path.name)
def test_a_lock_names_the_extras_asked_for(lock):
    """Without them pip looks beyond the pin, and once there is a newer version, it finds no hash for that."""
    installed = {(canonicalize_name(one.name), f"=={one.version}"): one.requires for one in distributions()}
    pinned = {(canonicalize_name(one.name), str(one.specifier)): one.extras for one, _ in lines_of(lock)}
    named = {(name, extra) for (name, _), extras in pinned.items() for extra in extras}
    for at, extras in pinned.items():
        assert extras_asked_by(installed.get(at) or (), extras) <= named, at


def test_every_pin_has_hashes():
    hashes = [one for lock in (LEARN, TEST) for _, found in lock.values() for one in found or {"none"}]
    assert len(hashes) > 1000
    assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes)


def test_the_tests_run_on_what_a_learner_has():
    assert LEARN.items() <= TEST.items()
    assert len(LEARN) < len(TEST)


def test_site_has_the_widgets_a_learner_has():
    """What both lists name, the same version: a page's widgets and their JavaScript belong together."""
    site, shared = pins(environment.SITE), {name for name, _ in LEARN}
    both = {at: version for at, (version, _) in site.items() if at[0] in shared}
    assert {at: LEARN[at][0] for at in both if at in LEARN} == {
        at: v for at, v in both.items() if at in LEARN
    }
    assert {"anywidget", "ipywidgets", "jupyterlab-widgets"} <= {name for name, _ in both}


@pytest.mark.parametrize(
    "path", [environment.LEARN, environment.TEST, environment.SITE], ids=lambda path: path.name
)
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


def test_the_newest_change_is_of_this_version():
    words = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", words, re.M)[1] == PROJECT["version"]


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
    packages = set().union(*(packages or () for _, packages in MAY_KNOW.values()))
    listed_as = {"PIL": "pillow", "jupyter_server": "jupyterlab"}  # JupyterLab's own server
    assert {listed_as.get(name, name) for name in packages} <= set(ranges(PROJECT["dependencies"]))
