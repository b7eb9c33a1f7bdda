#!/usr/bin/env python3
"""Put a place on GitHub into the pages and lessons: `python3 tools/publish.py NAME/REPOSITORY`, or `--undo`.

The project names no place of its own. To publish a copy, run this once and commit what it changes:
README.md gets badges and links, docs/running.md the addresses, and every lesson two cells under its title,
the second of which installs the project in Colab. Run again, with this name or another, it replaces what it
has put there. `--undo` takes it out again and leaves every byte as it was before.

Standard library only: it runs before anything is installed.
"""

import argparse
import json
import pathlib
import re
import string
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
COLAB = "https://colab.research.google.com/github/$home/blob/HEAD/notebooks/$lesson.ipynb"
BINDER = "https://mybinder.org/v2/gh/$home/HEAD?urlpath=lab/tree/notebooks/$lesson.ipynb"
SITE = "https://$owner.github.io/$repository/"
LIVE = SITE + "live/notebooks/index.html?path=$lesson.ipynb"
RUNS = "https://github.com/$home/actions/workflows"
BADGES = f"""\
[![checks]({RUNS}/ci.yml/badge.svg)]({RUNS}/ci.yml) [![site]({RUNS}/site.yml/badge.svg)]({SITE}) \
[![Binder](https://mybinder.org/badge_logo.svg)]({BINDER})"""
IN_COLAB = f"<br>[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({COLAB})"

# What is put into a page stands between these two, which its readers do not see; a paragraph of its own has
# them on lines of their own.
BEGIN, END = "<!-- published -->", "<!-- /published -->"
GAP = r"\r?\n\r?\n"  # the end of a line, and an empty line
PUT = re.compile(f"{BEGIN}\n.*?{END}\n|{BEGIN}.*?{END}", re.S)
# For each page, patterns and what is put behind whatever they match.
PLACES = {
    "README.md": {
        r"\A# .+?" + GAP: f"{BEGIN}\n{BADGES}\n\n{END}\n",
        r"^\| \[[^]]+\]\(notebooks/(?P<lesson>\w+)\.ipynb\)": f"{BEGIN}{IN_COLAB}{END}",
        r"\(\[The site\]\(docs/running\.md#the-site\)\)\.": f"{BEGIN} You can [open it here]({SITE}).{END}",
    },
    "docs/running.md": {
        r"^## pip" + GAP: f'{BEGIN}\n`python -m pip install "git+https://github.com/$home"`\n\n{END}\n',
        r"^## Binder" + GAP: f"{BEGIN}\n[Open lesson 1 in Binder]({BINDER}).\n\n{END}\n",
        r"^## Colab" + GAP: f"{BEGIN}\n[Open lesson 1 in Colab]({COLAB}).\n\n{END}\n",
        r"^## The site" + GAP: f"{BEGIN}\n[Open the site]({SITE}).\n\n{END}\n",
    },
}

# The two cells of a lesson. anywidget, and psygnal which it needs, are all that Colab may lack besides us.
LINKS = f"""\
Nothing installed? Run this lesson [in your browser]({LIVE}), [in Colab]({COLAB}) or [in Binder]({BINDER})."""
INSTALL = """\
# Only Colab needs this cell: there, it installs the lessons' own code.
import sys

if "google.colab" in sys.modules:
    import subprocess

    home = "git+https://github.com/$home"
    packages = ["--no-deps", home, "anywidget", "psygnal"]
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", *packages], check=True)"""
OURS = ("ways", "colab")  # their ids


# Pages ----------------------------------------------------------------------------------------------


def page(text, places, names):
    """A page with the links to a place, or with names None as it is without any."""
    text = PUT.sub("", text)
    for pattern, words in places.items() if names else ():
        text = put(text, pattern, words, names)
    return text


def put(text, pattern, words, names):
    """The text with the words behind all that the pattern matches."""
    text, n = re.subn(pattern, lambda at: at[0] + fill(words, names | at.groupdict()), text, flags=re.M)
    if not n:
        raise ValueError(f"it has nothing that matches {pattern}, where a link belongs")
    return text


def fill(words, names):
    """The words with the names in them; a link that says nothing else leads to lesson 1."""
    return string.Template(words).substitute({"lesson": "01_rnn_unrolling"} | names)


# Lessons --------------------------------------------------------------------------------------------


def lesson(text, names):
    """A stored notebook with both cells under its title, or with names None without them.

    Only the text of these cells comes and goes: all the rest keeps its bytes, whatever program wrote them.
    """
    (end, title), *others = cells(text)
    if title.get("id") in OURS:
        raise ValueError("its first cell is not the title")
    kept = text[:end] + "".join(f",\n{one}" for one in (both(names) if names else ()))
    for stop, cell in others:
        kept += "" if cell.get("id") in OURS else text[end:stop]
        end = stop
    return kept + text[end:]


def cells(text):
    """Each cell of a stored notebook, as the place where its text ends and the cell itself."""
    decoder, start = json.JSONDecoder(), re.search(r'"cells"\s*:\s*\[', text).end()
    while found := re.compile(r"[\s,]*(?=\{)").match(text, start):
        cell, start = decoder.raw_decode(text, found.end())
        yield start, cell


def both(names):
    """The two cells, as Jupyter stores them."""
    skip = {"slideshow": {"slide_type": "skip"}}
    links = {"cell_type": "markdown", "id": OURS[0], "metadata": skip, "source": lines(LINKS, names)}
    # JupyterLab folds the code, since a learner there has no use for it, and it is not counted.
    folded = {"jupyter": {"source_hidden": True}, **skip}
    code = {"cell_type": "code", "id": OURS[1], "metadata": folded, "source": lines(INSTALL, names)}
    code |= {"execution_count": None, "outputs": []}
    written = (json.dumps(one, indent=1, sort_keys=True, ensure_ascii=False) for one in (links, code))
    return ["  " + one.replace("\n", "\n  ") for one in written]


def lines(words, names):
    """The words with the names in them, as the lines that a notebook holds."""
    return fill(words, names).splitlines(keepends=True)


# All of it ------------------------------------------------------------------------------------------


def changed(names):
    """From the path of every file that changes to its new text; nothing is written yet."""
    texts = {}
    for path in [*(ROOT / name for name in PLACES), *sorted(ROOT.glob("notebooks/*.ipynb"))]:
        name, before = path.relative_to(ROOT).as_posix(), path.read_bytes().decode("utf-8")
        try:
            if name in PLACES:
                after = page(before, PLACES[name], names)
            else:
                after = lesson(before, names and names | {"lesson": path.stem})
        except (AttributeError, ValueError) as error:
            sys.exit(f"Nothing was changed, since {name} is not as expected: {error}.")
        if after != before:
            texts[path] = after
    return texts


def main(words=None):
    """Publish or undo, and say which files have changed."""
    about = "Put a place on GitHub into the pages and the lessons."
    parser = argparse.ArgumentParser(prog="python3 tools/publish.py", description=about)
    parser.add_argument("place", nargs="?", metavar="NAME/REPOSITORY", help="where the project is on GitHub")
    parser.add_argument("--undo", action="store_true", help="take out what an earlier run has put in")
    asked = parser.parse_args(words)
    found = re.fullmatch(r"(?:https://github\.com/)?([\w-]+)/([\w.-]+?)(?:\.git)?/?", asked.place or "")
    if asked.undo == bool(asked.place) or (asked.place and not found):
        parser.error("say where the project is on GitHub, as NAME/REPOSITORY, or say --undo")
    names = found and {"home": f"{found[1]}/{found[2]}", "owner": found[1], "repository": found[2]}
    texts = changed(names)
    for path, text in texts.items():
        path.write_bytes(text.encode("utf-8"))
        print(path.relative_to(ROOT))
    print(f"{len(texts)} files changed." if texts else "There was nothing to change.")


if __name__ == "__main__":
    main()
