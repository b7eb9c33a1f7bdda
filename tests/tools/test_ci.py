"""The checks on every change: the script runs them in a bare environment, and the project's page calls it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml

import run

ROOT = pathlib.Path(run.__file__).parent
SCRIPT = ROOT / ".ci/run"
SEEN = """
import json, os, pathlib, shutil, sys
here = {"words": sys.argv[1:], "variables": dict(os.environ), "home": os.listdir(pathlib.Path.home())}
here["pyodide"] = os.path.exists("fetched")
found = {name: shutil.which(name) for name in ["python3", "git", "uv", "chromium"]}
with open("seen", "a") as file:
    print(json.dumps({**here, "python": sys.executable, "found": found}), file=file)
sys.exit(7 if sys.argv[-1] == "test" else 0)
"""


# The script -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What two calls of a pretended run.py see when .ci/run starts it on a machine that has a lot."""
    if os.name == "nt":
        pytest.skip("a script for bash")
    folder = tmp_path_factory.mktemp("project")
    (folder / ".ci").mkdir()
    (folder / ".ci/run").write_bytes(SCRIPT.read_bytes())
    (folder / ".ci/pyodide").write_text("echo $HOME > fetched")
    (folder / "run.py").write_text(SEEN)
    (folder / "bin").mkdir()
    for name in ["uv", "git", "sudo", "apt-get"]:  # the last two do nothing here
        (folder / "bin" / name).write_text("#!/bin/sh\n")
        (folder / "bin" / name).chmod(0o755)
    (folder / "bin/python3").symlink_to(sys.executable)
    told = {"CI": "true", "PIP_CERT": "a b", "https_proxy": "http://here", "SSL_CERT_FILE": "c"}
    leaks = {"PYENV_ROOT": "p", "OPENBLAS_CORETYPE": "Nehalem", "LC_ALL": "C", "UNROLLED_SITE": "s"}
    path = f"{folder / 'bin'}:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", str(folder / ".ci/run")],
        env={**told, **leaks, "PATH": path, "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    calls = [json.loads(line) for line in (folder / "seen").read_text().splitlines()]
    return {"status": done.returncode, "said": done.stderr, "calls": calls, "told": told, "folder": folder}


def test_script_sets_up_and_then_tests(seen):
    """It passes on how the tests ended."""
    assert [call["words"] for call in seen["calls"]] == [["test", "--version"], ["test"]]
    assert seen["status"] == 7
    assert seen["said"] == ""


def test_a_pyodide_is_fetched_before_the_tests_begin(seen):
    assert seen["calls"][-1]["pyodide"]
    assert (seen["folder"] / "fetched").read_text().strip() == seen["calls"][0]["variables"]["HOME"]


@pytest.mark.slow
def test_missing_pyodide_is_reported_and_checks_continue(tmp_path):
    if os.name == "nt":
        pytest.skip("a script for bash")
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    done = subprocess.run(
        ["bash", str(tmp_path / ".ci/pyodide")],
        env=os.environ | {"PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert done.stdout == "No Pyodide could be fetched: the lessons in JupyterLite are not tried.\n"
    assert not (tmp_path / ".pyodide").exists()


def test_environment_passes_only_what_pip_needs(seen):
    for call in seen["calls"]:
        variables = call["variables"]
        assert variables["LANG"] == "C.UTF-8"
        # Its own, those of bash, and Python's, which changes LC_CTYPE where it has to.
        others = {"PATH", "HOME", "LANG", "PWD", "SHLVL", "_", "LC_CTYPE"}
        assert variables.keys() - others == seen["told"].keys()
        assert {name: variables[name] for name in seen["told"]} == seen["told"]


def test_home_is_empty(seen):
    """The programs are those of the system."""
    for call in seen["calls"]:
        home = pathlib.Path(call["variables"]["HOME"])
        assert call["home"] == []
        assert home != seen["folder"]
        bin_folder, *system = call["variables"]["PATH"].split(":")
        assert system == ["/usr/bin", "/bin"]
        assert call["found"]["python3"] == f"{bin_folder}/python3"
        assert call["found"]["git"] == f"{bin_folder}/git"
        assert not (call["found"]["uv"] or "").startswith(str(seen["folder"]))
        assert not home.exists(), "it is gone when the script has ended"


def test_environment_is_made_by_a_lasting_python(seen):
    """Not by the link to it: .venv remembers the path, and the link is gone when the script has ended."""
    for call in seen["calls"]:
        assert not call["python"].startswith(call["variables"]["PATH"].partition(":")[0])
        assert os.path.exists(call["python"])


# On the project's page ------------------------------------------------------------------------------

PAGE = ROOT / ".github"


def test_ci_calls_the_one_script():
    workflow = yaml.safe_load((PAGE / "workflows/ci.yml").read_text(encoding="utf-8"))
    assert set(workflow[True]) == {"push", "pull_request"}  # YAML reads the word `on` as true
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]


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


def test_site_is_published_from_its_build_folder():
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
