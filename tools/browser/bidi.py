"""A Firefox and one page in it, driven over WebDriver BiDi, a protocol that Firefox speaks by itself.

Playwright drives a Firefox of its own making; this is the one that people have. The websocket's client is the
one that comes with JupyterLab's server.
"""

import contextlib
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

from websocket import create_connection

BROWSERS = ("firefox-esr", "firefox")
ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PATIENCE = 60  # seconds for what must come; on a slow machine it comes late
KEYS = {"ArrowLeft": "\ue012", "Enter": "\ue007"}
# Call a function with arguments that are plain values; so is what it returns or promises.
CALL = "async words => JSON.stringify((await ({})(...JSON.parse(words))) ?? null)"
# Until a function returns something that counts as true, or for some seconds.
WAIT = """async (words, seconds) => {{
  const look = {}, until = performance.now() + 1000 * seconds;
  while (performance.now() < until) {{
    if (await look(...words)) return true;
    await new Promise(go => setTimeout(go, 20));
  }}
  return false;
}}"""


def find_firefox():
    """The path of a Firefox, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def firefox(path):
    """Start this Firefox, without a window and with a profile of its own; yields its `Page`."""
    with tempfile.TemporaryDirectory() as profile, open(pathlib.Path(profile, "log"), "w") as log:
        words = ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile]
        child = subprocess.Popen([path, *words], stdout=log, stderr=subprocess.STDOUT)
        try:
            socket = create_connection(
                f"{_address(child, log.name)}/session", timeout=2 * PATIENCE, suppress_origin=True
            )
            yield Page(socket)
            socket.close()
        finally:
            child.terminate()
            child.wait(20)


def _address(child, log):
    """Where it listens, which it says when it has started."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and child.poll() is None:
        if found := ADDRESS.search(pathlib.Path(log).read_text(errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise RuntimeError(f"Firefox did not start:\n{pathlib.Path(log).read_text(errors='replace')}")


class Page:
    """The page that Firefox shows. `errors` are those that its scripts did not catch."""

    def __init__(self, socket):
        self._socket, self._numbers, self.errors = socket, itertools.count(1), []
        self.version = self.command("session.new", capabilities={})["capabilities"]["browserVersion"]
        self.command("session.subscribe", events=["log.entryAdded"])
        # A new one, since that with which Firefox starts never has the focus, and JupyterLab asks for it.
        self._page = self.command("browsingContext.create", type="tab")["context"]

    def command(self, method, **params):
        """Have a command of the protocol done; returns its result."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            entry = answer.get("params", {})
            if entry.get("type") == "javascript" and entry.get("level") == "error":
                self.errors.append(entry["text"])
        if answer["type"] == "error":
            raise AssertionError(f"{method}: {answer['message']}")
        return answer["result"]

    def open(self, url, width=1300, height=1050):
        """Show the page at an address, in a window of this size."""
        size = {"width": width, "height": height}
        self.command("browsingContext.setViewport", context=self._page, viewport=size)
        self.command("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def call(self, function, *words):
        """Call a JavaScript function in the page with plain values; returns what it returns or promises."""
        done = self.command(
            "script.callFunction",
            functionDeclaration=CALL.format(function),
            arguments=[{"type": "string", "value": json.dumps(words)}],
            target={"context": self._page},
            awaitPromise=True,
        )
        if done["type"] == "exception":
            raise AssertionError(done["exceptionDetails"]["text"])
        return json.loads(done["result"]["value"])

    def wait(self, function, *words):
        """Wait until a JavaScript function returns something that counts as true."""
        assert self.call(WAIT.format(function), words, PATIENCE), f"it never came: {function} {words}"

    def mouse(self, *actions):
        """Let the mouse do these: (kind, {what the protocol wants to know of it}), one after the other."""
        actions = [{"type": kind, **details} for kind, details in actions]
        self._act({"type": "pointer", "id": "mouse", "actions": actions})

    def press(self, *keys):
        """Press keys one after the other: by their names, or as the letters that they write."""
        values = [KEYS.get(key, key) for key in keys]
        actions = [{"type": kind, "value": value} for value in values for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": actions})

    def _act(self, device):
        self.command("input.performActions", context=self._page, actions=[device])
