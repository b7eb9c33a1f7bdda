"""An image as the page gets it: one byte per cell, a palette, and the place of its corners."""

import numpy as np

LEVELS = 255
"""A heatmap travels as one byte per cell: 0..254 is the place in the colour map, 255 is "no value"."""


def cells_of(image):
    """The cells of an `AxesImage` as bytes, and its palette (256, 4), or None where cells are colours."""
    values = image.get_array()
    if values.ndim == 3:
        return image.to_rgba(values, bytes=True), None
    places = np.ma.filled(np.ma.asarray(image.norm(values), float), np.nan)
    with np.errstate(invalid="ignore"):
        cells = np.clip(places * LEVELS, 0, LEVELS - 1).astype(np.uint8)
    cells[~np.isfinite(places)] = LEVELS
    return cells, _palette(image.cmap)


def _palette(colour_map):
    colours = colour_map((np.arange(LEVELS) + 0.5) / LEVELS, bytes=True)
    return np.vstack([colours, (np.asarray(colour_map.get_bad()) * 255).astype(np.uint8)])


def corners_of(image):
    """Where cell (0, 0) begins and the last cell ends, in device pixels from the bottom left: (2, 2)."""
    left, right, bottom, top = image.get_extent()
    first, last = (top, bottom) if image.origin == "upper" else (bottom, top)
    return image.axes.transData.transform([(left, first), (right, last)])


def fault_of(image):
    """Why the page cannot paint this `AxesImage` as matplotlib would, in words; "" if it can."""
    if not image.axes.transData.is_affine:
        return "needs linear axes"
    if image.get_interpolation() not in ("nearest", "none"):
        return f"needs interpolation 'nearest', not {image.get_interpolation()!r}"
    if np.ndim(image.get_alpha()):
        return "needs one alpha for all its cells"
    return ""
