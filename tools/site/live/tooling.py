"""The environment in which JupyterLite is built: .venv-site, with the versions of requirements-site.txt.

It is not .venv, since JupyterLite brings extensions that only work within itself, and a JupyterLab that finds
them in its environment would load them too.
"""

import os
import shutil
import subprocess
import sys
import time

from tools import environment

ENV = environment.ROOT / ".venv-site"
BIN = ENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = ENV / "set-up-complete"


def set_up(say=print):
    """Make .venv-site, unless it is there with the versions that are wanted.

    Raises
    ------
    SystemExit
        With a sentence, if the packages cannot be fetched.
    """
    wanted = b"\n".join(environment.stamp(environment.SITE))
    if STAMP.exists() and STAMP.read_bytes() == wanted:
        return
    start = time.monotonic()
    say("Setting up .venv-site, in which JupyterLite is built, this once.")
    shutil.rmtree(ENV, ignore_errors=True)
    if uv := environment.found_uv():
        make, add = (
            [uv, "venv", "-q", "--seed", "-p", sys.executable],
            [uv, "pip", "install", "-p", str(PYTHON)],
        )
    else:
        make, add = [sys.executable, "-m", "venv"], [str(PYTHON), "-m", "pip", "install"]
        add.append("--disable-pip-version-check")
    environment.install([*make, str(ENV)])
    # Of all these modules a build imports few, so they are not compiled ahead.
    environment.install([*add, "-q", "--no-compile", "--require-hashes", "-r", str(environment.SITE)])
    STAMP.write_bytes(wanted)
    say(f"Set up in {time.monotonic() - start:.0f} s.")


def run(*command, cwd):
    """Run a module of .venv-site, `run("build", ...)`, quietly.

    Raises
    ------
    SystemExit
        With what it said, if it failed.
    """
    done = subprocess.run(
        [str(PYTHON), "-m", *map(str, command)],
        cwd=cwd,
        env=environment.variables() | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        if environment.OFFLINE.search(done.stdout):
            sys.exit("The packages cannot be fetched: connect to the network and run the same command again.")
        sys.exit(f"The lessons for the browser could not be built:\n{done.stdout.strip()[-3000:]}")
