"""pyproject.toml holds the ranges; what conda, Binder, the locks and CI install agrees with it."""

import os
import pathlib
import re
import tomllib

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


def test_conda_brings_python_and_pip_only():
    specs = [MatchSpec(entry, strict=True) for entry in CONDA["dependencies"] if isinstance(entry, str)]
    assert [spec.name.normalized for spec in specs] == ["python", "pip"]
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]


def test_binder_can_read_the_python_and_the_project_runs_on_it():
    """repo2docker reads `python=3.12` and nothing else: another form silently gets it an old Python."""
    spec = next(entry for entry in CONDA["dependencies"] if str(entry).startswith("python"))
    found = re.fullmatch(r"python ?={1,2} ?(\d+\.\d+)", spec)
    assert found
    assert SpecifierSet(PROJECT["requires-python"]).contains(found[1])


@pytest.mark.parametrize("loose", ["python>>3.11", "python >=3.11 <3", "pip 24 0 0"])
def test_the_parser_is_strict(loose):
    with pytest.raises(InvalidMatchSpecError):
        MatchSpec(loose, strict=True)


def test_conda_and_binder_install_what_is_locked_and_then_the_project():
    (listed,) = [entry["pip"] for entry in CONDA["dependencies"] if isinstance(entry, dict)]
    assert listed == [f"-r {environment.LEARN.name}"]
    last = (ROOT / "postBuild").read_text(encoding="utf-8").splitlines()[-1]
    assert last == "python -m pip install --quiet --no-deps -e .", "without it, `import helpers` fails"
    assert os.name == "nt" or os.access(ROOT / "postBuild", os.X_OK)


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


def test_the_site_is_built_with_the_widgets_that_a_learner_has():
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


# On the project's page ------------------------------------------------------------------------------

PAGE = ROOT / ".github"


def test_ci_calls_the_one_script():
    workflow = yaml.safe_load((PAGE / "workflows/ci.yml").read_text(encoding="utf-8"))
    assert set(workflow[True]) == {"push", "pull_request"}  # YAML reads the word `on` as true
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1] == "exec python3 run.py test"


@pytest.mark.parametrize("path", sorted(PAGE.glob("workflows/*.yml")), ids=lambda path: path.name)
def test_a_workflow_is_well_formed(path):
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert len(text.splitlines()) < 40
    assert {"name", True, "permissions", "jobs"} <= set(workflow)
    assert set(workflow) <= {"name", True, "permissions", "jobs", "concurrency"}
    assert set(workflow[True]) <= {"push", "pull_request", "workflow_dispatch"}
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        assert set(job) <= {"runs-on", "container", "timeout-minutes", "environment", "steps"}
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert set(step) <= {"uses", "with", "run"}
            assert "uses" not in step or re.fullmatch(r"[\w.-]+/[\w./-]+@v\d+", step["uses"])


def test_the_site_is_published_from_where_it_is_built():
    workflow = yaml.safe_load((PAGE / "workflows/site.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["site"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["python3 run.py site --check"]
    assert {step["with"]["path"] for step in steps if "upload-pages" in step.get("uses", "")} == {"site"}
    assert workflow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert "/site/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", sorted(PAGE.glob("ISSUE_TEMPLATE/[!c]*.yml")), ids=lambda path: path.name)
def test_an_issue_form_is_well_formed(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [part["id"] for part in form["body"]]
    assert len(set(ids)) == len(ids)
    for part in form["body"]:
        assert part["type"] in {"input", "textarea", "dropdown"}
        assert part["attributes"]["label"]
        assert (part["type"] == "dropdown") == ("options" in part["attributes"])
