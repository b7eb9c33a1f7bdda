"""One frame: what matplotlib would draw for the live artists, as one string of bytes.

A matplotlib backend is a *renderer*: an object that is told "fill this path", "stamp this marker
here", "put this image there". `FrameRenderer` is one that writes what it is told into bytes instead
of pixels; `paint.js` reads them and does the same on a canvas. So transforms, log axes, clipping,
dashes, text layout and mathematics are matplotlib's own, and only the last stroke is the browser's.

A frame is `n, header, padding, numbers`: a little-endian uint32 `n`, then `n` bytes of JSON (a list
of operations in painting order, each with its colours and counts, and with `of`, the number of its
artist), padding to a multiple of 4, then the numbers of all the operations end to end, each block
padded to 4 bytes. Coordinates are CSS pixels from the top left. A frame needs nothing from the frames
before it, so it can be cached.
"""

import functools
import json
import pathlib
import struct

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_rgba
from matplotlib.font_manager import findfont
from matplotlib.image import AxesImage
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from helpers.page.live.image import cells_of, corners_of

FAR = 2e4
"""Coordinates are held within this many pixels: a log axis sends 0 to minus infinity, and a canvas
that is told to dash a line of a million pixels spends seconds on it."""


class FrameRenderer(RendererBase):
    """A matplotlib renderer that writes a frame.

    Parameters
    ----------
    width, height : float
        The figure's size in device pixels.
    dpi : float
        Device pixels per inch.
    scale : float
        CSS pixels per device pixel (0.5 where the figure is drawn at twice its size on the page).
    """

    def __init__(self, width, height, dpi, scale):
        super().__init__()
        self.width, self.height, self.dpi, self.scale = width, height, dpi, scale
        self._metrics = RendererAgg(1, 1, dpi)  # text is measured as in the static picture
        self._flip = np.array([scale, -scale])
        self._top_left = np.array([0, height * scale])
        self._lines = {}
        self.begin()

    def begin(self):
        """Start a new, empty frame."""
        self._operations, self._blocks, self._of = [], [], -1

    def finish(self, key=""):
        """The frame as bytes. `key` says which control values it shows; the page repeats it."""
        header = json.dumps({"key": key, "ops": self._operations}, separators=(",", ":")).encode()
        return b"".join([struct.pack("<I", len(header)), header, _padding(len(header)), *self._blocks])

    # What matplotlib asks of a renderer -----------------------------------------------------------

    def get_canvas_width_height(self):  # noqa: D102 (matplotlib's own protocol)
        return self.width, self.height

    def points_to_pixels(self, points):  # noqa: D102
        return points * self.dpi / 72

    def get_text_width_height_descent(self, s, prop, ismath):  # noqa: D102
        return self._metrics.get_text_width_height_descent(s, prop, ismath)

    def draw_path(self, gc, path, transform, rgbFace=None):  # noqa: D102
        if gc.get_hatch():
            raise NotImplementedError("a live artist cannot be hatched; use a colour or a dash instead")
        self._emit("path", gc, rgbFace, **self._outline(path, transform, self._top_left))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):  # noqa: D102
        spots = trans.transform(path.vertices)
        self._emit("stamp", gc, rgbFace, **self._outline(marker_path, marker_trans), spots=self._place(spots))

    def draw_path_collection(
        self, gc, master, paths, transforms, offsets, offset_trans, faces, edges, widths, *rest, **more
    ):
        """One shape in many places, sizes and colours is one operation; anything else is path by path."""
        if len(paths) != 1 or len(widths) > 1 or not all(_is_scaling(m) for m in transforms):
            super().draw_path_collection(
                gc, master, paths, transforms, offsets, offset_trans, faces, edges, widths, *rest, **more
            )
            return
        n = len(offsets)
        sizes = [m[0, 0] for m in transforms] if len(transforms) else [1.0]
        gc.set_linewidth(widths[0] if len(widths) and len(edges) else 0.0)
        operation = self._outline(paths[0], master)
        operation["spots"] = self._place(offset_trans.transform(offsets))
        operation["sizes"] = self._block(np.resize(np.asarray(sizes, "<f4"), n))
        for name, colours in (("faces", faces), ("edges", edges)):
            if len(colours):
                rgba = (np.asarray(colours) * 255).round().astype(np.uint8)
                operation[name] = self._block(np.resize(rgba, (n, 4)))
        self._emit("stamps", gc, None, **operation)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Mathematics, and text that is turned or boxed: filled outlines, set by matplotlib."""
        outline = _text_outline(s, prop, ismath)
        size = self.points_to_pixels(prop.get_size_in_points()) / self._text2path.FONT_SCALE
        place = Affine2D().scale(size).rotate_deg(angle).translate(x, self.height - y)
        gc.set_linewidth(0)
        self.draw_path(gc, outline, place, gc.get_rgb())

    def flipy(self):  # noqa: D102
        return True

    # Two short cuts, for what moves most ---------------------------------------------------------

    def draw_artist(self, artist):
        """Write the next live artist, the short way where there is one. Hidden ones are counted too.

        Raises
        ------
        NotImplementedError
            If it uses what a canvas has no counterpart for: a hatch, or clipping to a curve.
        """
        self._of += 1
        if not artist.get_visible():
            return
        if isinstance(artist, AxesImage):
            self._draw_image_cells(artist)
        elif type(artist) is Text and _is_plain(artist):
            self._draw_plain_text(artist)
        else:
            artist.draw(self)

    def _draw_plain_text(self, text):
        """One upright line without mathematics: the string itself, for the page to set in the same font.

        Outlines would cost more than a millisecond for every number that changes.
        """
        if not text.get_text():
            return  # the same frame wherever it stood before it was emptied
        x, y = text.get_transform().transform(text.get_unitless_position()) * self._flip + self._top_left
        prop = text.get_fontproperties()
        height, descent, font = self._line(prop)
        above = {"top": height - descent, "center": height / 2 - descent, "bottom": -descent}
        y += above.get(text.get_verticalalignment(), 0) * self.scale
        operation = {"text": text.get_text().replace(r"\$", "$")}
        operation |= {"x": round(float(x), 2), "y": round(float(y), 2)}
        operation["align"] = text.get_horizontalalignment()
        operation["size"] = round(self.points_to_pixels(prop.get_size_in_points()) * self.scale, 3)
        operation["font"] = font
        gc = self.new_gc()
        gc.set_linewidth(0)
        gc.set_clip_rectangle(text.get_clip_box() if text.get_clip_on() else None)
        self._emit("text", gc, to_rgba(text.get_color(), text.get_alpha()), **operation)

    def _line(self, prop):
        """Height and descent of "lp", which matplotlib takes for those of any line, and the font's name."""
        key = hash(prop)
        if key not in self._lines:
            _, height, descent = self._metrics.get_text_width_height_descent("lp", prop, False)
            self._lines[key] = height, descent, pathlib.PurePath(findfont(prop)).stem
        return self._lines[key]

    def _draw_image_cells(self, image):
        """An `AxesImage`: its cells as palette indices, with the palette; the browser scales them up.

        matplotlib itself would resample to the screen's pixels first, which costs more than all the rest.
        """
        if image.get_array().size == 0:
            return
        gc = self.new_gc()
        gc.set_clip_rectangle(image.get_clip_box() if image.get_clip_on() else None)
        cells, palette = cells_of(image)
        alpha = 1.0 if image.get_alpha() is None else image.get_alpha()
        operation = {"rows": cells.shape[0], "columns": cells.shape[1], "alpha": alpha}
        (x0, y0), (x1, y1) = corners_of(image) * self._flip + self._top_left
        operation["place"] = [round(float(v), 3) for v in (x0, y0, x1 - x0, y1 - y0)]
        if palette is not None:
            operation["palette"] = self._block(palette)
        operation["cells"] = self._block(cells)
        self._emit("image", gc, None, **operation)

    # How it is written ----------------------------------------------------------------------------

    def _emit(self, kind, gc, face, **operation):
        """Add one operation; colour, width, dash and clip come from matplotlib's graphics context."""
        width = self.points_to_pixels(gc.get_linewidth()) * self.scale
        operation |= {"kind": kind, "of": self._of}
        forced = gc.get_alpha() if gc.get_forced_alpha() else None
        if face is not None:
            operation["fill"] = _css(face, forced)
        if width > 0:
            offset, dashes = gc.get_dashes()
            operation |= {"stroke": _css(gc.get_rgb(), forced), "width": round(width, 3)}
            operation |= {"cap": gc.get_capstyle(), "join": gc.get_joinstyle()}
            if dashes is not None:
                pixels = self.scale * self.dpi / 72
                operation["dash"] = [round(float(d) * pixels, 3) for d in dashes]
                operation["dash_offset"] = float(offset or 0) * pixels
        operation["clip"] = self._clip(gc)
        self._operations.append(operation)

    def _clip(self, gc):
        if gc.get_clip_path()[0] is not None:
            raise NotImplementedError("a live artist can be clipped to a rectangle only")
        box = gc.get_clip_rectangle()
        if box is None:
            return None
        s = self.scale
        return [round(v, 3) for v in (box.x0 * s, (self.height - box.y1) * s, box.width * s, box.height * s)]

    def _outline(self, path, transform, origin=0):
        """The path's points (`points`) and, where it is not one open line, its drawing codes."""
        operation = {"points": self._place(transform.transform(path.vertices), origin)}
        if path.codes is not None:
            operation["codes"] = self._block(path.codes.astype(np.uint8))
        return operation

    def _place(self, points, origin=None):
        """Device pixels from the bottom left become CSS pixels from the top left."""
        return self._block(_near(points * self._flip + (self._top_left if origin is None else origin)))

    def _block(self, numbers):
        """Add numbers to the frame's end and return how many bytes they take."""
        data = numbers.tobytes()
        self._blocks += (data, _padding(len(data)))
        return len(data)


def _padding(length):
    return bytes(-length % 4)


def _near(points):
    """Points as 32-bit floats, none further out than the browser can draw; gaps (nan) stay gaps."""
    return np.clip(points, -FAR, FAR).astype("<f4")


def _css(colour, forced_alpha=None):
    r, g, b = (round(255 * c) for c in colour[:3])
    alpha = forced_alpha if forced_alpha is not None else (colour[3] if len(colour) > 3 else 1)
    return f"rgba({r},{g},{b},{alpha:.4g})"


def _is_plain(text):
    s = text.get_text()
    return not (
        "\n" in s
        or is_math_text(s) is True
        or text.get_rotation()
        or text.get_bbox_patch()
        or text.get_path_effects()
    ) and text.get_verticalalignment() in ("top", "center", "bottom", "baseline")


def _is_scaling(matrix):
    return matrix[0, 0] == matrix[1, 1] and not matrix[0, 1] and not matrix[1, 0] and not matrix[:2, 2].any()


@functools.lru_cache(maxsize=4096)
def _text_outline(s, prop, ismath):
    vertices, codes = RendererBase()._text2path.get_text_path(prop, s, ismath=ismath)
    return Path(vertices, codes)
