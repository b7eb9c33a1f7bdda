"""The small English: its chain against a grammar written down a second time, as phrases inside phrases."""

import math
import re

import numpy as np
import pytest

from helpers.english.language import NOUNS, chain
from helpers.english.sentences import EXAMPLE, as_text, exact_probabilities, parse

CHAIN = chain()
SINGULAR, PLURAL = NOUNS
PREPOSITIONS = ("near", "behind", "with", "to")


# A second grammar: each function yields (probability, words) of a whole phrase, up to a number of words.


def nouns(adjectives=True):
    """(probability, words, plural) of a noun with its article."""
    for number, noun in [(0, n) for n in SINGULAR] + [(1, n) for n in PLURAL]:
        yield (0.75 if adjectives else 1) / 16, f"the {noun}", number
        if adjectives:
            for adjective in ("old", "red", "small"):
                yield 0.25 / 3 / 16, f"the {adjective} {noun}", number


def seen(number):
    return ("see", "hold") if number else ("sees", "holds")


def phrases(number, length):
    """What may stand between subject and verb: after a noun of this number, `length` words at the most.

    It yields (probability that it goes on so and then ends, words).
    """
    yield 0.5, ""
    if length >= 3:
        heads = [(0.3 / 4, p) for p in PREPOSITIONS] + [(0.2 / 2 / 2, f"that {v}") for v in seen(number)]
        for share, head in heads:
            yield from with_object(share, head, length)
        for p, agent, n in nouns(adjectives=False):
            for verb in seen(n):
                start = f"that {agent} {verb}"
                if len(start.split()) <= length:
                    yield 0.2 / 2 * p / 2 * 0.5, start
                    for preposition in PREPOSITIONS:
                        yield from with_object(0.2 / 2 * p / 2 * 0.5 / 4, f"{start} {preposition}", length)


def with_object(share, head, length):
    for p, noun, number in nouns():
        left = length - len(f"{head} {noun}".split())
        if left >= 0:
            for q, rest in phrases(number, left):
                yield share * p * q, f"{head} {noun} {rest}".strip()


def predicates(number):
    be, fall = ("are", "fall") if number else ("is", "falls")
    yield 0.4, fall
    for adjective in ("old", "red", "small"):
        yield 0.6 / 2 / 3, f"{be} {adjective}"
    for p, noun, _ in nouns(adjectives=False):
        yield 0.6 / 2 * p, f"{be} on {noun}"


def probability(text):
    words = parse(text)
    return math.prod(exact_probabilities(words)[:-1][np.arange(len(words)), words])


def test_it_has_36_words_and_each_can_come():
    assert len(CHAIN.words) == len(set(CHAIN.words)) == 36
    assert (CHAIN.P > 0).any(axis=0).all()
    assert ((CHAIN.P > 0) == (CHAIN.after >= 0)).all()
    np.testing.assert_allclose(CHAIN.P.sum(1), 1, rtol=1e-14)


@pytest.mark.parametrize("number", [0, 1])
def test_verb_distance_agrees_with_the_second_grammar(number):
    """How likely it comes within 6 words: all phrases of the one, powers of the other's matrix."""
    length = 6
    total = sum(p for p, _ in phrases(number, length))
    n = [s[:3] for s in CHAIN.states].index(("noun", number, number))
    alive = np.eye(len(CHAIN.states))[n]
    done = np.array([s.place in ("is", "last word") for s in CHAIN.states])
    said = 0.0
    for _ in range(length + 1):
        alive = alive @ CHAIN.transitions
        said += alive[done].sum()
        alive[done] = 0
    assert total == pytest.approx(said, rel=1e-12)
    assert total == pytest.approx(0.7, abs=0.1)


def test_sentence_probability_agrees_with_the_second_grammar():
    rng, counted = np.random.default_rng(0), 0
    for p, subject, number in nouns():
        between = list(phrases(number, 4))
        for k in [0, *rng.integers(0, len(between), 3)]:
            q, phrase = between[k]
            for r, predicate in list(predicates(number))[:: int(rng.integers(5, 20))]:
                words = " ".join(f"{subject} {phrase} {predicate} .".split())
                assert probability(words) == pytest.approx(0.75 * p * q * r, rel=1e-12)
                assert probability(f'" {words} "') == pytest.approx(0.25 * p * q * r, rel=1e-12)
                counted += 1
    assert counted > 200


def test_long_sentences_too():
    rng = np.random.default_rng(1)
    for start in ("the key that the dogs see", "the men that hold the old door near the cats"):
        number = int(start.split()[1] in PLURAL)
        for p, predicate in predicates(number):
            after = probability(f"{start} {predicate} .") / probability(start)
            assert after == pytest.approx(0.5 * p, rel=1e-12)
    tails = [(p, w) for p, w in phrases(1, 6) if len(w.split()) == 6]
    for k in rng.integers(0, len(tails), 40):
        p, words = tails[k]
        whole = probability(f"the keys {words} are red .")
        assert whole == pytest.approx(0.75 * 0.75 / 16 * p * 0.6 / 6, rel=1e-12)


def test_entropy_rate_is_entropy_over_sentence_length():
    """Renewal: a sentence's entropy and its mean length, each from the start, without the stationary one."""
    steps = CHAIN.transitions.copy()
    steps[:, 0] = 0  # a sentence ends where the start is reached again
    visits = np.linalg.solve(np.eye(len(steps)) - steps.T, np.eye(len(steps))[0])
    assert visits @ CHAIN.entropy / visits.sum() == pytest.approx(CHAIN.entropy_rate, rel=1e-12)
    assert f"{CHAIN.entropy_rate:.4f}" == "1.3935"


def test_entropy_rate_agrees_with_a_sample():
    words = CHAIN.sample(np.random.default_rng(5), 300, 400)
    states = CHAIN.walk(words)
    surprise = -np.log(CHAIN.P[states[:-1], words])[50:]  # from 50 on a start is forgotten
    error = surprise.mean(0).std() / math.sqrt(400)
    assert error < 0.003
    assert surprise.mean() == pytest.approx(CHAIN.entropy_rate, abs=5 * error)


def test_no_two_states_are_the_same():
    """Told apart by what can come next, then by what can come after that, and so on (Moore 1956)."""
    kinds = np.zeros(len(CHAIN.states), int)
    for _ in range(len(CHAIN.states)):
        rows = np.column_stack([kinds, CHAIN.P.round(12), np.where(CHAIN.after >= 0, kinds[CHAIN.after], -1)])
        kinds = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    assert len(set(kinds)) == len(CHAIN.states) == 59


def test_sample_follows_its_rng_within_the_language():
    words, again = (CHAIN.sample(np.random.default_rng(2), 200, 30) for _ in range(2))
    assert (words == again).all()
    assert (CHAIN.walk(words) >= 0).all()
    assert (words != CHAIN.sample(np.random.default_rng(3), 200, 30)).any()


def test_quote_closes_before_the_next_sentence():
    words = CHAIN.sample(np.random.default_rng(4), 4000, 1)[:, 0]
    text = as_text(words)
    assert re.sub(r'" [^"]* \. "', "", text).count('"') <= 1  # the last one may be open
    assert 0.1 < text.count('"') / text.count(".") / 2 < 0.4


def test_a_sentence_that_is_typed():
    words = parse(EXAMPLE)
    assert as_text(words) == "the keys to the old cabinet are on the table ."
    assert as_text(parse("“The keys FALL.”")) == '" the keys fall . "'
    p = exact_probabilities(words)
    assert p.shape == (12, 36)
    assert p[6, CHAIN.index["are"]] == pytest.approx(0.3)
    assert p[6, CHAIN.index["is"]] == 0


@pytest.mark.parametrize("text", ["", "   ", None, 3])
def test_a_sentence_without_words(text):
    with pytest.raises(ValueError, match="A sentence"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("the kyes are", "The network has never read 'kyes'; it knows keys and key."),
        ("the cabinett", "it knows cabinet and cabinets"),
        ("the zebra", "never read 'zebra'; none of its 36 words is near, such as key, men"),
        ("keys, doors", "never read 'keys,'; it knows keys and key"),
    ],
)
def test_unknown_word_is_named_with_the_nearest(text, said):
    with pytest.raises(ValueError, match=re.escape(said)) as caught:
        parse(text)
    assert str(caught.value).count(".") == 1


def test_impossible_word_order_has_no_exact_probabilities():
    """It can be read all the same."""
    words = parse("are keys the")
    with pytest.raises(ValueError, match="there 'the start' is never followed by 'are'"):
        exact_probabilities(words)
    with pytest.raises(ValueError, match="there 'the keys' is never followed by 'is'"):
        exact_probabilities(parse("the keys is"))
