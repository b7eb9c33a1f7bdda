"""The style that all figures share: the style sheet, the colours, how numbers are written."""

import math
import pathlib

import matplotlib

STYLE = matplotlib.rc_params_from_file(
    pathlib.Path(__file__).with_name("style.mplstyle"), use_default_template=False
)

# Colours that most colour-blind readers can tell apart (the palette of M. Okabe and K. Ito).
# They are never the only difference: give lines distinct dashes or markers too.
BLUE, VERMILLION, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
AMBER, SKY, BLACK, INK = "#E69F00", "#56B4E9", "#000000", "0.25"


def sub(number):
    """A whole number as a subscript: `f"h{sub(12)}"` is h₁₂."""
    return str(number).translate(str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋"))


def sup(number):
    """A whole number as a superscript: `f"10{sup(-5)}"` is 10⁻⁵."""
    return str(number).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))


# How numbers are written in sentences and figures: `fixed` for what is near 1, `three_digits` and `power` for
# what may be of any size. The three share their rules: a true minus sign, 0 without a sign, and powers of ten
# as in the prose. tests/labs/test_labs.py looks for other ways of writing in every lab.


def fixed(value, decimals=3):
    """A number with so many decimals: 0.912, −1.250; never "−0.000"."""
    return f"{round(float(value), decimals) + 0:.{decimals}f}".replace("-", "−")


def two_digits(value):
    """A number with two decimals, as `fixed` writes it."""
    return fixed(value, 2)


def three_digits(value):
    """A number of any size with three digits, or two and a power of ten: 0.0912, 3.2 × 10⁻⁵, 0."""
    sign = "−" if value < 0 else ""
    return sign + power(math.log10(abs(value)) if value else -math.inf)


def power(log):
    """10**log as `three_digits` writes it, also where it is beyond the range of a float."""
    if log == -math.inf:
        return "0"
    exponent = math.floor(log + 1e-9)
    if -2 <= exponent < 3:
        return fixed(10**log, max(0, 2 - exponent))
    digits = f"{10 ** (log - exponent):.1f}"
    if digits == "10.0":
        digits, exponent = "1.0", exponent + 1
    return f"{digits} × 10{sup(exponent)}"


def as_factor(text):
    """A written number, in brackets if it has a sign, to stand behind a × or a +."""
    return f"({text})" if text.startswith("−") else text
