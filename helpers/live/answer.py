"""What a source of frames answers to one list of control values."""

from typing import NamedTuple


class Answer(NamedTuple):
    """A frame with its own words, or one line that says why there is none.

    Attributes
    ----------
    frame : bytes
        As `helpers.live.frame` describes it; empty where there is an error.
    words : str
        What the frame says, in words.
    error : str
        One line; empty when all is well.
    """

    frame: bytes
    words: str
    error: str = ""
