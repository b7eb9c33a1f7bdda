"""What is shown at one list of control values: a frame and its words."""

from typing import NamedTuple


class Snapshot(NamedTuple):
    """A frame with its own words, or one line that says why there is none.

    Attributes
    ----------
    frame : bytes
        As `helpers.page.live.frame` describes it; empty where there is an error.
    words : str
        What the frame says, in words.
    error : str
        One line; empty when all is well.
    verdicts : dict or None
        At the setting that a prediction speaks of: what to say to each guess.
    """

    frame: bytes
    words: str
    error: str = ""
    verdicts: dict | None = None
