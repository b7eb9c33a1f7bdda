"""The checks of the lesson on gates that ask about a unit of a trained network."""

from helpers import english
from helpers.checks import as_number, as_word, exercise, not_yet, right

ENOUGH = 90  # sentences of 100
UNIT, CABINET, VERBS = 24, 5, ("is", "are")
SENTENCES = {
    "after_keys": "the keys near the old cabinet behind the door",
    "after_key": "the key near the old cabinet behind the door",
}


@exercise("Which unit of the trained LSTM holds singular or plural? Write its number, from 0 to 31.")
def check_unit(answer):
    """The unit of the stored LSTM that flips the verb if it is given its value in the twin sentence."""
    network, unit = english.load("lstm"), as_number(answer)
    if unit != int(unit) or not 0 <= unit < network.H:
        return not_yet(f"A unit has a whole number from 0 to {network.H - 1}; this is {unit:g}.")
    flipped = round(100 * english.flip_rate(network, [int(unit)]))
    said = FLIPPED.format(unit=int(unit), flipped=flipped)
    if flipped >= ENOUGH:
        return right(f"{said} So this one unit holds singular or plural.")
    return not_yet(f"{said} Which row differs strongly from the twin at every word from the subject on?")


FLIPPED = (
    "At one word we gave unit {unit} the value that it has in the twin sentence, and changed nothing else."
    " The verb flipped in {flipped} of 100 new sentences."
)


@exercise("Which verb does it expect after each of the two sentences? Write “is” or “are”, in quotes, twice.")
def check_shut(after_keys, after_key):
    """The verb that the stored LSTM expects when its unit for singular or plural is emptied at *cabinet*."""
    guesses = dict(zip(SENTENCES, (after_keys, after_key), strict=True))
    guesses = {name: as_word(guess, VERBS) for name, guess in guesses.items()}
    wrong = [name for name, guess in guesses.items() if guess != _expected(SENTENCES[name])]
    if wrong:
        return not_yet(
            "With f = 0 nothing of the old cell state is left, so the cell holds what is written at that"
            " word. Which sign does that have, and what does this sign mean?"
        ).about(wrong[0])
    return right(
        "The emptied cell is rewritten at the same word, in both sentences with a number above 0, which means"
        " singular. So the plural of keys is lost, and the singular of key is not."
    )


def _expected(sentence):
    """*is* or *are*, with the forget gate of the unit shut at *cabinet*."""
    words, network = english.parse(sentence), english.load("lstm")
    levers = english.shut_at(network, UNIT, CABINET, len(words))
    return "are" if english.read(network, words, levers).odds("are", "is")[-1, 0] > 0 else "is"
