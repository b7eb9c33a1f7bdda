"""deploy/: what start.sh does, and what it finds in the image. Docker is not needed to see that."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib

import pytest
from packaging.specifiers import SpecifierSet

from tests.tools.deploy import DOCKERFILE, LESSONS, README, ROOT, SERVER, START, needs_bash
from tools import environment

# start.sh --------------------------------------------------------------------------------------------


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
