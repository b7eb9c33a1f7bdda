"""What the labs in which a network reads say in words and show, and what the lessons say of them."""

import numpy as np
import pytest

from helpers.drawing.word_axis import middle
from helpers.english import other_number
from helpers.english.sentences import EXAMPLE, as_text, exact_probabilities, parse
from helpers.labs.gru.carriers import WhoCarries
from helpers.labs.lstm.marked import PASSAGES, MarkedWords, correlation, on_exactly
from helpers.labs.lstm.reading import ReadingLSTM
from helpers.labs.rnn.reading import ReadingRNN
from helpers.labs.rnn.swap import SwapAWord
from helpers.labs.shared.sentences import EXPECTED, SENTENCES, probability, run
from helpers.labs.vanishing.influence import GradientOrInfluence


def verb(p):
    """(is, are) of probabilities (K,)."""
    return float(probability(p, "is")), float(probability(p, "are"))


def test_the_first_sentence_is_that_of_the_lesson():
    assert ReadingRNN().text() == as_text(parse(EXAMPLE))


@pytest.mark.parametrize("subject", ["keys", "key"])
@pytest.mark.parametrize("between", [0, 1, 2, 3])
def test_expectations_are_nearly_exact_at_every_word(subject, between):
    result = ReadingRNN(subject=subject, between=between).result
    np.testing.assert_allclose(
        result["exact"], exact_probabilities(parse(" ".join(result["words"])))[1:], rtol=1e-12
    )
    assert np.abs(result["p"] - result["exact"]).max() < 0.1
    place = 1 if subject == "keys" else 0
    at = result["words"].index(("is", "are")[place]) - 1
    assert verb(result["p"][at])[place] > 0.25
    assert verb(result["p"][at])[1 - place] < 0.01


@pytest.mark.parametrize("anchor", ReadingRNN.anchors, ids=str)
def test_anchors_are_where_the_verb_is_due(anchor):
    """So the site holds these places."""
    lab = ReadingRNN(**anchor)
    p = lab.result["p"][lab.result["t"] - 1]
    assert max(probability(p, "is"), probability(p, "are")) > 0.25


def test_readout_past_the_end_says_all_is_read():
    lab = ReadingRNN(t=11)
    assert lab.readout_text.startswith("After “.”, word 11,")
    assert "have been read" not in lab.readout_text
    lab.t = 12
    assert lab.readout_text.endswith("All 11 words have been read.")


def test_exact_values_avoid_the_coloured_words():
    """In the line under the picture every “is” and “are” has the colour of its curve."""
    said = ReadingRNN(t=6).readout_text
    assert said.endswith("By the rules of the toy English, these should be 0.300 and 0.000.")
    assert [said.count(word) for word in (" is ", " are ")] == [0, 0]


def test_impossible_sentence_has_no_exact_values():
    lab = ReadingRNN(typed="keys the on")
    assert lab.readout_text.endswith(
        "The rules of the toy English cannot make this sentence, so no exact values exist."
    )


def test_lesson_1_says_what_the_network_expects():
    lab = ReadingRNN()
    assert verb(lab.result["p"][1])[1] == pytest.approx(0.303, abs=5e-4)
    assert all(max(verb(lab.result["p"][t])) < 0.005 for t in (2, 3, 4))
    assert verb(lab.result["p"][5]) == pytest.approx((0.001, 0.297), abs=6e-4)
    lab.between = 3
    t = lab.result["words"].index("sees")
    assert verb(lab.result["p"][t])[1] == pytest.approx(0.309, abs=5e-4)


def test_sentences_stop_before_a_verb():
    """The twin of each is in the list, too."""
    for text in SENTENCES:
        p = exact_probabilities(parse(text))[-1]
        assert max(verb(p)) == pytest.approx(0.3)
        the, subject, *rest = text.split()
        assert " ".join([the, other_number(subject), *rest]) in SENTENCES


def test_word_without_a_partner_is_reported():
    assert "has no partner" in GradientOrInfluence(t=1).readout_text


def test_lesson_lstm_says_what_becomes_of_the_verb():
    lab = ReadingLSTM(unit=24)
    assert verb(lab.result["p"]) == pytest.approx((0.003, 0.263), abs=6e-4)
    lab.shut = 6
    assert "f = 0 at “cabinet”" in lab.readout_text
    assert verb(lab.result["p"]) == pytest.approx((0.189, 0.007), abs=6e-4)
    assert lab.result["states"][5, 24] == pytest.approx(0.41, abs=6e-3)
    lab.sentence = SENTENCES[1]
    assert verb(lab.result["p"])[0] == pytest.approx(0.281, abs=6e-4)
    lab.sentence = SENTENCES[3]
    assert "f = 0 at “cabinets”" in lab.readout_text
    assert lab.result["states"][5, 24] == pytest.approx(-0.89, abs=6e-3)
    assert verb(lab.result["p"])[1] > 0.2 > 0.01 > verb(lab.result["p"])[0]
    lab.set(sentence=SENTENCES[1], shut=0, shift=-4.0)
    distances, right = lab.result["distances"], lab.result["right"]
    assert (right[:, 0] == 1).all()
    assert (right[:, distances >= 7] == 0).all()
    for sentence, sign in ((SENTENCES[0], -1), (SENTENCES[1], 1)):
        lab.set(sentence=sentence, shift=0.0)
        assert (sign * lab.result["states"][1:, 24] > 0).all()


def test_later_sets_are_hidden_until_asked_for():
    lab = WhoCarries()
    gru = lab._rows["gru"]
    assert sorted(gru["dots"].get_ydata()) == [1, 29]
    assert [text.get_text() for text in gru["numbers"] if text.get_text()] == ["1", "29"]
    lab.own = 3
    assert sorted(gru["dots"].get_ydata()) == [1, 7, 18, 29]
    assert sorted(gru["crosses"].get_ydata()) == [7, 18]
    assert set(gru["crosses"].get_xdata()) == {middle(1, 9)}


def test_numbers_of_units_never_overlap():
    for sentence in SENTENCES:
        lab = WhoCarries(sentence=sentence, own=9)
        for row in lab._rows.values():
            placed = [text.get_position() for text in row["numbers"] if text.get_text()]
            for k, (x, y) in enumerate(placed):
                assert not any(abs(x - u) < 0.03 and abs(y - v) < 3 for u, v in placed[:k])


@pytest.mark.parametrize("sentence", SENTENCES)
def test_set_flips_the_verb_at_its_word(sentence):
    lab, n = WhoCarries(sentence=sentence), len(sentence.split())
    for word in range(2, n + 1):
        lab.set(own=word, at=word)
        assert lab.measured(lab.result) == "both"
        assert "flips in both networks" in lab.readout_text
        assert [row["flips"].get_text() for row in lab._rows.values()] == ["flips", "flips"]


def test_lesson_1_says_what_a_swap_changes_later():
    near = pytest.approx
    for t, there, last in [(5, 0.32, 0.05), (6, 2.71, 0.48), (2, 4.25, 4.76)]:
        moved = np.linalg.norm(SwapAWord(t=t).result["moved"], axis=1)
        assert (moved[: t - 1] == 0).all()
        assert (moved[t - 1], moved[-1]) == near((there, last), abs=6e-3)
    result = SwapAWord(t=2).result
    assert SwapAWord(t=2).readout_text == (
        "keys → key, word 2: the state there moves by 4.25, and the last state by 4.76. After the last word "
        "“is” has probability 0.299 (was 0.001) and “are” 0.000 (was 0.296)."
    )
    verbs = [word for kind in EXPECTED.values() for word in kind if word in ("is", "are", "falls", "fall")]
    at_cabinet = run("rnn", SENTENCES[0])[1][5]
    assert sum(probability(at_cabinet, word) for word in verbs) == near(0.5, abs=0.01)
    assert result["expected"][2:5].max() < 0.02
    assert result["expected"][5] == near(0.525, abs=6e-4)
    assert verb(result["q"])[0] > 0.28 > 0.01 > verb(result["q"])[1]
    assert verb(SwapAWord(t=6).result["q"])[1] > 0.28


def test_a_word_without_a_partner_moves_nothing():
    lab = SwapAWord(t=4)
    assert "has no partner" in lab.readout_text
    assert (lab.result["moved"] == 0).all()


def units(**controls):
    lab = MarkedWords(**controls)
    return [int(unit) for unit in lab.result["order"] if lab.result["exact"][unit]]


def test_units_on_at_marked_words():
    """They are those that the lesson on the LSTM names."""
    quoted, number, plural = PASSAGES
    assert units(passage=quoted, first=5, last=13) == [21]
    assert units(passage=quoted, first=13, last=5) == [21]
    assert MarkedWords(first=5, last=13).result["r"][21] == pytest.approx(0.97, abs=5e-3)
    assert units(passage=number, first=2, last=5) == [24]
    assert units(passage=plural, first=10, last=13) == [24]
    for kind in ("gru", "rnn"):
        assert units(passage=quoted, first=5, last=13, kind=kind) == []
        assert units(passage=number, first=2, last=5, kind=kind) == []
    single = MarkedWords(passage=quoted, first=18, last=18)
    assert "expected by chance: 3.56" in single.readout_text
    each = [MarkedWords(passage=quoted, first=k, last=k).result["exact"].any() for k in range(1, 19)]
    assert sum(each) >= 15


def test_on_exactly_and_its_chance_are_right():
    """By chance: with values in random order, how many units would be on at k of T words exactly?"""
    rng = np.random.default_rng(0)
    T, k, H = 8, 2, 4000
    marked = np.arange(T) < k
    exact = on_exactly(rng.standard_normal((T, H)), marked)
    assert exact.sum() == pytest.approx(2 * H / 28, rel=0.15)
    states = np.array([[1.0, 5, 3], [2, 4, 1], [3, 1, 2]])
    np.testing.assert_array_equal(on_exactly(states, np.array([True, True, False])), [True, True, False])
    assert not on_exactly(states, np.ones(3, bool)).any()


def test_the_correlation_is_numpys():
    states = np.random.default_rng(1).standard_normal((9, 5))
    marked = np.arange(9) > 5
    expected_ = [np.corrcoef(column, marked)[0, 1] for column in states.T]
    np.testing.assert_allclose(correlation(states, marked), expected_)
