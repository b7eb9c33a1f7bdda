"""What lesson 7 says of the units that carry singular or plural."""

import numpy as np
import pytest

from helpers.english import carriers, load, of_long_subjects, parse, read, twin
from helpers.labs.gru.carriers import WhoCarries
from helpers.labs.shared.sentences import SENTENCES
from helpers.tasks.data import load_carriers

SENTENCE = "the keys near the old cabinet behind the door"


def test_units_of_the_noun_flip_the_lstm_verb():
    """They do so wherever they are exchanged."""
    lab, outcomes = WhoCarries(sentence=SENTENCE), {}
    assert lab.result["chosen"] == {"lstm": [24], "gru": [29, 1]}
    for at in range(2, 10):
        lab.at = at
        outcomes[at] = lab.result["flips"]
    assert [at for at, flips in outcomes.items() if flips["lstm"]] == list(range(2, 10))
    assert [at for at, flips in outcomes.items() if flips["gru"]] == [2, 6, 9]


def test_which_units_carry_it_after_which_word():
    sets = WhoCarries(sentence=SENTENCE).result["sets"]
    assert sets["lstm"] == [[24]] * 8
    noun, near, the, *_, behind, the_2, last = (set(units) for units in sets["gru"])
    assert noun == last == {29, 1}
    assert near == behind == {7, 18}
    assert the == the_2 == {18, 37, 25}


def test_unit_24_sometimes_needs_others():
    """In some other sentences it needs them for a word or two."""
    helped = []
    for sentence in SENTENCES:
        sets = WhoCarries(sentence=sentence).result["sets"]["lstm"]
        assert all(24 in units for units in sets)
        helped.append(sum(len(units) > 1 for units in sets))
    assert helped[SENTENCES.index(SENTENCE)] == 0
    assert 0 < max(helped) <= 2


def test_each_set_flips_the_verb_at_its_word():
    """The exchange is made by hand here, and the network reads on by its own equations."""
    lab = WhoCarries(sentence=SENTENCE)
    words = np.array(parse(SENTENCE))[:, None]
    for own in range(2, 10):
        lab.set(own=own, at=own)
        assert lab.result["flips"] == {"lstm": True, "gru": True}
        for kind in ("lstm", "gru"):
            network = load(kind)
            state, other = (read(network, w[:own]).tape.states[-1].copy() for w in (words, twin(words, 1)))
            for unit in lab.result["chosen"][kind]:
                state[:, unit] = other[:, unit]
            for word in words[own:, 0]:
                x = np.eye(network.model.cell.D)[:, [word]]
                stepped = network.model.cell(x, tuple(state) if kind == "lstm" else state[0])
                state = np.stack(stepped) if kind == "lstm" else stepped[None]
            y = network.model.readout.V @ state[0] + network.model.readout.b_y
            p = np.exp(y - y.max()) / np.exp(y - y.max()).sum()
            np.testing.assert_allclose(lab.result["p"][kind], p[:, 0], rtol=1e-6, atol=1e-9)


def test_units_29_and_1_keep_next_to_nothing():
    words = np.array(parse(SENTENCE))[:, None]
    assert read(load("gru"), words).tape.z[1:, [29, 1], 0].max() < 0.1


def test_what_the_five_networks_of_each_kind_do():
    """data/carriers.csv; tools/measure_carriers.py makes it."""
    table = load_carriers()
    assert len(table) == 70
    assert all(row["after"][row["word"]] >= 0.9 for row in table)
    assert all(row["after"][k] >= 0.9 and len(row["units"]) == 1 for row in table[:35] for k in range(2, 9))
    assert len({(row["seed"], row["units"]) for row in table[:35]}) == 5
    first = {row["seed"]: row for row in table[35:] if row["word"] == 2}
    n = {seed: sum(rate >= 0.9 for rate in row["after"].values()) for seed, row in first.items()}
    assert n == {0: 3, 1: 7, 2: 6, 3: 3, 4: 3}
    for seed, unit in ((1, 23), (2, 39)):
        alone = [row["word"] for row in table[35:] if (row["seed"], row["units"]) == (seed, (unit,))]
        assert len(alone) >= 5


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_stored_sets_are_found_again(kind):
    network, (words, twins, _) = load(kind), of_long_subjects(3, 100, 2)
    for row in load_carriers():
        if (row["cell"], row["seed"]) == (kind.upper(), 0):
            assert set(carriers(network, words, twins, row["word"] - 1)) == set(row["units"])
