"""What pyproject.toml cannot say: the wheel carries a copy of data/, as helpers/_data."""

from pathlib import Path

from setuptools import find_packages, setup

folders = [Path("data"), *(path for path in sorted(Path("data").rglob("*")) if path.is_dir())]
data = {".".join(["helpers", "_data", *path.parts[1:]]): path.as_posix() for path in folders}
setup(
    packages=[*find_packages(include=["helpers*"]), *data],
    package_dir=data,
    package_data={"": ["*.js", "*.css", "*.html", "*.mplstyle"], **{name: ["*"] for name in data}},
)
