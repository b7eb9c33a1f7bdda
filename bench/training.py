"""Learning: `python run.py bench training`.

1. recipe: orthogonal U, chrono biases, Adam, clipping, on the two long tasks. Seed by seed: the first
   step at which the mean loss of ten batches, all of new sequences, is a twentieth of the baseline; the
   time until then; and the accuracy on 1,000 more new sequences.
2. biases: temporal order, T=60, with other starts of the forget bias, and with other cells.
3. window: temporal order, T=30, with truncation to the last k steps.
4. speed: steps a second, beside torch.nn + torch.optim.Adam on the same work (where PyTorch is
   installed).

One thread. Processor time leaves out the waiting on a busy machine, though not what its neighbours cost.
"""

import os

# ruff: noqa: E402  (the number of threads is read when NumPy is imported)
for variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import platform
import time
from itertools import islice

import numpy as np

from helpers.engine.bptt import keep_large_blocks
from helpers.engine.cells import GRU, LSTM, RNN
from helpers.engine.cells.conventions import to_torch
from helpers.tasks import Adding, TemporalOrder
from helpers.training import LOSSES, Adam, Model, Readout, cross_entropy, fit

try:
    import torch
except ImportError:
    torch = None

T, H, B = 100, 32, 32
MEAN_OF = 10  # batches
# Task, cell, how it starts, learning rate, B, and the window of truncated BPTT.
STUDIES = {
    "recipe": [
        (Adding(T), LSTM, {"chrono": T}, 2e-2, B, None),
        (Adding(T), GRU, {"chrono": T}, 1e-2, B, None),
        (TemporalOrder(T), LSTM, {"chrono": T}, 1e-2, B, None),
        (TemporalOrder(T), GRU, {"chrono": T}, 1e-2, B, None),
    ],
    "biases": [
        (TemporalOrder(60), LSTM, {"forget_bias": 0}, 1e-2, 50, None),
        (TemporalOrder(60), LSTM, {"forget_bias": 1}, 1e-2, 50, None),
        (TemporalOrder(60), LSTM, {"chrono": 60}, 1e-2, 50, None),
        (TemporalOrder(60), GRU, {}, 1e-2, 50, None),
        (TemporalOrder(60), RNN, {}, 1e-2, 50, None),
    ],
    "window": [
        (TemporalOrder(30), LSTM, {"forget_bias": 1}, 1e-2, B, cut)
        for cut in (10, 11, 12, 13, 14, 16, 20, 30)
    ],
}


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--only", choices=[*STUDIES, "speed"])
    options.add_argument("--seeds", type=int, default=10)
    options.add_argument("--steps", type=int, default=1000, help="give up after so many")
    options.add_argument("--rounds", type=int, default=15)
    options = options.parse_args()
    keep_large_blocks()
    with_torch = f"PyTorch {torch.__version__}" if torch else "no PyTorch (to compare: pip install torch)"
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {with_torch}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, one thread, H={H}", flush=True)
    for name, cases in STUDIES.items():
        if options.only in (None, name):
            print(f"\n{name}, float32: steps, and seconds of processor and of clock, until solved")
            for case in cases:
                study(case, options.seeds, options.steps)
    if options.only in (None, "speed"):
        speed(options.rounds)


def study(case, seeds, limit):
    """One way to learn, seed by seed."""
    task, cls, start, lr, batch, cut = case
    truncated = f", window of {cut} steps" if cut else ""
    print(f"\n{type(task).__name__} T={task.T}, {cls.__name__} {start}, lr {lr}, B={batch}{truncated}")
    runs = [learn(case, seed, limit) for seed in range(seeds)]
    for seed, (step, busy, clock, loss, accuracy) in enumerate(runs):
        said = f"{step:5d} steps {busy:6.2f} s {clock:6.2f} s" if step else f"not in {limit} steps"
        print(f"  seed {seed}: {said}; new sequences: loss {loss:.4f}, accuracy {accuracy:.3f}")
    solved = [run for run in runs if run[0]]
    within = sum(run[1] <= 6 for run in solved)
    print(f"  solved by {len(solved)} of {seeds}, {within} of them within 6 s of processor", flush=True)


def model_for(task, cls, start, seed, dtype=np.float32):
    """A model as the recipe draws it, and the rng that goes on to draw the sequences."""
    rng = np.random.default_rng(seed)
    cell = cls(task.D, H, rng=rng, init="orthogonal", dtype=dtype, **start)
    readout = Readout(H, task.K, rng=rng, dtype=dtype)
    return Model(cell, readout, every_step=task.every_step), rng


def learn(case, seed, limit):
    """Steps (0 if not solved), processor and clock seconds, loss and accuracy on new sequences."""
    task, cls, start, lr, batch, cut = case
    model, rng = model_for(task, cls, start, seed)
    loss, losses, solved = LOSSES[task.loss], [], 0
    steps = fit(model, task.batches(rng, batch), loss, Adam(lr), cut=cut, mode="window")
    busy, clock = time.process_time(), time.perf_counter()
    for step in islice(steps, limit):
        losses.append(step.loss)
        if len(losses) >= MEAN_OF and np.mean(losses[-MEAN_OF:]) < task.solved:
            solved = step.step
            break
    busy, clock = time.process_time() - busy, time.perf_counter() - clock
    test = task.batch(np.random.default_rng(10**6 + seed), 1000)
    y = model.forward(test.x)[1]
    return solved, busy, clock, loss(y, test.target)[0], task.accuracy(y, test)


def speed(rounds):
    """Steps a second, in turn, the best round of each."""
    print(f"\nspeed, T={T}, B={B}: steps of learning a second: batch, forward, loss, backward, clip, Adam")
    for dtype in (np.float32, np.float64):
        for cls in (RNN, LSTM, GRU):
            ways = {"engine": engine_step(cls, dtype)}
            if torch:
                ways["torch.nn"] = torch_step(cls, dtype)
            best = dict.fromkeys(ways, np.inf)
            for _ in range(rounds):
                for way, step in ways.items():
                    start = time.perf_counter()
                    step()
                    best[way] = min(best[way], time.perf_counter() - start)
            row = f"  {np.dtype(dtype).name} {cls.__name__:5}" + "".join(
                f"{way} {1 / s:6.0f}   " for way, s in best.items()
            )
            print(row + (f"ratio {best['torch.nn'] / best['engine']:.2f}" if torch else ""), flush=True)


def cell_options(cls):
    """torch.nn's GRU is the one with the reset gate after the product."""
    return {"reset": "after"} if cls is GRU else {}


def engine_step(cls, dtype):
    """One step of learning, by `fit`."""
    task = TemporalOrder(T)
    model, rng = model_for(task, cls, cell_options(cls), 0, dtype)
    steps = fit(model, task.batches(rng, B), cross_entropy, Adam(1e-3))
    return lambda: next(steps)


def torch_step(cls, dtype):
    """The same step by torch.nn, torch.optim and autograd, from the same weights."""
    torch.set_num_threads(1)
    task = TemporalOrder(T)
    model, rng = model_for(task, cls, cell_options(cls), 0, dtype)
    layer, readout = getattr(torch.nn, cls.__name__)(task.D, H), torch.nn.Linear(H, task.K)
    layer.load_state_dict({name: torch.tensor(w) for name, w in to_torch(model.cell).items()})
    kind = torch.float64 if dtype == np.float64 else torch.float32
    parameters = [*layer.to(kind).parameters(), *readout.to(kind).parameters()]
    optimizer, batches = torch.optim.Adam(parameters, lr=1e-3), task.batches(rng, B)

    def step():
        batch = next(batches)
        x = torch.tensor(batch.x, dtype=kind).transpose(1, 2)
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(readout(layer(x)[0][-1]), torch.tensor(batch.target))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()

    return step


if __name__ == "__main__":
    main()
