"""`python run.py site`: the lessons as pages, and in JupyterLite, in the folder `site/`."""

import argparse
import os
import pathlib
import subprocess
import sys

from tools.site.build import ROOT, build, table, too_large
from tools.site.lessons import LIVE
from tools.site.live.build import build_live

CHECKS = [f"tests/browser/test_site{which}.py" for which in ("", "_live", "_live_whole")]


def main():
    """Build; with --check, drag everything in a browser too."""
    options = argparse.ArgumentParser(prog="python run.py site", description=__doc__)
    options.add_argument("--check", action="store_true", help="compare every lab with Python, in a browser")
    options.add_argument("--to", type=pathlib.Path, default=ROOT / "site", help="the folder (made anew)")
    options.add_argument(
        "--pyodide", type=pathlib.Path, help="a Pyodide distribution to copy what is needed from"
    )
    options = options.parse_args()
    site, notebooks = options.to.resolve(), ROOT / "notebooks"
    sizes = build(site, notebooks, say=say)
    build_live(site / LIVE, notebooks, options.pyodide and options.pyodide.resolve(), say)
    say(table(sizes))
    if said := too_large(sizes):
        sys.exit(said)
    say(f"To look at it: python -m http.server -d {options.to}")
    if options.check:
        asked = [sys.executable, "-m", "pytest", "-q", *CHECKS]
        sys.exit(subprocess.call(asked, cwd=ROOT, env=os.environ | {"UNROLLED_SITE": str(site)}))


def say(line):
    """Print at once."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
