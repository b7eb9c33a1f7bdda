"""The checks of the lesson on gates that ask for a number."""

from helpers.checks import exercise, judge_number
from helpers.engine.cells import LSTM


@exercise("What is the new cell state? Write a number.")
def check_mix(answer):
    """The new cell state for f = 0.25, an old one of 0.8, i = 0.5 and a candidate of -0.6."""
    return judge_number(
        answer,
        0.25 * 0.8 + 0.5 * -0.6,
        why="0.25 × 0.8 − 0.5 × 0.6 = −0.1. A quarter of the old state is kept, and the candidate pulls it"
        " down at half strength.",
        mistakes=[
            (0.25 * 0.8 + 0.5 * 0.6, "You wrote upwards, but the candidate is negative."),
            (0.25 * 0.8, "That is what is kept. What is written?"),
            (0.5 * -0.6, "That is what is written. What is kept of the old state?"),
            (0.25 * 0.8 + 0.75 * -0.6, "You wrote with 1 - f. An LSTM has an input gate of its own."),
            (0.25 * 0.8 - 0.6, "You took the candidate at full strength; i is 0.5."),
            (0.75 * 0.8 + 0.5 * -0.6, "You kept 1 - f of the old state. A forget gate of 0.25 keeps 0.25."),
            (0.5 * 0.8 + 0.25 * -0.6, "You swapped the gates: f belongs to the old state."),
        ],
    )


@exercise("How many parameters does this LSTM have? Write a whole number.")
def check_parameters(answer):
    """How many parameters an LSTM with D=3 inputs and H=5 hidden units has."""
    return judge_number(
        answer,
        LSTM(3, 5, init="zeros").n_parameters,
        whole=True,
        why="4 × (15 + 25 + 5) = 180. Three gates and the candidate: four times a plain layer of that size.",
        mistakes=[
            (45, "That is one block: a plain RNN. Which parts of an LSTM have weights of their own?"),
            (90, "That is two blocks. Which parts of an LSTM have weights of their own?"),
            (135, "That is the three gates. Which other part has weights of its own?"),
            (160, "You left out the biases: each of the four blocks has a b."),
            (165, "You left out the biases of three blocks: each of the four has a b of its own."),
            (225, "That is five blocks. The cell state has no weights of its own."),
            (200, "You counted two biases per block, as PyTorch does. Here each block has one."),
        ],
    )
