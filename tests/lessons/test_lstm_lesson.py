"""What the lesson on gates says in words, beyond what its stored outputs already show."""

import itertools

import numpy as np
import pytest

from helpers import english
from helpers.english.sentences import parse
from helpers.labs.lstm.block import C_PREV, H_PREV, VARIANTS, WEIGHTS, FourUnits, OneStep
from helpers.labs.lstm.chain import Chain
from helpers.labs.lstm.maps import GateMaps
from tests.engine.plain import sigmoid
from tests.lessons.lesson import stored_text

NOTEBOOK = "05_lstm_gates"

# The unit that holds a word ---------------------------------------------------------------------------

TWINS = [f"the {subject} near the old cabinet behind the door" for subject in ("keys", "key")]


def cells_of(text):
    """The cell states of the stored LSTM along a sentence, (T, H)."""
    return english.read(english.load("lstm"), parse(text)).tape.c[:, :, 0]


def test_printed_numbers_are_those_of_unit_24():
    """From the subject on they have one sign."""
    plural, singular = (cells_of(text)[:, 24] for text in TWINS)
    assert (plural[1:] < 0).all()
    assert (singular[1:] > 0).all()
    printed = stored_text(NOTEBOOK, "held").splitlines()
    for line, states in zip(printed[1::2], (plural, singular), strict=True):
        assert line.split() == [f"{c:.2f}" for c in states]


def test_hint_leads_to_one_unit_only():
    """Rows that differ by more than 0.5: 4 at the second word, 15 at the last; one that always does."""
    apart = np.abs(np.subtract(*(cells_of(text) for text in TWINS)))
    assert (apart[[1, -1]] > 0.5).sum(1).tolist() == [4, 15]
    strongly = apart[1:].min(0)
    assert strongly.argmax() == 24
    assert strongly[24] > 1.5 > 0.5 > np.delete(strongly, 24).max()


def test_learnt_latch_writes_and_shows_at_every_word():
    tape = english.read(english.load("lstm"), parse(TWINS[0])).tape
    assert (tape.i[1:, 24] > 0.99).all()
    assert (tape.o[1:, 24] > 0.99).all()


@pytest.mark.parametrize(("text", "written"), [(TWINS[0], "0.41"), (TWINS[1], "1.00")])
def test_what_the_unit_writes_at_cabinet(text, written):
    tape = english.read(english.load("lstm"), parse(text)).tape
    assert f"{tape.i[5, 24, 0] * tape.c_tilde[5, 24, 0]:.2f}" == written


# One step --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("b_f", "b_i", "b_o", "x_t"), [(0.0, 0.0, 0.0, 1.0), (2.0, -3.0, 6.0, -1.7)])
def test_table_numbers_are_those_of_the_equations(b_f, b_i, b_o, x_t):
    found = FourUnits(b_f=b_f, b_i=b_i, b_o=b_o, x_t=x_t).result
    first = OneStep(b_f=b_f, b_i=b_i, b_o=b_o, x_t=x_t).result
    a = {k: np.array(w) * x_t + np.array(u) * H_PREV for k, (w, u) in WEIGHTS.items()}
    f, i, o = sigmoid(a["f"] + b_f), sigmoid(a["i"] + b_i), sigmoid(a["o"] + b_o)
    c = f * C_PREV + i * np.tanh(a["c"])
    expected = {"f": f, "i": i, "o": o, "c_tilde": np.tanh(a["c"]), "c": c, "h": o * np.tanh(c)}
    expected |= {"kept": f * C_PREV, "written": i * np.tanh(a["c"]), "tanh_c": np.tanh(c)}
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=0, atol=1e-12, err_msg=name)
        assert first[name] == pytest.approx(value[0], abs=1e-12)


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ({"b_f": -6.0}, {"f": "0.01", "c": "0.62"}),
        ({"b_f": 6.0}, {"kept": "0.80", "c": "1.41"}),
        ({"b_o": -6.0}, {"c": "1.18", "h": "0.00"}),
        ({"variant": "1997"}, {"f": "1.00", "kept": "0.80", "c": "1.41"}),
        ({"variant": "coupled"}, {"f": "0.71", "i": "0.29", "c": "0.82"}),
    ],
)
def test_what_a_bias_or_a_variant_does(controls, said):
    lab = OneStep(**controls)
    for name, text in said.items():
        assert f"{lab.result[name]:.2f}" == text
        assert lab._block._numbers[name].get_text() == text


def test_variants_are_as_described_at_any_input():
    plain, old, coupled = (OneStep(variant=name) for name in VARIANTS)
    for x_t, b_f in itertools.product((-2.0, 0.3, 2.0), (-6.0, 0.0, 6.0)):
        for lab in (plain, old, coupled):
            lab.set(x_t=x_t, b_f=b_f)
        assert old.result["f"] == 1
        assert old.result["c"] == pytest.approx(old.result["c_prev"] + old.result["written"], abs=1e-12)
        assert coupled.result["i"] == pytest.approx(1 - coupled.result["f"], abs=1e-12)
        assert coupled.result["f"] == plain.result["f"]


def test_equation_follows_the_lit_part_and_the_variant():
    lab = OneStep()
    for stage, symbol in enumerate(("f_t", "i_t", "\\tilde c_t", "c_t", "o_t", "h_t"), 1):
        lab.stage = stage
        assert lab._block._equation.get_text().startswith(f"${symbol} = ")
    lab.set(stage=1, variant="1997")
    assert "f_t = 1" in lab._block._equation.get_text()
    assert lab.readout_text == "Stage 1, no forget gate: f = 1.00, so all of the old cell state is kept."
    lab.set(stage=2, variant="coupled")
    assert "i_t = 1 - f_t" in lab._block._equation.get_text()
    assert "1 − 0.71 = 0.29" in lab.readout_text


def test_results_of_later_stages_are_not_shown():
    lab = OneStep(stage=1)
    known = {name for name, text in lab._block._numbers.items() if text.get_text()}
    assert known == {"c_prev", "h_prev", "x", "f", "kept"}
    sums = "0.71 × 0.80 + 0.69 × 0.89 = 1.18"
    said = ("is kept", "how strongly", "up or down", sums, "is shown", "tanh(1.18)")
    for stage, words in enumerate(said, 1):
        lab.stage = stage
        assert words in lab.readout_text


def test_roads_are_as_wide_as_gates_are_open():
    lab = OneStep()
    for bias, road in (("b_f", "f"), ("b_i", "i"), ("b_o", "o")):
        widths = []
        for value in (-6.0, 0.0, 6.0):
            setattr(lab, bias, value)
            widths.append(lab._block._roads[road].get_linewidth())
        assert widths == sorted(widths)
        assert widths[-1] > 8 * widths[0]


def test_negative_number_after_a_sign_has_brackets():
    assert "× (−0.54) =" in OneStep(stage=4, x_t=-1.0).readout_text


def test_what_the_four_units_do():
    lab = FourUnits()
    found = lab.result
    assert [f"{found[name][3]:.2f}" for name in ("i", "c_tilde", "written")] == ["0.89", "0.97", "0.86"]
    assert abs(found["i"][2]) < 0.3
    assert abs(found["c_tilde"][2]) < 0.2
    assert [f"{f:.2f}" for f in found["f"][:2]] == ["0.71", "0.21"]
    assert [word.get_text() for word in lab._entries[1]][:3] == ["−0.60", "0.21", "−0.13"]
    lab.x_t = -2.0
    assert lab.result["f"].argmax() == 1


def test_input_moves_gates_and_candidate_of_every_unit():
    low, high = FourUnits(x_t=-2.0).result, FourUnits(x_t=2.0).result
    for name in ("f", "i", "c_tilde", "o"):
        assert (np.abs(high[name] - low[name]) > 0.1).all()


# The chain -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("b_f", "left"), [(3.0, "64.6%"), (6.0, "97.8%"), (0.0, "0.2%")])
def test_what_is_left_of_the_first_step(b_f, left):
    assert left in Chain(T=10, b_f=b_f).readout_text
    assert f"{sigmoid(b_f) ** 9:.1%}" == left


def test_left_is_the_share_of_the_first_writing():
    """Write twice as much at step 1: the last cell state changes by that share of it."""
    lab = Chain(T=10)
    more = 2 * lab.result["i"][0] * lab.result["c_tilde"][0]
    c = more
    for f, i, c_tilde in zip(*(lab.result[name][1:] for name in ("f", "i", "c_tilde")), strict=True):
        c = f * c + i * c_tilde
    share = (c - lab.result["c"][-1]) / (more / 2)
    assert f"{share:.1%}" == "64.6%"
    assert lab.result["left"][-1] == pytest.approx(share)
    shown = [word.get_text() for word in lab._chain._words["left"]]
    assert shown[:3] == ["100%", "95%", "91%"]
    assert shown[-1] == "65%"


def test_cell_state_is_above_the_hidden_state():
    chain = Chain(T=10)._chain
    cells, hidden, inputs = (dots.get_offsets() for dots in (chain._cells, chain._states, chain._inputs))
    assert cells[:, 1].min() > hidden[:, 1].max() > inputs[:, 1].max()
    assert all(road.get_ydata()[0] == cells[0, 1] for road in chain._roads["f"][1:])


def test_gate_shut_at_step_5_erases_everything_before():
    found = Chain(T=10, erase=5).result
    assert found["f"][4] == 0
    assert found["c"][4] == found["i"][4] * found["c_tilde"][4]
    assert (Chain(T=10).result["c"][:4] == found["c"][:4]).all()
    assert found["f"][5] == pytest.approx(sigmoid(3.0))
    assert (found["left"][4:] == 0).all()


def test_keeping_and_showing_are_two_things():
    found = Chain(T=10, b_o=-6.0).result
    assert f"{found['c'][-1]:.2f}" == "0.71"
    assert f"{found['h'][-1]:.2f}" == "0.00"
    assert abs(Chain(T=10, b_i=-6.0).result["c"]).max() < 0.03


# The maps --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("biases", "said"),
    [
        ({}, ["f = 0.50", "|c| = 0.17"]),
        ({"b_f": 6.0}, ["|c| = 2.91"]),
        ({"b_f": 6.0, "b_i": 6.0}, ["|c| = 7.01"]),
        ({"b_o": -6.0}, ["|c| = 0.16", "|h| = 0.00"]),
    ],
)
def test_the_averages_of_the_maps(biases, said):
    text = GateMaps(**biases).readout_text
    for words in said:
        assert words in text


def test_shut_forget_gate_leaves_the_last_writing():
    found = GateMaps(b_f=-6.0).result
    rest = found["c"][1:] - found["f"][1:] * found["c"][:-1]
    assert np.abs(found["c"][1:] - rest).max() < 0.02


def test_cells_that_keep_everything_go_on_growing():
    sizes = [np.abs(GateMaps(b_f=6.0, T=T).result["c"][-1]).mean() for T in (30, 60, 120, 200)]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 2 * sizes[1]
