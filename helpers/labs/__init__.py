"""The labs, a module or more per notebook. A module's `NOTEBOOK` names the notebook that shows its labs."""

import importlib
import inspect
import pkgutil

from helpers.engine.bptt import keep_large_blocks
from helpers.lab import Lab

keep_large_blocks()  # a kernel that shows labs runs a cell again and again


def catalogue():
    """Every lab of every notebook, in reading order.

    Returns
    -------
    dict
        From a notebook's name (without `.ipynb`) to the list of its `Lab` classes.

    Raises
    ------
    AttributeError
        If a module has a lab and does not say which notebook shows it.
    """
    found = pkgutil.walk_packages(__path__, f"{__name__}.")
    modules = [importlib.import_module(m.name) for m in found]
    shown = {}
    for module in modules:
        own = [c for _, c in inspect.getmembers(module, inspect.isclass) if _is_lab_of(c, module)]
        if own:
            shown.setdefault(_notebook_of(module, own), []).extend(sorted(own, key=_line))
    return dict(sorted(shown.items()))


def _notebook_of(module, labs):
    if not hasattr(module, "NOTEBOOK"):
        file, name = module.__name__.replace(".", "/"), labs[0].__name__
        raise AttributeError(
            f"{file}.py has the lab {name} but no NOTEBOOK: name the notebook that shows it, as in"
            ' NOTEBOOK = "01_rnn_unrolling".'
        )
    return module.NOTEBOOK


def _is_lab_of(kind, module):
    return issubclass(kind, Lab) and kind.__module__ == module.__name__ and not kind.__name__.startswith("_")


def _line(kind):
    return inspect.getsourcelines(kind)[1]
