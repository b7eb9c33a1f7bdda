"""Lab of the lesson on the LSTM: which unit of a trained network holds the number, and how it does so."""

from types import MappingProxyType

from helpers.drawing.style import BLUE, VERMILLION
from helpers.lab import Slider
from helpers.labs.shared.reading_gates import LONGEST, _ReadingGates
from helpers.labs.shared.sentences import typed_control


class ReadingLSTM(_ReadingGates):
    """Which unit of an LSTM holds the number of the subject?

    A trained LSTM of 32 units reads up to the verb. Choose a unit, shut its forget gate at one word, or move
    its forget bias at all of them. Nothing else of the network is touched.
    """

    unit = Slider(0, 31, step=1, default=0, label="unit")
    shut = Slider(0, LONGEST, step=1, default=0, label="shut f at word (0: at none)")
    shift = Slider(-6.0, 2.0, step=0.5, default=0.0, label="added to its b_f")
    anchors = ({"unit": 24}, {"unit": 24, "shut": 6}, {"unit": 24, "shift": -4.0})
    colours = MappingProxyType({"is": VERMILLION, "are": BLUE})
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "keys the on"])
