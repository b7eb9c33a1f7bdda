"""A copy of Pyodide with the packages that the lessons use, and nothing else."""

import json
import shutil
import sys

CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
OF_THE_KERNEL = ("micropip", "ssl", "sqlite3", "jedi", "ipython")
"""What JupyterLite's kernel asks Pyodide for when it starts."""
OF_THE_LESSONS = ("numpy", "matplotlib", "pillow", "threadpoolctl", "traitlets")
PACKAGES = (*OF_THE_KERNEL, *OF_THE_LESSONS)


def needed(packages, names):
    """The packages of a lock that these need, and they themselves: a dict as the lock has it."""
    found, waiting = {}, list(names)
    while waiting:
        name = waiting.pop().replace("_", "-")
        if name not in found:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return dict(sorted(found.items()))


def copy_pyodide(source, target):
    """Copy what is needed of a Pyodide distribution; the copy's lock lists nothing else.

    Parameters
    ----------
    source, target : pathlib.Path
        The distribution's folder, and where the copy goes.

    Raises
    ------
    SystemExit
        With a sentence, if something is missing there.
    """
    if missing := [name for name in (*CORE, LOCK) if not (source / name).is_file()]:
        sys.exit(f"There is no Pyodide in {source}: {', '.join(missing)} is missing.")
    lock = json.loads((source / LOCK).read_text(encoding="utf-8"))
    if missing := [name for name in PACKAGES if name not in lock["packages"]]:
        sys.exit(f"The Pyodide in {source} has no {' and no '.join(missing)}: take a full distribution.")
    lock["packages"] = needed(lock["packages"], PACKAGES)
    target.mkdir(parents=True)
    for name in (*CORE, *(package["file_name"] for package in lock["packages"].values())):
        shutil.copyfile(source / name, target / name)
    (target / LOCK).write_text(json.dumps(lock), encoding="utf-8")
