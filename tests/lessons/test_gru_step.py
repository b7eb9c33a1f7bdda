"""What lesson 7 says of one step of a GRU."""

import itertools
import re

import numpy as np
import pytest

from helpers.labs.gru.block import OneStep
from tests.engine.plain import sigmoid


def test_new_state_lies_between_old_and_candidate():
    lab = OneStep()
    for h_prev, x_t, b_z in itertools.product((-1.0, -0.3, 0.8), (-2.0, 0.0, 2.0), (-6.0, 0.0, 6.0)):
        lab.set(h_prev=h_prev, x_t=x_t, b_z=b_z)
        found = lab.result
        low, high = sorted((h_prev, found["h_tilde"]))
        assert low - 1e-12 <= found["h"] <= high + 1e-12


@pytest.mark.parametrize(("b_z", "b_r"), [(0.0, 0.0), (6.0, -2.0), (-3.0, 6.0)])
def test_block_numbers_are_those_of_the_equations(b_z, b_r):
    found = OneStep(b_z=b_z, b_r=b_r, h_prev=-0.6, x_t=0.5).result
    r, z = sigmoid(0.5 + 0.3 + b_r), sigmoid(-0.5 - 0.3 + b_z)
    h_tilde = np.tanh(-1.5 * 0.5 + 1.5 * r * -0.6)
    expected = {"r": r, "z": z, "h_tilde": h_tilde, "kept": z * -0.6, "written": (1 - z) * h_tilde}
    expected |= {"h": z * -0.6 + (1 - z) * h_tilde, "r_h": r * -0.6}
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, abs=1e-12)


def test_b_z_6_shuts_the_input_out():
    """It keeps the old state."""
    lab = OneStep(b_z=6.0)
    assert f"{lab.result['h']:.2f}" == "0.79"
    ends = []
    for x_t in np.linspace(-2, 2, 41):
        lab.x_t = float(x_t)
        ends.append(lab.result["h"])
    assert f"{np.ptp(ends):.2f}" == "0.02"


def test_b_z_minus_6_writes_the_candidate():
    found = OneStep(b_z=-6.0).result
    assert found["h"] == pytest.approx(found["h_tilde"], abs=0.005)
    assert f"{found['kept']:.2f}" == "0.00"


def test_b_r_minus_6_hides_the_past():
    """The candidate does not see it."""
    lab = OneStep(b_r=-6.0)
    for h_prev in np.linspace(-1, 1, 41):
        lab.h_prev = float(h_prev)
        assert lab.result["h_tilde"] == pytest.approx(-0.905, abs=0.004)
    assert f"{np.tanh(-1.5):.3f}" == "-0.905"
    assert OneStep(b_r=6.0).result["r_h"] == pytest.approx(0.8, abs=0.005)


def test_results_of_later_stages_are_not_shown():
    lab = OneStep(stage=1)
    shown = {name: text.get_text() for name, text in lab._block._numbers.items()}
    assert shown["r"] == "0.65"
    assert not any(shown[name] for name in ("z", "h_tilde", "h"))
    said = ("shown to the candidate", "is kept", "tanh(", "0.354 × 0.80 + 0.646 ×")
    for stage, words in enumerate(said, 1):
        lab.stage = stage
        assert words in lab.readout_text


def test_equation_follows_the_lit_part():
    lab = OneStep()
    for stage, symbol in enumerate(("r_t", "z_t", "\\tilde h_t", "h_t"), 1):
        lab.stage = stage
        assert lab._block._equation.get_text().startswith(f"${symbol} = ")


def test_sum_in_the_readout_can_be_recomputed():
    """Also where a gate is nearly 1: what is written is said with as many digits as that takes."""
    lab = OneStep()
    for h_prev, x_t, b_z in itertools.product((-1.0, 0.8), (-2.0, 0.0, 1.0, 2.0), (-6.0, 0.0, 2.0, 6.0)):
        lab.set(h_prev=h_prev, x_t=x_t, b_z=b_z)
        said = lab.readout_text.partition("state: ")[2].rstrip(".").replace("−", "-").replace("×", "*")
        left, right = said.split(" = ")
        assert eval(left) == pytest.approx(float(right), abs=0.0105)
        z, rest = re.findall(r"(?:^|\+ )(\d\.\d{3}) ", left)
        assert float(z) + float(rest) == pytest.approx(1)
