"""The tests and the notebooks wherever they must hold: `python run.py matrix [--only SHARE ...]`.

Four shares; where a share does not say otherwise, the versions are the locked ones and the kernel is the
machine's own:

- kernel: every kernel of OpenBLAS that this processor can run. The last bits of a product differ between
  them, and the whole path of a training with them;
- python: every other Python that is installed and new enough;
- oldest: on each Python, the oldest versions that the ranges of pyproject.toml admit;
- newest: on each Python, the newest.

A fifth, `front-ends`, shows and drags every lab in other front ends (tools/front_ends.py) and in Firefox
(tools/in_firefox.py); it alone needs browsers. A sixth, `second`, is what CI runs besides: the tests that
compute, under the first kernel that is not the machine's own. Environments are made in .matrix/.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from typing import NamedTuple

from tools import environment, front_ends, in_firefox, interpreters, kernels

FOLDER = environment.ROOT / ".matrix"
SHARES = ("kernel", "python", "oldest", "newest", "front-ends")
# Under a second kernel in CI: the engine; the rest of the tests under every kernel is the matrix's.
COMPUTES = ["bptt", "cells", "conventions", "gradients", "optimisers", "overflow", "probes", "truncation"]
RESOLUTION = {"oldest": "lowest-direct", "newest": "highest"}
SHOWN = ["numpy", "matplotlib", "ipykernel", "jupyterlab"]
ASK = f"import json; from importlib.metadata import version; print(json.dumps(list(map(version, {SHOWN}))))"
HEAD = f"""| Python | versions | {", ".join(SHOWN)} | kernel that ran | tests | notebooks | minutes |
|---|---|---|---|---|---|---|"""


class Row(NamedTuple):
    """One place where all must hold."""

    python: str  # its version, such as "3.12"
    versions: str = "locked"  # or "oldest", "newest"
    kernel: str | None = None  # what to ask OpenBLAS for


def rows(share, own, others, names):
    """The rows of a share: `own` is the version of .venv's Python, `others` are those of the rest."""
    if share == "kernel":
        return [Row(own, kernel=name) for name in names]
    if share == "second":
        return [Row(own, kernel=name) for name in names if name][:1]
    if share == "front-ends":
        return []
    if share == "python":
        return [Row(version) for version in others]
    return [Row(version, share) for version in sorted([own, *others], key=interpreters.minor)]


# One row --------------------------------------------------------------------------------------------


def python_for(row, pythons):
    """The path of a Python with the versions of the row: .venv's own, or one that is made in .matrix/."""
    if row.versions == "locked" and pythons[row.python] == sys.executable:
        return sys.executable
    env = FOLDER / f"{row.python}-{row.versions}"
    python, uv = str(env / environment.PYTHON.relative_to(environment.ENV)), environment.found_uv()
    wanted = ["--require-hashes", "-r", str(environment.TEST)]
    if row.versions != "locked":  # a release with no wheel for this Python is none that a learner gets
        wanted = ["--resolution", RESOLUTION[row.versions], "--only-binary", ":all:"]
        wanted += ["--extra", "test", "-r", "pyproject.toml"]
    add = [uv, "pip", "install", "-q", "-p", python]
    make = [uv, "venv", "-q", "--seed", "--clear", "-p", pythons[row.python], str(env)]
    for command in [make, [*add, *wanted], [*add, "--no-deps", "-e", "."]]:
        subprocess.run(command, check=True, cwd=environment.ROOT, env=environment.variables())
    return python


def pytest(python, kernel, *words):
    """Run pytest and pass on what it says; return whether all passed, and the counts of its last line."""
    command, last = [python, "-m", "pytest", *environment.TWO, *words], ""
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    asked = kernels.asking_for(kernel)
    with subprocess.Popen(command, cwd=environment.ROOT, env=asked, **piped) as child:
        for last in child.stdout:
            print(last, end="", flush=True)
    counts = ", ".join(re.findall(r"\d+ (?:failed|passed|errors?)\b", last))
    return child.returncode == 0, counts or "did not run"


def measure(row, pythons):
    """Do what a row asks for; return whether it passed, and its line of the table."""
    start = time.time()
    try:
        python = python_for(row, pythons)
    except subprocess.CalledProcessError:
        return False, f"| {row.python} | {row.versions} | **could not be installed** | | | | |"
    ran = kernels.that_runs(python, row.kernel)
    print(f"\n=== Python {row.python}, {row.versions} versions, kernel {ran} ===", flush=True)
    both = (["tests", "--ignore=tests/browser"], [*environment.NBVAL, "notebooks"])
    results = [pytest(python, row.kernel, *words) for words in both]
    counts = " | ".join(text if passed else f"**{text}**" for passed, text in results)
    numbers = ", ".join(json.loads(subprocess.check_output([python, "-c", ASK])))
    minutes = f"{(time.time() - start) / 60:.1f}"
    line = f"| {row.python} | {row.versions} | {numbers} | {ran} | {counts} | {minutes} |"
    return all(passed for passed, _ in results), line


# All of them ----------------------------------------------------------------------------------------


def main(words):
    """Run the shares that are asked for, print the table, and return 0 if all passed."""
    parser = argparse.ArgumentParser(prog="python run.py matrix", description="See tools/matrix.py.")
    parser.add_argument("--only", nargs="+", choices=[*SHARES, "second"], default=SHARES, metavar="SHARE")
    shares = parser.parse_args(words).only
    own = f"{sys.version_info[0]}.{sys.version_info[1]}"
    found, notes = kernels.survey(sys.executable)
    print("Kernels:", ", ".join(found), *notes, sep="\n  ", flush=True)
    if shares == ["second"]:
        return second(rows("second", own, [], found.values()))
    if shares == ["front-ends"]:
        return labs_in_front_ends()
    if not environment.found_uv():
        return "The environments are made by uv: install it (pip install uv) and run the same command again."
    pythons = {**interpreters.installed(), own: sys.executable}
    print("Pythons:", *(f"{version}: {path}" for version, path in pythons.items()), sep="\n  ")
    others = [version for version in pythons if version != own]
    wanted = [row for share in shares for row in rows(share, own, others, found.values())]
    results = [measure(row, pythons) for row in wanted]
    if results:
        print("", *notes, HEAD, *(line for _, line in results), sep="\n", flush=True)
    failed = labs_in_front_ends() if "front-ends" in shares else 0
    return int(failed or not all(passed for passed, _ in results))


def labs_in_front_ends():
    """The labs in other front ends and in another browser; what this machine lacks is named and left out."""
    return max([front_ends.main(), in_firefox.main()])


def second(wanted):
    """What CI runs: the tests that compute, and the notebooks, under one other kernel if there is one."""
    if not wanted:
        print("This processor has no second kernel, so there is nothing to compare with.")
        return 0
    kernel = wanted[0].kernel
    print(f"\n=== Kernel {kernels.that_runs(sys.executable, kernel)} ===", flush=True)
    passed, _ = pytest(sys.executable, kernel, *computing(), *environment.NBVAL, "notebooks")
    return int(not passed)


def computing():
    """The files of tests that compute."""
    found = [path for name in COMPUTES for path in (environment.ROOT / "tests").rglob(f"test_{name}.py")]
    return sorted(path.relative_to(environment.ROOT).as_posix() for path in found)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
