"""The networks beside the minGRU of lesson 9: what their bits say, and the gradient of two layers."""

import numpy as np
import pytest

from helpers.engine.bptt import unroll
from helpers.english import as_text, other_number, parse
from helpers.english.agreement import Agreement
from helpers.english.language import chain
from helpers.training import cross_entropy
from tools import make_reading
from tools.reading_arms import BITS, Told, ToldGate, TwoLayers, in_phrase


def words(rng=1, T=60, B=50):
    return chain().sample(np.random.default_rng(rng), T, B)


def test_bit_is_1_between_subject_and_verb():
    text = (
        "the old keys near the cabinet that the man sees are on the table . "
        '" the dog that sees the cats falls . " the men fall .'
    )
    read = parse(text)
    told = as_text(read[in_phrase(read[:, None])[:, 0]])
    assert told == "near the cabinet that the man sees that sees the cats"


def test_the_bit_says_nothing_about_singular_and_plural():
    """Every sentence has a twin, as likely as itself: all words in the other number, the same bits."""
    read, table = words(), chain()
    other = np.array([table.index[other_number(word) or word] for word in table.words])[read]
    assert (other != read).any()
    assert (table.walk(other) >= 0).all()
    np.testing.assert_array_equal(*(table.P[table.walk(w)[:-1], w] for w in (read, other)))
    for bit in BITS.values():
        np.testing.assert_array_equal(bit(other), bit(read))


@pytest.mark.parametrize("bit", BITS)
def test_a_bit_does_not_look_ahead(bit):
    read = words()
    for t in (1, 7, 30):
        np.testing.assert_array_equal(BITS[bit](read[:t]), BITS[bit](read)[:t])


@pytest.mark.parametrize("bit", BITS)
def test_bit_is_the_last_input(bit):
    batch, plain = (task.batch(np.random.default_rng(4), 9) for task in (Told(25, bit=bit), Agreement(25)))
    np.testing.assert_array_equal(batch.x[:, :-1], plain.x)
    np.testing.assert_array_equal(batch.target, plain.target)
    np.testing.assert_array_equal(batch.x[:, -1], BITS[bit](plain.x.argmax(1)))
    assert 0.2 < batch.x[:, -1].mean() < 0.8


def test_the_bit_reaches_the_gate_only(monkeypatch):
    """The candidate is the same with it and without it, after a few updates too."""
    monkeypatch.setitem(make_reading.SETTINGS, "steps", 5)
    model = ToldGate(np.random.default_rng(0))
    before = model.cell["W_z"][:, -1].copy()
    make_reading.learn(model, Told(20), np.random.default_rng(1), "five updates")
    assert (model.cell["W_z"][:, -1] != before).all()
    x = Told(20).batch(np.random.default_rng(2), 4).x
    with_it, without = (unroll(model.cell, np.concatenate([x[:, :-1], k * x[:, -1:]], 1)) for k in (1, 0))
    np.testing.assert_array_equal(with_it.h_tilde, without.h_tilde)
    assert (with_it.z != without.z).any()


def test_two_layer_gradient_matches_central_differences():
    model, rng = TwoLayers(np.random.default_rng(2), dtype=np.float64), np.random.default_rng(3)
    batch = Agreement(7).batch(rng, 3)

    def loss():
        return cross_entropy(model.forward(batch.x)[1], batch.target, batch.weight)[0]

    tapes, y = model.forward(batch.x)
    grads = model.backward(tapes, cross_entropy(y, batch.target, batch.weight)[1])
    assert grads.keys() == model.parameters.keys()
    for name, values in model.parameters.items():
        for _ in range(5 if values.size else 0):
            place = tuple(rng.integers(0, n) for n in values.shape)
            kept, found = values[place], []
            for shift in (1e-5, -1e-5):
                values[place] = kept + shift
                found.append(loss())
            values[place] = kept
            assert (found[0] - found[1]) / 2e-5 == pytest.approx(grads[name][place], rel=1e-6, abs=1e-9)
