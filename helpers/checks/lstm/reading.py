"""The checks of the lesson on the LSTM that ask about a unit of a trained network."""

from helpers import english as reading
from helpers.checks import as_number, as_word, exercise, not_yet, right
from helpers.english.sentences import parse

ENOUGH = 90  # sentences of 100
UNIT, CABINET, VERBS = 24, 5, ("is", "are")
SENTENCES = {
    "after_keys": "the keys near the old cabinet behind the door",
    "after_key": "the key near the old cabinet behind the door",
}


@exercise("Which unit of the trained LSTM holds the number of the subject? Write its number, from 0 to 31.")
def check_number_unit(answer):
    """The unit of the stored LSTM that turns the verb round if it gets its value in the twin sentence."""
    network, unit = reading.load("lstm"), as_number(answer)
    if unit != int(unit) or not 0 <= unit < network.H:
        return not_yet(f"A unit has a whole number from 0 to {network.H - 1}; this is {unit:g}.")
    turned = round(100 * reading.flip_rate(network, [int(unit)]))
    said = (
        f"We gave unit {int(unit)} the value it has when the subject is in its other number, and "
        f"nothing else: the verb turned round in {turned} of 100 new sentences."
    )
    if turned >= ENOUGH:
        return right(f"{said} So the number is in this one unit.")
    return not_yet(f"{said} Which row has one colour after keys, another after key, and keeps it to the end?")


@exercise("Which verb does it expect after each of the two sentences? Write “is” or “are”, in quotes, twice.")
def check_shut(after_keys, after_key):
    """The verb that the stored LSTM expects when its number unit has forgotten at *cabinet*."""
    guesses = dict(zip(SENTENCES, (after_keys, after_key), strict=True))
    guesses = {name: as_word(guess, VERBS) for name, guess in guesses.items()}
    wrong = [name for name, guess in guesses.items() if guess != _expected(SENTENCES[name])]
    if wrong:
        return not_yet(
            "The unit is emptied, and written again in the same step. On which side of 0 does it come to "
            "stand? Shut the gate in the lab and see."
        ).about(wrong[0])
    return right(
        "Emptied, the cell is written again at once, and in both sentences it comes to stand above 0, which "
        "is singular: keys has lost its plural, and key has lost nothing."
    )


def _expected(sentence):
    """*is* or *are*, with the forget gate of the number unit shut at *cabinet*."""
    words, network = parse(sentence), reading.load("lstm")
    levers = reading.shut_at(network, UNIT, CABINET, len(words))
    return "are" if reading.read(network, words, levers).odds("are", "is")[-1, 0] > 0 else "is"
