"""The labs of the lessons, the few of them that JupyterLab is shown, and the room that it gives to a lab."""

from helpers.lab.running import RunningLab
from helpers.labs import catalogue

LABS = [kind for labs in catalogue().values() for kind in labs]

ROOM = {(1280, 720): (1100, 599), (1024, 768): (844, 647)}
"""From the size of a screen to the width and height, in CSS pixels, that JupyterLab has for a lab there, its
side bar closed. `test_in_jupyterlab.py` compares."""

# A lab's width and height; how large its figure is shown, of the size it was drawn for; what is too wide.
MEASURE = """box => {
  const { width, height } = box.getBoundingClientRect(), figure = box.querySelector(".live-figure");
  const scale = figure.clientWidth / +figure.style.getPropertyValue("--width");
  return { width, height, scale, over: box.scrollWidth - box.clientWidth };
}"""


def kinds_of(lab):
    """The kinds of a lab's controls; and whether it runs."""
    return {type(control) for control in lab.controls().values()} | ({RunningLab} & set(lab.__mro__))


def few_of_all_kinds(labs):
    """A few labs in which there is every kind of control, and a run: each time the lab that adds most."""
    kinds, few = set().union(*map(kinds_of, labs)), []
    while kinds:
        few.append(max(labs, key=lambda lab: len(kinds_of(lab) & kinds)))
        kinds -= kinds_of(few[-1])
    return few


FEW = few_of_all_kinds(LABS)
IN_JUPYTERLAB = [lab for number, lab in enumerate(LABS) if lab in FEW or number % 8 == 0]


def cell_of(kind):
    """The code that shows a lab of a lesson, and keeps it by its name."""
    name = kind.__name__
    return f"from {kind.__module__} import {name}\n\nshown_{name} = {name}()\nshown_{name}"
