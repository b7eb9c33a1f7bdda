"""A frame that a page has decoded, compared with the one that Python makes."""

import base64
import json

import numpy as np
from playwright.sync_api import expect

from helpers.page.panel.blocks import BLOCKS

NEAREST = 1 / 32  # of a pixel

# The frame on show, as the page has decoded it; as text, which is much quicker to hand over than numbers.
FRAME = """({ frames }) => {
  const { frame } = frames.kept.get(frames.shown);
  return btoa(Array.from(frame, (byte) => String.fromCharCode(byte)).join(""));
}"""


def parts(frame):
    """A frame's operations and blocks: [(operation, {name: numbers})]."""
    length = int.from_bytes(frame[:4], "little")
    operations, at = json.loads(frame[4 : 4 + length])["ops"], 4 + length + -length % 4
    for op in operations:
        blocks = {}
        for name, holds in BLOCKS[op["kind"]].items():
            if name in op:
                kind = np.uint8 if holds == "bytes" else "<f4"
                blocks[name] = np.frombuffer(frame[at : at + op[name]], kind)
                at += op[name] + -op[name] % 4
        yield op, blocks
    assert at == len(frame)


def both(lab, python, setting):
    """At a setting, the words and the key of a page's lab being right: its parts, each beside Python's."""
    (snapshot,) = python.frames.snapshots([list(setting.values())])
    expect(lab.figure).to_have_attribute("data-key", " ".join(f"{k}={v}" for k, v in setting.items()))
    expect(lab.readout).to_have_text(snapshot.words)
    return zip(parts(base64.b64decode(lab.box.evaluate(FRAME))), parts(snapshot.frame), strict=True)


def compare(lab, python, setting):
    """Words, key and decoded frame on the page are those of the lab in Python."""
    for (op, blocks), (op_here, blocks_here) in both(lab, python, setting):
        assert op == op_here
        for name, numbers in blocks.items():
            if BLOCKS[op["kind"]][name] == "places":
                np.testing.assert_allclose(numbers, blocks_here[name], rtol=0, atol=NEAREST)
            else:
                np.testing.assert_array_equal(numbers, blocks_here[name])


def compare_within_axes(lab, python, setting):
    """The same, where another matplotlib has laid the figure out: places are compared within their axes.

    What is not cut off at axes (text, arrows between them) has no such place, and is left out. Where a place
    depends on the size of the axes, it is not quite the same: the tolerance is twice as large. Sizes that
    follow the axes are compared to 1 in 500.
    """
    for (op, blocks), (op_here, blocks_here) in both(lab, python, setting):
        assert op["kind"] == op_here["kind"]
        if op["kind"] == "text":
            assert op["text"] == op_here["text"]
        if not op["clip"]:
            continue
        for name, numbers in blocks.items():
            if BLOCKS[op["kind"]][name] != "places":
                np.testing.assert_allclose(numbers, blocks_here[name], rtol=1 / 500, atol=NEAREST)
            else:
                there, here = within(numbers, op["clip"]), within(blocks_here[name], op_here["clip"])
                seen = np.all((here > -0.5) & (here < 1.5), axis=1)
                assert len(there) == len(here)
                size = op_here["clip"][2:]
                np.testing.assert_allclose(there[seen] * size, here[seen] * size, rtol=0, atol=2 * NEAREST)


def within(places, box):
    """Places (x, y, x, y, ...) as shares of a box (x, y, width, height)."""
    return (places.reshape(-1, 2).astype(float) - box[:2]) / box[2:]
