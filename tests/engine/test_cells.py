"""The cells themselves: sizes, blocks by letter, initialisation, what bad input is told."""

import numpy as np
import pytest

from helpers.engine.bptt import unroll
from helpers.engine.cells import GRU, LSTM, RNN
from helpers.engine.cells.activations import sigmoid
from tests.engine.plain import KINDS, assert_close, block_names, example

every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.mark.parametrize(("cls", "own", "torch"), [(RNN, 1120, 1152), (GRU, 3360, 3456), (LSTM, 4480, 4608)])
def test_parameter_counts(cls, own, torch):
    cell = cls(2, 32, rng=0)
    assert cell.n_parameters == own
    assert own + cell.G * 32 == torch  # a second bias


@every_kind
def test_shapes(kind):
    cell, *_ = example(kind, D=2, H=5)
    assert cell.W.shape == (cell.G * 5, 2)
    assert cell.U.shape == (cell.G * 5, 5)
    assert cell.b.shape[1] == 1
    gates = {"RNN": 1, "LSTM": 4, "GRU": 3}
    assert gates[kind.split()[0]] == cell.G


@every_kind
def test_block_is_a_view_of_its_matrix(kind):
    """Together the blocks are the whole matrix."""
    cell, *_ = example(kind)
    for k, name in enumerate(block_names(cell)):
        cell[name] = k
    for matrix in "WUb":
        values = {float(cell[name].flat[0]) for name in block_names(cell) if name.startswith(matrix)}
        assert set(cell[matrix].ravel()) == values


def test_an_unknown_block_names_those_there_are():
    with pytest.raises(KeyError, match=r"LSTM has no 'b_g'; it has W, U, b, W_f, W_i, W_o, W_c, U_f"):
        LSTM(1, 1, rng=0)["b_g"]
    with pytest.raises(KeyError, match="RNN has no 'b_f'"):
        RNN(1, 1, rng=0)["b_f"] = 1


@every_kind
def test_a_single_step_by_hand(kind):
    cell, x, first, _ = example(kind)
    state = tuple(first.values())
    expected = unroll(cell, x[:1], **first)
    now = cell(x[0], state if cell.S > 1 else state[0])
    for one, name in zip(now if cell.S > 1 else [now], cell.states, strict=True):
        np.testing.assert_allclose(one, getattr(expected, name)[0], rtol=1e-14)
    np.testing.assert_array_equal(np.shape(cell(x[0])), np.shape(now))


def test_the_same_rng_draws_the_same_cell():
    for kind in KINDS:
        cell, again = (KINDS[kind](2, 3, rng=5) for _ in range(2))
        np.testing.assert_array_equal(cell.W, again.W)
        np.testing.assert_array_equal(cell.U, again.U)


@every_kind
def test_zeros_draw_nothing(kind):
    rng = np.random.default_rng(5)
    cell = KINDS[kind](2, 3, rng=rng, init="zeros")
    assert not any(weights.any() for weights in cell.parameters.values())
    assert rng.random() == np.random.default_rng(5).random()


@every_kind
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_copy_gives_equal_states_and_shares_nothing(kind, dtype):
    cell, x, first, _ = example(kind, dtype=dtype)
    other = cell.like()
    assert (type(other), other.dtype) == (type(cell), dtype)
    np.testing.assert_array_equal(unroll(other, x, **first).states, unroll(cell, x, **first).states)
    for name in "WUb":
        assert not np.shares_memory(other[name], cell[name])


@every_kind
def test_copy_ignores_its_additional_inputs(kind):
    cell, x, first, _ = example(kind, D=3)
    wider = cell.like(D=5)
    assert (wider.D, cell.D, wider.n_parameters - cell.n_parameters) == (5, 3, 2 * len(cell.W))
    more = np.concatenate([x, 9 * np.ones((len(x), 2, x.shape[2]))], axis=1)
    assert_close(unroll(wider, more, **first).states, unroll(cell, x, **first).states, 1e-13)


@every_kind
def test_orthogonal_weights_and_gain(kind):
    cell = KINDS[kind](2, 6, rng=0, init="orthogonal", gain=1.3)
    for U_g in cell.U.reshape(-1, 6, 6):
        np.testing.assert_allclose(U_g @ U_g.T, 1.69 * np.eye(6), atol=1e-14)


def test_uniform_weights_stay_within_their_bound():
    cell = LSTM(3, 16, rng=0)
    for weights in (cell.W, cell.U):
        assert 0.23 < np.abs(weights).max() <= 0.25


def test_forget_bias_goes_to_the_gate_that_keeps():
    assert (LSTM(1, 4, rng=0, forget_bias=1)["b_f"] == 1).all()
    assert (GRU(1, 4, rng=0, forget_bias=1)["b_z"] == 1).all()
    assert (GRU(1, 4, rng=0, update="write", forget_bias=1)["b_z"] == -1).all()
    assert not LSTM(1, 4, rng=0)["b_f"].any()


def test_chrono_spreads_the_memories():
    cell = LSTM(1, 2000, rng=0, chrono=100)
    u = np.exp(cell["b_f"])
    assert u.min() >= 1
    assert u.max() <= 99
    assert abs(u.mean() - 50) < 2
    np.testing.assert_array_equal(cell["b_i"], -cell["b_f"])
    assert (GRU(1, 9, rng=0, chrono=100)["b_z"] >= 0).all()
    assert (GRU(1, 9, rng=0, chrono=100, update="write")["b_z"] <= 0).all()


def test_the_longest_chrono_memory_keeps_one_over_e():
    for T in (100, 1000, 10000):
        kept = sigmoid(np.array(np.log(T - 1.0))) ** T
        assert abs(kept - np.exp(-1)) < 1 / T


def test_sigmoid_is_right_from_end_to_end():
    a = np.array([-1e3, -700.0, -36, -1, 0, 1, 36, 1e3])
    with np.errstate(over="ignore"):
        found = sigmoid(a)
    exact = np.exp(-np.logaddexp(0, -a))
    np.testing.assert_allclose(found, exact, rtol=1e-12)
    np.testing.assert_array_equal(found[[0, 4, -1]], [0, 0.5, 1])


def test_r_open_and_z_shut_is_plain_rnn():
    gru, x, first, _ = example("GRU keep before")
    for name, bias in (("z", -1e3), ("r", 1e3)):
        gru[f"W_{name}"], gru[f"U_{name}"], gru[f"b_{name}"] = 0, 0, bias
    rnn = RNN(gru.D, gru.H, init="zeros").put(W=gru["W_h"], U=gru["U_h"], b=gru["b_h"])
    np.testing.assert_array_equal(unroll(gru, x, **first).h, unroll(rnn, x, **first).h)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: RNN(0, 3), "D must be a whole number of 1 or more; got 0"),
        (lambda: LSTM(2, 2.5), "H must be a whole number of 1 or more; got 2.5"),
        (lambda: RNN(1, 1, activation="step"), "activation must be one of 'tanh', .*, 'relu'; got 'step'"),
        (lambda: GRU(1, 1, update="forget"), "update must be one of 'keep', 'write'; got 'forget'"),
        (lambda: GRU(1, 1, reset="never"), "reset must be one of 'before', 'after'; got 'never'"),
        (lambda: RNN(1, 1, init="ones"), "init must be one of 'uniform', 'orthogonal', 'zeros'; got 'ones'"),
        (lambda: RNN(3, 1, rng=0).like(D=2), "D must be 3 or more, the inputs of the cell; got 2"),
        (lambda: RNN(3, 1, rng=0).like(D=3.5), "D must be a whole number of 1 or more; got 3.5"),
        (lambda: RNN(1, 1, init=["orthogonal"]), "init must be one of"),
        (lambda: RNN(1, 1, gain=np.nan), "gain must be a finite number; got nan"),
        (lambda: RNN(1, 1, rng="seven"), "rng must be a NumPy Generator, a seed of 0 or more, or None"),
        (lambda: RNN(1, 1, rng=-1), "rng must be a NumPy Generator"),
        (lambda: LSTM(1, 1, dtype=int), "dtype must be numpy.float64 or numpy.float32"),
        (lambda: LSTM(1, 1, chrono=1), "chrono must be a number of steps, 2 or more; got 1"),
        (lambda: LSTM(1, 1, chrono=9, forget_bias=1), "give one of them"),
        (lambda: GRU(1, 1, forget_bias="high"), "forget_bias must be a finite number; got 'high'"),
    ],
)
def test_bad_options_are_told_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_cell_says_what_it_is():
    assert repr(LSTM(2, 32, rng=0)) == "LSTM(D=2, H=32): 4480 parameters"


def test_an_activation_is_for_good():
    """Set afterwards, it would change the slopes and not the step."""
    cell = RNN(2, 3, rng=0)
    with pytest.raises(AttributeError):
        cell.activation = "linear"
