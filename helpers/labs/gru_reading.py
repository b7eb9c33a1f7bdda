"""Lab of the lesson on the GRU: the same network of gates with one lever fewer."""

from helpers.lab import Slider
from helpers.labs.reading import typed_control
from helpers.labs.reading_gates import LONGEST, _ReadingGates

NOTEBOOK = "04_gru"


class ReadingGRU(_ReadingGates):
    """Which units of a GRU hold the number of the subject?

    A trained GRU of 40 units reads up to the verb. Choose a unit, set its update gate to 0 at one word, or
    move its b_z at all of them. Nothing else of the network is touched.
    """

    kind, state, gates, reach = "gru", "h", ("z", "r"), 1.0
    unit = Slider(0, 39, step=1, default=0, label="unit")
    shut = Slider(0, LONGEST, step=1, default=0, label="z = 0 at word (0: at none)")
    shift = Slider(-6.0, 2.0, step=0.5, default=0.0, label="added to its b_z")
    anchors = ({"unit": 29}, {"unit": 1}, {"unit": 29, "shut": 5}, {"unit": 29, "shift": -4.0})
    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "keys the on"])
