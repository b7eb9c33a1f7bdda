"""Forward + full BPTT of the engine, side by side with others: `python run.py bench engine`.

- torch.nn on the CPU, the same weights, inputs and gradients (where PyTorch is installed);
- NumPy one step at a time, in the usual style (bench/usual.py).

All run on one thread, in turn, round after round; the best round of each counts. Ratios above 1 say how
many times longer the other takes. What is compared is first checked to be equal.
"""

import os

# ruff: noqa: E402  (the number of threads is read when NumPy is imported)
for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import platform
import sys
import time

import numpy as np

from bench import usual
from helpers.engine import probes
from helpers.engine.bptt import backprop, keep_large_blocks, unroll
from helpers.engine.cells import GRU, LSTM, RNN
from helpers.engine.cells.conventions import to_torch

try:
    import torch
except ImportError:
    torch = None

D = 8
BATCHES, HIDDEN, STEPS = (1, 8, 32), (16, 32, 64, 128), (50, 100, 500)
KINDS = {
    "RNN": (lambda H, dtype: RNN(D, H, rng=0, dtype=dtype), usual.rnn, ""),
    "LSTM": (lambda H, dtype: LSTM(D, H, rng=0, dtype=dtype), usual.lstm, "fico"),
    "GRU": (lambda H, dtype: GRU(D, H, rng=0, dtype=dtype, reset="after"), usual.gru, "zrh"),
}


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--quick", action="store_true", help="H=32 and T=100 only")
    options = options.parse_args()
    say_where()
    keep_large_blocks()
    hidden, steps = ((32,), (100,)) if options.quick else (HIDDEN, STEPS)
    found = {}
    for dtype in (np.float64, np.float32):
        for kind in KINDS:
            for B in BATCHES:
                for H in hidden:
                    for T in steps:
                        found[dtype.__name__, kind, B, H, T] = compare(kind, B, H, T, dtype, options.rounds)
    tables(found, hidden)
    each_step(options.rounds)
    exponents(options.rounds)
    probe_times(options.rounds)


def say_where():
    """Versions and machine."""
    with_torch = f"PyTorch {torch.__version__}" if torch else "no PyTorch (to compare: pip install torch)"
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {with_torch}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, one thread; D = {D}\n", flush=True)


def compare(kind, B, H, T, dtype, rounds):
    """Best seconds of each way to do the same work."""
    make, plainly, letters = KINDS[kind]
    cell, rng = make(H, dtype), np.random.default_rng(0)
    cell.b[...] = rng.standard_normal(cell.b.shape)
    x = rng.standard_normal((T, D, B)).astype(dtype)
    direct = rng.standard_normal((T, H, B)).astype(dtype)
    ways = {"engine": lambda: engine(cell, x, direct)}
    names = [m + "_" * bool(k) + k for m in "WUb" for k in letters or [""]] + ["b_m"] * (kind == "GRU")
    parameters = {name: cell[name] for name in names}
    ways["usual"] = lambda: plainly(parameters, x, direct)
    if torch:
        ways["torch"] = torch_way(kind, cell, x, direct)
    check_equal(cell, {way: run() for way, run in ways.items()}, dtype)
    return best(ways, rounds)


def engine(cell, x, direct):
    """The engine's way."""
    tape = unroll(cell, x)
    return tape.h, backprop(tape, direct)


def torch_way(kind, cell, x, direct):
    """The same work by torch.nn; its layer and inputs are made beforehand."""
    torch.set_num_threads(1)
    layer = getattr(torch.nn, kind)(cell.D, cell.H)
    layer = layer.double() if x.dtype == np.float64 else layer
    layer.load_state_dict({name: torch.tensor(w) for name, w in to_torch(cell).items()})
    x, direct = (torch.tensor(a.transpose(0, 2, 1).copy()) for a in (x, direct))

    def run():
        layer.zero_grad()
        h = layer(x)[0]
        h.backward(direct)
        return h.detach().numpy().transpose(0, 2, 1), layer.weight_hh_l0.grad

    return run


def check_equal(cell, results, dtype):
    """All ways give the same states and the same dU, or there is nothing to compare."""
    within = 1e-9 if dtype == np.float64 else 2e-2
    h, grads = results["engine"]
    for way, (other_h, _) in results.items():
        np.testing.assert_allclose(other_h, h, atol=within, err_msg=way)
    plain, largest = results["usual"][1], np.abs(grads.dU).max()
    for name in [f"U_{k}" for k in cell.blocks] if cell.G > 1 else ["U"]:
        np.testing.assert_allclose(plain[name], grads[name], atol=within * largest)
    if torch:  # its gates come in another order, so compare all numbers in order of size
        dU = np.sort(results["torch"][1].numpy().ravel())
        np.testing.assert_allclose(dU, np.sort(grads.dU.ravel()), atol=within * largest)


def best(ways, rounds):
    """The shortest time of each way, taken in turn: of the processor, which leaves out waiting for it."""
    found = dict.fromkeys(ways, np.inf)
    for _ in range(rounds):
        for way, run in ways.items():
            start = time.process_time()
            run()
            found[way] = min(found[way], time.process_time() - start)
    return found


def tables(found, hidden):
    """Ratios by B and H: the geometric mean over T, and the smallest of all."""
    for other in ("torch", "usual"):
        if other not in next(iter(found.values())):
            continue
        print(f"{'torch.nn' if other == 'torch' else 'usual NumPy'} takes so many times as long")
        print("                 " + "".join(f"   H={H:<5}" for H in hidden))
        for dtype in ("float64", "float32"):
            for kind in KINDS:
                for B in BATCHES:
                    cells = [ratios(found, other, dtype, kind, B, H) for H in hidden]
                    row = "".join(f"{np.exp(np.log(r).mean()):8.2f}  " for r in cells)
                    print(f"{dtype} {kind:4} B={B:<3}" + row)
            every = np.concatenate([ratios(found, other, dtype, k, B, H)
                                    for k in KINDS for B in BATCHES for H in hidden])  # fmt: skip
            print(f"{dtype}: smallest of all {every.min():.2f}, slower than it in {(every < 1).sum()} of "
                  f"{every.size}\n", flush=True)  # fmt: skip


def ratios(found, other, dtype, kind, B, H):
    """Of one row of the table, over T."""
    return np.array([t[other] / t["engine"] for key, t in found.items() if key[:4] == (dtype, kind, B, H)])


def each_step(rounds):
    """Microseconds per step at H=32, forward and back."""
    print("microseconds per step, forward + back, H=32, T=200, float64")
    for B in BATCHES:
        for kind, cell in default_cells().items():
            x, direct = example(cell, 200, B)
            ways = {"engine": lambda cell=cell, x=x, direct=direct: engine(cell, x, direct)}
            found = best(ways, (60 if B == 1 else 12) * rounds)
            print(f"  B={B:<3} {kind:12}{1e6 * found['engine'] / 200:7.1f}", flush=True)
    print(flush=True)


def exponents(rounds):
    """How time grows with T: the slope on log axes, T = 200 to 3200, B=1, H=32."""
    steps = np.array([200, 400, 800, 1600, 3200])
    print("time grows as T to the power of")
    for kind, cell in default_cells().items():
        found = best({T: a_run(cell, T) for T in steps}, 4 * rounds)
        print(f"  {kind:12} {np.polyfit(np.log(steps), np.log(list(found.values())), 1)[0]:.2f}")
    print(flush=True)


def default_cells():
    """The cells as a lesson uses them, and the GRU that PyTorch has."""
    return {"RNN": RNN(2, 32, rng=0), "LSTM": LSTM(2, 32, rng=0), "GRU": GRU(2, 32, rng=0),
            "GRU, after": GRU(2, 32, rng=0, reset="after")}  # fmt: skip


def a_run(cell, T):
    """A forward pass and a backward pass at B=1, ready to go."""
    x, direct = example(cell, T, 1)
    return lambda: engine(cell, x, direct)


def example(cell, T, B):
    """Inputs, and what each state receives from a loss."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((T, cell.D, B)), rng.standard_normal((T, cell.H, B))


def probe_times(rounds):
    """Milliseconds of the probes that the labs' sliders drive, H=32, T=200."""
    print("milliseconds of a probe, H=32, T=200")
    names = ("dL/dh_t", "dh_T/dh_t", "dc_T/dc_t")
    print("  " + " " * 11 + "".join(f"{name:>18}" for name in names))
    for kind, cell in default_cells().items():
        rng = np.random.default_rng(0)
        direct = rng.standard_normal((200, 32, 1))
        tape = unroll(cell, rng.standard_normal((200, 2, 1)))
        ways = dict(zip(names, probe_ways(cell, tape, direct), strict=False))
        print(f"  {kind:11}" + "".join(f"{1e3 * s:18.1f}" for s in best(ways, 6 * rounds).values()))


def probe_ways(cell, tape, direct):
    """The probes, ready to run: the last is of a cell with a cell state."""
    ways = [lambda: probes.log_norms_dL(tape, direct), lambda: probes.log_norms_dh_T(tape)]
    return [*ways, lambda: probes.log_norms_dh_T(tape, state="c")] if cell.S == 2 else ways


if __name__ == "__main__":
    sys.exit(main())
