"""What the lessons show of PyTorch: each block as it stands there, run and compared with the engine.

PyTorch is not among the requirements: where it is missing, the blocks are only read.
"""

import ast
import math

import nbformat
import numpy as np
import pytest

from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import conventions
from tests.engine.plain import assert_close
from tests.lessons.in_frameworks import LENGTHS, LESSONS, B, D, H, K, T, X, Y, blocks, in_pieces, out
from tests.lessons.lesson import NOTEBOOKS

LINES = 10


@pytest.mark.parametrize("cell_id", ["in-pytorch", "in-keras"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_block_is_short_and_is_python(lesson, cell_id):
    found = blocks(lesson, cell_id)
    assert found
    for block in found:
        ast.parse(block)
        assert len(block.splitlines()) <= LINES


@pytest.mark.parametrize("lesson", LESSONS)
def test_blocks_come_right_before_further_or_summary(lesson):
    ids = [cell.id for cell in nbformat.read(NOTEBOOKS / f"{lesson}.ipynb", 4).cells]
    end = ids.index("further" if "further" in ids else "summary")
    assert ids[end - 2 : end] == ["in-pytorch", "in-keras"]


@pytest.fixture
def torch():
    found = pytest.importorskip("torch")
    before = found.get_default_dtype()
    found.set_default_dtype(found.float64)
    found.manual_seed(0)
    yield found
    found.set_default_dtype(before)


def in_torch(torch, lesson, n=None, **names):
    """Run the PyTorch blocks of a lesson, or its first n; returns all names they leave."""
    x, y = (torch.tensor(a.transpose(0, 2, 1).copy()) for a in (X, Y))
    scope = {"torch": torch, "math": math, "T": T, "B": B, "D": D, "H": H, "x": x, "y": y, **names}
    for block in blocks(lesson, "in-pytorch")[:n]:
        exec(block, scope)
    return scope


def ours(layer):
    """The engine's cell with the weights of a layer of PyTorch."""
    weights = {name: out(p).copy() for name, p in layer.named_parameters()}
    return conventions.from_torch(type(layer).__name__, weights)


def test_output_h_n_and_padding(torch):
    found = in_torch(torch, "01_rnn_unrolling", 1)
    h = unroll(ours(found["rnn"]), X).h
    assert_close(out(found["output"]), h.transpose(0, 2, 1))
    assert_close(out(found["last"]), h[-1].T)
    assert_close(out(found["h_n"])[0], h[-1].T)
    found = in_torch(torch, "01_rnn_unrolling", lengths=LENGTHS)
    h = unroll(ours(found["rnn"]), X).h
    assert_close(out(found["h_n"])[0], np.stack([h[n - 1, :, b] for b, n in enumerate(LENGTHS)]))
    beyond = np.arange(T)[:, None] >= LENGTHS
    assert (out(found["output"])[beyond] == 0).all()
    assert_close(out(found["output"])[~beyond], h.transpose(0, 2, 1)[~beyond])


def test_what_lesson_1_says_of_shapes_and_parameters(torch):
    rnn = torch.nn.RNN(D, H, batch_first=True)
    output, h_n = rnn(torch.zeros(B, T, D))
    assert (tuple(output.shape), tuple(h_n.shape)) == ((B, T, H), (1, B, H))
    assert torch.equal(output[:, -1], h_n[0])
    assert sum(p.numel() for p in torch.nn.RNN(2, 32).parameters()) == 1152
    assert tuple(torch.nn.RNN(D, H, num_layers=2)(torch.zeros(T, B, D))[1].shape) == (2, B, H)


def test_one_update_and_the_direct_part(torch):
    rnn = torch.nn.RNN(D, H)
    cell = ours(rnn)
    found = in_torch(torch, "02_bptt", 1, rnn=rnn)
    tape = unroll(cell, X)
    direct = 2 * (tape.h - Y) / Y.size
    grads = backprop(tape, direct)
    assert_close(out(found["direct"]), direct.transpose(0, 2, 1))
    assert_close(out(rnn.weight_hh_l0), cell.U - 0.2 * grads.dU)
    assert_close(cell.U - out(rnn.weight_hh_l0), 0.2 * grads.dU, rtol=1e-7)
    assert rnn.weight_hh_l0.grad is None  # zero_grad() drops it; found["dU"] still has it
    assert_close(out(found["dU"]), grads.dU)


def test_the_loop_shows_the_total_derivative(torch):
    found = in_torch(torch, "02_bptt", rnn=torch.nn.RNN(D, H))
    weights = {f"{name}_l0": out(p) for name, p in found["cell"].named_parameters()}
    tape = unroll(conventions.from_torch("RNN", weights), X)
    grads = backprop(tape, 2 * (tape.h - Y) / Y.size)
    assert_close(np.stack([out(d).T for d in found["total"]]), grads.dh[1:])


def test_the_norms_and_the_factor_per_step(torch):
    """With one sequence, so that the norm of a state's gradient is that of one error signal."""
    x = torch.tensor(X[:, :, :1].transpose(0, 2, 1).copy())
    found = in_torch(torch, "03_vanishing_gradients", x=x, B=1)
    weights = {f"{name}_l0": out(p) for name, p in found["cell"].named_parameters()}
    tape = unroll(conventions.from_torch("RNN", weights), X[:, :, :1])
    norms = np.linalg.norm(backprop(tape, np.ones((H, 1))).dh[1:, :, 0], axis=1)
    assert_close(found["norms"], norms)
    assert_close(found["factor"], (norms[0] / norms[-1]) ** (1 / (T - 1)))
    assert_close(found["slope"], np.linalg.norm(1 - tape.h**2) / np.sqrt(tape.h.size))


def test_pieces_with_detach(torch):
    rnn = torch.nn.RNN(D, H)
    with torch.no_grad():
        rnn.bias_hh_l0.zero_()
    rnn.bias_hh_l0.requires_grad_(False)  # else the two biases move twice as far as our one
    optimizer = torch.optim.SGD(rnn.parameters(), lr=0.2)
    cell = in_pieces(ours(rnn), limit=1.0)
    in_torch(torch, "04_clipping_truncation", rnn=rnn, optimizer=optimizer, k=K)
    assert_close(out(rnn.weight_hh_l0), cell.U)
    assert_close(out(rnn.weight_ih_l0), cell.W)


def test_missing_detach_raises_the_well_known_error(torch):
    rnn = torch.nn.RNN(D, H)
    (block,) = blocks("04_clipping_truncation", "in-pytorch")
    block = "\n".join(line for line in block.splitlines() if "detach" not in line)
    scope = {"torch": torch, "B": B, "H": H, "k": K, "rnn": rnn}
    scope |= {"x": torch.tensor(X.transpose(0, 2, 1).copy()), "y": torch.tensor(Y.transpose(0, 2, 1).copy())}
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        exec(block, scope | {"optimizer": torch.optim.SGD(rnn.parameters(), lr=0.2)})


def test_h_0_as_a_parameter(torch):
    h_0, rnn = torch.nn.Parameter(torch.zeros(1, 1, H)), torch.nn.RNN(D, H)
    output, _ = rnn(torch.tensor(X.transpose(0, 2, 1).copy()), h_0.expand(1, B, H).contiguous())
    ((output - torch.tensor(Y.transpose(0, 2, 1).copy())) ** 2).mean().backward()
    tape = unroll(ours(rnn), X)
    assert_close(out(h_0.grad)[0, 0], backprop(tape, 2 * (tape.h - Y) / Y.size).dh[0].sum(axis=1))


def test_the_lstm_and_its_biases(torch):
    found = in_torch(torch, "05_lstm_gates", 1)
    tape = unroll(ours(found["lstm"]), X)
    assert_close(out(found["output"]), tape.h.transpose(0, 2, 1))
    assert_close(out(found["h_n"])[0], tape.h[-1].T)
    assert_close(out(found["c_n"])[0], tape.c[-1].T)
    cell = ours(in_torch(torch, "05_lstm_gates")["lstm"])
    assert_close(cell["b_f"], np.full((H, 1), math.log(T)))
    assert_close(cell["b_i"], np.full((H, 1), -math.log(T)))


def test_pytorch_starts_all_biases_near_0(torch):
    lstm = torch.nn.LSTM(D, 100)
    for bias in (lstm.bias_ih_l0, lstm.bias_hh_l0):
        assert bias.abs().max() <= 0.1
        assert bias.abs().max() > 0.09


def test_the_gru_is_keep_after(torch):
    found = in_torch(torch, "07_gru", conventions=conventions)
    cell = found["cell"]
    assert (cell.update, cell.reset) == ("keep", "after")
    assert_close(out(found["output"]), unroll(cell, X).h.transpose(0, 2, 1))


def test_the_gru_of_the_race_is_chrono(torch):
    cell = ours(in_torch(torch, "08_memory_race")["gru"])
    keep = cell["b_z"]
    assert 0 <= keep.min() < keep.max() <= math.log(T - 1)
    assert (cell["b_r"] == 0).all()
    assert (cell["b_h"] == 0).all()
    for letter in "zrh":
        assert_close(cell[f"U_{letter}"] @ cell[f"U_{letter}"].T, np.eye(H))
