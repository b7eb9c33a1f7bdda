"""deploy/: a class's servers are what the files say. Neither docker nor Kubernetes is needed to see that."""

import json
import pathlib
import tomllib

import pytest
from jupyter_server.serverapp import ServerApp
from traitlets.config import Config
from traitlets.utils.importstring import import_item

import run
from helpers.server.nodelay import NoDelayConnection
from tests.tools.deploy import DEPLOY, DOCKERFILE, README, ROOT, SERVER, START, VALUES, python

MIB = 2**20


def size(words):
    """Bytes, as JupyterHub and its chart read them: of 1024."""
    return float(words[:-1]) * 1024 ** (" KMGT".index(words[-1]))


def lesson_at(url):
    """The notebook that JupyterLab opens there, in a home that start.sh has filled."""
    assert url.startswith("/lab/tree/notebooks/")
    return ROOT / url.removeprefix("/lab/tree/")


# Kubernetes ------------------------------------------------------------------------------------------


def test_student_memory_has_guarantee_and_limit():
    """Half a GiB is for sure, and one and a half is the most."""
    memory = VALUES["singleuser"]["memory"]
    assert {name: size(words) for name, words in memory.items()} == {
        "guarantee": 512 * MIB,
        "limit": 1536 * MIB,
    }
    cpu = VALUES["singleuser"]["cpu"]
    assert 0 < cpu["guarantee"] <= cpu["limit"]


def test_the_chart_opens_lesson_1_of_the_image():
    single = VALUES["singleuser"]
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert lesson_at(single["defaultUrl"]) == ROOT / run.LESSON_1
    assert lesson_at(single["defaultUrl"]).is_file()
    built = f"-t {single['image']['name']}:{single['image']['tag']} ."
    assert single["image"]["tag"] == version
    assert built in DOCKERFILE
    assert built in README, "where the admin is told to build it"
    assert "cmd" not in single, "the chart's own is what start.sh is given"
    assert VALUES["cull"]["enabled"] is True


def test_chart_lets_in_only_allowed_organisations():
    """The keys are kept elsewhere."""
    config = VALUES["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"] == "github"
    assert config["GitHubOAuthenticator"]["allowed_organizations"]
    assert not any(words in str(config) for words in ("allow_all", "dummy", "client_secret"))
    for name in ("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"):  # where oauthenticator looks for them
        assert list(VALUES["hub"]["extraEnv"][name]["valueFrom"]) == ["secretKeyRef"]


# One machine ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hub():
    """What jupyterhub_config.py sets."""
    path, config = DEPLOY / "jupyterhub_config.py", Config()
    exec(
        compile(path.read_text("utf-8"), path, "exec"), {"get_config": lambda: config, "__file__": str(path)}
    )
    return config


def test_one_machine_lets_in_only_its_students(hub):
    """It has a real login."""
    assert hub.JupyterHub.authenticator_class == "pam"
    assert "students" in hub.PAMAuthenticator.allowed_groups
    assert hub.PAMAuthenticator.admin_groups <= hub.PAMAuthenticator.allowed_groups
    assert "allow_all" not in hub.Authenticator


def test_one_machine_keeps_the_limits_of_the_chart(hub):
    single, spawner = VALUES["singleuser"], hub.Spawner
    assert hub.JupyterHub.spawner_class == "systemdspawner.SystemdSpawner", "one that keeps to mem_limit"
    assert (spawner.mem_limit, spawner.cpu_limit) == (
        single["memory"]["limit"],
        single["cpu"]["limit"],
    )
    assert spawner.default_url == single["defaultUrl"]


def test_one_machine_starts_servers_by_start_sh(hub):
    """It uses the environment of run.py."""
    start, server = map(pathlib.Path, hub.Spawner.cmd)
    assert start == START
    assert server.parent == ROOT / ".venv/bin"
    assert hub.Spawner.environment["OPENBLAS_NUM_THREADS"] == "1"


def test_service_that_closes_servers_may_do_only_that(hub):
    (service,), (role,) = hub.JupyterHub.services, hub.JupyterHub.load_roles
    assert role["services"] == [service["name"]]
    assert "delete:servers" in role["scopes"]
    assert not any(scope.startswith("admin") for scope in role["scopes"])


# The server's own setting ---------------------------------------------------------------------------


def test_the_settings_are_those_of_run_py():
    settings = json.loads(SERVER.read_text("utf-8"))["ServerApp"]
    named, extensions = settings.pop("kernel_websocket_connection_class"), settings.pop("jpserver_extensions")
    assert settings == {}
    assert f"--ServerApp.kernel_websocket_connection_class={named}" == run.SOCKET
    assert import_item(named) is NoDelayConnection
    assert extensions == {"helpers.server.pictures": True}
    assert run.PICTURES == "--ServerApp.jpserver_extensions=helpers.server.pictures=True"


def test_a_server_that_looks_there_takes_them(hub, monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", hub.Spawner.environment["JUPYTER_CONFIG_PATH"])
    monkeypatch.chdir(tmp_path)
    server = ServerApp()
    server.load_config_file(suppress_errors=False)
    assert server.kernel_websocket_connection_class is NoDelayConnection
    assert server.jpserver_extensions["helpers.server.pictures"] is True


@pytest.mark.slow
def test_a_server_that_starts_there_keeps_pictures(hub, tmp_path):
    """In a process of its own, since a server takes the place of any other in its process."""
    look = """
from jupyter_server.serverapp import ServerApp
from helpers.server.pictures import keep_pictures
server = ServerApp()
server.initialize(["--allow-root", "--no-browser"], new_httpserver=False)
print(keep_pictures in server.contents_manager._pre_save_hooks)
"""
    places = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    there = {"JUPYTER_CONFIG_PATH": hub.Spawner.environment["JUPYTER_CONFIG_PATH"]}
    assert python(look, tmp_path, **places, **there).strip() == "True"
