"""The sketch that opens every lesson."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from helpers.drawing import Sketch
from helpers.drawing.sketch import PARTS


def picture(*lit):
    data, _ = Sketch(*lit)._repr_mimebundle_()
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB"), int)


def colourful(image):
    return (image.max(axis=2) - image.min(axis=2) > 60).any(axis=(0, 1))


def test_what_is_not_lit_is_grey():
    assert not colourful(picture())


@pytest.mark.parametrize("name", PARTS)
def test_a_lit_part_stands_out(name):
    dark = picture().astype(int)
    assert np.abs(picture(name) - dark).max() > 80
    assert PARTS[name][0] in repr(Sketch(name))


def test_the_words_come_with_the_picture():
    data, about = Sketch("U", "back")._repr_mimebundle_()
    assert data["text/plain"] == about["image/png"]["alt"] == repr(Sketch("U", "back"))


def test_a_part_it_does_not_have_is_named():
    with pytest.raises(ValueError, match="has the parts x, W, h, U, y, back; 'V' is not one"):
        Sketch("V")
