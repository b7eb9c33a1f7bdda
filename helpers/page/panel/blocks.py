"""The blocks of numbers in a frame. They are listed once, in `blocks.js`, for the page and for Python."""

import json
import pathlib
import re

_SOURCE = pathlib.Path(__file__).with_name("blocks.js").read_text(encoding="utf-8")
BLOCKS = json.loads(re.search(r"BLOCKS = (\{.*\});", _SOURCE, re.S)[1])
"""From each kind of operation to its blocks by name: "places", "fractions" or "bytes"."""
