"""Frames in little room: a pack is many frames that follow each other, each written as what has changed.

A frame is what `helpers/page/live/frame.py` makes: JSON and blocks of numbers. Places (`points` of a path,
`spots`) become whole numbers of 1/16 pixel, so that none is off by more than 1/32; all else stays as it is,
byte for byte. From each place the same one of the frame before is taken away, where there are as many of
them; then most are 0, and the first bytes of all of them are put together, then the second bytes, and so on,
which is what gzip likes. All else, which is mostly the cells of images, changes smoothly from frame to frame:
there the change before is taken away from the change.

A pack, unzipped, is `n, JSON, planes, bytes`: a little-endian uint32, n bytes of JSON (see `pack`), four
planes of the numbers, and the bytes. `unpack.js` makes the frames again.
"""

import gzip
import json
import struct

import numpy as np

from helpers.page.panel.blocks import BLOCKS

QUANTUM = 16
GAP = -(2**31)
"""A missing point."""


def pack(frames, words, verdicts=()):
    """Frames and what they say, zipped.

    Parameters
    ----------
    frames : list of bytes
        As `LiveFigure.frame` makes them.
    words : list of str
        One for each frame.
    verdicts : sequence of dict or None
        What a guess is answered with, where a frame has the answer.

    Returns
    -------
    bytes
    """
    heads, numbers, rest = {}, [], []
    about = {"keys": [], "words": words, "head": [], "numbers": [], "bytes": []}
    places_before, bytes_before, step_before = (
        np.zeros(0, "<i4"),
        np.zeros(0, np.uint8),
        np.zeros(0, np.uint8),
    )
    for frame in frames:
        header, places, others = _parts(frame)
        head = json.dumps(header["ops"], separators=(",", ":"))
        about["keys"].append(header["key"])
        about["head"].append(heads.setdefault(head, len(heads)))
        about["numbers"].append(len(places))
        about["bytes"].append(len(others))
        numbers.append(_zigzag(_delta_of_places(places, places_before)))
        step = _delta(others, bytes_before)
        rest.append(_delta(step, step_before))
        places_before, bytes_before, step_before = places, others, step
    about["verdicts"] = {k: said for k, said in enumerate(verdicts) if said}
    about["heads"] = [json.loads(head) for head in heads]
    written = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
    planes = np.concatenate(numbers).view(np.uint8).reshape(-1, 4).T.tobytes()
    body = struct.pack("<I", len(written)) + written + planes + np.concatenate(rest).tobytes()
    return gzip.compress(body, 9, mtime=0)


def _parts(frame):
    """Header, places as whole numbers of 1/16 pixel (int32), and all other blocks as bytes."""
    (length,) = struct.unpack_from("<I", frame)
    header, at = json.loads(frame[4 : 4 + length]), 4 + length + -length % 4
    places, others = [np.zeros(0, "<i4")], [np.zeros(0, np.uint8)]
    for op in header["ops"]:
        for name, holds in BLOCKS[op["kind"]].items():
            if name in op:
                block = frame[at : at + op[name]]
                at += len(block) + -len(block) % 4
                if holds == "places":
                    places.append(_whole(np.frombuffer(block, "<f4")))
                else:
                    others.append(np.frombuffer(block, np.uint8))
    return header, np.concatenate(places), np.concatenate(others)


def _whole(places):
    rounded = np.round(np.nan_to_num(places.astype(float)) * QUANTUM)
    return np.where(np.isnan(places), GAP, rounded).astype("<i4")


def _delta_of_places(now, before):
    """What has changed since the frame before; where that has another length, since the point before."""
    if len(now) == len(before):
        return now - before  # may wrap round at a gap; so does the page's
    delta = now.copy()
    delta[2:] -= now[:-2]
    return delta


def _delta(now, before):
    """The difference, where there are as many of them."""
    return now - before if len(now) == len(before) else now


def _zigzag(delta):
    """Small numbers of either sign become small positive ones."""
    return ((delta << 1) ^ (delta >> 31)).astype("<i4")
