"""`run.py matrix --only front-ends`, in Firefox: what it tells the browser, and what it says of a failure."""

import contextlib
import json

import pytest

from helpers.lab import Slider
from helpers.labs import catalogue
from tools import in_firefox
from tools.browser import bidi
from tools.site.positions import Positions

LABS = [kind for kinds in catalogue().values() for kind in kinds]


# The protocol ---------------------------------------------------------------------------------------


class Socket:
    """Answers every command: by its method, or with nothing."""

    def __init__(self, **answers):
        self.sent, self.waiting, self.answers = [], [], answers

    def send(self, words):
        asked = json.loads(words)
        self.sent.append(asked)
        answer = self.answers.get(asked["method"].partition(".")[2], {})
        self.waiting.append({"type": "success", "id": asked["id"], "result": answer} | answer.get("raw", {}))

    def recv(self):
        return json.dumps(self.waiting.pop(0))


def page(**answers):
    socket = Socket(new={"capabilities": {"browserVersion": "1"}}, create={"context": "tab"}, **answers)
    return bidi.Page(socket), socket


def test_returned_value_comes_back_unchanged():
    shown, socket = page(callFunction={"type": "success", "result": {"value": '[1, "a", null]'}})
    assert shown.call("(a, b) => [a, b, null]", 1, "a") == [1, "a", None]
    asked = socket.sent[-1]["params"]
    assert asked["target"] == {"context": "tab"}
    assert json.loads(asked["arguments"][0]["value"]) == [1, "a"]


def test_what_a_page_throws_is_a_failure():
    shown, _ = page(callFunction={"type": "exception", "exceptionDetails": {"text": "Error: no lab"}})
    with pytest.raises(AssertionError, match="no lab"):
        shown.call("() => { throw Error('no lab') }")


def test_endless_wait_fails_and_says_for_what():
    shown, _ = page(callFunction={"type": "success", "result": {"value": "false"}})
    with pytest.raises(AssertionError, match=r"it never came: box => box\.ready"):
        shown.wait("box => box.ready")


def test_a_command_that_is_refused_is_a_failure():
    shown, _ = page(navigate={"raw": {"type": "error", "message": "no such page"}})
    with pytest.raises(AssertionError, match="navigate: no such page"):
        shown.open("http://nowhere")


def test_page_errors_are_kept_and_other_events_dropped():
    shown, socket = page()
    for level in ("info", "error"):
        entry = {"type": "javascript", "level": level, "text": f"it is an {level}"}
        socket.waiting.append({"type": "event", "method": "log.entryAdded", "params": entry})
    shown.press("a", "Enter")
    assert shown.errors == ["it is an error"]
    (keys,) = socket.sent[-1]["params"]["actions"]
    assert [one["value"] for one in keys["actions"]] == ["a", "a", "\ue007", "\ue007"]


# What a hand does on the site -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", LABS, ids=lambda kind: kind.__name__)
def test_stops_cover_slider_ends_and_all_options(kind):
    positions = Positions(kind, brief=True)
    for name, control in positions.controls.items():
        found = in_firefox.stops(positions, name)
        if positions.runs:
            assert found == [] or isinstance(control, Slider)
        elif isinstance(control, Slider):
            assert found == [control.high, control.low]
        else:
            offered = positions.stops[name]
            assert sorted(map(str, found)) == (sorted(map(str, offered)) if len(offered) > 1 else [])


# What is said ---------------------------------------------------------------------------------------


def test_missing_firefox_is_reported_without_failing(monkeypatch, capsys):
    monkeypatch.setattr(bidi, "find_firefox", lambda: None)
    assert in_firefox.main() == 0
    assert "There is no Firefox on PATH" in capsys.readouterr().out


ALL, ONE_LESS = f"| {len(LABS)} of {len(LABS)} |", f"| **{len(LABS) - 1} of {len(LABS)}** |"


@pytest.mark.parametrize(
    ("wrong", "errors", "counted"),
    [([], [], ALL), (["Cliff: it never came"], [], ONE_LESS), ([], ["ReferenceError"], ALL)],
)
def test_failing_lab_or_page_is_counted(monkeypatch, capsys, wrong, errors, counted):
    shown, _ = page()

    def drive_there(there):
        there.errors += errors
        return wrong

    monkeypatch.setattr(bidi, "find_firefox", lambda: "firefox")
    monkeypatch.setattr(bidi, "firefox", lambda path: contextlib.nullcontext(shown))
    monkeypatch.setattr(in_firefox, "in_jupyterlab", drive_there)
    monkeypatch.setattr(in_firefox, "on_the_site", drive_there)
    assert in_firefox.main() == bool(wrong or errors)
    said = capsys.readouterr().out
    assert said.count(counted) == 2, "once in JupyterLab, once on the site"
    assert all(error in said for error in errors)
