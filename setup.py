"""What pyproject.toml cannot say: the wheel carries a copy of data/, as helpers/_data."""

from pathlib import Path

from setuptools import find_packages, setup

DATA = Path("data")
NOT_PACKED = (DATA / "make",)  # scripts that need packages which no learner has
folders = [DATA, *(path for path in sorted(DATA.rglob("*")) if path.is_dir())]
folders = [path for path in folders if path not in NOT_PACKED and path.name != "__pycache__"]
data = {".".join(["helpers", "_data", *path.parts[1:]]): path.as_posix() for path in folders}
setup(
    packages=[*find_packages(include=["helpers*"]), *data],
    package_dir=data,
    package_data={"": ["*.js", "*.css", "*.html", "*.mplstyle"], **{name: ["*"] for name in data}},
)
