"""Servers for a browser: JupyterLab or another one with settings of its own, or the files of a folder."""

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

NEWS = "@jupyterlab/apputils-extension:announcements"  # would ask, over the notebook, whether to fetch news

SAVING = "@jupyterlab/docmanager-extension/plugin"  # would save, after two minutes, what a slow page has run


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
