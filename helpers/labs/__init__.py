"""The labs: a folder for each lesson, and what the labs of several lessons share.

The `__init__` of a lesson's folder says which notebook shows its labs (`NOTEBOOK`), and lists them in the
order in which that notebook shows them (`LABS`).
"""

import importlib
import pkgutil

from helpers.engine.bptt import keep_large_blocks

keep_large_blocks()  # a kernel that shows labs runs a cell again and again


def catalogue():
    """Every lab of every notebook, in reading order.

    Returns
    -------
    dict
        From a notebook's name (without `.ipynb`) to the list of its `Lab` classes.
    """
    rooms = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    lessons = {room.NOTEBOOK: list(room.LABS) for room in rooms if hasattr(room, "NOTEBOOK")}
    return dict(sorted(lessons.items()))
