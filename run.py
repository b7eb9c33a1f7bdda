#!/usr/bin/env python3
"""Everything there is to run: `python run.py lab`, and its siblings in USAGE below.

The first run makes an environment of its own in the folder .venv and installs the exact versions of
requirements.txt there; later runs start at once. Standard library only, and only what Python 3.6 can
read, so that an old Python is told what is missing instead of failing on the syntax.
"""

import hashlib
import importlib.util
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent
ENV = ROOT / ".venv"
PYTHON = ENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENV / "set-up-complete"
LEARN, TEST = ROOT / "requirements.txt", ROOT / "requirements-test.txt"  # TEST holds all of LEARN
LESSON_1 = "notebooks/01_rnn_unrolling.ipynb"
OLDEST = (3, 11)
USAGE = """usage: python run.py JOB [extra arguments]

  lab      open JupyterLab on lesson 1     (lab --no-browser, lab notebooks/04_gru.ipynb)
  test     all that CI runs; with arguments, only pytest, with them     (test -k engine)
  refresh  execute the notebooks and store their results (refresh notebooks/04_gru.ipynb)
  bench    measure                                                        (bench engine)
  lock     choose exact versions anew, within the ranges of pyproject.toml (needs uv)"""

# One thread is fastest for matrices as small as ours. Whoever has set another number keeps it.
THREADS = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
# Send each frame at once (see that file), and ask nothing about news on a learner's first screen.
SOCKET = "--ServerApp.kernel_websocket_connection_class=helpers.server.nodelay.NoDelayConnection"
SETTINGS = ENV / "share/jupyter/lab/settings/overrides.json"
NO_NEWS = '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}'
# JupyterLab starts with its side bar closed, so that a lesson has the screen; what is changed there stays.
WORKSPACE = ENV / "share/jupyter/lab/workspaces/default-37a8.jupyterlab-workspace"
CLOSED = '{"data": {"layout-restorer:data": {"left": {"collapsed": true, "visible": true}}}, '
CLOSED += '"metadata": {"id": "default"}}'
LOCK = "uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url"
LOCK += " --no-annotate -q pyproject.toml --custom-compile-command"
OFFLINE = re.compile("dns error|connection|unreachable|timed out|sending request|from versions: none", re.I)


# The environment ------------------------------------------------------------------------------------


def set_up(lock):
    """Make .venv hold what `lock` lists, and the project itself, unless it already does."""
    done = STAMP.read_text().splitlines() if STAMP.exists() and PYTHON.exists() else []
    if done in (stamp(lock), stamp(TEST)):
        return
    make, add, pace = installer()
    print(f"Setting up .venv {pace}, this once.", flush=True)
    start = time.time()
    if done[:1] == stamp(lock)[:1]:
        STAMP.unlink()  # without it, an interrupted installation is begun afresh by the next run
    else:
        if ENV.exists():
            shutil.rmtree(str(ENV))
        install(make)
    install([*add, "--require-hashes", "-r", str(lock)])
    install([*add, "--no-deps", "-e", str(ROOT)])
    for file, content in ((SETTINGS, NO_NEWS), (WORKSPACE, CLOSED)):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    STAMP.write_text("\n".join(stamp(lock)))
    print(f"Set up in {time.time() - start:.0f} s.", flush=True)


def stamp(lock):
    """What .venv is good for, in two lines: this Python in this folder; these versions."""
    here = f"{ROOT} {sys.version_info[:2]}".encode()
    return [hashlib.sha256(what).hexdigest() for what in (here, lock.read_bytes())]


def installer():
    """The command that makes .venv, the one that adds packages to it, and how long they take."""
    base = getattr(sys, "_base_executable", sys.executable)  # not .venv's own, should that run this
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0:
        add = [uv, "pip", "install", "-q", "-p", str(PYTHON)]
        return [uv, "venv", "-q", "--seed", "-p", base, str(ENV)], add, "with uv, less than a minute"
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            "This Python cannot make virtual environments: install its venv module"
            " (Debian and Ubuntu: sudo apt install python3-venv), or uv, and run the same command again."
        )
    add = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    return [base, "-m", "venv", str(ENV)], add, "with pip, one to two minutes"


def install(command):
    """Run one command of the installer; if it fails, say why and what to do."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment())
    if done.returncode == 0:
        return
    said = done.stdout.decode(errors="replace").strip()
    if OFFLINE.search(said):
        sys.exit("The packages cannot be fetched: connect to the network and run the same command again.")
    sys.exit(f"Set-up failed: mend what the installer says here and run the same command again.\n{said}")


# The jobs -------------------------------------------------------------------------------------------


def lab(extra):
    """JupyterLab on lesson 1, or on the notebook that is named."""
    named = [word for word in extra if word.endswith(".ipynb")] or [str(ROOT / LESSON_1)]
    notebook = pathlib.Path(named[0]).resolve()
    if not notebook.is_file() or ROOT not in notebook.parents:
        sys.exit(f"There is no notebook {notebook} in {ROOT}: name one of those in {ROOT / 'notebooks'}.")
    page = f"--LabApp.default_url=/lab/tree/{notebook.relative_to(ROOT).as_posix()}"
    root = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # in a container
    rest = [word for word in extra if word not in named]
    own = f"--LabApp.workspaces_dir={WORKSPACE.parent}"
    return [["-m", "jupyterlab", page, SOCKET, own, *root, *rest]]


def test(extra):
    """All that CI runs, or only what pytest finds with the extra arguments."""
    if extra:
        return [["-m", "pytest", *extra]]
    strict = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]
    ruff = [["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"]]
    two = ["-n", "2", "--dist", "loadfile"]  # a file is a unit: its tests share a page, or a kernel
    return [*ruff, ["-m", "pytest", *two, "tests"], ["-m", "pytest", *two, *strict, "notebooks"]]


def refresh(extra):
    """Execute the notebooks and store their results."""
    return [["tools/refresh.py", *extra]]


def bench(extra):
    """One measurement."""
    known = sorted(path.stem for path in (ROOT / "bench").glob("[a-z]*.py"))
    if not extra or extra[0] not in known:
        sys.exit(f"Say what to measure: python run.py bench followed by one of {', '.join(known)}.")
    return [["-m", f"bench.{extra[0]}", *extra[1:]]]


def lock():
    """Compile both lists of exact versions; the second keeps to the first."""
    if not shutil.which("uv"):
        sys.exit("The lock is made by uv: install it (pip install uv) and run the same command again.")
    lists = [["-o", LEARN.name], ["-o", TEST.name, "--extra", "test", "-c", LEARN.name]]
    return max(run([*LOCK.split(), "python run.py lock", *words]) for words in lists)


def environment():
    """The environment variables of what is started."""
    return {**dict.fromkeys(THREADS, "1"), **os.environ}


def run(command):
    """Run a command to its end and return its exit status. Ctrl-C is its to answer, and the last of all."""
    child = subprocess.Popen(command, cwd=str(ROOT), env=environment())
    heard = []
    signal.signal(signal.SIGINT, lambda *_: heard.append("Ctrl-C"))
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    status = child.wait()
    return sys.exit(status) if heard else status


def main(job="", *extra):
    """Do the job and return its exit status."""
    if sys.version_info < OLDEST:
        sys.exit(
            f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed and this is {sys.version.split()[0]}:"
            " install one from python.org or your system's packages, and start run.py with it."
        )
    jobs = {"lab": lab, "test": test, "refresh": refresh, "bench": bench}
    if job == "lock" and not extra:
        return lock()
    if job not in jobs:
        sys.exit(USAGE)
    commands = jobs[job](list(extra))
    try:
        set_up(LEARN if job == "lab" else TEST)
    except KeyboardInterrupt:
        sys.exit("Interrupted; the same command begins the set-up afresh.")
    except OSError as error:
        sys.exit(
            f"The folder .venv could not be written ({error}): close what uses it, delete it and try again."
        )
    # Everything runs even if something fails, so that one run tells all there is to mend; what fails
    # early is named again at the end, where it is seen.
    ended = [(run([str(PYTHON), *command]), " ".join(command)) for command in commands]
    if len(commands) > 1:
        print("\n".join(f"Failed: {what}" for status, what in ended if status) or "All passed.", flush=True)
    return max((status for status, _ in ended), key=abs)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
