"""The picture for a page without a kernel: question, control values, figure and words, in one small PNG."""

import io
import pathlib

import matplotlib
from PIL import Image, ImageDraw, ImageFont

MARGIN, LEADING = 10, 1.35
TITLE, TEXT = 17, 14
"""Sizes of the letters in pixels."""


def postcard(picture, question, settings, words, colours=256):
    """What a reader sees who cannot move anything, as PNG bytes.

    Parameters
    ----------
    picture : PIL.Image.Image
        The figure.
    question, settings, words : str
        The question and where the controls stand, above it; what it says, beneath it.
    colours : int
        How many the PNG has: the fewer, the smaller. With 128 a thin line may lose its own.
    """
    width = picture.width - 2 * MARGIN
    above = [*_set(question, _font(TITLE, bold=True), width), *_set(settings, _font(TEXT), width)]
    below = _set(words, _font(TEXT), width)
    top, bottom = _height(above), _height(below)
    card = Image.new("RGB", (picture.width, top + picture.height + bottom), "white")
    card.paste(picture, (0, top))
    _write(card, above, 0)
    _write(card, below, top + picture.height)
    result = io.BytesIO()
    card.quantize(colours, dither=Image.Dither.NONE).save(result, "png", optimize=True)
    return result.getvalue()


def _font(size, bold=False):
    """DejaVu Sans, which matplotlib brings along: the figures are set in it too."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(pathlib.Path(matplotlib.get_data_path(), "fonts/ttf", name), size)


def _set(words, font, width):
    """The words broken into lines no wider than `width`: a list of (line, font)."""
    lines = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines += _pieces(word, font, width)
    return [(line, font) for line in lines]


def _pieces(word, font, width):
    """The word itself, or where it is wider than a line, pieces of it that fill one each, and the rest."""
    pieces = [""]
    for letter in word if font.getlength(word) > width else [word]:
        if pieces[-1] and font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _height(lines):
    return round(sum(font.size * LEADING for _, font in lines) + 1.2 * MARGIN) if lines else 0


def _write(card, lines, y):
    pen, y = ImageDraw.Draw(card), y + 0.6 * MARGIN
    for line, font in lines:
        pen.text((MARGIN, y), line, "black", font)
        y += font.size * LEADING
