"""The labs of lesson 9, in the order in which the notebook shows them."""

from helpers.labs.without_h.curse import Curse
from helpers.labs.without_h.mark import OneMark
from helpers.labs.without_h.parity import FlipFlop
from helpers.labs.without_h.reading import ReadingBoth
from helpers.labs.without_h.ring import Ring
from helpers.labs.without_h.scan import ScanRounds
from helpers.labs.without_h.step import StepAsMap

NOTEBOOK = "09_gates_without_h"
LABS = (
    StepAsMap,
    ReadingBoth,
    ScanRounds,
    Ring,
    Curse,
    OneMark,
    FlipFlop,
)

__all__ = [*(lab.__name__ for lab in LABS)]
