"""The environment in .venv: made once, with the exact versions of a lock, and made anew when it will not do.

`run.py` runs this before any package is there: standard library only, and only what Python 3.6 can read.
"""

import contextlib
import hashlib
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENV / "set-up-complete"
TURN = ROOT / ".venv.lock"  # the process that makes .venv holds the lock on this file
LEARN, TEST = ROOT / "requirements.txt", ROOT / "requirements-test.txt"  # TEST holds all of LEARN
SITE = ROOT / "requirements-site.txt"  # for an environment of its own: see tools/site/live/tooling.py

SETTINGS = ENV / "share/jupyter/lab/settings/overrides.json"
NO_NEWS = '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}'
# JupyterLab starts with its side bar closed, so that a lesson has the screen; what is changed there stays.
WORKSPACE = ENV / "share/jupyter/lab/workspaces/default-37a8.jupyterlab-workspace"
CLOSED = '{"data": {"layout-restorer:data": {"left": {"collapsed": true, "visible": true}}}, '
CLOSED += '"metadata": {"id": "default"}}'
# One thread is fastest for matrices as small as ours. A number that was set before is kept.
THREADS = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
# That the files of every package are there; compiled ones come and go.
WHOLE = """
import csv, os, sys
from importlib.metadata import distributions
for one in distributions():
    folder = str(one.locate_file(""))
    for file, *_ in csv.reader((one.read_text("RECORD") or "").splitlines()):
        if not file.endswith(".pyc") and not os.path.lexists(os.path.join(folder, file)):
            sys.exit(1)
"""
OFFLINE = re.compile("dns error|connection|unreachable|timed out|sending request|from versions: none", re.I)
# How the tests are run. A file is a unit: its tests share a page, or a kernel. Files are begun in the order
# in which they are named; the browser's come first, since they take longest. They wait now and then, so that
# on two processors three at a time have done sooner than two.
FILES = ["--dist", "loadfile", "--no-loadscope-reorder"]
TWO = ["-n", "2", *FILES]
THREE = ["-n", "3", *FILES]
NBVAL = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]


def set_up(lock):
    """Make .venv hold what `lock` lists, and the project itself, unless it already does."""
    if not is_set_up(lock):
        with my_turn():
            if not is_set_up(lock):  # another run.py may have made it meanwhile
                make_environment(lock)


def is_set_up(lock):
    """Is .venv whole, and does it hold what `lock` lists? All that TEST lists serves the learner too."""
    return stored_stamp() in (stamp(lock), stamp(TEST)) and is_whole()


def is_whole():
    """Does .venv's Python start, and find the files of every package? It takes a fifth of a second."""
    try:
        look = [str(PYTHON), "-I", "-X", "utf8", "-c", WHOLE]
        return subprocess.run(look, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


@contextlib.contextmanager
def my_turn():
    """Hold the lock on the set-up; wait, and say so, while another run.py holds it."""
    with open(str(TURN), "a") as file:
        if not locked(file):
            print("Another run.py is setting up .venv: waiting until it is done.", flush=True)
        while not locked(file):
            time.sleep(0.2)
        yield


def locked(file):
    """Take the lock on an open file, which ends with the process, and say whether it was free."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def make_environment(lock):
    """Make .venv, or add to one that was made for this Python in this folder and is whole."""
    make, add, pace = installer()
    print(f"Setting up .venv {pace}, this once.", flush=True)
    start = time.time()
    fits, whole = stored_stamp()[:1] == stamp(lock)[:1], is_whole()
    if fits and not whole:
        print("It is there, but damaged, so it is made anew.", flush=True)
    if fits and whole:
        STAMP.unlink()  # without it, an interrupted installation is begun afresh by the next run
    else:
        clear_away()
        install(make)
    install([*add, "--require-hashes", "-r", str(lock)])
    install([*add, "--no-deps", "-e", str(ROOT)])
    for file, content in ((SETTINGS, NO_NEWS), (WORKSPACE, CLOSED)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    STAMP.write_bytes(b"\n".join(stamp(lock)))
    print(f"Set up in {time.time() - start:.0f} s.", flush=True)


def clear_away():
    """Remove what is named .venv; of a link only the link, wherever it leads."""
    if ENV.is_symlink():
        ENV.unlink()
    elif ENV.exists():
        shutil.rmtree(str(ENV))


def stored_stamp():
    """The lines of the stamp in .venv, or none."""
    return STAMP.read_bytes().split() if STAMP.exists() else []


def stamp(lock):
    """What .venv is good for, in two lines: this Python in this folder; these versions."""
    here = os.fsencode(f"{ROOT} {sys.version_info[:2]}")
    return [hashlib.sha256(what).hexdigest().encode() for what in (here, lock.read_bytes())]


def installer():
    """The command that makes .venv, the one that adds packages to it, and how long they take."""
    base = getattr(sys, "_base_executable", sys.executable)  # not .venv's own, should that run this
    uv = found_uv()
    if uv:
        add = [uv, "pip", "install", "-q", "-p", str(PYTHON)]
        return [uv, "venv", "-q", "--seed", "-p", base, str(ENV)], add, "with uv, less than a minute"
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            "This Python cannot make virtual environments: install its venv module"
            " (Debian and Ubuntu: sudo apt install python3-venv), or uv, and run the same command again."
        )
    add = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    return [base, "-m", "venv", str(ENV)], add, "with pip, one to two minutes"


def found_uv():
    """The path of a uv that starts, or None."""
    uv = shutil.which("uv")
    starts = uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0
    return uv if starts else None


def install(command):
    """Run one command of the installer; if it fails, say why and what to do."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=variables())
    if done.returncode == 0:
        return
    said = done.stdout.decode(errors="replace").strip()
    if OFFLINE.search(said):
        sys.exit("The packages cannot be fetched: connect to the network and run the same command again.")
    sys.exit(f"Set-up failed: fix what the installer reports here and run the same command again.\n{said}")


def variables():
    """What is started sees these: one thread, and UTF-8 whatever the locale (a folder may have any name)."""
    return {**dict.fromkeys(THREADS, "1"), **os.environ, "PYTHONUTF8": "1"}
