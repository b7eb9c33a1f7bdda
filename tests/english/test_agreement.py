"""Agreement: what is asked, and how an answer is measured."""

import numpy as np
import pytest

from helpers.english.agreement import Agreement, agreement, long_subjects, main_verbs, words_of
from helpers.english.language import NOUNS, chain
from helpers.english.sentences import as_text, parse
from helpers.training import cross_entropy, log_softmax

TASK, CHAIN = Agreement(), chain()


def one(text):
    return parse(text)[:, None]


def perfect(batch):
    """Scores of one who knows the chain."""
    P = CHAIN.P[CHAIN.walk(words_of(batch))[1:-1]].swapaxes(1, 2)
    return np.log(np.maximum(P, 1e-30))


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("the keys are red .", [("are", "is", 0, 1)]),
        ("the keys to the old cabinet are on the table .", [("are", "is", 1, 5)]),
        ("the small man that the dogs see near the doors falls .", [("falls", "fall", 2, 8)]),
        (
            "the man that sees the dog falls . the men fall .",
            [("falls", "fall", 0, 5), ("fall", "falls", 0, 1)],
        ),
        ("the keys to the cabinet", []),
    ],
)
def test_the_main_verbs_of_a_sentence(text, verbs):
    found = main_verbs(one(text))
    assert [(CHAIN.words[v.right], CHAIN.words[v.wrong], v.attractors, v.distance) for v in found] == verbs
    assert all(parse(text)[v.step] == v.right for v in found)


def test_perfect_reader_agrees_and_reaches_the_bound():
    """Its divergence is 0."""
    batch = Agreement(300).batch(np.random.default_rng(0), 100)
    y = perfect(batch)
    assert TASK.accuracy(y, batch) == 1
    assert TASK.divergence(y, batch) == pytest.approx(0, abs=1e-12)
    assert cross_entropy(y, batch.target)[0] == pytest.approx(TASK.best, abs=0.02)


def test_divergence_is_the_excess_cross_entropy():
    """Over that of a perfect reader: exactly on average over the next word, here over a long sample."""
    rng = np.random.default_rng(1)
    batch = Agreement(60).batch(rng, 400)
    y = perfect(batch)
    blurred = np.log(0.9 * np.exp(log_softmax(y)) + 0.1 / 36)
    more = cross_entropy(blurred, batch.target)[0] - cross_entropy(y, batch.target)[0]
    assert TASK.divergence(blurred, batch) == pytest.approx(more, abs=0.003)
    assert more > 0.05


def test_constant_answer_agrees_half_the_time():
    batch = Agreement(60).batch(np.random.default_rng(2), 400)
    y = np.zeros((60, 36, 400))
    y[:, [CHAIN.index["is"], CHAIN.index["falls"]]] = 1
    assert TASK.accuracy(y, batch) == pytest.approx(TASK.chance, abs=0.05)


def test_baseline_ignores_the_subject_and_the_quotes():
    """The best guess from the place and the last noun alone, counted in a sample."""
    words = CHAIN.sample(np.random.default_rng(3), 200, 600)
    states = CHAIN.walk(words)[:-1].ravel()
    seen = [(CHAIN.states[n].place, CHAIN.states[n].noun) for n in range(len(CHAIN.states))]
    kinds = sorted(set(seen))
    kind = np.array([kinds.index(s) for s in seen])[states]
    counts = np.zeros((len(kinds), 36))
    np.add.at(counts, (kind, words.ravel()), 1)
    p = counts / counts.sum(1, keepdims=True)
    loss = -np.log(p[kind, words.ravel()]).mean()
    assert loss == pytest.approx(TASK.baseline, abs=0.01)
    assert TASK.baseline - TASK.best > 0.05


def test_verb_is_scored_at_the_step_before():
    words = one("the keys to the cabinet are red .")
    y = np.zeros((len(words) - 1, 36, 1))
    y[4, CHAIN.index["are"]] = 1
    right, verbs = agreement(y, words)
    assert right.tolist() == [True]
    y[4, CHAIN.index["is"]] = 2
    assert agreement(y, words)[0].tolist() == [False]
    assert verbs[0].step == 5


def test_nouns_after_long_subjects_have_other_number():
    """All of it belongs to the language."""
    words, numbers = long_subjects(np.random.default_rng(0), 20, 4)
    assert words.shape == (14, 20)
    assert numbers.sum() == 10
    assert (CHAIN.walk(words) >= 0).all()
    for column, number in zip(words.T, numbers, strict=True):
        subject, *others = [w for w in as_text(column).split() if w in NOUNS[0] + NOUNS[1]]
        assert subject in NOUNS[number]
        assert len(others) == 4
        assert set(others) <= set(NOUNS[1 - number])
    assert (long_subjects(0, 20, 4)[0] == words).all()


def test_too_short():
    with pytest.raises(ValueError, match="T must be 2 or more; got 1"):
        Agreement(1)
