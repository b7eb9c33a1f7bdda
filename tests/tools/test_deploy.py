"""deploy/: a class's servers are what the files say. Neither docker nor Kubernetes is needed to see that."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from jupyter_server.serverapp import ServerApp
from packaging.specifiers import SpecifierSet
from traitlets.config import Config
from traitlets.utils.importstring import import_item

import run
from helpers.server.nodelay import NoDelayConnection
from tools import environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
START, SERVER = DEPLOY / "start.sh", DEPLOY / "jupyter_server_config.json"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text(encoding="utf-8"))
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
MIB = 2**20
needs_bash = pytest.mark.skipif(os.name == "nt", reason="a hub runs on Linux")


def size(words):
    """Bytes, as JupyterHub and its chart read them: of 1024."""
    return float(words[:-1]) * 1024 ** (" KMGT".index(words[-1]))


def lesson_at(url):
    """The notebook that JupyterLab opens there, in a home that start.sh has filled."""
    assert url.startswith("/lab/tree/notebooks/")
    return ROOT / url.removeprefix("/lab/tree/")


# Kubernetes -----------------------------------------------------------------------------------------


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


# start.sh -------------------------------------------------------------------------------------------


def start(home, *words, script=START, **variables):
    """Start something in this home; bash, as in the image."""
    return subprocess.run(
        ["bash", str(script), *(words or ["true"])],
        env={"PATH": os.environ["PATH"], "HOME": str(home), **variables},
        capture_output=True,
        text=True,
    )


@needs_bash
class TestStart:
    def test_the_first_time_it_copies_every_lesson(self, tmp_path):
        assert start(tmp_path).returncode == 0
        assert [path.name for path in tmp_path.iterdir()] == ["notebooks"]
        assert sorted(path.name for path in (tmp_path / "notebooks").iterdir()) == LESSONS
        for name in LESSONS:
            copy = tmp_path / "notebooks" / name
            assert copy.read_bytes() == (ROOT / "notebooks" / name).read_bytes()
            assert copy.stat().st_mode & 0o200, "the learner can save it"

    def test_second_start_leaves_a_learners_work_alone(self, tmp_path):
        start(tmp_path)
        changed, deleted, *_ = (tmp_path / "notebooks" / name for name in LESSONS)
        changed.write_text("mine")
        deleted.unlink()
        assert start(tmp_path).returncode == 0
        assert changed.read_text() == "mine"
        assert not deleted.exists()

    def test_it_becomes_what_it_is_given(self, tmp_path):
        done = start(tmp_path, "sh", "-c", 'echo "$1|$0"; exit 7', "a b", "c*")
        assert (done.stdout, done.returncode) == ("c*|a b\n", 7)
        process = subprocess.Popen(
            ["bash", str(START), "sh", "-c", "echo $$"], env={"HOME": str(tmp_path)}, stdout=-1
        )
        assert int(process.communicate()[0]) == process.pid, "a signal reaches the server itself"

    def test_unwritable_home_does_not_keep_anyone_out(self, tmp_path):
        done = start(tmp_path / "none", "echo", "on")
        assert (done.stdout, done.returncode) == ("on\n", 0)
        assert "could not be copied" in done.stderr

    def test_interrupted_copy_starts_afresh(self, tmp_path):
        (tmp_path / "bin").mkdir()
        broken = tmp_path / "bin/cp"
        broken.write_text(
            '#!/bin/sh\nfor last; do :; done\necho half > "$last/01_rnn_unrolling.ipynb"\nexit 1\n'
        )
        broken.chmod(0o755)
        done = start(tmp_path, "echo", "on", PATH=f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        assert done.stdout == "on\n"
        assert [path.name for path in tmp_path.iterdir()] == ["bin"]
        start(tmp_path)
        assert sorted(path.name for path in (tmp_path / "notebooks").iterdir()) == LESSONS


# The image ------------------------------------------------------------------------------------------


def said(word):
    """What follows a word of the Dockerfile, line by line."""
    return re.findall(rf"^{word} +(.+)$", DOCKERFILE, re.M)


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """/opt/unrolled as the image has it, and the other folders into which it copies."""
    top = tmp_path_factory.mktemp("image")
    for line in said("COPY"):
        *sources, place = shlex.split(line)
        for source in sources:
            target = top / place.lstrip("/")
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, target, ignore=ignored, dirs_exist_ok=True)
            else:
                assert place.endswith("/"), "a folder, also when it is not there yet"
                target.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, target)
    return top


def python(code, folder, **variables):
    """What Python prints for some code, in this folder."""
    command, variables = [sys.executable, "-c", code], {**os.environ, **variables}
    return subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=True
    ).stdout


def test_the_checkout_works_where_the_image_has_it(image, tmp_path):
    look = "import helpers; from helpers.tasks import data; print(helpers.__file__, len(data.load_text()))"
    variables = {**os.environ, "PYTHONPATH": str(image / "opt/unrolled")}
    told = subprocess.run(
        [sys.executable, "-c", look], cwd=tmp_path, env=variables, capture_output=True, text=True
    )
    assert told.stdout.startswith(str(image / "opt/unrolled/helpers")), told.stderr


def test_pip_finds_there_what_it_installs(image):
    for words in said("RUN"):
        for name in re.findall(r"pip install .*?-[re] (\S+)", words):
            assert (image / "opt/unrolled" / name.removeprefix("/opt/unrolled")).exists()
    assert (image / "opt/unrolled/setup.py").is_file()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in [project["readme"], *project["license-files"]]:
        assert (image / "opt/unrolled" / name).is_file()


@needs_bash
def test_image_starts_as_a_learner_with_lessons(image, tmp_path):
    (entry,) = map(json.loads, said("ENTRYPOINT"))
    script = image / entry[0].lstrip("/")
    assert os.access(script, os.X_OK)
    assert start(tmp_path, script=script).returncode == 0
    assert sorted(path.name for path in (tmp_path / "notebooks").iterdir()) == LESSONS
    assert said("USER") == ["1000"]
    assert "--uid 1000" in DOCKERFILE
    assert said("WORKDIR")[-1] == "/home/jovyan", "the folder in which the server starts"


def test_the_image_has_the_settings_of_the_server(image):
    assert (image / "etc/jupyter" / SERVER.name).read_bytes() == SERVER.read_bytes()
    assert "OPENBLAS_NUM_THREADS=1" in " ".join(said("ENV")).split()
    (code,) = re.findall(r'python -c "(.+?)"', DOCKERFILE)
    (module,) = re.findall(r"from (\S+) import", code)
    assert (image / "opt/unrolled" / f"{module.replace('.', '/')}.py").is_file()
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=image / "opt/unrolled", capture_output=True, text=True
    )
    assert json.loads(told.stdout) == json.loads(environment.NO_NEWS)


def test_the_versions_of_jupyterhub_have_both_ends():
    (words,) = re.findall(r'^ARG JUPYTERHUB="(.+)"', DOCKERFILE, re.M)
    assert sorted(part.operator for part in SpecifierSet(words)) == ["<", ">="]
    assert words in README


# What must not be in a file -------------------------------------------------------------------------

GIVEN = re.compile(r"(?i)(?:password|passwd|secret|token|api_?key)\w*[\"']?[ \t]*[:=][ \t]*[\"']?[\w+/-]{4,}")
RANDOM = re.compile(r"\b(?=\w*\d)(?=\w*[a-zA-Z])[A-Za-z0-9]{24,}\b")


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_no_file_holds_a_secret(path):
    words = path.read_text(encoding="utf-8")
    assert GIVEN.findall(words) + RANDOM.findall(words) == []
    assert not re.search(r"https?://(?!YOUR-HOST/|z2jh\.jupyter\.org)", words), "nor a host by its name"


@pytest.mark.parametrize(
    "words",
    [
        "client_secret: abcd1234",
        'proxy_auth_token = "0a1b2c3d"',
        "PASSWORD=letmein",
        "id 0123456789abcdef0123456789abcdef",
    ],
)
def test_a_secret_would_be_seen(words):
    assert GIVEN.search(words) or RANDOM.search(words)


# The words ------------------------------------------------------------------------------------------


def test_its_page_is_found_and_leads_somewhere():
    for name in ("README.md", "docs/running.md"):
        words = (ROOT / name).read_text(encoding="utf-8")
        (link,) = set(re.findall(r"\(((?:\.\./)?deploy/README\.md)\)", words))
        assert ((ROOT / name).parent / link).resolve() == DEPLOY / "README.md"
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", README)
    assert [link for link in links if not (DEPLOY / link).exists()] == []
    assert [
        path.name for path in DEPLOY.iterdir() if path.name not in README and path.name != "README.md"
    ] == []
