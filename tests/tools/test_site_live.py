"""The lessons in JupyterLite, before a browser has seen them: what is made of a notebook, what goes along."""

import ast
import asyncio
import concurrent.futures
import importlib
import json
import re
import sys
import types
import zipfile

import nbformat
import pytest

from tools import environment
from tools.site.build import ROOT
from tools.site.live import build, lessons, pyodide, tooling, wheels

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


# A lesson's copy ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_live_copy_omits_only_ways_to_run_elsewhere(path):
    stored = nbformat.read(path, 4)
    copy = lessons.live_copy(stored, path.stem)
    nbformat.validate(copy)
    assert [cell.id for cell in copy.cells][:3] == [stored.cells[0].id, "ways", "fetch"]
    elsewhere = ("ways", "colab", "fetch")
    theirs, ours = ([c for c in of.cells if c.id not in elsewhere] for of in (stored, copy))
    assert theirs == ours
    assert copy.metadata.kernelspec.name == "python"
    assert stored == nbformat.read(path, 4), "it is left as it is"


def test_first_cell_says_how_much_it_fetches():
    """It says what it does, too."""
    _, ways, cell, *_ = lessons.live_copy(nbformat.read(NOTEBOOKS[0], 4), "x").cells
    assert re.search(r"folded cell below fetches .* \d+ MB", ways.source.replace("\n", " "))
    assert cell.metadata.jupyter.source_hidden
    assert len(cell.source.splitlines()) <= 20
    first, *code = cell.source.splitlines()
    assert re.search(r"Fetches .* \d+ MB", first)
    ast.parse("async def cell():\n" + "\n".join(f"    {line}" for line in code))


# What it fetches -----------------------------------------------------------------------------------


@pytest.fixture
def fetching(monkeypatch):
    """`unrolled_live` with a pretended piplite; what is asked of it is noted, and what is shown."""
    asked, shown = [], []

    async def install(names, deps=True):
        asked.append((names, deps))
        if fails and names == fails[0]:
            raise OSError("no route")

    fails = []
    monkeypatch.setitem(sys.modules, "piplite", types.SimpleNamespace(install=install))
    module = importlib.import_module("tools.site.live.unrolled_live")
    handle = types.SimpleNamespace(update=lambda html: shown.append(html.data))
    monkeypatch.setattr(module, "display", lambda *_, **__: handle)
    monkeypatch.setattr(module, "clear_output", lambda: shown.append(""))
    yield types.SimpleNamespace(module=module, asked=asked, shown=shown, fails=fails)
    sys.modules.pop("tools.site.live.unrolled_live")


def ended(coroutine):
    """What it returns; in a thread of its own, since a browser may keep a loop running in this one."""
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_fetching_shows_progress_and_leaves_nothing(fetching, capfd):
    ended(fetching.module.fetch())
    names = [name for step, _ in fetching.asked for name in step]
    assert set(names) >= {*pyodide.OF_THE_LESSONS, *wheels.FETCHED, "unrolled"}
    values = [int(re.search(r'value="(\d+)"', html)[1]) for html in fetching.shown[:-1]]
    assert values == list(range(len(fetching.module.STEPS) + 1))
    assert fetching.shown[-1] == ""
    assert capfd.readouterr() == ("", "")


def test_failed_fetch_gets_one_sentence(fetching):
    fetching.fails.append(["numpy"])
    with pytest.raises(fetching.module.NotFetched) as failed:
        ended(fetching.module.fetch())
    assert failed.value._render_traceback_() == ["Fetching NumPy failed (no route): run this cell again."]


# Wheels ---------------------------------------------------------------------------------------------


def test_fetched_packages_are_pinned_with_hashes():
    """The versions are those that a learner has."""
    lock = environment.SITE.read_text(encoding="utf-8")
    entries = wheels.pinned(lock)
    assert [re.match(r"[\w.-]+", entry)[0] for entry in entries] == list(wheels.FETCHED)
    assert all("--hash=sha256:" in entry for entry in entries)
    learner = environment.LEARN.read_text(encoding="utf-8")
    for entry in entries:
        name = entry.partition("==")[0]
        if re.search(rf"^{name}==", learner, re.M):
            assert entry.split()[0] in learner.split(), name


def test_own_wheel_is_the_same_each_day(tmp_path):
    """It holds the module that fetches."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        wheels.make_own(tmp_path / name)
        (path,) = (tmp_path / name).iterdir()
        made.append(path.read_bytes())
    assert made[0] == made[1]
    with zipfile.ZipFile(path) as wheel:
        record = wheel.read("unrolled_live-0.dist-info/RECORD").decode().split()
        assert [line.partition(",")[0] for line in record] == wheel.namelist()


# Pyodide --------------------------------------------------------------------------------------------


@pytest.fixture
def distribution(tmp_path):
    """A folder that passes for a Pyodide distribution: each package needs the one before, and `big` none."""
    folder, packages = tmp_path / "pyodide", {}
    folder.mkdir()
    for name in pyodide.CORE:
        (folder / name).write_text(name)
    for name, depends in [
        ("under-lying", []),
        ("big", []),
        *((n, ["under_lying"]) for n in pyodide.PACKAGES),
    ]:
        packages[name] = {"depends": depends, "file_name": f"{name}.whl"}
        (folder / f"{name}.whl").write_text(name)
    (folder / pyodide.LOCK).write_text(json.dumps({"info": {"version": "1"}, "packages": packages}))
    return folder


def test_pyodide_copy_has_only_what_is_needed(distribution, tmp_path):
    pyodide.copy_pyodide(distribution, tmp_path / "copy")
    copied = {path.name for path in (tmp_path / "copy").iterdir()}
    names = {*pyodide.PACKAGES, "under-lying"}
    assert copied == {*pyodide.CORE, pyodide.LOCK, *(f"{name}.whl" for name in names)}
    assert set(json.loads((tmp_path / "copy" / pyodide.LOCK).read_text())["packages"]) == names


@pytest.mark.parametrize("gone", ["pyodide.asm.wasm", pyodide.LOCK])
def test_folder_without_pyodide_gets_one_sentence(distribution, tmp_path, gone):
    (distribution / gone).unlink()
    with pytest.raises(SystemExit, match=f"There is no Pyodide in .*: {gone} is missing."):
        pyodide.copy_pyodide(distribution, tmp_path / "copy")


def test_pyodide_without_numpy_gets_one_sentence(distribution, tmp_path):
    lock = json.loads((distribution / pyodide.LOCK).read_text())
    del lock["packages"]["numpy"]
    (distribution / pyodide.LOCK).write_text(json.dumps(lock))
    with pytest.raises(SystemExit, match="has no numpy: take a full distribution"):
        pyodide.copy_pyodide(distribution, tmp_path / "copy")


# JupyterLite ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", [True, False])
def test_the_settings_add_to_what_jupyterlite_has_written(tmp_path, own):
    theirs = {
        "jupyter-config-data": {"federated_extensions": [{"name": "theirs"}], "litePluginSettings": {"a": 1}}
    }
    (tmp_path / "jupyter-lite.json").write_text(json.dumps(theirs))
    build.write_settings(tmp_path, own)
    config = json.loads((tmp_path / "jupyter-lite.json").read_text())["jupyter-config-data"]
    theirs, ours = config["federated_extensions"]
    assert (tmp_path / "extensions" / ours["name"] / ours["load"]).is_file()
    kernel = config["litePluginSettings"].pop("@jupyterlite/pyodide-kernel-extension:kernel")
    assert kernel["disablePyPIFallback"], "a page asks no one but us and Pyodide"
    assert kernel.get("pyodideUrl") == ("./pyodide/pyodide.js" if own else None)
    assert config["litePluginSettings"] == {"a": 1}


def test_a_build_that_fails_says_why(monkeypatch, tmp_path):
    monkeypatch.setattr(tooling, "PYTHON", sys.executable)
    with pytest.raises(SystemExit, match=r"could not be built:\n[^\0]*no_such_module"):
        tooling.run("no_such_module", cwd=tmp_path)
