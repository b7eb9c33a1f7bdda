"""Drive a real JupyterLab in headless Chromium: used by the browser tests and by bench/drag.py."""

import contextlib
import http.server
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
OF_JUPYTER = [
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--port={port}",
    "--ServerApp.port_retries=0",
    "--IdentityProvider.token=",
    "--ServerApp.root_dir={folder}",
]
NODELAY = "--ServerApp.kernel_websocket_connection_class=helpers.server.nodelay.NoDelayConnection"
PICTURES = "--ServerApp.jpserver_extensions=helpers.server.pictures=True"

# What the notebook's cells have written to stderr or raised; asked of the notebook, since the page leaves out
# what is off the screen.
FAILED = r"""() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
  .flatMap(cell => cell.outputs?.toJSON() ?? [])
  .filter(output => output.name === "stderr" || output.output_type === "error")
  .map(output => output.text ?? `${output.ename}: ${output.evalue}`).join("\n")"""

NEWS = "@jupyterlab/apputils-extension:announcements"  # would ask, over the notebook, whether to fetch news

SAVING = "@jupyterlab/docmanager-extension/plugin"  # would save, after two minutes, what a slow page has run


def find_browser():
    """The path of a Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def jupyterlab(folder, options=(NODELAY, PICTURES)):
    """Run JupyterLab on a copy of `folder`, with settings of its own; yields its address."""
    words = ["-m", "jupyterlab", "--LabApp.expose_app_in_browser=True"]
    with server(folder, [sys.executable, *words, "--LabApp.extension_manager=readonly", *options]) as url:
        yield url


@contextlib.contextmanager
def server(folder, command, own=OF_JUPYTER, ready="/api/status"):
    """Run a server on a copy of `folder`, with settings of its own; yields its address.

    `own` are its words for a port, the folder and no token; `ready` is what it serves once it has started.
    """
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        shutil.copytree(folder, home / "work")
        _write(home / "config/labconfig/page_config.json", {"disabledExtensions": {NEWS: True}})
        _write(home / f"config/lab/user-settings/{SAVING}.jupyterlab-settings", {"autosave": False})
        places = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        environment = os.environ | places | {"IPYTHONDIR": str(home / "ipython")}
        command = [*command, *(word.format(port=port, folder=home / "work") for word in own)]
        with open(home / "log", "w") as log:
            child = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
            try:
                _wait_for_server(f"http://127.0.0.1:{port}", ready, child, home / "log")
                yield f"http://127.0.0.1:{port}"
            finally:
                child.terminate()
                child.wait(20)


@contextlib.contextmanager
def files_at(folder):
    """Serve the files of a folder, and nothing else; yields their address."""

    class Files(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *request):
            super().__init__(*request, directory=folder)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as files:
        threading.Thread(target=files.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{files.server_port}"
        files.shutdown()


def _write(path, content):
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))


def _wait_for_server(url, ready, child, log):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(f"{url}{ready}", timeout=1)
            return
        if child.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


def slow_down(page):
    """Slow the page's processor down by the factor UNROLLED_SLOW_PAGE, if that is set.

    The tests must be right on any machine: `UNROLLED_SLOW_PAGE=4 python run.py test tests/browser`.
    """
    if rate := float(os.environ.get("UNROLLED_SLOW_PAGE", "0")):
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


def resize(page, width, height):
    """Give the window another size; returns when JupyterLab has laid itself out in it.

    It does so in a task of its own, after the picture in which it hears of the size.
    """
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([w, h]) => innerWidth === w && innerHeight === h", arg=[width, height])
    page.evaluate(
        """async () => {
          for (let k = 0; k < 3; k++) await new Promise(go => requestAnimationFrame(() => setTimeout(go)));
        }"""
    )


class NotebookPage:
    """One notebook open in JupyterLab.

    `page` is Playwright's page; the methods find a lab's parts and move them as a hand would.
    """

    def __init__(self, page, url, notebook):
        self.page = page
        slow_down(page)
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        workspace = f"w{time.time_ns()}"
        page.goto(f"{url}/lab/workspaces/{workspace}/tree/{notebook}?reset")
        page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
        page.wait_for_function(
            "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )

    def command(self, name):
        """Run a JupyterLab command and wait until it is done."""
        self.page.evaluate("name => window.jupyterapp.commands.execute(name)", name)

    def run_all(self):
        """Run every cell; raises if one failed."""
        self.command("notebook:run-all-cells")
        if failed := self.page.evaluate(FAILED):
            raise AssertionError(failed)

    def run_code(self, code):
        """Run code in the notebook's kernel, without a cell."""
        self.page.evaluate(
            """async code => {
              const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
              const reply = await kernel.requestExecute({ code }).done;
              if (reply.content.status !== "ok") throw new Error(reply.content.evalue);
            }""",
            code,
        )

    def lab(self, question):
        """The lab that asks this question (`Lab.question()`)."""
        return LabOnPage(self.page, question)


GO = """(box, values) => {
  for (const [name, value] of Object.entries(values)) {
    const control = box.frames.controls.find((control) => control.name === name);
    const input = box.querySelector(`[data-name="${name}"] :is(input, select)`);
    if (control.kind === "toggle") input.checked = value;
    else input.value = control.kind === "slider" ? Math.round((value - control.low) / control.step) : value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}"""


SAID = """box => {
  const error = box.querySelector(".live-error");
  return {
    words: box.querySelector(".live-readout").textContent,
    spoken: box.querySelector("canvas[role=img]").getAttribute("aria-label"),
    error: error.hidden ? null : error.textContent,
  };
}"""


class LabOnPage:
    """A lab as the learner sees it."""

    def __init__(self, place, question):
        """`place` is the page, or a part of it."""
        self.page = getattr(place, "page", place)
        # By its attributes: to find it by its role the browser would walk over all of JupyterLab, each time.
        self.box = place.locator(
            f"css:light=[role=group][aria-label={json.dumps(question, ensure_ascii=False)}]"
        ).first
        self.figure = self.box.locator(".live-figure")
        self.canvas = self.figure.locator("canvas[role=img]")
        self.readout = self.box.locator(".live-readout")
        self.error = self.box.locator(".live-error")
        self.verdict = self.box.locator(".live-verdict")

    def wait_painted(self, key=None):
        """Wait until a frame is painted; with `key`, until the page shows that frame."""
        self.figure.scroll_into_view_if_needed(timeout=60_000)
        condition = "(e, key) => e.dataset.painted && (key === null || e.dataset.key === key)"
        self.page.wait_for_function(
            f"([e, key]) => ({condition})(e, key)", arg=[self.figure.element_handle(), key]
        )

    @property
    def key(self):
        """The control values that the painted frame shows, as the lab writes them."""
        return self.figure.get_attribute("data-key")

    def wait_value(self, name, value):
        """Wait until the painted frame shows this value of a control."""
        condition = "([e, pair]) => (' ' + e.dataset.key + ' ').includes(` ${pair} `)"
        self.page.wait_for_function(condition, arg=[self.figure.element_handle(), f"{name}={value}"])

    def wait_seen(self):
        """Wait until the page lays the lab out: JupyterLab skips a cell that is off the screen."""
        self.figure.scroll_into_view_if_needed()
        seen = "e => e.checkVisibility({ contentVisibilityAuto: true })"
        self.page.wait_for_function(seen, arg=self.figure.element_handle())

    def has_ink(self):
        """Whether anything is painted on the canvas."""
        return self.canvas.evaluate(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
        )

    @property
    def painted(self):
        """How many frames have been painted."""
        return int(self.figure.get_attribute("data-painted") or 0)

    @property
    def words(self):
        """What the lab says; read so that a cell which JupyterLab skips says it too."""
        return self.readout.text_content()

    @property
    def said(self):
        """The words, what is spoken in place of the picture, and the error that is shown, if any."""
        return self.box.evaluate(SAID)

    def button(self, name):
        """The button with this name."""
        return self.box.get_by_role("button", name=name, exact=True)

    def control(self, label, kind="slider"):
        """The control with this label; kind is its role: slider, combobox, checkbox, textbox."""
        return self.box.get_by_role(kind, name=label, exact=True)

    def show_all(self):
        """Open what the lab keeps under "more", if it keeps anything there."""
        for more in self.box.locator("details:not([open]) > summary").all():
            self.wait_seen()
            more.click()

    def ask_nothing_ahead(self):
        """Leave the kernel to what the hand wants; what is kept has its own tests (test_panel.py)."""
        self.box.evaluate("box => { box.frames.ahead = () => []; }")

    def wake(self):
        """Press *just show me*, if the lab asks for a prediction."""
        for skip in self.box.get_by_role("button", name="just show me", exact=True).all():
            self.wait_seen()
            skip.click()

    def guess(self, prediction):
        """Make a choice, or write a number."""
        self.wait_seen()
        if prediction.choices:
            self.button(max(prediction.choices, key=len)).click()
        else:
            self.box.get_by_label("Your guess").fill("1")
            self.button("guess").click()

    def go(self, values):
        """Move controls, by name, as fast as a hand never does."""
        self.box.evaluate(GO, values)

    def write(self, label, text):
        """Write into the line with this label, and press Enter."""
        line = self.control(label, "textbox")
        line.fill(text)
        line.press("Enter")

    def choose(self, label, choice):
        """Pick from the list with this label."""
        self.control(label, "combobox").select_option(choice)

    def toggle(self, label):
        """Click the box with this label."""
        self.control(label, "checkbox").click()

    def slider(self, label):
        """The slider with this label."""
        return self.control(label)

    def drag(self, label, *shares, steps=5):
        """Drag a slider with the mouse to a share (0..1) of its track, or to several without letting go."""
        for _ in self.dragged(label, *shares, steps=steps):
            pass

    def dragged(self, label, *shares, steps=5):
        """The same; yields each share when the mouse is there."""
        slider = self.slider(label)
        self.wait_seen()
        track = self._grab(slider)
        y = track["y"] + track["height"] / 2
        for share in shares:
            self.page.mouse.move(reach(track, share), y, steps=steps)
            yield share
        self.page.mouse.up()

    def _grab(self, slider):
        """Press the mouse on the slider's handle; returns the slider's box."""
        for _ in range(50):  # while outputs above it still find their size it may slip from under the hand
            track, done, _ = slider.evaluate(TRACK)
            self.page.mouse.move(place(track, done), track["y"] + track["height"] / 2)
            self.page.mouse.down()
            now, _, held = slider.evaluate(TRACK)
            if held and now == track:
                return track
            self.page.mouse.up()
            slider.evaluate("() => new Promise(requestAnimationFrame)")
        raise AssertionError("the slider does not keep still")


# A slider's box, in view; the share of its track that lies behind the handle; whether the mouse holds it.
TRACK = """slider => {
  slider.scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = slider.getBoundingClientRect();
  const done = (slider.value - slider.min) / (slider.max - slider.min);
  return [{ x, y, width, height }, done, slider.matches(":active")];
}"""
HANDLE = 15
"""The diameter of a slider's handle: its middle goes from half of that to half of that before the end."""


def place(track, share):
    """Where the middle of the handle stands at a share of the track: x."""
    return track["x"] + HANDLE / 2 + share * (track["width"] - HANDLE)


def reach(track, share):
    """Where a hand goes for a share of the track: x.

    At its ends it goes on for a bit; half a pixel short of one would be a step of a long slider.
    """
    return place(track, share) + {0: -8, 1: 8}.get(share, 0)
