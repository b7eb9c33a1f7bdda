"""Lab of the lesson on the GRU: the same network of gates with one lever fewer."""

from types import MappingProxyType

from helpers.drawing.style import BLUE, VERMILLION, fixed
from helpers.lab import Prediction, Slider
from helpers.labs.shared.reading_gates import LONGEST, _ReadingGates
from helpers.labs.shared.sentences import typed_control


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
    prediction = Prediction(
        "Unit 29 holds the number of “keys” to the end. Is its z near 1 at the words in between?",
        {"unit": 29},
        ["at all of them", "at some", "at none"],
    )
    colours = MappingProxyType({"is": VERMILLION, "are": BLUE})

    def measured(self, result):
        """By z from word 3 on; near 1 is above 0.9."""
        near = result["gates"]["z"][2:] > 0.9
        return "at all of them" if near.all() else "at some" if near.any() else "at none"

    def because(self, result):
        """The largest of them."""
        z = result["gates"]["z"][2:].max()
        return f"From word 3 on z is {fixed(z, 2)} at the most: the number is written anew at each word."

    typed = typed_control(LONGEST, ["the dogs with the man that the cats see", "keys the on"])
