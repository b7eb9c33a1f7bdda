"""`tools/environment.py` makes .venv, and makes it anew when it will not do."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import run
from tools import environment

pytestmark = pytest.mark.slow

INSTALLER = """\
import os, pathlib, sys, time, venv

with open({notes}, "a") as notes:
    print(*sys.argv[1:], file=notes)
env = pathlib.Path(os.fsdecode({env}))
if sys.argv[1] in ("make", "venv"):
    time.sleep({seconds})
    venv.create(env, with_pip=False)
elif sys.argv[1] in ("add", "pip"):
    (packages,) = [env / "Lib/site-packages"] if sys.platform == "win32" else env.glob("lib/*/site-packages")
    (packages / "thing-1.dist-info").mkdir(exist_ok=True)
    (packages / "thing-1.dist-info/METADATA").write_text("Name: thing")
    (packages / "thing-1.dist-info/RECORD").write_text("thing.py,,\\n__pycache__/thing.pyc,,\\n")
    (packages / "thing.py").touch()
"""


def installer(project, seconds=0.0):
    """A program that notes what it is asked to do, makes a real environment and adds a package of its own."""
    notes, env = ascii(os.fsencode(project / "notes")), ascii(os.fsencode(project / ".venv"))
    return INSTALLER.format(notes=notes, env=env, seconds=seconds)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """An empty project whose installer only pretends."""
    for name in ["LEARN", "TEST"]:
        monkeypatch.setattr(environment, name, tmp_path / getattr(environment, name).name)
        getattr(environment, name).write_text(name)
    for name in ["ENV", "PYTHON", "STAMP", "SETTINGS", "WORKSPACE", "TURN"]:
        path = getattr(environment, name).relative_to(environment.ROOT)
        monkeypatch.setattr(environment, name, tmp_path / path)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    command = [sys.executable, "-c", installer(tmp_path)]
    monkeypatch.setattr(environment, "installer", lambda: ([*command, "make"], [*command, "add"], "at once"))
    return tmp_path


def noted(project):
    """The commands of the installer since the last look, each as its first word and its last."""
    lines = (project / "notes").read_text().splitlines() if (project / "notes").exists() else []
    (project / "notes").write_text("")
    return [(line.split()[0], line.split()[-1]) for line in lines]


def all_of(lock, project):
    return [("make", "make"), ("add", str(lock)), ("add", str(project))]


# The set-up -----------------------------------------------------------------------------------------


def test_first_run_sets_up_and_second_does_nothing(project, capsys):
    environment.set_up(environment.LEARN)
    assert noted(project) == all_of(environment.LEARN, project)
    assert environment.SETTINGS.read_text() == environment.NO_NEWS
    assert environment.WORKSPACE.read_text() == environment.CLOSED
    first, last = capsys.readouterr().out.splitlines()
    assert first == "Setting up .venv at once, this once."
    assert last.startswith("Set up in ")
    environment.set_up(environment.LEARN)
    assert noted(project) == []
    assert capsys.readouterr().out == ""


def test_environment_of_tests_serves_learners_too(project):
    """It adds to what a learner has."""
    environment.set_up(environment.LEARN)
    noted(project)
    environment.set_up(environment.TEST)
    assert noted(project) == all_of(environment.TEST, project)[1:], "the environment is not made anew"
    environment.set_up(environment.LEARN)
    assert noted(project) == []


def test_new_versions_are_installed(project):
    environment.set_up(environment.LEARN)
    noted(project)
    environment.LEARN.write_text("other versions")
    environment.set_up(environment.LEARN)
    assert noted(project) == all_of(environment.LEARN, project)[1:]


def damage(change, monkeypatch):
    """Something that .venv does not survive."""
    if change == "another folder":
        monkeypatch.setattr(environment, "ROOT", environment.ROOT.parent)
    elif change == "another python":
        monkeypatch.setattr(environment.sys, "version_info", (3, 99))
    elif change == "no python":
        environment.PYTHON.unlink()
    elif change == "a python that does not start":
        environment.PYTHON.unlink()
        environment.PYTHON.write_text("not a program")
    elif change == "a file of a package gone":
        next(environment.ENV.rglob("thing.py")).unlink()
    elif change == "a stamp that is no text":
        environment.STAMP.write_bytes(b"\xff\xfe\x00")
    else:
        environment.STAMP.unlink()


CHANGES = """another folder, another python, no python, a python that does not start,
a file of a package gone, a stamp that is no text, interrupted"""


@pytest.mark.parametrize("change", CHANGES.replace("\n", " ").split(", "))
def test_environment_that_will_not_do_is_remade(project, monkeypatch, change):
    environment.set_up(environment.LEARN)
    noted(project)
    (environment.ENV / "left-over").touch()
    damage(change, monkeypatch)
    environment.set_up(environment.LEARN)
    assert noted(project) == all_of(environment.LEARN, environment.ROOT)
    assert not (environment.ENV / "left-over").exists()


def test_why_it_is_made_anew_is_told(project, capsys):
    environment.set_up(environment.LEARN)
    next(environment.ENV.rglob("thing.py")).unlink()
    capsys.readouterr()
    environment.set_up(environment.LEARN)
    assert "It is there, but damaged, so it is made anew." in capsys.readouterr().out


def test_a_compiled_file_may_be_missing(project):
    environment.set_up(environment.LEARN)
    assert not list(environment.ENV.rglob("thing.pyc"))
    noted(project)
    environment.set_up(environment.LEARN)
    assert noted(project) == []


@pytest.mark.parametrize("dangling", [True, False])
def test_link_named_venv_is_replaced(project, dangling):
    """What it leads to is kept."""
    elsewhere = project / "elsewhere"
    environment.ENV.symlink_to(elsewhere)
    if not dangling:
        elsewhere.mkdir()
        (elsewhere / "mine").touch()
    environment.set_up(environment.LEARN)
    assert not environment.ENV.is_symlink()
    assert environment.STAMP.exists()
    assert (elsewhere / "mine").exists() != dangling


def test_interrupted_set_up_never_passes_for_complete(project, monkeypatch):
    install = environment.install

    def interrupted(command):
        if str(environment.LEARN) in command:
            raise KeyboardInterrupt
        install(command)

    monkeypatch.setattr(environment, "install", interrupted)
    with pytest.raises(SystemExit, match="begins the set-up afresh"):
        run.main("lab")
    assert environment.PYTHON.exists()
    assert not environment.STAMP.exists()


# As a command, in a project of its own ---------------------------------------------------------------


@pytest.fixture
def clone(tmp_path):
    """A project in a folder with a name in three alphabets, and a slow installer that is found as uv."""
    folder = tmp_path / "Ünï кη"
    for name in ["run.py", "tools/__init__.py", "tools/environment.py"]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(environment.ROOT / name, folder / name)
    for lock in [environment.LEARN, environment.TEST]:
        (folder / lock.name).write_text("nothing")
    (folder / "bench").mkdir()
    (folder / "bench/engine.py").write_text("print('measured')")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/uv").write_text(f"#!{sys.executable}\n{installer(folder, seconds=1)}")
    (tmp_path / "bin/uv").chmod(0o755)
    return folder


def start(clone, *before, **variables):
    """`run.py bench engine` there, as a process whose words are caught."""
    path = {"PATH": f"{clone.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.Popen(
        [*before, sys.executable, str(clone / "run.py"), "bench", "engine"],
        env={**os.environ, **path, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


needs_a_shell = pytest.mark.skipif(os.name == "nt", reason="the pretended uv is a script with a first line")


@needs_a_shell
def test_two_at_once_make_it_once(clone):
    both = [start(clone), start(clone)]
    words = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], words
    assert all(out.endswith("measured\n") for out, _ in words)
    assert sum("Another run.py is setting up .venv: waiting" in out for out, _ in words) == 1
    asked = (clone / "notes").read_text().splitlines()
    assert [line.split()[0] for line in asked if line != "--version"] == ["venv", "pip", "pip"]


@needs_a_shell
@pytest.mark.parametrize("utf8", ["", "0"], ids=["as Python sees fit", "ASCII"])
def test_folder_may_have_any_name_in_c_locale(clone, utf8):
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": utf8 or "1", "PYTHONUTF8": utf8}
    process = start(clone, **{name: value for name, value in plain.items() if value})
    assert process.communicate(timeout=60)[0].endswith("measured\n")


@needs_a_shell
def test_read_only_folder_gets_one_sentence(clone):
    clone.chmod(0o555)
    obey = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []  # root otherwise may all
    if obey and not shutil.which("setpriv"):
        pytest.skip("root writes to every folder, and there is no setpriv to make it obey")
    _, said = start(clone, *obey).communicate(timeout=60)
    clone.chmod(0o755)
    assert said.startswith("The folder .venv could not be written (")
    assert "copy the project to a folder that is yours to write in" in said
    assert said.count("\n") == 1


# What is missing -----------------------------------------------------------------------------------


def test_a_missing_venv_module_is_told(monkeypatch):
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="sudo apt install python3-venv"):
        environment.installer()


def test_uv_that_does_not_run_is_ignored(monkeypatch):
    no_uv = shutil.which("false")
    monkeypatch.setattr(environment.shutil, "which", lambda name: sys.executable)
    assert environment.installer()[2].startswith("with uv"), "it answers --version, as uv does"
    monkeypatch.setattr(environment.shutil, "which", lambda name: no_uv)
    assert environment.installer()[2].startswith("with pip")


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
        monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    monkeypatch.setattr(environment, "PYTHON", pathlib.Path(sys.executable))
    _, add, _ = environment.installer()
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("a-package-nobody-has==1.0 --hash=sha256:" + "0" * 64)
    with pytest.raises(SystemExit) as end:
        environment.install([*add, "--target", str(tmp_path / "to"), "--require-hashes", "-r", str(wanted)])
    assert end.value.code.startswith("The packages cannot be fetched: connect to the network and run")
    assert "\n" not in end.value.code
    assert capfd.readouterr() == ("", "")


def test_another_failure_shows_what_the_installer_says():
    with pytest.raises(SystemExit) as end:
        environment.install([sys.executable, "-c", "import sys; sys.exit('no space left on device')"])
    assert end.value.code.startswith("Set-up failed: fix what the installer reports here")
    assert end.value.code.endswith("no space left on device")
