"""From one convention of the GRU to another, and to and from PyTorch's weights.

Two choices make four GRUs. What z_t = 1 does is a matter of sign, so every cell can be rewritten. Where r_t
enters is not: U_h (r_t * h_prev) and r_t * (U_h h_prev) are the same for every state only if U_h is diagonal,
so that row k of the product sees h_prev[k] alone, or if units that U_h connects have the same r_t, so
that it can be moved out of the product. Since r_t depends on the input, only U_h is checked here.
"""

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells.activations import ACTIVATIONS
from helpers.engine.cells.gru import GRU, GRUAfter
from helpers.engine.cells.lstm import LSTM
from helpers.engine.cells.rnn import RNN

IN_TORCH = tuple(name for name, activation in ACTIVATIONS.items() if activation.in_torch)
# The order of the gates in PyTorch's weights (torch.nn.LSTM, torch.nn.GRU: "Variables").
TORCH_BLOCKS = {RNN: ("",), LSTM: ("i", "f", "c", "o"), GRUAfter: ("r", "z", "h")}


def convert(gru, *, update=None, reset=None):
    """A GRU of another convention that gives the same states for every input, with the same gates.

    Parameters
    ----------
    gru : GRU
        Left as it is.
    update : {"keep", "write"}, optional
        1 - sigmoid(a) = sigmoid(-a), so W_z, U_z and b_z change their sign: always exact.
    reset : {"before", "after"}, optional
        Exact where `U_h` is diagonal; from "after", `b_m` must be 0 besides. (It would be exact, too, where
        r_t is the same for all units at every step, or where each row of `U_h` has a single entry and the
        rows of the reset gate change places; such cells are refused.)

    Returns
    -------
    GRU
        A new cell.

    Raises
    ------
    ValueError
        If no weights with the same reset gate give the same states.
    """
    if not isinstance(gru, GRU):
        raise ValueError(f"gru must be a GRU; got {type(gru).__name__}.")
    update, reset = update or gru.update, reset or gru.reset
    new = GRU(gru.D, gru.H, init="zeros", update=update, reset=reset, dtype=gru.dtype)
    if reset != gru.reset:
        _require_same_reset(gru)
    new.put(W=gru.W, U=gru.U)
    new.b[: 3 * gru.H] = gru.b[: 3 * gru.H]
    if reset == gru.reset:
        new.put(b=gru.b)
    if update != gru.update:
        for name in ("W_z", "U_z", "b_z"):
            new[name] *= -1
    return new


def _require_same_reset(gru):
    U_h = gru["U_h"]
    if np.count_nonzero(U_h - np.diag(np.diag(U_h))):
        raise ValueError(
            "reset cannot be converted: U_h must be diagonal for U_h (r * h) and r * (U_h h) to agree on "
            "every state, unless units that it connects have the same r; this U_h is not diagonal."
        )
    if gru.reset == "after" and np.any(gru["b_m"]):
        raise ValueError(
            "reset cannot be converted: b_m must be 0, because r multiplies it and reset='before' has no "
            "bias that r multiplies."
        )


def from_torch(kind, weights, *, activation="tanh"):
    """A cell with the weights of a one-layer torch.nn.RNN, LSTM or GRU.

    Parameters
    ----------
    kind : {"RNN", "LSTM", "GRU"}
        A GRU becomes one with update="keep", reset="after", which is PyTorch's.
    weights : mapping
        The plain arrays "weight_ih_l0" (G*H, D), "weight_hh_l0" (G*H, H), "bias_ih_l0" and "bias_hh_l0"
        (G*H,), as in the layer's `state_dict()`.
    activation : {"tanh", "relu"}
        Of an RNN: the `nonlinearity` of the layer, which is not among its weights.

    Returns
    -------
    RNN, LSTM or GRU
        PyTorch's two biases are added into one; only the GRU's candidate keeps both, as b_h and b_m.

    Raises
    ------
    ValueError
        For a name that is missing, a wrong shape, or an activation that PyTorch does not have.
    """
    arguments.choice(activation, "activation", IN_TORCH)
    cells = {"RNN": RNN, "LSTM": LSTM, "GRU": GRUAfter}
    cls = cells[arguments.choice(kind, "kind", tuple(cells))]
    G, names = len(TORCH_BLOCKS[cls]), ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    missing = [name for name in names if name not in weights]
    if missing:
        raise ValueError(f"weights must have {', '.join(names)}; missing: {', '.join(missing)}.")
    arrays = [np.asarray(weights[name]) for name in names]
    dtype = np.float32 if arrays[0].dtype == np.float32 else np.float64
    W = arguments.array(arrays[0], names[0], "(G*H, D)", (None, None), dtype)
    D, H = W.shape[1], len(W) // G
    U = arguments.array(arrays[1], names[1], "(G*H, H)", (G * H, H), dtype)
    biases = [
        arguments.array(a, n, "(G*H,)", (G * H,), dtype) for a, n in zip(arrays[2:], names[2:], strict=True)
    ]
    options = {"activation": activation} if cls is RNN else {}
    cell = cls(D, H, init="zeros", dtype=dtype, **options)
    order = _rows(TORCH_BLOCKS[cls], cell.blocks, H)
    b_x, b_h = (bias[order][:, None] for bias in biases)
    cell.put(W=W[order], U=U[order])
    cell.b[: G * H] = b_x + b_h
    if cls is GRUAfter:
        cell.put(b_h=b_x[2 * H :], b_m=b_h[2 * H :])
    return cell


def to_torch(cell):
    """The weights of a cell as plain arrays in PyTorch's order and names.

    Parameters
    ----------
    cell : RNN, LSTM or GRU
        A tanh or ReLU RNN, an LSTM, or a GRU with reset="after"; the sign of z is changed where needed.

    Returns
    -------
    dict
        As `from_torch` takes it. "bias_hh_l0" is 0 except for the GRU's b_m.

    Raises
    ------
    ValueError
        For a cell that PyTorch does not have.
    """
    if isinstance(cell, RNN):
        arguments.choice(cell.activation, "The activation of an RNN in PyTorch", IN_TORCH)
    if isinstance(cell, GRU):
        cell = convert(cell, update="keep", reset="after")
    H, blocks = cell.H, TORCH_BLOCKS[type(cell)]
    order = _rows(cell.blocks, blocks, H)
    b_h = np.zeros_like(cell.b[: cell.G * H])
    if isinstance(cell, GRU):
        b_h[2 * H :] = cell["b_m"]
    return {
        "weight_ih_l0": cell.W[order],
        "weight_hh_l0": cell.U[order],
        "bias_ih_l0": cell.b[order, 0],
        "bias_hh_l0": b_h[order, 0],
    }


def _rows(here, there, H):
    """Which rows, in blocks named as in `here`, make up the order of `there`."""
    return np.concatenate([np.arange(H) + H * here.index(block) for block in there])
