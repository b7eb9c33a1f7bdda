"""`run.py matrix`: what it finds on a machine, what it runs there, and what it says of it."""

import fnmatch
import os
import sys

import pytest

import run
from tools import environment, interpreters, kernels, matrix

OWN = f"{sys.version_info[0]}.{sys.version_info[1]}"


# The Pythons ----------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path, monkeypatch):
    """An otherwise empty PATH, and no pyenv: what is put there is all there is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    return tmp_path


def put(path, says, status=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\nexit {status}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="what is put on PATH are shell scripts")
class TestInterpreters:
    def test_a_name_that_leads_nowhere_is_passed_over(self, path):
        put(path / "python3.12", "pyenv: python3.12: command not found", status=127)
        real = put(path / "python3.13", "3.13")
        assert interpreters.installed() == {"3.13": real}

    def test_old_versions_are_left_out(self, path):
        """The rest come in order."""
        for version in ["3.13", "3.9", "3.11"]:
            put(path / f"pyenv/versions/{version}.1/bin/python{version}", version)
        put(path / "pyenv/versions/3.14.0/bin/python3.14", "")  # as a pre-release answers
        assert list(interpreters.installed()) == ["3.11", "3.13"]

    def test_the_name_on_path_is_preferred(self, path):
        put(path / "pyenv/versions/3.12.1/bin/python3.12", "3.12")
        first = put(path / "python3.12", "3.12")
        assert interpreters.installed() == {"3.12": first}

    def test_those_of_uv_are_found(self, path):
        hidden = put(path / "hidden/python", "3.12")
        put(path / "uv", f"""'[{{"path": "{hidden}"}}]'""")
        assert interpreters.installed() == {"3.12": hidden}


def test_this_python_says_what_it_is():
    assert interpreters.version_of(sys.executable) == OWN
    assert interpreters.version_of(sys.executable + "-none") == ""


# The kernels ----------------------------------------------------------------------------------------


def test_each_kernel_that_runs_is_found_once(monkeypatch):
    ran = {None: "Haswell", "Nehalem": "Nehalem", "Haswell": "Haswell", "Zen": "Haswell", "SkylakeX": None}
    monkeypatch.setattr(kernels, "that_runs", lambda python, asked=None: ran[asked])
    found, notes = kernels.survey("python", ["Nehalem", "Haswell", "Zen", "SkylakeX"])
    assert found == {"Haswell": None, "Nehalem": "Nehalem"}
    assert notes == [
        "Zen: Haswell runs in its place, so it is not counted.",
        "SkylakeX: this processor cannot run it.",
    ]


@pytest.mark.slow
def test_the_kernel_that_is_found_really_runs(monkeypatch):
    found, _ = kernels.survey(sys.executable)
    monkeypatch.setenv("OPENBLAS_CORETYPE", "what an outer process asked for")
    assert {kernels.that_runs(sys.executable, asked): asked for asked in found.values()} == found


def test_a_process_that_dies_has_no_kernel():
    assert kernels.that_runs("false") is None


# The rows -------------------------------------------------------------------------------------------


def test_the_shares():
    names = [None, "Nehalem", "Sandybridge"]
    shown = {s: matrix.rows(s, "3.12", ["3.11", "3.9"], names) for s in [*matrix.SHARES, "second"]}
    Row = matrix.Row
    assert shown["kernel"] == [Row("3.12", "locked", name) for name in names]
    assert shown["second"] == [Row("3.12", "locked", "Nehalem")]
    assert shown["python"] == [Row("3.11", "locked", None), Row("3.9", "locked", None)]
    assert shown["oldest"] == [Row(v, "oldest", None) for v in ["3.9", "3.11", "3.12"]]
    assert shown["newest"] == [Row(v, "newest", None) for v in ["3.9", "3.11", "3.12"]]


def test_without_a_second_kernel_ci_says_so(monkeypatch, capsys):
    monkeypatch.setattr(kernels, "survey", lambda python: ({"Haswell": None}, []))
    assert matrix.main(["--only", "second"]) == 0
    assert "no second kernel" in capsys.readouterr().out


def test_ci_asks_for_the_second_kernel():
    assert run.test([])[-1] == ["-m", "tools.matrix", "--only", "second"]
    assert run.matrix(["--only", "kernel"]) == [["-m", "tools.matrix", "--only", "kernel"]]


def test_what_computes_runs_under_a_second_kernel():
    found = matrix.computing()
    assert all(any(fnmatch.fnmatch(f, f"tests/*/test_{name}.py") for f in found) for name in matrix.COMPUTES)
    assert {"tests/engine/test_overflow.py", "tests/engine/test_gradients.py"} <= {*found}


def test_without_uv_the_remedy_is_told(monkeypatch):
    monkeypatch.setattr(environment, "found_uv", lambda: None)
    monkeypatch.setattr(kernels, "survey", lambda python: ({"Haswell": None}, []))
    assert "pip install uv" in matrix.main([])


@pytest.mark.parametrize(("versions", "how"), [("oldest", "lowest-direct"), ("newest", "highest")])
def test_an_environment_of_its_own_is_made(monkeypatch, versions, how):
    asked = []
    monkeypatch.setattr(environment, "found_uv", lambda: "uv")
    monkeypatch.setattr(matrix.subprocess, "run", lambda command, **options: asked.append(command))
    python = matrix.python_for(matrix.Row("3.12", versions), {"3.12": "/opt/python3.12"})
    make, ranges, project = asked
    assert python.startswith(str(environment.ROOT / ".matrix" / f"3.12-{versions}"))
    assert "/opt/python3.12" in make
    assert ranges[ranges.index("--resolution") + 1] == how
    assert project[-3:] == ["--no-deps", "-e", "."]


def test_locked_row_uses_the_python_of_venv():
    assert matrix.python_for(matrix.Row(OWN), {OWN: sys.executable}) == sys.executable


# What is run and said -------------------------------------------------------------------------------


@pytest.mark.parametrize(("kernel", "passes"), [("Nehalem", True), ("Haswell", False)])
@pytest.mark.slow
def test_the_tests_see_the_kernel_and_are_counted(tmp_path, monkeypatch, capfd, kernel, passes):
    monkeypatch.setattr(environment, "TWO", [])  # one process starts sooner than three
    (tmp_path / "test_it.py").write_text(
        "import os\ndef test_it(): assert os.environ['OPENBLAS_CORETYPE'] == 'Nehalem'\n"
        "def test_that(): assert os.environ['PYTHONUTF8'] == '1'\n"
    )
    done = matrix.pytest(sys.executable, kernel, str(tmp_path))
    assert done == ((True, "2 passed") if passes else (False, "1 failed, 1 passed"))
    assert "passed" in capfd.readouterr().out


def test_a_python_without_pytest_is_no_success():
    assert matrix.pytest("false", None) == (False, "did not run")


def test_failing_row_is_bold_and_returns_1(monkeypatch, capsys):
    monkeypatch.setattr(environment, "found_uv", lambda: "uv")
    monkeypatch.setattr(interpreters, "installed", dict)
    monkeypatch.setattr(kernels, "survey", lambda python: ({"Haswell": None, "Nehalem": "Nehalem"}, []))
    monkeypatch.setattr(kernels, "that_runs", lambda python, asked: asked or "Haswell")
    monkeypatch.setattr(
        matrix, "pytest", lambda python, kernel, *words: (not kernel, "1 failed" if kernel else "2 passed")
    )
    assert matrix.main(["--only", "kernel"]) == 1
    first, second = capsys.readouterr().out.splitlines()[-2:]
    assert "| Haswell | 2 passed | 2 passed |" in first
    assert "| Nehalem | **1 failed** | **1 failed** |" in second


def test_a_row_that_cannot_be_installed_is_told(monkeypatch):
    def fails(command, **options):
        raise matrix.subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(environment, "found_uv", lambda: "uv")
    monkeypatch.setattr(matrix.subprocess, "run", fails)
    passed, line = matrix.measure(matrix.Row("3.12", "oldest"), {"3.12": "/opt/python3.12"})
    assert not passed
    assert line.startswith("| 3.12 | oldest | **could not be installed** |")
