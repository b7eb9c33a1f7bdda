"""The lessons in JupyterLite: `site/live/`, from the stored notebooks."""

import json
import shutil
import tempfile
from pathlib import Path

from tools.site.live import tooling
from tools.site.live.lessons import HERE, write_lessons
from tools.site.live.pyodide import copy_pyodide
from tools.site.live.wheels import make_wheels

APPS = ("notebooks", "tree")
"""JupyterLite's plain view of one notebook, and its list of files, to which a menu and the logo lead."""
EXTENSION = {"name": "unrolled", "load": "extension.js", "extension": "./extension"}
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
STORES = ("asyncStorage", "localStorageWrapper", "memoryStorageDriver")
"""Where what is written is kept: the first that the browser does not refuse, at last in memory only."""
SETTINGS = {
    "appName": "Unrolled",
    "appUrl": "./tree",  # what the folder itself opens
    "exposeAppInBrowser": True,  # the tests ask the notebook through it
    "enableMemoryStorage": True,
    **{f"{what}StorageDrivers": STORES for what in ("contents", "settings", "workspaces")},
    "settingsOverrides": {
        "@jupyterlab/docmanager-extension:plugin": {"autosave": False},  # our extension does it at once
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # a lab off the screen stays
        "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},  # light or dark, as the device
    },
}
UNUSED = ("**/*.map", "build/third-party-licenses.json", "build/*.svg", "build/*.eot", "doc")
"""Of what JupyterLite builds, no page ever asks for these."""


def build_live(live, notebooks, pyodide=None, say=print):
    """Make the folder anew.

    Parameters
    ----------
    live, notebooks : pathlib.Path
        Where it goes, and where the stored notebooks are.
    pyodide : pathlib.Path, optional
        A Pyodide distribution to copy what is needed from; without it the page asks Pyodide's own network.
    say : callable
        Is told, line by line, how far it is.
    """
    tooling.set_up(say)
    shutil.rmtree(live, ignore_errors=True)
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        write_lessons(notebooks, work / "content")
        wheels = make_wheels(work / "wheels")
        (work / "empty").mkdir()  # JupyterLite takes up what lies in the folder in which it is run
        words = [f"--contents={work / 'content'}", f"--output-dir={live}", "--no-sourcemaps"]
        words += [f"--apps={app}" for app in APPS]
        words += [f"--piplite-wheels={wheel}" for wheel in wheels]
        tooling.run("jupyter", "lite", "build", *words, cwd=work / "empty")
    for pattern in UNUSED:
        for path in list(live.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if pyodide:
        copy_pyodide(pyodide, live / "pyodide")
    write_settings(live, bool(pyodide))
    size = sum(path.stat().st_size for path in live.rglob("*") if path.is_file())
    say(f"The lessons in JupyterLite: {size / 1e6:.0f} MB.")


def write_settings(live, own_pyodide):
    """What JupyterLite reads when it starts; and our extension of it."""
    path = live / "jupyter-lite.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    config = settings["jupyter-config-data"]
    config |= SETTINGS
    config["federated_extensions"].append(EXTENSION)
    kernel = config.setdefault("litePluginSettings", {}).setdefault(KERNEL, {})
    kernel["disablePyPIFallback"] = True  # all that is needed is here
    if own_pyodide:
        kernel["pyodideUrl"] = "./pyodide/pyodide.js"
    path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
    folder = live / "extensions" / EXTENSION["name"]
    folder.mkdir(parents=True)
    shutil.copyfile(HERE / EXTENSION["load"], folder / EXTENSION["load"])
