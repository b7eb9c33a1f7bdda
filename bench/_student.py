"""A student without a browser: a kernel in a JupyterLab server, a lab in it, and a page."""

import asyncio
import contextlib
import json
import os
import pathlib
import secrets
import socket
import sys
import time
import uuid

import psutil
from jupyter_server.services.kernels.connection.base import (
    deserialize_msg_from_ws_v1,
    serialize_msg_to_ws_v1,
)
from tornado.httpclient import AsyncHTTPClient, HTTPError, HTTPRequest
from tornado.websocket import websocket_connect

from bench._page import Page

DEPLOY = pathlib.Path(__file__).resolve().parents[1] / "deploy"
PROTOCOL = "v1.kernel.websocket.jupyter.org"  # the one that JupyterLab speaks
LESSON = "notebooks/02_bptt.ipynb"
LAB = "import os\nfrom helpers.labs import bptt as labs\nprint(os.getpid())\nlabs.GradientNorms()"
WIDGET = "application/vnd.jupyter.widget-view+json"
ROW = "size"  # the control that begins a sweep of which nothing is kept

AsyncHTTPClient.configure(None, max_clients=100)  # ten at a time would wait for each other


class Server:
    """A JupyterLab server, started as the image starts it.

    Parameters
    ----------
    home : pathlib.Path
        A folder that is a student's home; made here.

    Attributes
    ----------
    process : psutil.Process
        The server itself, once it has been started.
    """

    def __init__(self, home):
        self.home, self.process, self._child, self._on = home, None, None, None
        self._key = secrets.token_hex(16)  # for this run only
        self.headers = {"Authorization": f"token {self._key}"}

    async def start(self):
        """Start it and wait until it serves, whoever asks first."""
        self._on = self._on or asyncio.create_task(self._start())
        await self._on

    async def _start(self):
        self.home.mkdir(parents=True)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.place = f"127.0.0.1:{s.getsockname()[1]}"
        own = {"HOME": str(self.home), "JUPYTER_CONFIG_PATH": str(DEPLOY), "JUPYTER_TOKEN": self._key}
        unwanted = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        kept = {name: value for name, value in os.environ.items() if name not in unwanted}
        words = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        words += [f"--port={self.place.rpartition(':')[2]}", "--ServerApp.port_retries=0"]
        with open(self.home / "log", "w") as log:
            self._child = await asyncio.create_subprocess_exec(
                "bash",
                str(DEPLOY / "start.sh"),
                *words,
                env=kept | own,
                cwd=self.home,
                stdout=log,
                stderr=log,
            )
        self.process = psutil.Process(self._child.pid)
        while self._child.returncode is None:
            with contextlib.suppress(HTTPError, OSError):
                await self.fetch("/api/status")
                return
            await asyncio.sleep(0.1)
        raise RuntimeError(f"The server did not start:\n{(self.home / 'log').read_text()}")

    async def fetch(self, path, body=None):
        """What the server answers, read as JSON."""
        how = {} if body is None else {"method": "POST", "body": json.dumps(body)}
        request = HTTPRequest(f"http://{self.place}{path}", headers=self.headers, request_timeout=60, **how)
        return json.loads((await AsyncHTTPClient().fetch(request)).body)

    async def close(self):
        """End it, and with it its kernels; and those by themselves, should they be left."""
        if self._child is None or self._child.returncode is not None:
            return
        children = self.process.children(recursive=True)
        self._child.terminate()
        try:
            await asyncio.wait_for(self._child.wait(), 15)
        except TimeoutError:
            self._child.kill()
        for left in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                left.kill()


class Student:
    """Opens a lab and drags its first slider.

    Parameters
    ----------
    server : Server
        Where the kernel runs.

    Attributes
    ----------
    page : Page
        What the student sees, once the lab is open.
    kernel : psutil.Process
        Where its frames are made.
    """

    def __init__(self, server):
        self.server, self.page, self.kernel, self._view = server, None, None, secrets.token_hex(8)

    # Opening ------------------------------------------------------------------------------------------

    async def open(self):
        """Have the server started, read the lesson, run the lab; returns the seconds it took."""
        start = time.perf_counter()
        await self.server.start()
        await self.server.fetch(f"/api/contents/{LESSON}")
        started = await self.server.fetch("/api/kernels", {"name": "python3"})
        address = f"ws://{self.server.place}/api/kernels/{started['id']}/channels?session_id={self._view}"
        request = HTTPRequest(address, headers=self.server.headers)
        self._wire = await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**26)
        model, state, said = await self._run(LAB)
        self.kernel = psutil.Process(int(said))
        self._model, self._controls = model, state["controls"]
        first = self._controls[0]
        last = round((first["high"] - first["low"]) / first["step"])
        self.page = Page(last, round((first["default"] - first["low"]) / first["step"]), self._ask)
        self._ear = asyncio.create_task(self._listen())
        return time.perf_counter() - start

    async def _run(self, code):
        """Run a cell; the model that it shows, the state with which that was opened, and what it prints."""
        options = {"silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        asked, states, model = self._say("execute_request", {"code": code, **options}), {}, None
        printed = ""
        while True:
            kind, parent, content, _ = self._heard(await self._wire.read_message())
            if kind == "comm_open":
                states[content["comm_id"]] = content["data"]["state"]
            elif kind == "execute_result":
                model = content["data"][WIDGET]["model_id"]
            elif kind == "stream":
                printed += content["text"]
            elif kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            elif kind == "status" and parent == asked and content["execution_state"] == "idle":
                return model, states[model], printed

    # Asking -------------------------------------------------------------------------------------------

    def _ask(self, number, keys):
        """As `helpers/page/panel/kernel.js` does."""
        first, *others = self._controls
        defaults = [control["default"] for control in others]
        names = [control["name"] for control in others]
        asked = []
        for row, place in keys:
            rest = [*defaults]
            rest[names.index(ROW)] = round(others[names.index(ROW)]["step"] * row, 9)
            asked.append([round(min(first["high"], first["low"] + place * first["step"]), 9), *rest])
        content = {"ask": asked, "n": number, "view": self._view}
        self._say("comm_msg", {"comm_id": self._model, "data": {"method": "custom", "content": content}})

    async def _listen(self):
        while (message := await self._wire.read_message()) is not None:
            kind, _, content, buffers = self._heard(message)
            said = content.get("data", {}).get("content", {}) if kind == "comm_msg" else {}
            if said.get("view") == self._view:
                if any(said["errors"]) or not all(map(len, buffers)):
                    raise RuntimeError(f"No frame: {said['errors']}")
                self.page.receive(said["n"], said["ms"])

    def _say(self, kind, content):
        """Send a message to the kernel; returns its id."""
        header = {"msg_id": uuid.uuid4().hex, "session": self._view, "username": "", "version": "5.3"}
        header |= {"date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "msg_type": kind}
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        self._wire.write_message(serialize_msg_to_ws_v1(parts, "shell"), binary=True)
        return header["msg_id"]

    def _heard(self, message):
        """Its type, the id of what it answers, its content and its buffers."""
        _, (header, parent, _, content, *buffers) = deserialize_msg_from_ws_v1(message)
        said = json.loads(header), json.loads(parent), json.loads(content)
        return said[0]["msg_type"], said[1].get("msg_id"), said[2], buffers

    def check(self):
        """Raise what went wrong while listening."""
        if self._ear.done():
            self._ear.result()
