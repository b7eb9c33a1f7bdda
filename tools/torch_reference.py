"""Make tests/engine/torch.npz: values and gradients by PyTorch's autograd, in float64.

Run it where torch is installed: `python tools/torch_reference.py`. It knows nothing of `helpers`. RNN,
LSTM and GRU are torch.nn's own layers. The GRU conventions that torch.nn does not have are written out
from their papers' equations below, and autograd differentiates them.
"""

import pathlib

import numpy as np
import torch

D, H, T, B = 2, 3, 5, 2
OUT = pathlib.Path(__file__).resolve().parents[1] / "tests" / "engine" / "torch.npz"


def layer_case(kind):
    """A torch.nn layer, its inputs, its states and all gradients."""
    layer = getattr(torch.nn, kind)(D, H).double()
    x, first, v = inputs(2 if kind == "LSTM" else 1)
    start = tuple(s.T.unsqueeze(0) for s in first)
    out, _ = layer(x.transpose(1, 2), start if kind == "LSTM" else start[0])
    h = out.transpose(1, 2)
    (h * v).sum().backward()
    weights = dict(layer.named_parameters())
    return numbers(weights, x, first, v, h)


def written_case(update, reset):
    """A GRU of one convention, from the equations."""
    weights = {
        name: torch.randn(3 * H, n, dtype=torch.float64, requires_grad=True)
        for name, n in (("W", D), ("U", H), ("b", 1))
    }
    x, first, v = inputs(1)
    (W_z, W_r, W_h), (U_z, U_r, U_h), (b_z, b_r, b_h) = (weights[k].split(H) for k in "WUb")
    h, states = first[0], []
    for x_t in x:
        z = torch.sigmoid(W_z @ x_t + U_z @ h + b_z)
        r = torch.sigmoid(W_r @ x_t + U_r @ h + b_r)
        recurrent = U_h @ (r * h) if reset == "before" else r * (U_h @ h)
        h_tilde = torch.tanh(W_h @ x_t + recurrent + b_h)
        h = z * h + (1 - z) * h_tilde if update == "keep" else (1 - z) * h + z * h_tilde
        states.append(h)
    h = torch.stack(states)
    (h * v).sum().backward()
    return numbers(weights, x, first, v, h)


def inputs(n_states):
    """x, the first states and the weights v of the loss sum(v * h), all random."""
    x = torch.randn(T, D, B, dtype=torch.float64, requires_grad=True)
    first = [torch.randn(H, B, dtype=torch.float64, requires_grad=True) for _ in range(n_states)]
    return x, first, torch.randn(T, H, B, dtype=torch.float64)


def numbers(weights, x, first, v, h):
    """All of it as plain arrays; the gradient of `name` is called `d name`."""
    leaves = {**weights, "x": x, **dict(zip(("h_0", "c_0"), first, strict=False))}
    found = {name: leaf.detach().numpy() for name, leaf in leaves.items()}
    found |= {f"d {name}": leaf.grad.numpy() for name, leaf in leaves.items()}
    return {**found, "v": v.numpy(), "h": h.detach().numpy()}


def main():
    """Compute every case and store it."""
    torch.manual_seed(0)
    cases = {kind: layer_case(kind) for kind in ("RNN", "LSTM", "GRU")}
    for update in ("keep", "write"):
        for reset in ("before", "after"):
            cases[f"GRU {update} {reset}"] = written_case(update, reset)
    flat = {f"{case}/{name}": value for case, found in cases.items() for name, value in found.items()}
    OUT.parent.mkdir(exist_ok=True)
    np.savez_compressed(OUT, torch_version=torch.__version__, **flat)
    print(f"{OUT.name}: {len(cases)} cases, {OUT.stat().st_size} bytes, torch {torch.__version__}")


if __name__ == "__main__":
    main()
