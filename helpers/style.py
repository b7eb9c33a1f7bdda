"""The look that all figures share: the style sheet, the colours, subscripts."""

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
