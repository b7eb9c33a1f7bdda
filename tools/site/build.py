"""All of the site: labs, pages, scripts, fonts."""

import concurrent.futures
import io
import multiprocessing
import shutil
import time

from fontTools import subset
from PIL import Image
from pygments.formatters import HtmlFormatter

from helpers.lab.running import RunningLab
from helpers.labs import catalogue
from helpers.page.panel import module
from tools.site.door import write_home
from tools.site.lessons import HERE, Lesson
from tools.site.record import record

ROOT = HERE.parents[1]
PANEL = [name for name in module.MODULES if name != "kernel.js"]
OWN = ["page.js", "stored.js", "unpack.js"]
MODULES = [*OWN, *(f"panel/{name}" for name in PANEL)]
WORKERS = 2
LIMITS = {"first": 400_000, "all": 3_000_000}
"""How many bytes of a lesson a reader may have to load until the first drag, and for all of it."""


def build(site, notebooks=ROOT / "notebooks", brief=False, say=print):
    """Make the site anew.

    Parameters
    ----------
    site, notebooks : pathlib.Path
        Where it goes (what is there is deleted), and where the stored notebooks are.
    brief : bool
        Whether few positions will do, as for a test (see `record`).
    say : callable
        Is told, line by line, how far it is.

    Returns
    -------
    list of dict
        Of each lesson, its `name` and what is in it: `labs`, `positions`, and sizes in bytes: `first`, what a
        reader has loaded when the first lab can be dragged, and `all`.
    """
    lessons = find_lessons(notebooks)
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    made = make_labs(site, lessons, brief, say)
    fonts = make_fonts(site / "fonts", made.values())
    shared = copy_files(site)
    pictures = {lesson.name: write_pictures(site, lesson) for lesson in lessons}
    write_home(site, lessons, pictures, MODULES, made)
    return [write_lesson(site, lessons, k, made, fonts, shared, pictures) for k in range(len(lessons))]


def find_lessons(notebooks):
    """A `Lesson` for each stored notebook of the folder, in order."""
    kinds = catalogue()
    return [Lesson(path, kinds.get(path.stem, [])) for path in sorted(notebooks.glob("*.ipynb"))]


def make_labs(site, lessons, brief, say):
    """All labs, over two processes: what `record` returns, by the names of lesson and lab."""
    tasks = [(lesson.name, lab) for lesson in lessons for lab in lesson.labs]
    tasks.sort(key=lambda task: not issubclass(task[1].kind, RunningLab))  # the longest first
    made, start = {}, time.monotonic()
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(WORKERS, context) as pool:
        waiting = {}
        for name, lab in tasks:
            folder = site / "labs" / name / lab.kind.__name__
            waiting[pool.submit(record, lab.kind, folder, lab.start, brief)] = name, lab.kind.__name__
        for number, done in enumerate(concurrent.futures.as_completed(waiting), 1):
            made[waiting[done]] = result = done.result()
            size = (result["stills"] + result["first"] + result["more"]) / 1000
            what = f"{' '.join(waiting[done])}: {result['frames']} frames, {size:.0f} kB"
            say(f"{number}/{len(tasks)}  {time.monotonic() - start:.0f} s  {what}")
    return made


def make_fonts(folder, made):
    """The letters that the labs need, of each font: a small file each; returns their sizes by name."""
    folder.mkdir()
    wanted = {}
    for name, (path, letters) in (font for result in made for font in result["fonts"].items()):
        wanted.setdefault(name, (path, set()))[1].update(letters)
    for name, (path, letters) in wanted.items():
        options = subset.Options(flavor="woff", layout_features=["kern"])
        options.drop_tables += ["FFTM"]  # when the font was made; it cannot be cut down
        with subset.load_font(path, options) as font:
            cutter = subset.Subsetter(options)
            cutter.populate(text="".join(sorted(letters)) or " ")
            cutter.subset(font)
            subset.save_font(font, folder / f"{name}.woff", options)
    return {name: (folder / f"{name}.woff").stat().st_size for name in wanted}


def copy_files(site):
    """Scripts and styles; returns the size of all of them."""
    (site / "panel").mkdir()
    pairs = [(module.FOLDER / name, site / "panel" / name) for name in [*PANEL, "panel.css"]]
    pairs += [(HERE / name, site / name) for name in [*OWN, "page.css"]]
    for source, target in pairs:
        shutil.copyfile(source, target)
    with open(site / "page.css", "a", encoding="utf-8") as style:
        style.write(HtmlFormatter(style="tango").get_style_defs(".highlight"))
        dark = HtmlFormatter(style="github-dark").get_style_defs(".highlight")
        style.write("\n@media screen and (prefers-color-scheme: dark) {\n" + dark + "\n}\n")
        style.write(".highlight, .highlight pre { background: var(--field) !important; }\n")
    return sum(target.stat().st_size for _, target in pairs)


def write_pictures(site, lesson):
    """The still pictures of a lesson; returns their sizes in pixels by the cell's id."""
    folder, sizes = site / "pictures" / lesson.name, {}
    folder.mkdir(parents=True)
    for cell, picture in lesson.pictures().items():
        (folder / f"{cell}.png").write_bytes(picture)
        sizes[cell] = Image.open(io.BytesIO(picture)).size
    return sizes


def write_lesson(site, lessons, k, made, fonts, shared, pictures):
    """The page of a lesson; returns what is in it (see `build`)."""
    lesson, found = lessons[k], [made[lessons[k].name, lab.kind.__name__] for lab in lessons[k].labs]
    letters = sorted({name for result in found for name in result["fonts"]})
    page = lesson.page(
        before=lessons[k - 1] if k else None,
        after=lessons[k + 1] if k + 1 < len(lessons) else None,
        modules=MODULES,
        letters=letters,
        sizes=pictures[lesson.name],
    )
    (site / f"{lesson.name}.html").write_text(page, encoding="utf-8")
    frame = len(page.encode()) + shared + sum(fonts[name] for name in letters)
    cards = [path.stat().st_size for path in (site / "pictures" / lesson.name).iterdir()]
    labs = [result["stills"] + result["first"] for result in found]
    return {
        "name": lesson.name,
        "labs": len(labs),
        "positions": sum(result["positions"] for result in found),
        "first": frame + sum(labs[:1]),
        "all": frame + sum(labs) + sum(result["more"] for result in found) + sum(cards),
    }


def table(sizes):
    """What `build` returns, as lines of a Markdown table."""
    lines = ["| lesson | labs | positions | until the first drag | all of it |", "|---|---|---|---|---|"]
    for of in sizes:
        first, every = f"{of['first'] / 1000:.0f} kB", f"{of['all'] / 1e6:.2f} MB"
        lines.append(f"| {of['name']} | {of['labs']} | {of['positions']} | {first} | {every} |")
    return "\n".join(lines)


def too_large(sizes):
    """A sentence on the lessons of `build` that take too long on a slow line, or None."""
    over = [
        f"{of['name']} ({of[what]:,} bytes)" for of in sizes for what in LIMITS if of[what] > LIMITS[what]
    ]
    if not over:
        return None
    return (
        f"Too large: {', '.join(over)}; at most {LIMITS['first']:,} bytes until the first drag and"
        f" {LIMITS['all']:,} in all. Give the largest lab fewer anchors, or less to show."
    )
