"""What the three cells share: their parameters, reached as a whole or by the letter of a gate.

The protocol that `bptt` and `probes` build on, so that they are written once for all cells:

- `step(*views_t, *states_prev, *states_t)` makes one step forward. `a_t` comes in holding W x_t + b;
  the cell adds what the old state has to say and leaves the values of its gates there, and the new
  states in `states_t`.
- `slopes(tape)` gives the local derivatives of a whole run at once. They can be had before the way
  back, since they do not depend on the gradient that arrives.
- `back(*views_t, *slopes_t, *dstates_t, *dstates_prev)` makes one step back. It is linear in the
  gradient that arrives, so its columns may be a batch, or any bundle of gradients of one sequence. It
  leaves dL/da_t in `da_t`, the total derivatives dL/dstate_t in `dstates_t`, and what arrives at the
  states before in `dstates_prev`.

A step works on parts of `a_t`: one gate, the three sigmoids together, all blocks as the rows of one
matrix. `forward_views` and `backward_views` cut these parts out of the arrays of a whole run, the time
still their first axis, so that `zip` hands each step its own. And a result goes straight into its place
in such an array: that is what `out=` says. Parts cut out step by step, and new arrays for all results,
would make a small step of an LSTM or a GRU a quarter longer.
"""

import numpy as np

from helpers.cells import arguments, initialise


def sigmoid(a, out=None):
    """1/(1 + exp(-a)), elementwise; in place if `out` is `a`.

    Far to the left exp(-a) overflows to inf, and 1/(1 + inf) = 0 is the right answer. NumPy would warn
    of it, so `unroll` silences that warning once for a whole run.
    """
    if out is None:
        a = np.asarray(a)
        out = np.empty(a.shape, a.dtype if a.dtype.kind == "f" else float)
    np.negative(a, out)
    np.exp(out, out)
    one = _ONE[out.dtype.char]
    out += one
    return np.divide(one, out, out)  # np.reciprocal takes twice as long


# An array of no dimensions is used as it is; a Python number would be converted at every step.
_ONE = {"d": np.ones((), np.float64), "f": np.ones((), np.float32)}


class Cell:
    """A recurrent cell with parameters `W`, `U` and `b`.

    Attributes
    ----------
    D, H, G : int
        Sizes: inputs, hidden units, and blocks of H rows in `W` and `U` (one a gate).
    S : int
        Number of states it carries from step to step: 1 (h), or 2 (h and c).
    W : numpy.ndarray
        Input weights, (G*H, D).
    U : numpy.ndarray
        Recurrent weights, (G*H, H).
    b : numpy.ndarray
        Biases, (G*H, 1).
    """

    blocks = ("",)  # the letter of each block of H rows of W and U
    states = ("h",)
    gates = ("a",)  # what a step leaves behind in each block of a_t

    def __init__(self, D, H, *, rng=None, dtype=np.float64, init="uniform", gain=1.0):
        self.D, self.H = arguments.size(D, "D"), arguments.size(H, "H")
        dtype, rng = arguments.floating(dtype), arguments.generator(rng)
        draw_U = initialise.RECURRENT[arguments.choice(init, "init", tuple(initialise.RECURRENT))]
        self.W = initialise.uniform(rng, self.G * self.H, self.D, self.H).astype(dtype)
        self.U = np.concatenate([draw_U(rng, self.H) for _ in range(self.G)]).astype(dtype)
        self.U *= dtype.type(arguments.number(gain, "gain"))
        self.b = np.zeros((len(self.bias_blocks) * self.H, 1), dtype)

    @property
    def G(self):
        """Number of blocks of H rows in `W` and in `U`."""
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
    def rows(self):
        """Shape of one step's `a_t` without its batch axis."""
        return (len(self.bias_blocks), self.H)

    @property
    def dtype(self):
        """Precision of the parameters, and of all that is computed with them."""
        return self.U.dtype

    @property
    def parameters(self):
        """The parameters by name; they are the arrays themselves, not copies."""
        return {"W": self.W, "U": self.U, "b": self.b}

    @property
    def n_parameters(self):
        """How many numbers there are to learn: shared by all steps, so the same for any T."""
        return sum(p.size for p in self.parameters.values())

    def __getitem__(self, name):
        return block(self, self.parameters, name)

    def __setitem__(self, name, value):
        block(self, self.parameters, name)[...] = value

    def __call__(self, x_t, state=None):
        """One step, for a look at it: no tape is kept.

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
        views = (view[0] for view in self.forward_views(self.project(x_t[None])))
        now = tuple(np.empty((self.S, self.H, x_t.shape[1]), self.dtype))
        with np.errstate(over="ignore"):
            self.step(*views, *self._given(state, x_t.shape[1]), *now)
        return now if self.S > 1 else now[0]

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
        """W x_t + b of every step, (T, *rows, B): one product for the whole sequence."""
        T, D, B = x.shape
        # The bias is the weight of an input that is always 1: so it costs no pass of its own.
        x_1 = np.concatenate([x, np.ones((T, 1, B), self.dtype)], axis=1)
        W_b = np.zeros((len(self.b), D + 1), self.dtype)
        W_b[: len(self.W), :D], W_b[:, D:] = self.to_a(self.W), self.to_a(self.b)
        a = np.empty((T, *self.rows, B), self.dtype)
        flat = a.reshape(T, -1, B)
        if B == 1:
            np.matmul(x_1[:, :, 0], W_b.T, out=flat[:, :, 0])
        else:
            np.matmul(W_b, x_1, out=flat)
        return a

    def to_a(self, rows):
        """The rows of `W` or `b` in the order that `a_t` has."""
        return rows

    def from_a(self, rows):
        """The inverse of `to_a`."""
        return rows

    def recurrent_inputs(self, tape):
        """What the rows of `U` multiply, (T, H, B), beside the blocks of `a_t` that receive it.

        In the order of the rows of `U`; this is what dU is made from.
        """
        return [(slice(None), tape.h_prev)]

    def forward_views(self, gates):
        """The parts of (T, *rows, B) that `step` takes, the time first."""
        return (gates,)

    def backward_views(self, da):
        """The parts of (T, *rows, B) that `back` takes, the time first: all of it, then others."""
        return (da,)

    def scratch(self, K):
        """Room for the dL/da_t of one step, K columns wide: all of it, then the other parts for `back`."""
        return [view[0] for view in self.backward_views(np.empty((1, *self.rows, K), self.dtype))]

    def step(self, *views_and_states):
        """One step forward; see the cells."""
        raise NotImplementedError

    def slopes(self, tape):
        """Local derivatives of a whole run; see the cells."""
        raise NotImplementedError

    def back(self, *views_slopes_and_dstates):
        """One step back; see the cells."""
        raise NotImplementedError

    def __repr__(self):
        return f"{type(self).__name__}(D={self.D}, H={self.H}): {self.n_parameters} parameters"


def flat(a):
    """The blocks of (T, ..., H, B) as the rows of one axis, (T, rows, B)."""
    return a.reshape(len(a), -1, a.shape[-1])


def block(cell, parameters, name):
    """The view of one gate's rows, by a name such as "b_f"; or a whole array, by "b"."""
    if name in parameters:
        return parameters[name]
    names = {}
    for whole in ("W", "U", "b"):
        letters = cell.bias_blocks if whole == "b" else cell.blocks
        names |= {f"{whole}_{letter}": (whole, k) for k, letter in enumerate(letters) if letter}
    if name not in names:
        there = ", ".join([*parameters, *names])
        raise KeyError(f"{type(cell).__name__} has no {name!r}; it has {there}")
    whole, k = names[name]
    return parameters[whole][k * cell.H : (k + 1) * cell.H]
