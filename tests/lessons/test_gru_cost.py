"""What lesson 7 says of the cost of a GRU, beside the other cells."""

import pytest

from helpers.engine.cells import GRU, LSTM, RNN
from helpers.engine.cells.conventions import to_torch
from helpers.labs.gru.cost import Costs, largest_H, n_parameters


@pytest.mark.parametrize(("D", "H"), [(2, 32), (1, 1), (64, 128), (7, 50)])
def test_parameters_are_in_the_ratio_1_3_4(D, H):
    for two in (False, True):
        one, three, four = (n_parameters(kind, D, H, two) for kind in ("RNN", "GRU", "LSTM"))
        assert (three, four) == (3 * one, 4 * one)
    for kind, cls in (("RNN", RNN), ("GRU", GRU), ("LSTM", LSTM)):
        assert n_parameters(kind, D, H) == cls(D, H, init="zeros").n_parameters


def test_pytorch_keeps_two_biases():
    cells = {"RNN": RNN(2, 32, rng=0), "GRU": GRU(2, 32, rng=0, reset="after"), "LSTM": LSTM(2, 32, rng=0)}
    for kind, expected in (("RNN", 1152), ("GRU", 3456), ("LSTM", 4608)):
        assert sum(w.size for w in to_torch(cells[kind]).values()) == expected
        lab = Costs(biases="two, as in PyTorch")
        assert f"{kind} {expected}" in lab.readout_text


def test_an_equal_budget_buys_65_and_37_units():
    lab = Costs(compare="equal budget")
    assert "Units: 65 / 37 / 32" in lab.readout_text
    assert all(found["parameters"] <= 4480 for found in lab.result.values())
    for kind, H in (("RNN", 66), ("GRU", 38)):
        assert n_parameters(kind, 2, H) > 4480
    assert largest_H("GRU", 3, n_parameters("LSTM", 3, 20)) == 23


def test_what_must_be_stored_and_carried():
    found = Costs().result
    assert [found[kind]["stored"] for kind in ("RNN", "GRU", "LSTM")] == [66, 130, 194]
    assert [found[kind]["carried"] for kind in ("RNN", "GRU", "LSTM")] == [32, 32, 64]


def test_time_is_measured_only_when_asked():
    lab = Costs()
    assert "Time" not in lab.readout_text
    lab.timed = True
    assert "Time per step, just measured: 1.0 : " in lab.readout_text
    assert all(found["time"] > 0 for found in lab.result.values())
