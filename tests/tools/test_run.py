"""`run.py`: what a newcomer meets first, above all when something is missing."""

import ast
import inspect
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest
from traitlets.utils.importstring import import_item

import run
from tools import environment

ROOT = run.ROOT  # the real one; `project` puts another in its place
SOURCES = [ROOT / "run.py", ROOT / "tools/__init__.py", ROOT / "tools/environment.py"]


def what_it_says(*words):
    """The sentence with which `run.py` gives up."""
    with pytest.raises(SystemExit) as end:
        run.main(*words)
    assert isinstance(end.value.code, str), "a sentence, which Python prints before it exits with 1"
    return end.value.code


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with nothing but lesson 1."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / run.LESSON_1).touch()
    monkeypatch.setattr(run, "ROOT", tmp_path)
    return tmp_path


# The file itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
class TestBeforeAnythingIsInstalled:
    def test_an_old_python_can_read_it(self, path):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 6))

    def test_it_needs_nothing_installed(self, path):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)} - {"tools"}
        assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


# What is missing or wrong --------------------------------------------------------------------------


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    assert what_it_says("lab").startswith("Python 99.0 or newer is needed and this is 3.")


def test_a_folder_that_cannot_be_written_is_told(monkeypatch):
    def locked(lock):
        raise PermissionError(13, "Permission denied", ".venv")

    monkeypatch.setattr(environment, "set_up", locked)
    assert "delete it and try again" in what_it_says("lab")


@pytest.mark.parametrize("words", [[], ["help"], ["labs"], ["lock", "now"]])
def test_an_unknown_job_shows_those_there_are(words):
    assert all(
        f"\n  {job} " in what_it_says(*words)
        for job in ["lab", "test", "refresh", "bench", "matrix", "site", "lock"]
    )


def test_an_unknown_bench_names_those_there_are():
    assert what_it_says("bench", "speed").endswith("followed by one of drag, engine, live, site, training.")
    assert run.bench(["drag", "--quick"]) == [["-m", "bench.drag", "--quick"]]


def test_every_file_that_measures_is_a_bench():
    runs = [path.stem for path in (ROOT / "bench").glob("*.py") if "__main__" in path.read_text("utf-8")]
    assert sorted(runs) == sorted(run.BENCHES)


def test_lock_without_uv_is_told(monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    assert "pip install uv" in what_it_says("lock")


# The jobs -------------------------------------------------------------------------------------------


def test_lab_opens_lesson_1_by_default(project):
    """If a notebook is named, it opens that one."""
    (project / "notebooks/07_gru.ipynb").touch()
    page = "--LabApp.default_url=/lab/tree/notebooks/"
    (first,) = run.lab(["--no-browser"])
    assert f"{page}01_rnn_unrolling.ipynb" in first
    assert first[-1] == "--no-browser"
    (fifth,) = run.lab(["--no-browser", str(project / "notebooks/07_gru.ipynb")])
    assert f"{page}07_gru.ipynb" in fifth
    assert fifth[-1] == "--no-browser"


def test_a_notebook_that_is_not_there_is_told(tmp_path):
    outside = tmp_path / "mine.ipynb"
    outside.touch()
    assert "There is no notebook" in what_it_says("lab", "notebooks/09_none.ipynb")
    assert "There is no notebook" in what_it_says("lab", str(outside))


def test_lesson_1_is_there():
    assert (ROOT / run.LESSON_1).is_file()


def test_what_lab_names_exists():
    (words,) = run.lab([])
    assert {run.SOCKET, run.PICTURES} <= set(words)
    assert inspect.isclass(import_item(run.SOCKET.split("=")[1]))
    assert callable(import_item(f"{run.PICTURES.split('=')[1]}.keep_pictures"))


def test_the_setting_that_lab_changes_exists():
    ((plugin, changed),) = json.loads(environment.NO_NEWS).items()
    extension, file = plugin.split(":")
    schemas = pathlib.Path(sys.prefix) / "share/jupyter/lab/schemas"
    schema = json.loads((schemas / extension / f"{file}.json").read_text(encoding="utf-8"))
    choices = schema["properties"]["fetchNews"]
    known = choices.get("enum") or [choice["const"] for choice in choices["oneOf"]]  # 4.3, or later
    assert changed["fetchNews"] in known


def test_extra_arguments_of_test_go_to_pytest():
    assert run.test(["-k", "engine"]) == [["-m", "pytest", "-k", "engine"]]
    assert ["-m", "ruff", "check"] in run.test([])
    (checked,) = [words for words in run.test([]) if "notebooks" in words]
    assert "--nbval" in checked, "strictly: what is printed is compared with what is stored"


def test_quick_needs_neither_browser_nor_notebook():
    ((*_, marks, tests, browser, lessons),) = run.test(["--quick"])
    assert (marks, tests) == ("not slow", "tests")
    assert (browser, lessons) == ("--ignore=tests/browser", "--ignore=tests/lessons")
    assert (run.ROOT / "tests/browser").is_dir()
    assert (run.ROOT / "tests/lessons").is_dir()


@pytest.mark.parametrize("failing", [None, "ruff check", "notebooks"])
def test_every_check_runs_and_failures_come_last(monkeypatch, capsys, failing):
    monkeypatch.setattr(environment, "set_up", lambda lock: None)
    started = []

    def pretend(command):
        started.append(command)
        return int(failing is not None and " ".join(command).endswith(failing))

    monkeypatch.setattr(run, "run", pretend)
    assert run.main("test") == (failing is not None)
    assert len(started) == len(run.test([]))
    said = capsys.readouterr().out.splitlines()
    if failing is None:
        assert said == ["All passed."]
    else:
        (line,) = said
        assert line.startswith("Failed: -m ")
        assert line.endswith(failing)


def test_variables_that_are_set_are_kept(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    monkeypatch.setenv("PIP_PROXY", "here")
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    seen = environment.variables()
    assert (seen["OMP_NUM_THREADS"], seen["PIP_PROXY"], seen["OPENBLAS_NUM_THREADS"]) == ("4", "here", "1")


def test_the_exit_status_is_passed_on():
    assert with_signals_restored(lambda: run.run([sys.executable, "-c", "raise SystemExit(7)"])) == 7


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to pass on")
def test_a_request_to_end_reaches_the_child():
    child = [sys.executable, "-c", "import time; time.sleep(60)"]
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGTERM)).start()
    start = time.monotonic()
    assert with_signals_restored(lambda: run.run(child)) == -signal.SIGTERM
    assert time.monotonic() - start < 30


def with_signals_restored(act):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return act()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_wrong_command_exits_with_1_without_traceback():
    done = subprocess.run([sys.executable, run.__file__, "labs"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == run.USAGE + "\n"
