"""`run.py`: what a newcomer meets first, above all when something is missing."""

import ast
import inspect
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time

import pytest
from traitlets.utils.importstring import import_item

import run

ROOT = run.ROOT  # the real one; `project` puts another in its place
SOURCE = pathlib.Path(run.__file__).read_text(encoding="utf-8")


def what_it_says(*words):
    """The sentence with which `run.py` gives up."""
    with pytest.raises(SystemExit) as end:
        run.main(*words)
    assert isinstance(end.value.code, str), "a sentence, which Python prints before it exits with 1"
    return end.value.code


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project whose installer only notes what it is asked to do."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / run.LESSON_1).touch()
    for name in ["LEARN", "TEST"]:
        monkeypatch.setattr(run, name, tmp_path / getattr(run, name).name)
        getattr(run, name).write_text(name)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "ENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv" / "python")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(run, "SETTINGS", tmp_path / ".venv" / "lab" / "overrides.json")
    monkeypatch.setattr(run, "WORKSPACE", tmp_path / ".venv" / "lab" / "workspace")
    note = f"import sys, pathlib; print(*sys.argv[1:], file=open('{tmp_path / 'notes'}', 'a'))"
    make = f"{note}; env = pathlib.Path('{run.ENV}'); env.mkdir(); (env / 'python').touch()"
    commands = [sys.executable, "-c", make, "make"], [sys.executable, "-c", note, "add"], "at once"
    monkeypatch.setattr(run, "installer", lambda: commands)
    return tmp_path


def noted(project):
    """The commands of the installer since the last look, each as its first word and its last."""
    lines = (project / "notes").read_text().splitlines() if (project / "notes").exists() else []
    (project / "notes").write_text("")
    return [(line.split()[0], line.split()[-1]) for line in lines]


def all_of(lock, project):
    return [("make", "make"), ("add", str(lock)), ("add", str(project))]


# The file itself ------------------------------------------------------------------------------------


def test_an_old_python_can_read_it():
    ast.parse(SOURCE, feature_version=(3, 6))


def test_it_needs_nothing_installed():
    nodes = [node for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert all(isinstance(node, ast.Import) for node in nodes)
    assert {alias.name.split(".")[0] for node in nodes for alias in node.names} <= sys.stdlib_module_names


# The set-up -----------------------------------------------------------------------------------------


def test_the_first_run_sets_up_and_the_second_does_nothing(project, capsys):
    run.set_up(run.LEARN)
    assert noted(project) == all_of(run.LEARN, project)
    assert run.SETTINGS.read_text() == run.NO_NEWS
    first, last = capsys.readouterr().out.splitlines()
    assert first == "Setting up .venv at once, this once."
    assert last.startswith("Set up in ")
    run.set_up(run.LEARN)
    assert noted(project) == []
    assert capsys.readouterr().out == ""


def test_the_tests_add_to_what_a_learner_has_and_serve_the_learner_too(project):
    run.set_up(run.LEARN)
    noted(project)
    run.set_up(run.TEST)
    assert noted(project) == all_of(run.TEST, project)[1:], "the environment is not made anew"
    run.set_up(run.LEARN)
    assert noted(project) == []


def test_new_versions_are_installed(project):
    run.set_up(run.LEARN)
    noted(project)
    run.LEARN.write_text("other versions")
    run.set_up(run.LEARN)
    assert noted(project) == all_of(run.LEARN, project)[1:]


@pytest.mark.parametrize("change", ["folder", "python", "no python", "interrupted"])
def test_an_environment_that_will_not_do_is_made_anew(project, monkeypatch, change):
    run.set_up(run.LEARN)
    noted(project)
    (run.ENV / "left-over").touch()
    if change == "folder":
        monkeypatch.setattr(run, "ROOT", project.parent)
    elif change == "python":
        monkeypatch.setattr(run.sys, "version_info", (3, 99))
    elif change == "no python":
        run.PYTHON.unlink()
    else:
        run.STAMP.unlink()
    run.set_up(run.LEARN)
    assert noted(project) == all_of(run.LEARN, run.ROOT)
    assert not (run.ENV / "left-over").exists()


def test_ctrl_c_during_the_set_up_leaves_nothing_that_passes_for_complete(project, monkeypatch):
    install = run.install

    def interrupted(command):
        if str(run.LEARN) in command:
            raise KeyboardInterrupt
        install(command)

    monkeypatch.setattr(run, "install", interrupted)
    assert "begins the set-up afresh" in what_it_says("lab")
    assert run.PYTHON.exists()
    assert not run.STAMP.exists()


# What is missing ------------------------------------------------------------------------------------


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(run, "OLDEST", (99, 0))
    assert what_it_says("lab").startswith("Python 99.0 or newer is needed and this is 3.")


def test_a_missing_venv_module_is_told(monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        run.installer()


def test_a_uv_that_does_not_run_is_passed_over(monkeypatch):
    no_uv = shutil.which("false")
    monkeypatch.setattr(run.shutil, "which", lambda name: sys.executable)
    assert run.installer()[2].startswith("with uv"), "it answers --version, as uv does"
    monkeypatch.setattr(run.shutil, "which", lambda name: no_uv)
    assert run.installer()[2].startswith("with pip")


@pytest.mark.parametrize(("tool", "retries"), [("pip", "0"), ("pip", "1"), ("uv", "0")])
def test_no_network_is_told_in_one_sentence(tool, retries, tmp_path, monkeypatch, capfd):
    if tool == "uv" and not shutil.which("uv"):
        pytest.skip("uv is not on PATH")
    nobody = "http://127.0.0.1:9/simple"  # the discard port
    settings = {"PIP_INDEX_URL": nobody, "PIP_RETRIES": retries, "PIP_CONFIG_FILE": os.devnull}
    settings |= {"UV_DEFAULT_INDEX": nobody, "UV_HTTP_RETRIES": retries, "UV_CACHE_DIR": str(tmp_path)}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    for name in ["PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "UV_FIND_LINKS", "UV_INDEX"]:
        monkeypatch.delenv(name, raising=False)
    if tool == "pip":
        monkeypatch.setattr(run.shutil, "which", lambda name: None)
    monkeypatch.setattr(run, "PYTHON", pathlib.Path(sys.executable))
    _, add, _ = run.installer()
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("a-package-nobody-has==1.0 --hash=sha256:" + "0" * 64)
    with pytest.raises(SystemExit) as end:
        run.install([*add, "--target", str(tmp_path / "to"), "--require-hashes", "-r", str(wanted)])
    assert end.value.code.startswith("The packages cannot be fetched: connect to the network and run")
    assert "\n" not in end.value.code
    assert capfd.readouterr() == ("", "")


def test_another_failure_shows_what_the_installer_says():
    with pytest.raises(SystemExit) as end:
        run.install([sys.executable, "-c", "import sys; sys.exit('no space left on device')"])
    assert end.value.code.startswith("Set-up failed: mend what the installer says here")
    assert end.value.code.endswith("no space left on device")


def test_a_folder_that_cannot_be_written_is_told(project, monkeypatch):
    def locked(lock):
        raise PermissionError(13, "Permission denied", ".venv")

    monkeypatch.setattr(run, "set_up", locked)
    assert "delete it and try again" in what_it_says("lab")


@pytest.mark.parametrize("words", [[], ["help"], ["labs"], ["lock", "now"]])
def test_an_unknown_job_shows_those_there_are(words):
    assert all(f"\n  {job} " in what_it_says(*words) for job in ["lab", "test", "refresh", "bench", "lock"])


def test_an_unknown_bench_names_those_there_are(project):
    (project / "bench").mkdir()
    for name in ["engine.py", "drag.py", "_common.py"]:
        (project / "bench" / name).touch()
    assert what_it_says("bench", "speed").endswith("followed by one of drag, engine.")
    assert run.bench(["drag", "--quick"]) == [["-m", "bench.drag", "--quick"]]


def test_lock_without_uv_is_told(monkeypatch):
    monkeypatch.setattr(run.shutil, "which", lambda name: None)
    assert "pip install uv" in what_it_says("lock")


# The jobs -------------------------------------------------------------------------------------------


def test_lab_opens_lesson_1_or_the_notebook_that_is_named(project):
    (project / "notebooks/04_gru.ipynb").touch()
    page = "--LabApp.default_url=/lab/tree/notebooks/"
    (first,) = run.lab(["--no-browser"])
    assert f"{page}01_rnn_unrolling.ipynb" in first
    assert first[-1] == "--no-browser"
    (fourth,) = run.lab(["--no-browser", str(project / "notebooks/04_gru.ipynb")])
    assert f"{page}04_gru.ipynb" in fourth
    assert fourth[-1] == "--no-browser"


def test_a_notebook_that_is_not_there_is_told(tmp_path):
    outside = tmp_path / "mine.ipynb"
    outside.touch()
    assert "There is no notebook" in what_it_says("lab", "notebooks/09_none.ipynb")
    assert "There is no notebook" in what_it_says("lab", str(outside))


def test_lesson_1_is_there():
    assert (ROOT / run.LESSON_1).is_file()


def test_the_class_that_lab_names_exists():
    assert inspect.isclass(import_item(run.SOCKET.split("=")[1]))


def test_the_setting_that_lab_changes_exists():
    ((plugin, changed),) = json.loads(run.NO_NEWS).items()
    extension, file = plugin.split(":")
    schemas = pathlib.Path(sys.prefix) / "share/jupyter/lab/schemas"
    schema = json.loads((schemas / extension / f"{file}.json").read_text(encoding="utf-8"))
    known = schema["properties"]["fetchNews"]["oneOf"]
    assert changed["fetchNews"] in [choice["const"] for choice in known]


def test_extra_arguments_of_test_go_to_pytest():
    assert run.test(["-k", "engine"]) == [["-m", "pytest", "-k", "engine"]]
    assert ["-m", "ruff", "check"] in run.test([])


@pytest.mark.parametrize("failing", [None, "ruff check", "notebooks"])
def test_every_check_runs_and_what_failed_is_named_last(monkeypatch, capsys, failing):
    monkeypatch.setattr(run, "set_up", lambda lock: None)
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
    seen = run.environment()
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


def test_as_a_command_it_exits_with_1_and_no_traceback():
    done = subprocess.run([sys.executable, run.__file__, "labs"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == run.USAGE + "\n"
