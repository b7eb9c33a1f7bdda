"""What the cells share: their parameters, as whole arrays or gate by gate, and their protocol.

`bptt` and `probes` build on the protocol, so that they are written once for all cells. All of it is pure: no
argument is changed.

- `step(a_t, *states_prev) -> states, gates` makes one step forward. `a_t` (rows, B) is W x_t + b, which
  `project` computes for all steps at once. The gates are kept on the tape.
- `slopes(tape)` gives the local derivatives of all steps at once. They do not depend on the gradient that
  arrives, so they can be computed before the backward pass.
- `back(slopes_t, *dstates_t) -> da_t, *dstates_prev` makes one step back. It is linear in the gradient
  that arrives, so its columns may be a batch, or any bundle of gradients of one sequence. `dstates_t` is
  what arrives at the new states from outside the step: from the loss, and from the step after.
- `total(name, tape, arrived, dh)` adds to that, for a whole run, what reaches a state through the h_t of
  its own step, as c_t does through h_t = o_t tanh(c_t). So dL/dc_t is the total derivative. What arrives
  at h_t is already all of it, since h_t is the last thing that a step computes.
"""

import copy

import numpy as np

from helpers.engine import arguments
from helpers.engine.cells import initialise

# A gradient, or a state of a linear RNN, may outgrow its dtype. It then becomes inf or nan, which the callers
# check for. Besides, some kernels of OpenBLAS raise the flag for an invalid number where there is none.
may_overflow = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class Cell:
    """A recurrent cell with parameters `W`, `U` and `b`.

    Attributes
    ----------
    D, H, G : int
        Sizes: inputs, hidden units, and blocks of H rows in `W` (one for each gate); most cells have as many
        in `U`.
    S : int
        Number of states carried from step to step: 1 (h), or 2 (h and c).
    W : numpy.ndarray
        Input weights, (G*H, D).
    U : numpy.ndarray
        Recurrent weights, (G*H, H); (0, H) in a cell whose gates do not see h.
    b : numpy.ndarray
        Biases, (G*H, 1).
    """

    blocks = ("",)  # the letter of each block of H rows of W and U
    states = ("h",)
    gates = ("a",)  # what `step` returns beside the states

    def __init__(self, D, H, *, rng=None, dtype=np.float64, init="uniform", gain=1.0):
        self.D, self.H = arguments.size(D, "D"), arguments.size(H, "H")
        dtype, rng = arguments.floating(dtype), arguments.generator(rng)
        draw_W, draw_U = initialise.DRAWS[arguments.choice(init, "init", tuple(initialise.DRAWS))]
        self.W = draw_W(rng, self.G * self.H, self.D, self.H).astype(dtype)
        drawn = [draw_U(rng, self.H) for _ in self.recurrent_blocks]
        self.U = np.concatenate([np.zeros((0, self.H)), *drawn]).astype(dtype)
        self.U *= dtype.type(arguments.number(gain, "gain"))
        self.b = np.zeros((len(self.bias_blocks) * self.H, 1), dtype)

    @property
    def G(self):
        """Number of blocks of H rows in `W`."""
        return len(self.blocks)

    @property
    def S(self):
        """Number of states carried from step to step."""
        return len(self.states)

    @property
    def bias_blocks(self):
        """The letter of each block of H rows of `b`."""
        return self.blocks

    @property
    def recurrent_blocks(self):
        """The letter of each block of H rows of `U`: none in a cell whose gates do not see h."""
        return self.blocks

    @property
    def dtype(self):
        """Precision of the parameters, and of everything that is computed with them."""
        return self.U.dtype

    @property
    def parameters(self):
        """The parameters by name; they are the arrays themselves, not copies."""
        return {"W": self.W, "U": self.U, "b": self.b}

    @property
    def n_parameters(self):
        """How many numbers there are to learn; all steps share them, so T does not matter."""
        return sum(p.size for p in self.parameters.values())

    def __getitem__(self, name):
        return block(self, self.parameters, name)

    def __setitem__(self, name, value):
        block(self, self.parameters, name)[...] = value

    def put(self, **values):
        """Set parameters, or blocks of them, by name, as in `cell.put(W=1, U=0, b_f=5)`; returns the cell."""
        for name, value in values.items():
            self[name] = value
        return self

    def like(self, D=None):
        """A copy of this cell that shares nothing with it: the same kind, the same weights.

        Parameters
        ----------
        D : int, optional
            Inputs of the copy, as many as this cell has or more. The weights of the added ones are 0.

        Raises
        ------
        ValueError
            For a D below that of the cell.
        """
        D = self.D if D is None else arguments.size(D, "D")
        if D < self.D:
            raise ValueError(f"D must be {self.D} or more, the inputs of the cell; got {D}.")
        other = copy.deepcopy(self)
        other.D, other.W = D, np.pad(self.W, ((0, 0), (0, D - self.D)))
        return other

    @may_overflow
    def __call__(self, x_t, state=None):
        """Make one step, without a tape.

        Parameters
        ----------
        x_t : array_like
            (D, B).
        state : array_like, or a tuple (h_prev, c_prev) for an LSTM
            (H, B) each; zeros if left out.

        Returns
        -------
        numpy.ndarray
            h_t (H, B), or the tuple (h_t, c_t) for an LSTM.
        """
        x_t = arguments.array(x_t, "x_t", "(D, B)", (self.D, None), self.dtype)
        states, _ = self.step(self.project(x_t[None])[0], *self._given(state, x_t.shape[1]))
        return states if self.S > 1 else states[0]

    def _given(self, state, B):
        if state is None:
            return [np.zeros((self.H, B), self.dtype)] * self.S
        given = state if self.S > 1 else (state,)
        if len(given) != self.S:
            raise ValueError(f"state must be {self.S} arrays, {self.states}; got {len(given)}.")
        return [
            arguments.array(s, f"{name}_prev", "(H, B)", (self.H, B), self.dtype)
            for s, name in zip(given, self.states, strict=True)
        ]

    def project(self, x):
        """W x_t + b for all steps, (T, rows, B): one product for the whole sequence."""
        T, D, B = x.shape
        # The bias is the weight of an input that is always 1, so adding it costs no pass of its own.
        x_1 = np.concatenate([x, np.ones((T, 1, B), self.dtype)], axis=1)
        W_b = np.zeros((len(self.b), D + 1), self.dtype)
        W_b[: len(self.W), :D], W_b[:, D:] = self.W, self.b
        a = np.empty((T, len(self.b), B), self.dtype)
        if B == 1:
            np.matmul(x_1[:, :, 0], W_b.T, out=a[:, :, 0])
        else:
            np.matmul(W_b, x_1, out=a)
        return a

    def blocks_of(self, rows):
        """The blocks of H rows, one for each gate: (G*H, n) as (G, H, n)."""
        return rows.reshape(-1, self.H, rows.shape[-1])

    def recurrent_inputs(self, tape):
        """What dU is computed from: pairs, in the order of the rows of `U`.

        Each names some blocks of `a_t`, and what `U` multiplies to make them, (T, H, B).
        """
        return [(slice(None), tape.h_prev)]

    def own_gradients(self, tape, da):
        """Gradients of the parameters beside W, U and b, by name, summed over the steps of `da`."""
        return {}

    def step(self, a_t, *states_prev):
        """One step forward; see the cells."""
        raise NotImplementedError

    def slopes(self, tape):
        """Local derivatives of all steps; see the cells."""
        raise NotImplementedError

    def back(self, slopes_t, *dstates_t):
        """One step back; see the cells."""
        raise NotImplementedError

    def total(self, name, tape, arrived, dh):
        """Total derivatives of a state at all steps, (T, H, K), from what arrived at it and from dL/dh_t."""
        return arrived

    def __repr__(self):
        return f"{type(self).__name__}(D={self.D}, H={self.H}): {self.n_parameters} parameters"


def block(cell, parameters, name):
    """The view of one gate's rows, by a name such as "b_f"; or a whole array, by "b"."""
    if name in parameters:
        return parameters[name]
    names = {}
    for whole in ("W", "U", "b"):
        letters = {"W": cell.blocks, "U": cell.recurrent_blocks, "b": cell.bias_blocks}[whole]
        names |= {f"{whole}_{letter}": (whole, k) for k, letter in enumerate(letters) if letter}
    if name not in names:
        there = ", ".join([*parameters, *names])
        raise KeyError(f"{type(cell).__name__} has no {arguments.quoted(name)}; it has {there}")
    whole, k = names[name]
    return parameters[whole][k * cell.H : (k + 1) * cell.H]
