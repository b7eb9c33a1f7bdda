"""`python run.py site`: the lessons as pages that need no kernel, in the folder `site/`."""

import argparse
import os
import pathlib
import subprocess
import sys

from tools.site.build import ROOT, build, table, too_large


def main():
    """Build; with --check, drag everything in a browser too."""
    options = argparse.ArgumentParser(prog="python run.py site", description=__doc__)
    options.add_argument("--check", action="store_true", help="compare every lab with Python, in a browser")
    options.add_argument("--to", type=pathlib.Path, default=ROOT / "site", help="the folder (made anew)")
    options = options.parse_args()
    sizes = build(options.to.resolve(), say=lambda line: print(line, flush=True))
    print(table(sizes), flush=True)
    if said := too_large(sizes):
        sys.exit(said)
    print(f"To look at it: python -m http.server -d {options.to}")
    if options.check:
        asked = [sys.executable, "-m", "pytest", "-q", "tests/browser/test_site.py"]
        sys.exit(
            subprocess.call(asked, cwd=ROOT, env=os.environ | {"UNROLLED_SITE": str(options.to.resolve())})
        )


if __name__ == "__main__":
    main()
