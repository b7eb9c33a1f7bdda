#!/usr/bin/env python3
"""Everything there is to run: `python run.py lab`, and its siblings in USAGE below.

The first run makes an environment of its own in the folder .venv and installs the exact versions of
requirements.txt there; later runs start at once. Standard library only, and only what Python 3.6 can
read, so that an old Python is told what is missing instead of failing on the syntax.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys

from tools import environment

ROOT = pathlib.Path(__file__).resolve().parent
LESSON_1 = "notebooks/01_rnn_unrolling.ipynb"
OLDEST = (3, 11)
QUICK = ["tests", "--ignore=tests/browser", "--ignore=tests/lessons"]
BENCHES = ("drag", "engine", "live", "site", "training")
USAGE = """usage: python run.py JOB [extra arguments]

  lab      open JupyterLab on lesson 1     (lab --no-browser, lab notebooks/07_gru.ipynb)
  test     all that CI runs; with other arguments, only pytest, with them     (test -k engine)
           test --quick: in less than a minute, what needs neither browser nor notebook
  refresh  execute the notebooks and store their results (refresh notebooks/07_gru.ipynb)
  bench    measure                                                        (bench engine)
  matrix   tests and notebooks on every BLAS kernel, Python, and oldest and newest versions
                                                   (needs uv; a part: matrix --only kernel)
  site     the lessons as pages, and in JupyterLite, in the folder site/  (site --check: dragged in a browser;
           site --pyodide FOLDER: with a copy of Pyodide, so that the site needs no other host)
  lock     choose exact versions anew, within the ranges of pyproject.toml (needs uv)"""

# Send each frame at once, and keep the pictures of labs in notebooks that are saved: see these two files.
SOCKET = "--ServerApp.kernel_websocket_connection_class=helpers.server.nodelay.NoDelayConnection"
PICTURES = "--ServerApp.jpserver_extensions=helpers.server.pictures=True"
LOCK = "uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url"
LOCK += " --no-annotate --no-strip-extras -q --custom-compile-command"


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
    own = f"--LabApp.workspaces_dir={environment.WORKSPACE.parent}"
    return [["-m", "jupyterlab", page, SOCKET, PICTURES, own, *root, *rest]]


def test(extra):
    """All that CI runs; what needs neither browser nor notebook; or what pytest finds with the arguments."""
    if extra == ["--quick"]:
        return [["-m", "pytest", *environment.TWO, "-m", "not slow", *QUICK]]
    if extra:
        return [["-m", "pytest", *extra]]
    ruff = [["-m", "ruff", "check"], ["-m", "ruff", "format", "--check"]]
    everything = [*environment.THREE, *environment.NBVAL, "tests", "notebooks"]
    return [*ruff, ["-m", "pytest", *everything], ["-m", "tools.matrix", "--only", "second"]]


def refresh(extra):
    """Execute the notebooks and store their results."""
    return [["tools/refresh.py", *extra]]


def bench(extra):
    """One measurement."""
    if not extra or extra[0] not in BENCHES:
        sys.exit(f"Say what to measure: python run.py bench followed by one of {', '.join(BENCHES)}.")
    return [["-m", f"bench.{extra[0]}", *extra[1:]]]


def matrix(extra):
    """The tests and the notebooks on every kernel, Python and end of the ranges, or a part of them."""
    return [["-m", "tools.matrix", *extra]]


def site(extra):
    """The lessons as pages that need no kernel."""
    return [["-m", "tools.site", *extra]]


def lock():
    """Compile the lists of exact versions; the others keep to the learner's."""
    if not shutil.which("uv"):
        sys.exit("The lock is made by uv: install it (pip install uv) and run the same command again.")
    learn, test, site = (path.name for path in (environment.LEARN, environment.TEST, environment.SITE))
    lists = [
        ["pyproject.toml", "-o", learn],
        ["pyproject.toml", "-o", test, "--extra", "test", "-c", learn],
        ["--group", "site", "-o", site, "-c", learn],
    ]
    return max(run([*LOCK.split(), "python run.py lock", *words]) for words in lists)


def run(command):
    """Run a command to its end and return its exit status. Ctrl-C is its to answer, and the last of all."""
    child = subprocess.Popen(command, cwd=str(ROOT), env=environment.variables())
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
    jobs = {"lab": lab, "test": test, "refresh": refresh, "bench": bench, "matrix": matrix, "site": site}
    if job == "lock" and not extra:
        return lock()
    if job not in jobs:
        sys.exit(USAGE)
    commands = jobs[job](list(extra))
    try:
        environment.set_up(environment.LEARN if job == "lab" else environment.TEST)
    except KeyboardInterrupt:
        sys.exit("Interrupted; the same command begins the set-up afresh.")
    except OSError as error:
        sys.exit(
            f"The folder .venv could not be written ({error}): close what uses it, delete it and try again,"
            " or copy the project to a folder that is yours to write in."
        )
    # Everything runs even if something fails, so that one run tells all that needs mending; what fails
    # early is named again at the end, where it is seen.
    ended = [(run([str(environment.PYTHON), *command]), " ".join(command)) for command in commands]
    if len(commands) > 1:
        print("\n".join(f"Failed: {what}" for status, what in ended if status) or "All passed.", flush=True)
    return max((status for status, _ in ended), key=abs)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
