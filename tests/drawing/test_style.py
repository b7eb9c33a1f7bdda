"""How numbers are written."""

import math

import pytest

from helpers.drawing.style import as_factor, fixed, power, sub, sup, three_digits, two_digits


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0.9124, 3, "0.912"), (-1.25, 3, "−1.250"), (-0.0004, 3, "0.000"), (-0.0, 1, "0.0"),
        (-0.004, 2, "0.00"), (-0.5, 0, "0"), (-7.0, 0, "−7"), (12, 2, "12.00"),
    ],
)  # fmt: skip
def test_a_number_with_decimals(value, decimals, written):
    assert fixed(value, decimals) == written
    if decimals == 2:
        assert two_digits(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"), (-0.0, "0"), (1, "1.00"), (0.0912, "0.0912"), (-0.5, "−0.500"), (31.62, "31.6"),
        (999.4, "999"), (999.7, "1000"), (1000, "1.0 × 10³"), (3.2e-5, "3.2 × 10⁻⁵"),
        (-2.5e-10, "−2.5 × 10⁻¹⁰"),
        (9.99e-4, "1.0 × 10⁻³"), (1e-3, "1.0 × 10⁻³"), (0.01, "0.0100"), (9.97e4, "1.0 × 10⁵"),
    ],
)  # fmt: skip
def test_a_number_of_any_size(value, written):
    assert three_digits(value) == written


@pytest.mark.parametrize(
    ("log", "written"),
    [(-math.inf, "0"), (0, "1.00"), (-400.5, "3.2 × 10⁻⁴⁰¹"), (500, "1.0 × 10⁵⁰⁰"), (-3, "1.0 × 10⁻³")],
)
def test_power_of_ten_may_exceed_a_float(log, written):
    assert power(log) == written


def test_signs_stand_in_brackets_behind_another_sign():
    assert as_factor(fixed(-0.5, 1)) == "(−0.5)"
    assert as_factor(fixed(0.5, 1)) == "0.5"
    assert f"h{sub(-12)} 10{sup(-12)}" == "h₋₁₂ 10⁻¹²"
