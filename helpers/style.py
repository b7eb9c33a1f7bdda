"""The look that all figures share: the style sheet, the colours, how numbers are written."""

import math
import pathlib

import matplotlib

STYLE = matplotlib.rc_params_from_file(
    pathlib.Path(__file__).with_name("style.mplstyle"), use_default_template=False
)

# Colours that most colour-blind readers can tell apart (M. Okabe and K. Ito, "Color universal design").
# They are never the only difference: give lines distinct dashes or markers too.
BLUE, VERMILLION, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
AMBER, SKY, BLACK, INK = "#E69F00", "#56B4E9", "#000000", "0.25"


def sub(number):
    """A whole number as a subscript: `f"h{sub(12)}"` is h₁₂."""
    return str(number).translate(str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋"))


def two_digits(value):
    """A number with two digits and a real minus sign; never "−0.00"."""
    return f"{round(value, 2) + 0:.2f}".replace("-", "−")


def as_factor(text):
    """A number from `two_digits`, in brackets if it has a sign, to stand behind a × or a +."""
    return f"({text})" if text.startswith("−") else text


def power(log):
    """10**log with its digits, also where it is beyond the range of a float."""
    if log == -math.inf:
        return "0"
    if -2 < log < 3:
        return f"{10**log:.3g}"
    exponent = math.floor(log + 1e-9)
    return f"{10 ** (log - exponent):.1f}e{exponent:+03d}".replace("10.0e", "9.99e")
