"""What notebook 04 says in words, beyond what its stored outputs already show."""

import itertools

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM, RNN
from helpers.labs.gru.memory import GateBiases
from helpers.labs.lstm.block import C_PREV, H_PREV, VARIANTS, WEIGHTS, FourUnits, OneStep
from helpers.labs.lstm.chain import Chain
from helpers.labs.lstm.maps import GateMaps
from helpers.labs.lstm_memory.highway import METER, Highway
from helpers.labs.shared.noisy_lstm import lstm
from helpers.tasks import noise
from tests.engine.plain import sigmoid

# One step --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("b_f", "b_i", "b_o", "x_t"), [(0.0, 0.0, 0.0, 1.0), (2.0, -3.0, 6.0, -1.7)])
def test_the_numbers_in_the_table_are_those_of_the_equations(b_f, b_i, b_o, x_t):
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
        ({"variant": "1997: f = 1"}, {"f": "1.00", "kept": "0.80", "c": "1.41"}),
        ({"variant": "coupled: i = 1 − f"}, {"f": "0.71", "i": "0.29", "c": "0.82"}),
    ],
)
def test_what_a_bias_or_a_variant_does(controls, said):
    lab = OneStep(**controls)
    for name, text in said.items():
        assert f"{lab.result[name]:.2f}" == text
        assert lab._block._numbers[name].get_text() == text


def test_the_variants_are_what_they_say_at_any_input():
    plain, old, coupled = (OneStep(variant=name) for name in VARIANTS)
    for x_t, b_f in itertools.product((-2.0, 0.3, 2.0), (-6.0, 0.0, 6.0)):
        for lab in (plain, old, coupled):
            lab.set(x_t=x_t, b_f=b_f)
        assert old.result["f"] == 1
        assert old.result["c"] == pytest.approx(old.result["c_prev"] + old.result["written"], abs=1e-12)
        assert coupled.result["i"] == pytest.approx(1 - coupled.result["f"], abs=1e-12)
        assert coupled.result["f"] == plain.result["f"]


def test_the_equation_of_the_lit_part_is_that_of_the_variant():
    lab = OneStep()
    for stage, symbol in enumerate(("f_t", "i_t", "\\tilde c_t", "c_t", "o_t", "h_t"), 1):
        lab.stage = stage
        assert lab._block._equation.get_text().startswith(f"${symbol} = ")
    lab.set(stage=1, variant="1997: f = 1")
    assert "f_t = 1" in lab._block._equation.get_text()
    assert lab.readout_text.endswith("No forget gate: f = 1, all of the old cell state is kept.")
    lab.set(stage=2, variant="coupled: i = 1 − f")
    assert "i_t = 1 - f_t" in lab._block._equation.get_text()
    assert "1 − 0.71 = 0.29" in lab.readout_text


def test_what_a_later_stage_makes_is_not_shown_before_it():
    lab = OneStep(stage=1)
    known = {name for name, text in lab._block._numbers.items() if text.get_text()}
    assert known == {"c_prev", "h_prev", "x", "f", "kept"}
    said = ("is kept", "strength", "direction", "0.71 × 0.80 + 0.69 × 0.89 = 1.18", "is shown", "tanh(1.18)")
    for stage, words in enumerate(said, 1):
        lab.stage = stage
        assert words in lab.readout_text


def test_the_roads_are_as_wide_as_the_gates_are_open():
    lab = OneStep()
    for bias, road in (("b_f", "f"), ("b_i", "i"), ("b_o", "o")):
        widths = []
        for value in (-6.0, 0.0, 6.0):
            setattr(lab, bias, value)
            widths.append(lab._block._roads[road].get_linewidth())
        assert widths == sorted(widths)
        assert widths[-1] > 8 * widths[0]


def test_what_the_four_units_make_of_it():
    lab = FourUnits()
    found = lab.result
    assert [f"{found[name][3]:.2f}" for name in ("i", "c_tilde", "written")] == ["0.89", "0.97", "0.86"]
    assert abs(found["i"][2]) < 0.3
    assert abs(found["c_tilde"][2]) < 0.2
    assert [f"{f:.2f}" for f in found["f"][:2]] == ["0.71", "0.21"]
    assert [word.get_text() for word in lab._entries[1]][:3] == ["−0.60", "0.21", "−0.13"]
    lab.x_t = -2.0
    assert lab.result["f"].argmax() == 1


def test_the_input_moves_the_gates_and_the_candidate_of_every_unit():
    low, high = FourUnits(x_t=-2.0).result, FourUnits(x_t=2.0).result
    for name in ("f", "i", "c_tilde", "o"):
        assert (np.abs(high[name] - low[name]) > 0.1).all()


# The chain -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("b_f", "left"), [(3.0, "64.6%"), (6.0, "97.8%"), (0.0, "0.2%")])
def test_what_is_left_of_the_first_step(b_f, left):
    assert left in Chain(T=10, b_f=b_f).readout_text
    assert f"{sigmoid(b_f) ** 9:.1%}" == left


def test_what_is_left_is_the_share_of_the_first_writing():
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


def test_above_is_the_cell_state_and_below_the_hidden_state():
    chain = Chain(T=10)._chain
    cells, hidden, inputs = (dots.get_offsets() for dots in (chain._cells, chain._states, chain._inputs))
    assert cells[:, 1].min() > hidden[:, 1].max() > inputs[:, 1].max()
    assert all(road.get_ydata()[0] == cells[0, 1] for road in chain._roads["f"][1:])


def test_a_gate_shut_at_step_5_erases_all_before():
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
        ({}, ["f = 0.50", "|c| = 0.17", "leaves 0.697"]),
        ({"b_f": 6.0}, ["|c| = 2.91", "leaves 1.074"]),
        ({"b_f": 6.0, "b_i": 6.0}, ["|c| = 7.01"]),
        ({"b_o": -6.0}, ["|c| = 0.16", "|h| = 0.00"]),
    ],
)
def test_the_averages_of_the_maps(biases, said):
    text = GateMaps(**biases).readout_text
    for words in said:
        assert words in text


def test_without_a_forget_gate_the_cell_is_what_was_written_last():
    found = GateMaps(b_f=-6.0).result
    rest = found["c"][1:] - found["f"][1:] * found["c"][:-1]
    assert np.abs(found["c"][1:] - rest).max() < 0.02


def test_gates_that_see_no_hidden_state_are_calmer():
    assert GateMaps(b_o=-6.0).result["i"].std() < GateMaps().result["i"].std()


# The road --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("controls", "f", "c", "rnn"),
    [
        ({"scale": 1.0}, "0.737", "0.909", "0.800"),
        ({"scale": 0.0}, "0.728", "0.728", "0.000"),
        ({"b_f": 0.0, "scale": 1.0}, "0.507", "0.697", "0.800"),
        ({"b_f": 5.0, "scale": 1.0}, "0.993", "1.072", "0.800"),
        ({"b_f": 5.0, "scale": 0.0}, "0.993", "0.993", "0.000"),
    ],
)
def test_the_factors_of_a_step(controls, f, c, rnn):
    text = Highway(**controls).readout_text
    assert f"leaves {f} by the product of f, {c} of ∂c_T/∂c_t as measured, and {rnn} in the RNN" in text


def test_a_plain_rnn_with_smaller_weights_leaves_half():
    """Recurrent weights drawn evenly from +-1/sqrt(H), as PyTorch draws them, from several seeds."""
    lab, left = Highway(), []
    for seed in range(6):
        cell = RNN(4, 32, rng=seed)
        cell.U[...] = np.random.default_rng(seed).uniform(-1, 1, (32, 32)) / np.sqrt(32)
        log_norms = probes.log_norms_dh_T(unroll(cell, lab.size * noise(lab.T, 4, seed=2)))
        left.append(10 ** (log_norms[0] / lab.T))
    assert 0.45 < min(left) < max(left) < 0.6


def test_over_60_steps_it_grows_by_66():
    assert "multiplied by 66" in Highway(b_f=5.0, scale=1.0).readout_text
    assert Highway(b_f=5.0, scale=1.0).result["f"][0] < 0


def test_the_measured_norm_is_that_of_finite_differences():
    """A route that knows nothing of the way back: nudge each cell of step 48, run on to step 60."""
    lab, cell = Highway(scale=1.0), lstm(1.0)
    x = 2.0 * np.random.default_rng(2).standard_normal((200, 4, 1))[:60]
    tape = unroll(cell, x)
    o, c, eps = tape.o[47], tape.c[47], 1e-6
    nudged = [c + sign * eps * np.eye(32)[:, [k]] for k in range(32) for sign in (1, -1)]
    moved = [unroll(cell, x[48:], h_0=o * np.tanh(c_0), c_0=c_0).c[-1, :, 0] for c_0 in nudged]
    J = (np.array(moved[::2]) - np.array(moved[1::2])) / (2 * eps)
    assert lab.result["c"][48] == pytest.approx(np.log10(np.linalg.norm(J) / np.sqrt(32)), abs=1e-6)


@pytest.mark.parametrize("bias", [0.0, 2.0, 6.0])
def test_the_same_lstm_gives_the_same_numbers_in_all_labs(bias):
    """The maps, the road and lesson 5's comparison: one cell, one noise."""
    maps, road, beside = GateMaps(b_f=bias), Highway(b_f=bias, scale=1.0), GateBiases(b_z=bias, gain=1.0)
    np.testing.assert_allclose(road.result["c"], maps.result["norms c"], rtol=0, atol=1e-9)
    np.testing.assert_allclose(beside.result["LSTM"], maps.result["norms c"], rtol=0, atol=1e-9)


def test_scale_0_leaves_the_direct_path_alone():
    result = Highway(scale=0.0, b_f=2.3).result
    np.testing.assert_allclose(result["c"], result["f"], rtol=0, atol=1e-9)


def test_the_meter_never_leaves_its_picture():
    lab = Highway()
    for controls in ({"b_f": -6.0}, {"b_f": 6.0, "scale": 1.5, "size": 0.0, "T": 5}):
        lab.set(**controls)
        for needle in lab._meter.values():
            assert 0 <= needle.get_ydata()[0] <= METER - 0.1


# Half-lives and parameters ---------------------------------------------------------------------------


def test_a_forget_bias_of_1_leaves_2_thousandths_after_20_steps():
    tape = unroll(_without_recurrence(1.0), np.zeros((20, 1, 1)))
    log = probes.log_norms_dh_T(tape, state="c")[0]
    assert 10**log == pytest.approx(sigmoid(1.0) ** 20)
    assert f"{10**log:.1e}" == "1.9e-03"


def _without_recurrence(b_f):
    cell = LSTM(1, 4, rng=0, forget_bias=b_f)
    return cell.put(W=0, U=0)
