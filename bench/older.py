"""The engine of another checkout, beside this one in the same process."""

import importlib
import inspect
import pathlib
import sys


class Older:
    """The engine in a folder, such as one that `git worktree add --detach PATH COMMIT` has made.

    Parameters
    ----------
    folder : str
        Where its `helpers` lies.
    """

    def __init__(self, folder):
        if not (pathlib.Path(folder) / "helpers" / "bptt").is_dir():
            sys.exit(f"{folder} holds no helpers/bptt: give the folder of a checkout of this project.")
        ours = _taken_out()
        sys.path.insert(0, str(folder))
        try:
            self.cells, self.bptt = (importlib.import_module(f"helpers.{name}") for name in ("cells", "bptt"))
        finally:
            sys.path.pop(0)
            _taken_out()
            sys.modules.update(ours)
        found = pathlib.Path(self.bptt.__file__).resolve()
        assert found.is_relative_to(pathlib.Path(folder).resolve()), found
        self._names_the_cell = "cell" in inspect.signature(self.bptt.backprop).parameters

    def like(self, cell):
        """Its cell with the same weights."""
        options = {name: getattr(cell, name) for name in ("update", "reset") if hasattr(cell, name)}
        kind = next(c.__name__ for c in type(cell).__mro__ if hasattr(self.cells, c.__name__))
        other = getattr(self.cells, kind)(cell.D, cell.H, rng=0, dtype=cell.dtype, **options)
        for name, weights in cell.parameters.items():
            other[name] = weights
        return other

    def run(self, cell, x, direct):
        """States and gradients."""
        tape = self.bptt.unroll(cell, x)
        given = (cell, tape, direct) if self._names_the_cell else (tape, direct)
        return tape.h, self.bptt.backprop(*given)


def _taken_out():
    """Our modules, no longer among those that are imported already."""
    names = [name for name in sys.modules if name.partition(".")[0] == "helpers"]
    return {name: sys.modules.pop(name) for name in names}
