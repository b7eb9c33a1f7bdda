"""A still picture looks the same whatever a learner has set in matplotlib."""

import matplotlib
import matplotlib.style
import pytest

from helpers.drawing import Sketch, Stack
from helpers.labs.lstm_memory import start_dots

HOSTILE = {"text.usetex": True, "savefig.transparent": True, "savefig.bbox": "tight", "lines.linewidth": 9}


@pytest.mark.parametrize(
    "make", [lambda: Sketch("U", "back"), Stack, start_dots], ids=["sketch", "stack", "dots"]
)
def test_picture_looks_the_same_under_any_settings(make):
    plain, _ = make()._repr_mimebundle_()
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        matplotlib.rcParams.update(HOSTILE | {"font.size": 30})
        assert make()._repr_mimebundle_()[0] == plain
        assert matplotlib.rcParams["font.size"] == 30
