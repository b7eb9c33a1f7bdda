"""A lab's opening picture does not give away what the lab asks: more comes as it is dragged."""

import numpy as np

from helpers.labs.bptt.unit import T
from helpers.labs.bptt.updates import Learning
from helpers.labs.bptt.walking_back import WalkingBack
from helpers.labs.clipping.truncation import Truncation
from helpers.labs.lstm.block import OneStep
from helpers.labs.rnn.reading import ReadingRNN
from helpers.labs.vanishing.influence import GradientOrInfluence
from helpers.labs.vanishing.two_by_two import InTurn


def test_weights_path_grows_with_the_updates():
    lab = Learning()
    assert [len(line.get_xdata()) for line in (lab._falling, *lab._weights)] == [1] * 4
    lab.updates = 40
    assert [len(line.get_xdata()) for line in (lab._falling, *lab._weights)] == [41] * 4


def test_what_truncation_loses_is_shown_from_k_on():
    lab = Truncation()
    assert [line.get_xdata().tolist() for line in lab._curves] == [[60]] * 4
    lab.k = 10
    assert [line.get_xdata().tolist() for line in lab._curves] == [list(range(10, 61))] * 4


def test_stretch_of_two_in_turn_ends_at_n():
    lab = InTurn()
    assert [line.get_xdata().tolist() for line in lab._lines] == [[0, 1]] * 4
    lab.n = 10
    assert [len(line.get_xdata()) for line in lab._lines] == [11] * 4


def test_swap_is_shown_once_tried():
    lab = GradientOrInfluence()
    _, swaps, (_, numbers), _ = lab._bands["rnn"]
    assert [text.get_text() for text in numbers][:9] == [""] * 8 + ["0.5"]
    assert np.isfinite(np.ma.filled(swaps.get_array(), np.nan)).sum() == 1
    lab.t = 2
    assert numbers[1].get_text() == "−12.4"


def test_verb_is_hidden_until_it_is_read():
    lab = ReadingRNN()
    shown = [text.get_text() for text in lab._axis._words]
    assert "cabinet" in shown
    assert "are" not in shown
    lab.t = 7
    assert "are" in [text.get_text() for text in lab._axis._words]


def test_question_quotes_the_numbers_of_the_picture():
    result = OneStep().result
    assert f"holds {result['c']:.2f} and the block shows {result['h']:.2f}" in OneStep.prediction.question


def test_clicked_link_opens_the_numbers_multiplied_there():
    lab = WalkingBack()
    clickable = lab.clickable()
    assert len(clickable) == T - 1
    for label, (box, controls) in clickable.items():
        left, bottom, right, top = box
        assert 0 < left < right < 1
        assert 0 < bottom < top < 1
        lab.set(**controls)
        step = int(label.split()[1])
        assert f"φ′(a{'₀₁₂₃₄₅₆₇₈₉'[step] if step < 10 else '₁₀'})" in lab.readout_text
        assert "multiplied by U = 0.90, it sends" in lab.readout_text
