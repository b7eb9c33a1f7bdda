"""The cells whose gates do not see h: their equations and gradients by independent routes."""

import numpy as np
import pytest

from helpers.engine import probes
from helpers.engine.bptt import backprop, cost, unroll
from helpers.engine.cells import GRU, LRU, MinGRU, MinLSTM
from helpers.engine.cells.lru import as_complex, as_real, on_a_ring
from tests.engine.differences import numeric
from tests.engine.plain import assert_close, sigmoid

KINDS = {"MinGRU": MinGRU, "MinLSTM": MinLSTM, "LRU": LRU}
SIZES = [(1, 2, 5, 1), (3, 4, 6, 2), (2, 6, 7, 3)]  # D, H, T, B
every_kind = pytest.mark.parametrize("kind", KINDS)


def example(kind, D=3, H=4, T=6, B=2, seed=0, **options):
    """A cell with random biases, inputs, a first state, and the weights v of the loss sum(v * h)."""
    rng = np.random.default_rng(seed)
    cell = KINDS[kind](D, H, rng=rng, **options)
    cell.b[...] = rng.standard_normal(cell.b.shape)
    if kind == "LRU":
        cell.log_gamma[...] = rng.standard_normal(cell.log_gamma.shape)
    return cell, rng.standard_normal((T, D, B)), rng.standard_normal((H, B)), rng.standard_normal((T, H, B))


def learnt(cell):
    """The parameters by name, without U, which has no rows."""
    return {name: value for name, value in cell.parameters.items() if name != "U"}


def plain_states(cell, x, h):
    """The equations of the papers, in a loop that shares nothing with the engine but names."""
    found, n = [], cell.H // 2
    if isinstance(cell, LRU):
        h = h[:n] + 1j * h[n:]
    for x_t in x:
        if isinstance(cell, LRU):
            size, angle = np.exp(-np.exp(cell.nu)), cell.theta
            turn = size * (np.cos(angle) + 1j * np.sin(angle))
            h = turn * h + np.exp(cell.log_gamma) * (
                (cell.W[:n] + 1j * cell.W[n:]) @ x_t + cell.b[:n] + 1j * cell.b[n:]
            )
            found.append(np.concatenate([h.real, h.imag]))
            continue
        a = {k: cell[f"W_{k}"] @ x_t + cell[f"b_{k}"] for k in cell.blocks}
        if isinstance(cell, MinGRU):
            z = sigmoid(a["z"])
            h = (1 - z) * h + z * a["h"]
        else:
            f, i = sigmoid(a["f"]), sigmoid(a["i"])
            h = f / (f + i) * h + i / (f + i) * a["h"]
        found.append(h)
    return np.array(found)


@every_kind
@pytest.mark.parametrize("sizes", SIZES)
def test_states_are_those_of_the_equations(kind, sizes):
    cell, x, h_0, _ = example(kind, *sizes)
    assert_close(unroll(cell, x, h_0).h, plain_states(cell, x, h_0), 1e-13)


@every_kind
@pytest.mark.parametrize("sizes", SIZES)
def test_every_gradient_by_central_differences(kind, sizes):
    cell, x, h_0, v = example(kind, *sizes)
    grads = backprop(unroll(cell, x, h_0), v)

    def loss():
        return (v * plain_states(cell, x, h_0)).sum()

    for name, parameter in learnt(cell).items():
        assert_close(grads.parameters[name], numeric(loss, parameter), 1e-7)
    assert_close(grads.dx, numeric(loss, x), 1e-7)
    assert_close(grads.dh[0], numeric(loss, h_0), 1e-7)


@every_kind
def test_against_the_autograd_of_torch(kind):
    torch = pytest.importorskip("torch")
    cell, x, h_0, v = example(kind)
    p = {name: torch.tensor(value, requires_grad=True) for name, value in cell.parameters.items()}
    n, h, total = cell.H // 2, torch.tensor(h_0), 0
    if kind == "LRU":
        h = torch.complex(h[:n], h[n:])
        turn = torch.exp(torch.complex(-torch.exp(p["nu"]), p["theta"]))
    for x_t, v_t in zip(torch.tensor(x), torch.tensor(v), strict=True):
        a = p["W"] @ x_t + p["b"]
        if kind == "LRU":
            h = turn * h + torch.exp(p["log_gamma"]) * torch.complex(a[:n], a[n:])
            total = total + (v_t * torch.cat([h.real, h.imag])).sum()
            continue
        a = a.reshape(cell.G, cell.H, -1)
        gates = torch.sigmoid(a[:-1])
        keep, write = (1 - gates[0], gates[0]) if kind == "MinGRU" else gates / gates.sum(0)
        h = keep * h + write * a[-1]
        total = total + (v_t * h).sum()
    total.backward()
    grads = backprop(unroll(cell, x, h_0), v)
    for name in learnt(cell):
        assert_close(grads.parameters[name], p[name].grad.numpy())


@every_kind
def test_truncation_and_lags_add_up(kind):
    cell, x, h_0, v = example(kind)
    tape = unroll(cell, x, h_0)
    whole = backprop(tape, v)
    lags = probes.gradient_by_lag(tape, v)
    for name in learnt(cell):
        gradient = whole.parameters[name]
        assert_close(lags[name].sum(axis=0), gradient)
        window = backprop(tape, v, cut=3, mode="window").parameters[name]
        assert_close(window, lags[name][:3].sum(axis=0))
    parts = backprop(tape, v, cut=3).parameters
    halves = [backprop(unroll(cell, x[:3], h_0), v[:3]), backprop(unroll(cell, x[3:], tape.h[2]), v[3:])]
    for name in learnt(cell):
        assert_close(parts[name], sum(half.parameters[name] for half in halves))


@every_kind
def test_the_probes_serve_them(kind):
    cell, x, h_0, _ = example(kind, B=1)
    tape = unroll(cell, x, h_0)
    J = probes.step_jacobians(tape)
    for t in range(tape.T):
        before = tape.states[t, 0].copy()
        for k in range(cell.H):
            up, down = before.copy(), before.copy()
            up[k], down[k] = up[k] + 1e-6, down[k] - 1e-6
            slope = (cell(x[t], up) - cell(x[t], down)) / 2e-6
            assert_close(J[t][:, k : k + 1], slope, 1e-7)
    norms = probes.log_norms_dh_T(tape)
    product = np.eye(cell.H)
    for t in reversed(range(tape.T)):
        product = product @ J[t]
        assert abs(norms[t] - np.log10(np.linalg.norm(product) / np.sqrt(cell.H))) < 1e-12


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_copy_shares_nothing_and_the_dtype_stays(kind, dtype):
    cell, x, h_0, v = example(kind, dtype=dtype)
    other, tape = cell.like(), unroll(cell, x, h_0)
    np.testing.assert_array_equal(unroll(other, x, h_0).h, tape.h)
    grads = backprop(tape, v)
    assert {tape.h.dtype, *(g.dtype for g in grads.parameters.values())} == {np.dtype(dtype)}
    for name, value in other.parameters.items():
        assert not np.shares_memory(value, cell.parameters[name])
    wider = cell.like(D=5)
    more = np.concatenate([x, np.ones((len(x), 2, x.shape[2]))], axis=1)
    assert_close(unroll(wider, more, h_0).h, tape.h, 1e-5 if dtype == np.float32 else 1e-13)


def test_blocks_are_reached_by_their_letters():
    cell = MinGRU(2, 3, init="zeros").put(W_z=1, b_h=2)
    np.testing.assert_array_equal(cell.W, [[1, 1]] * 3 + [[0, 0]] * 3)
    np.testing.assert_array_equal(cell.b[:, 0], [0, 0, 0, 2, 2, 2])
    with pytest.raises(KeyError, match=r"MinGRU has no 'U_z'; it has W, U, b, W_z, W_h, b_z, b_h"):
        cell["U_z"] = 1


def test_the_bias_that_keeps():
    assert (MinGRU(1, 4, rng=0, forget_bias=2)["b_z"] == -2).all()
    assert (MinLSTM(1, 4, rng=0, forget_bias=2)["b_f"] == 2).all()
    assert (MinGRU(1, 4, rng=0, chrono=50)["b_z"] <= 0).all()
    with pytest.raises(ValueError, match="give one of them"):
        MinGRU(1, 1, forget_bias=1, chrono=9)


def test_min_gru_is_a_third_of_the_gru():
    """This holds where there are as many inputs as units."""
    for n in (8, 64):
        small, gru = MinGRU(n, n, rng=0), GRU(n, n, rng=0)
        assert (small.W.size + small.U.size) * 3 == gru.W.size + gru.U.size
        assert small.n_parameters == 2 * n * (n + 1)
        assert cost(small, 5).forward * 3 == cost(gru, 5).forward


def test_min_lstm_with_shut_gates_stays_finite():
    cell = MinLSTM(1, 1, init="zeros").put(b_f=-1000, b_i=-1000)
    tape = unroll(cell, np.ones((3, 1, 1)))
    assert np.isfinite(tape.h).all()
    assert np.isfinite(backprop(tape, np.ones((3, 1, 1))).dW).all()


def test_the_ring_is_filled_evenly():
    nu, theta = on_a_ring(np.random.default_rng(0), 40_000, (0.5, 0.9), np.pi)
    r = np.exp(-np.exp(nu))
    assert (r.min() >= 0.5, r.max() <= 0.9, theta.min() >= 0, theta.max() <= np.pi) == (True,) * 4
    inside = (r < np.sqrt((0.5**2 + 0.9**2) / 2)).mean()  # the radius that halves the area
    assert abs(inside - 0.5) < 0.01
    assert abs(theta.mean() - np.pi / 2) < 0.02


def test_gamma_keeps_the_size_of_white_noise():
    cell = LRU(1, 64, rng=1, ring=(0.6, 0.95))
    cell.W[...] = np.repeat([[1.0], [0.0]], 32, axis=0)
    x = np.random.default_rng(2).standard_normal((400, 1, 200))
    h = as_complex(unroll(cell, x).h[-1])
    assert abs((np.abs(h) ** 2).mean() - 1) < 0.05


def test_the_pairs_go_there_and_back():
    pairs = np.random.default_rng(0).standard_normal((3, 6, 2))
    np.testing.assert_array_equal(as_real(as_complex(pairs)), pairs)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LRU(1, 3), "H must be even, since two real numbers make a complex one; got 3"),
        (lambda: LRU(1, 2, ring=(0.5, 1)), r"ring must be two numbers with 0 <= low <= high < 1; got"),
        (lambda: LRU(1, 2, init="orthogonal"), "init must be one of 'uniform', 'zeros'"),
        (lambda: MinGRU(1, 2, init="orthogonal"), "init must be one of 'uniform', 'zeros'"),
        (lambda: MinLSTM(1, 0), "H must be a whole number of 1 or more; got 0"),
    ],
)
def test_bad_options_are_told_in_one_sentence(make, message):
    with pytest.raises(ValueError, match=message):
        make()
