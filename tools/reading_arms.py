"""Networks beside the minGRU of lesson 9: one whose gate sees one more bit, and one with a second layer.

They ask why a minGRU misses verbs. If that is because its gate cannot tell the subject from a noun in a
phrase, then a bit that tells the gate so must help, and another bit must not. A second layer, whose gates see
what the first layer has kept, should help as well.
"""

from dataclasses import dataclass

import numpy as np

from helpers.engine.bptt import backprop, unroll
from helpers.engine.cells import MinGRU
from helpers.english.agreement import Agreement, words_of
from helpers.english.language import MAIN_VERBS, SUBJECT_MATTERS, VERBS, chain
from helpers.tasks import Batch
from helpers.training import Model, Readout

H = 91  # as the minGRU without a bit
H_OF_TWO = 48  # units in each of two layers: 10,020 parameters


def in_phrase(words):
    """Whether each word (T, B) stands after the subject of its sentence and before the main verb.

    So it is True from the first *near* or *that* after the subject to the last word of the last phrase. It
    depends on the words up to that one and not on those that follow.
    """
    table = chain()
    after_subject = np.array([state.place in SUBJECT_MATTERS for state in table.states])
    verbs = [table.index[verb] for kind in MAIN_VERBS for row in VERBS[kind] for verb in row]
    return after_subject[table.walk(words)[:-1]] & ~np.isin(words, verbs)


def every_second(words):
    """Whether the place of each word (T, B) in the stream, counted from 1, is even."""
    return np.broadcast_to(np.arange(len(words))[:, None] % 2 == 1, words.shape)


BITS = {"in a phrase": in_phrase, "every second word": every_second}


@dataclass(frozen=True)
class Told(Agreement):
    """`Agreement` with one more input, a bit for each word.

    Parameters
    ----------
    T : int
        As in `Agreement`.
    bit : str
        A key of `BITS`.
    """

    bit: str = "in a phrase"

    def batch(self, rng, B):
        """As in `Agreement`; the last row of x is the bit."""
        batch = super().batch(rng, B)
        bit = BITS[self.bit](words_of(batch)[:-1])
        return Batch(np.concatenate([batch.x, bit[:, None]], axis=1), batch.target)


class ToldGate(Model):
    """A minGRU for `Told`, in which the bit reaches the gate only: its weights onto the candidate stay 0."""

    def __init__(self, rng, dtype=np.float32):
        K = len(chain().words)
        cell = MinGRU(K + 1, H, rng=rng, dtype=dtype, forget_bias=1.0)
        cell["W_h"][:, -1] = 0
        super().__init__(cell, Readout(H, K, rng=rng, dtype=dtype), every_step=True)

    @property
    def n_parameters(self):
        """How many numbers there are to learn."""
        return super().n_parameters - self.cell.H

    def backward(self, tape, dy, cut=None, mode="segments"):
        """As in `Model`; no gradient for the weights that stay 0."""
        grads = super().backward(tape, dy, cut, mode)
        grads["W"][self.cell.H :, -1] = 0
        return grads


class TwoLayers:
    """Two layers of minGRU: the second reads the states of the first, and the readout those of the second.

    It has what `helpers.training.fit` needs of a `Model`.
    """

    def __init__(self, rng, dtype=np.float32):
        K, kept = len(chain().words), {"rng": rng, "dtype": dtype, "forget_bias": 1.0}
        self.first = MinGRU(K, H_OF_TWO, **kept)
        self.second = Model(
            MinGRU(H_OF_TWO, H_OF_TWO, **kept), Readout(H_OF_TWO, K, rng=rng, dtype=dtype), every_step=True
        )

    @property
    def parameters(self):
        """The parameters by name, with the layer in front."""
        return _named("first", self.first.parameters) | _named("second", self.second.parameters)

    @property
    def n_parameters(self):
        """How many numbers there are to learn."""
        return sum(p.size for p in self.parameters.values())

    def forward(self, x):
        """Read sequences x (T, D, B): both tapes, and the scores (T, K, B)."""
        below = unroll(self.first, x)
        above, y = self.second.forward(below.h)
        return (below, above), y

    def backward(self, tapes, dy, cut=None, mode="segments"):
        """Carry dL/dy back to every parameter of both layers."""
        below, above = tapes
        direct, dV, db_y = self.second.readout.back(dy, above.h)
        grads = backprop(above, direct, cut, mode)
        first = backprop(below, grads.dx, cut, mode)
        second = grads.parameters | {"V": dV, "b_y": db_y}
        return _named("first", first.parameters) | _named("second", second)


def _named(layer, values):
    return {f"{layer} {name}": value for name, value in values.items()}
