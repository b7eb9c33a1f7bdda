"""`run.py matrix --only front-ends`: what it asks for, and what it says of labs that do not work."""

import contextlib
import subprocess

import pytest
from playwright.sync_api import Error

from helpers.lab import Slider
from helpers.labs import catalogue
from tools import environment, front_ends, interpreters, matrix

N_LABS = sum(map(len, catalogue().values()))


class Page:
    """A page on which every script runs."""

    def __init__(self):
        self.gone_to, self.run = [], []

    def set_default_timeout(self, _):
        pass

    def goto(self, address):
        self.gone_to.append(address)

    def wait_for_function(self, script):
        self.run.append(script)

    def evaluate(self, script, *_):
        self.run.append(script)

    def close(self):
        pass


class Browser:
    """A browser that keeps its pages."""

    def __init__(self):
        self.pages = []

    def new_page(self, **_):
        self.pages.append(Page())
        return self.pages[-1]


@pytest.fixture
def measured(monkeypatch):
    """Measures a front end without one: `fails` are the names of labs that cannot be driven."""

    def measure(front_end, fails=()):
        def drive(lab, kind):
            if kind.__name__ in fails:
                raise Error("Timeout 60000ms exceeded.\nmore")

        class Lab:
            def __init__(self, page, question):
                pass

            def wait_painted(self):
                pass

        monkeypatch.setattr(front_ends, "python_for", lambda front_end: "python")
        monkeypatch.setattr(front_ends, "server", lambda *_: contextlib.nullcontext("http://here"))
        monkeypatch.setattr(front_ends, "LabOnPage", Lab)
        monkeypatch.setattr(front_ends, "drive", drive)
        monkeypatch.setattr(front_ends, "press_keys", lambda lab, label: None)
        monkeypatch.setattr(
            front_ends.subprocess, "check_output", lambda command: b'["1", "2", "3", "4", "5"]'
        )
        browser = Browser()
        return *front_ends.measure(front_end, browser), browser

    return measure


@pytest.mark.parametrize("front_end", front_ends.FRONT_ENDS, ids=lambda one: one.name)
def test_every_lesson_is_opened_and_every_lab_counted(measured, front_end):
    good, line, browser = measured(front_end)
    assert good
    assert f"| {len(catalogue())} | {N_LABS} of {N_LABS} |" in line
    opened = [page.gone_to[0].rpartition("/")[2] for page in browser.pages]
    assert opened == [f"{lesson}.ipynb" for lesson in catalogue()]
    if front_end.run:
        assert all(page.run[:2] == [front_end.idle, front_end.run] for page in browser.pages)


def test_a_lab_that_cannot_be_dragged_is_named(measured, capsys):
    good, line, _ = measured(front_ends.FRONT_ENDS[0], fails=("Cliff", "Latch"))
    assert not good
    assert f"| **{N_LABS - 2} of {N_LABS}** |" in line
    said = capsys.readouterr().out
    assert "Cliff: Timeout 60000ms exceeded." in said
    assert "Latch: " in said


def test_what_cannot_be_installed_is_told(monkeypatch):
    def fails(front_end):
        raise subprocess.CalledProcessError(1, "uv")

    monkeypatch.setattr(front_ends, "python_for", fails)
    good, line = front_ends.measure(front_ends.FRONT_ENDS[0], Browser())
    assert not good
    assert "**could not be installed**" in line
    assert line.count("|") == front_ends.HEAD.splitlines()[0].count("|")


def test_each_has_an_environment_of_its_own(monkeypatch):
    asked = []
    monkeypatch.setattr(environment, "found_uv", lambda: "uv")
    monkeypatch.setattr(interpreters, "installed", lambda: {"3.12": "/opt/python3.12"})
    monkeypatch.setattr(front_ends.subprocess, "run", lambda command, **options: asked.append(command))
    places = {front_ends.python_for(one) for one in front_ends.FRONT_ENDS}
    assert len(places) == len(front_ends.FRONT_ENDS)
    assert all(place.startswith(str(environment.ROOT / ".matrix")) for place in places)
    wanted = [" ".join(command) for command in asked]
    assert any("notebook==6.5.7" in words and "ipywidgets==7.7.1" in words for words in wanted)


@pytest.mark.parametrize("failed", [{"front_ends"}, {"in_firefox"}, set()], ids=str)
def test_the_matrix_counts_it_among_its_shares(monkeypatch, capsys, failed):
    monkeypatch.setattr(environment, "found_uv", lambda: None)
    monkeypatch.setattr(matrix.kernels, "survey", lambda python: ({"Haswell": None}, []))
    for name in ("front_ends", "in_firefox"):
        monkeypatch.setattr(getattr(matrix, name), "main", lambda name=name: int(name in failed))
    assert "front-ends" in matrix.SHARES
    assert matrix.main(["--only", "front-ends"]) == len(failed)
    assert matrix.HEAD not in capsys.readouterr().out


def test_front_ends_are_skipped_without_uv(monkeypatch, capsys):
    """The output says so."""
    monkeypatch.setattr(environment, "found_uv", lambda: None)
    assert front_ends.main() == 0
    assert "pip install uv" in capsys.readouterr().out


def test_keys_are_tried_on_the_first_slider(monkeypatch):
    tried = []
    monkeypatch.setattr(front_ends, "drive", lambda lab, kind: None)
    monkeypatch.setattr(front_ends, "press_keys", lambda lab, label: tried.append(label))
    for kinds in catalogue().values():
        for kind in kinds:
            front_ends.with_keys(None, kind)
    sliders = [c.label for c in front_ends.FIRST.controls().values() if isinstance(c, Slider)]
    assert tried == sliders[:1]
