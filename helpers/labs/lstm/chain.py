"""A lab of the lesson on gates: what happens to a memory in the chain that the blocks make."""

import numpy as np

from helpers.drawing.lstm_chain import LSTMChain
from helpers.drawing.style import fixed, two_digits
from helpers.engine.bptt import unroll
from helpers.engine.cells import LSTM
from helpers.lab import Lab, Prediction, Slider


class Chain(Lab):
    """What happens to a memory on its way along the chain?

    One unit that reads a 1, then only small numbers. W_i = W_c = 2 and U = 0, to keep it simple. At one
    step, which you choose, a second input shuts the forget gate with a weight of -1000.
    """

    T = Slider(2, 10, step=1, default=2, label="sequence length T", time=True)
    b_f = Slider(-6.0, 6.0, step=0.1, default=3.0, label="forget bias b_f")
    b_i = Slider(-6.0, 6.0, step=0.1, default=0.0, label="input bias b_i")
    b_o = Slider(-6.0, 6.0, step=0.1, default=2.0, label="output bias b_o")
    erase = Slider(0, 10, step=1, default=0, label="erase at step (0: none)")
    anchors = ({"b_f": 6.0}, {"b_f": 0.0}, {"erase": 5}, {"b_o": -6.0}, {"b_i": -6.0})
    prediction = Prediction(
        "After one more step, 95.3% of what step 1 wrote is left. How much is left after step 10?",
        {"T": 10},
        unit="%",
        near=5,
    )
    INPUTS = np.array([1.0, 0.1, -0.2, 0.1, -0.1, 0.2, -0.1, -0.2, 0.1, 0.1])

    def measured(self, result):
        """In per cent."""
        return round(100 * result["left"][-1], 1)

    def because(self, result):
        """How it comes about."""
        return f"Nine gates of {fixed(result['f'][-1])} are multiplied."

    def compute(self):
        """The gates and both states of the unit, and what is left of step 1's writing, (T,) each."""
        cell = LSTM(2, 1, init="zeros").put(W_i=[2.0, 0], W_c=[2.0, 0], W_f=[0, -1000.0])
        cell.put(b_f=self.b_f, b_i=self.b_i, b_o=self.b_o)
        shut = np.arange(1, self.T + 1) == self.erase
        tape = unroll(cell, np.stack([self.INPUTS[: self.T], shut], axis=1)[:, :, None])
        found = tape.of_unit()
        return found | {"x": self.INPUTS[: self.T], "left": np.r_[1.0, np.cumprod(found["f"][1:])]}

    def draw(self, result):
        """The chain, and nothing else."""
        figure = self.new_figure(8.2, 4.2)
        self._chain = LSTMChain(figure.add_subplot(), len(self.INPUTS))
        return figure

    def update(self, result):
        """Place the steps and write their numbers."""
        self._chain.show(result)

    def readout(self, result):
        """What the first step wrote, and how much of it is left."""
        first, holds, shows = (two_digits(x) for x in (result["c"][0], result["c"][-1], result["h"][-1]))
        left = f"{result['left'][-1]:.1%}"
        return SAID.format(first=first, left=left, T=self.T, holds=holds, shows=shows)


SAID = (
    "Step 1 wrote {first} into the cell, and {left} of it is left after step {T}. The cell then holds"
    " {holds}, and the block shows {shows}."
)
