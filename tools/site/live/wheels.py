"""The packages that go to the page, as wheels: this project, and what it needs that Pyodide has not got.

The versions are those of requirements-site.txt, which keep to a learner's: the widgets in the page and the
JavaScript that JupyterLite shows them with belong together.
"""

import re
import shutil
import zipfile

from tools import environment
from tools.site.live import tooling
from tools.site.live.lessons import HERE

FETCHED = ("anywidget", "comm", "ipywidgets", "psygnal", "typing-extensions")
"""Pure Python, each: any wheel that says so will do in a page."""
PAGE_PYTHON = "3.12"
"""The Python that Pyodide has."""
OWN = "unrolled_live"


def make_wheels(folder):
    """Put all wheels into a folder (made): returns their paths.

    Raises
    ------
    SystemExit
        With a sentence, if they cannot be fetched or built.
    """
    folder.mkdir(parents=True)
    make_own(folder)
    build = ["--no-deps", "--no-build-isolation", "-q", "-w", folder]
    tooling.run("pip", "wheel", *build, copied_project(folder.parent / "source"), cwd=folder)
    pins = folder.parent / "pins.txt"
    pins.write_text("\n".join(pinned(environment.SITE.read_text(encoding="utf-8"))), encoding="utf-8")
    kind = ["--only-binary=:all:", "--platform=any", "--implementation=py", f"--python-version={PAGE_PYTHON}"]
    tooling.run("pip", "download", "-q", "--no-deps", *kind, "-d", folder, "-r", pins, cwd=folder)
    return sorted(folder.glob("*.whl"))


def pinned(lock):
    """The entries of a lock that are fetched, each with its hashes."""
    entries = re.findall(r"^[\w.-]+==.*(?:\n[ ]+--hash.*)*", lock, re.M)
    found = {re.match(r"[\w.-]+", entry)[0]: entry for entry in entries}
    return [found[name] for name in FETCHED]


def copied_project(folder):
    """What a wheel of this project is made of: a copy, since setuptools leaves files where it works."""
    skip = shutil.ignore_patterns("__pycache__")
    for name in ("helpers", "data"):
        shutil.copytree(environment.ROOT / name, folder / name, ignore=skip)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(environment.ROOT / name, folder)
    return folder


def make_own(folder):
    """A wheel of the one module that fetches all others."""
    about = f"{OWN}-0.dist-info"
    files = {
        f"{OWN}.py": (HERE / f"{OWN}.py").read_text(encoding="utf-8"),
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {OWN}\nVersion: 0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(folder / f"{OWN}-0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, text in files.items():
            wheel.writestr(zipfile.ZipInfo(name), text)  # without a time, so that it is the same each day
