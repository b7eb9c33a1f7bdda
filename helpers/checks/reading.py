"""The check of the lesson on the LSTM that asks for a unit of a trained network."""

from helpers import reading
from helpers.checks import as_number, exercise, not_yet, right

ENOUGH = 90  # sentences of 100


@exercise("Which unit of the trained LSTM holds the number of the subject? Write its number, from 0 to 31.")
def check_number_unit(answer):
    """The unit of the stored LSTM that turns the verb round if it gets its value in the twin sentence."""
    network, unit = reading.load("lstm"), as_number(answer)
    if unit != int(unit) or not 0 <= unit < network.H:
        return not_yet(f"A unit has a whole number from 0 to {network.H - 1}; this is {unit:g}.")
    turned = round(100 * reading.flips(network, [int(unit)]))
    said = (
        f"We gave unit {int(unit)} the value it has when the subject is in its other number, and "
        f"nothing else: the verb turned round in {turned} of 100 new sentences."
    )
    if turned >= ENOUGH:
        return right(f"{said} So the number is in this one unit.")
    return not_yet(f"{said} Which row has one colour after keys, another after key, and keeps it to the end?")
