"""Reading, levers and exchanges, against steps written out by hand, finite differences and plain reruns."""

import numpy as np
import pytest

from helpers import english
from helpers.english.agreement import long_subjects
from helpers.english.language import NOUNS, chain
from helpers.english.network import make
from helpers.english.sentences import parse
from helpers.training import Model, Readout
from tests.engine.plain import KINDS as CELLS
from tests.engine.plain import example

WORDS = parse("the keys near the old cabinet that the men see")
KINDS = ("rnn", "lstm", "gru")


@pytest.fixture(scope="module", params=KINDS)
def network(request):
    """Untrained, with random biases, so that nothing rests on what was learnt."""
    rng = np.random.default_rng(8)
    model = make(request.param, 6, rng=rng)
    for value in model.parameters.values():
        value[...] = rng.standard_normal(value.shape)
    return english.Network(request.param, model)


def of_cell(kind):
    """A network around a cell of any convention and activation, with random weights and biases."""
    cell, *_ = example(kind, D=len(chain().words), H=4)
    cell.W *= 2
    return english.Network("", Model(cell, Readout(4, len(chain().words), rng=1), every_step=True))


def sigmoid(a):
    return 1 / (1 + np.exp(-np.clip(a, -700, 700)))


def by_hand(network, words, levers=None):
    """Scores (T, K) of one sentence, step by step, the pushes added to the pre-activations."""
    cell, H = network.cell, network.H
    h, c, scores = np.zeros(H), np.zeros(H), []

    def push(gate, t):
        a = np.zeros(H)
        for (which, unit), values in (levers or {}).items():
            if which == gate:
                a[unit] += np.broadcast_to(values, (len(words), 1))[t, 0]
        return a

    for t, word in enumerate(words):

        def a(gate, state, word=word, t=t):
            W, U, b = (cell[f"{p}_{gate}" if gate else p] for p in "WUb")
            return W[:, word] + U @ state + b[:, 0] + push(gate, t)

        if network.kind == "rnn":
            h = np.tanh(a("", h))
        elif network.kind == "lstm":
            c = sigmoid(a("f", h)) * c + sigmoid(a("i", h)) * np.tanh(a("c", h))
            h = sigmoid(a("o", h)) * np.tanh(c)
        else:
            z, r = sigmoid(a("z", h)), sigmoid(a("r", h))
            h = z * h + (1 - z) * np.tanh(a("h", r * h))
        scores.append(network.model.readout.V @ h + network.model.readout.b_y[:, 0])
    return np.array(scores)


def test_reading_is_what_the_steps_come_to(network):
    found = english.read(network, WORDS)
    np.testing.assert_allclose(found.y[:, :, 0], by_hand(network, WORDS), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.p.sum(1), 1, rtol=1e-12)
    odds = np.log(found.p[:, chain().index["are"]] / found.p[:, chain().index["is"]])
    np.testing.assert_allclose(found.odds("are", "is"), odds, rtol=1e-9, atol=1e-12)


def test_levers_equal_steps_with_pushed_gates(network):
    gates = {"rnn": ("",), "lstm": ("f", "i", "o", "c"), "gru": ("z", "r", "h")}[network.kind]
    once = np.where(np.arange(len(WORDS)) == 4, 1.5, 0.0)[:, None]
    levers = {(gate, unit): value for unit, value in ((1, -0.7), (4, once)) for gate in gates}
    found = english.read(network, WORDS, levers).y[:, :, 0]
    np.testing.assert_allclose(found, by_hand(network, WORDS, levers), rtol=1e-10, atol=1e-12)
    assert np.abs(found - english.read(network, WORDS).y[:, :, 0]).max() > 1e-3


@pytest.mark.parametrize("kind", CELLS)
def test_a_lever_of_0_changes_nothing(kind):
    network = of_cell(kind)
    levers = {(gate, unit): 0.0 for gate in network.cell.blocks for unit in range(network.H)}
    found, untouched = (english.read(network, WORDS, pulled) for pulled in (levers, None))
    np.testing.assert_allclose(found.tape.states, untouched.tape.states, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found.y, untouched.y, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("kind", CELLS)
def test_a_lever_at_every_word_is_a_bias(kind):
    network = of_cell(kind)
    for gate in network.cell.blocks:
        moved = english.Network("", Model(network.cell.like(), network.model.readout, every_step=True))
        moved.cell[f"b_{gate}" if gate else "b"] += 0.7
        found = english.read(network, WORDS, {(gate, unit): 0.7 for unit in range(network.H)}).y
        np.testing.assert_allclose(found, english.read(moved, WORDS).y, rtol=1e-10, atol=1e-12)
        assert np.abs(found - english.read(network, WORDS).y).max() > 1e-3


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_gate_is_shut_at_exactly_one_word(kind):
    network = english.load(kind)
    gate = english.grammatical_number.KEEP[kind]
    free = getattr(english.read(network, WORDS).tape, gate)
    shut = getattr(english.read(network, WORDS, english.shut_at(network, 3, 5, len(WORDS))).tape, gate)
    assert shut[5, 3, 0] == 0
    np.testing.assert_allclose(shut[:5], free[:5], rtol=0, atol=1e-12)
    others = np.arange(network.H) != 3
    np.testing.assert_allclose(shut[5, others], free[5, others], rtol=0, atol=1e-12)
    opened = english.read(network, WORDS, {(gate, 3): english.OPEN}).tape
    assert (getattr(opened, gate)[:, 3] == 1).all()


def test_levers_leave_the_network_as_it_was(network):
    before = {k: v.copy() for k, v in network.model.parameters.items()}
    english.read(network, WORDS, {(network.cell.blocks[0], 0): -3.0})
    assert all((before[k] == v).all() for k, v in network.model.parameters.items())


@pytest.mark.parametrize("step", [1, 4, 7])
def test_exchange_of_all_units_is_the_twin(network, step):
    """An exchange of none changes nothing."""
    words, twins, _ = english.of_long_subjects(0, 4, 2)
    own, other = (english.read(network, w).odds("are", "is")[-1] for w in (words, twins))
    found = english.odds_after_exchange(network, words, twins, step, [[False] * 6, [True] * 6])
    np.testing.assert_allclose(found, [own, other], rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("step", [1, 4, 7])
def test_exchange_agrees_with_single_sentences(network, step):
    """The states are put together by hand, one unit and one sentence at a time."""
    words, twins, numbers = english.of_long_subjects(1, 5, 2)
    found = english.odds_after_exchange(network, words, twins, step, np.eye(6, dtype=bool))
    are, is_ = (chain().index[word] for word in ("are", "is"))
    for unit in range(6):
        for b in range(5):
            states = english.read(network, words[: step + 1, b]).tape.states[-1].copy()
            states[:, unit] = english.read(network, twins[: step + 1, b]).tape.states[-1][:, unit]
            y = network.model.readout.V @ states[0] + network.model.readout.b_y
            if step < 7:
                y = english.read(network, words[step + 1 :, b], start=states).y[-1]
            assert found[unit, b] == pytest.approx((y[are] - y[is_]).item(), rel=1e-9, abs=1e-11)
        wrong = (found[unit] > 0) != numbers
        assert english.flip_rate(network, [unit], step, rng=1, B=5) == wrong.mean()


def test_twin_changes_the_number_of_one_word():
    words, numbers = long_subjects(2, 12, 1)
    twins = english.twin(words, 1)
    assert (np.delete(twins, 1, 0) == np.delete(words, 1, 0)).all()
    for own, other, number in zip(words[1], twins[1], numbers, strict=True):
        own, other = chain().words[own], chain().words[other]
        assert NOUNS[number].index(own) == NOUNS[1 - number].index(other)
    assert english.other_number("see") == "sees"
    assert english.other_number("the") is None


def test_promise_of_a_swap_is_its_slope(network):
    """The promise agrees with a finite difference, and the move with a rerun."""
    found = english.influence(network, WORDS)
    start = by_hand(network, WORDS)
    forms = [chain().index["are"], chain().index["is"]]

    def m(scores):
        return scores[-1, forms[0]] - scores[-1, forms[1]]

    assert found.odds == pytest.approx(m(start), rel=1e-9)
    cell, eps = network.cell, 1e-6
    for t, other in enumerate(found.partners):
        if other is None:
            assert np.isnan([found.promised[t], found.moved[t]]).all()
            continue
        new = chain().index[other]
        swapped = WORDS.copy()
        swapped[t] = new
        assert found.moved[t] == pytest.approx(m(by_hand(network, swapped)) - m(start), rel=1e-7, abs=1e-9)
        # A step of size eps from the one word to the other is a push of every pre-activation.
        step = cell.W[:, new] - cell.W[:, WORDS[t]]
        blocks = [(block, unit) for block in cell.blocks for unit in range(network.H)]
        ends = []
        for sign in (1, -1):
            at = np.where(np.arange(len(WORDS)) == t, sign * eps, 0.0)[:, None]
            ends.append(m(by_hand(network, WORDS, {k: at * s for k, s in zip(blocks, step, strict=True)})))
        assert found.promised[t] == pytest.approx((ends[0] - ends[1]) / (2 * eps), rel=1e-4, abs=1e-6)


def test_gradual_swap_starts_along_its_gradient(network):
    """It starts at the word and ends at the swap."""
    found = english.influence(network, WORDS)
    shares, odds = english.gradual_swap(network, WORDS, 1, n=10_001)
    assert (shares[0], shares[-1]) == (0, 1)
    assert odds[0] == pytest.approx(found.odds, rel=1e-9)
    assert odds[-1] - odds[0] == pytest.approx(found.moved[1], rel=1e-7, abs=1e-9)
    assert (odds[1] - odds[0]) / shares[1] == pytest.approx(found.promised[1], rel=1e-2, abs=1e-3)


def test_word_is_swapped_for_one_of_its_kind():
    network = english.load("rnn")
    partners = english.influence(network, WORDS).partners
    assert partners == (None, "key", "behind", None, "red", "cabinets", None, None, "man", "sees")


def test_agreement_by_distance_counts_after_each_phrase(network):
    """The first count comes right after the subject."""
    distances, *shares = english.agreement_by_distance(network, rng=4, B=8, phrases=2)
    assert distances.tolist() == [1, 4, 7]
    words, numbers = long_subjects(4, 8, 2)
    for row, t in enumerate((1, 4, 7)):
        y = np.array([by_hand(network, w[: t + 1])[-1] for w in words.T])
        right = (y[:, chain().index["are"]] > y[:, chain().index["is"]]) == (numbers == 1)
        assert [s[row] for s in shares] == [right[numbers == 0].mean(), right[numbers == 1].mean()]


def test_carriers_flip_the_verb_and_fewer_do_not():
    network = english.load("rnn")
    words, twins, _ = english.of_long_subjects()
    for step in (1, 4, 7):
        units = english.carriers(network, words, twins, step)
        assert english.flip_rate(network, units, step) >= 0.9
        assert len(units) == 1 or english.flip_rate(network, units[:-1], step) < 0.9
