"""The live figure without a page: what it refuses, what a frame holds, when the still pictures change."""

import functools
import gc
import io
import json
import struct
import tracemalloc

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers.page.live import LiveFigure, postcard
from helpers.page.live.frame import _text_outline


def figure(draw, **limits):
    """A live figure with one pair of axes on which `draw(ax)` has drawn."""
    made = Figure(figsize=(4, 3), dpi=100, layout="constrained")
    ax = made.subplots()
    ax.set(**{"xlim": (0, 10), "ylim": (0, 10)} | limits)
    artists = draw(ax)
    return LiveFigure(made), artists


def line(ax):
    return ax.plot([1, 2, 3], [1, 4, 9], color="#0072B2", animated=True)[0]


def read(frame):
    """A frame's operations, each with its points as an array; written from the format's description."""
    (length,) = struct.unpack_from("<I", frame)
    header, at = json.loads(frame[4 : 4 + length]), 4 + length + -length % 4
    blocks = ("points", "codes", "spots", "sizes", "faces", "edges", "palette", "cells")
    for op in header["ops"]:
        for name in blocks:
            if name in op:
                kind = "<f4" if name in ("points", "spots", "sizes") else np.uint8
                op[name], at = (
                    np.frombuffer(frame, kind, op[name] // np.dtype(kind).itemsize, at),
                    at + (op[name] + -op[name] % 4),
                )
    assert at == len(frame)
    return header


class TestFrame:
    def test_a_line_lies_where_matplotlib_would_put_it(self):
        live, artist = figure(line)
        (op,) = read(live.frame())["ops"]
        device = artist.axes.transData.transform(np.c_[[1, 2, 3], [1, 4, 9]])
        css = np.c_[device[:, 0] / 2, live.size[1] - device[:, 1] / 2]
        np.testing.assert_allclose(op["points"].reshape(-1, 2), css, atol=1e-3)
        assert op["stroke"] == "rgba(0,114,178,1)"
        assert op["clip"] is not None

    def test_empty_text_leaves_nothing_in_the_frame(self):
        """Not even where it stood, so that the same picture is the same frame."""
        live, text = figure(lambda ax: ax.text(1, 1, "here", animated=True))
        assert [op["text"] for op in read(live.frame())["ops"]] == ["here"]
        text.set_text("")
        assert read(live.frame())["ops"] == []

    def test_it_depends_on_the_artists_alone(self):
        live, artist = figure(line)
        first = live.frame()
        artist.set_ydata([9, 4, 1])
        assert live.frame() != first
        artist.set_ydata([1, 4, 9])
        assert live.frame() == first

    def test_it_carries_its_key(self):
        live, _ = figure(line)
        assert read(live.frame(key="a=1 b=two"))["key"] == "a=1 b=two"

    def test_gap_in_a_line_stays_a_gap(self):
        """Zero on a logarithmic axis stays near the picture."""
        live, _ = figure(
            lambda ax: ax.plot([1, 2, 3], [1, np.nan, 0], animated=True), ylim=(1e-3, 10), yscale="log"
        )
        points = read(live.frame())["ops"][0]["points"].reshape(-1, 2)
        assert np.isnan(points).any(axis=1).tolist() == [False, True, False]
        assert np.nanmax(np.abs(points)) <= 2e4

    def test_each_operation_names_its_artist(self):
        """It does so where another artist is hidden, too."""

        def three(ax):
            for y in (1, 2, 3):
                ax.plot([1, 2], [y, y], animated=True)

        live, _ = figure(three)
        assert [op["of"] for op in read(live.frame())["ops"]] == [0, 1, 2]
        live.figure.axes[0].lines[1].set_visible(False)
        assert [op["of"] for op in read(live.frame())["ops"]] == [0, 2]

    def test_a_hidden_artist_is_not_painted(self):
        live, artist = figure(line)
        artist.set_visible(False)
        assert read(live.frame())["ops"] == []

    def test_a_heatmap_is_one_byte_a_cell(self):
        cells = np.array([[0.0, 0.5], [1.0, np.nan]])
        live, _ = figure(lambda ax: ax.imshow(cells, vmin=0, vmax=1, animated=True, interpolation="nearest"))
        op = next(op for op in read(live.frame())["ops"] if op["kind"] == "image")
        assert op["cells"].tolist() == [0, 127, 254, 255]
        assert (op["palette"].reshape(256, 4)[255] == 0).all()  # no value: nothing painted

    @pytest.mark.parametrize(("alpha", "seen"), [(None, 1.0), (0.4, 0.4), (0.0, 0.0)])
    def test_a_heatmap_may_be_seen_through(self, alpha, seen):
        live, _ = figure(lambda ax: ax.imshow(np.eye(2), alpha=alpha, animated=True, interpolation="nearest"))
        assert next(op for op in read(live.frame())["ops"] if op["kind"] == "image")["alpha"] == seen

    def test_plain_words_travel_as_words(self):
        """Mathematics travels as outlines."""

        def write(ax):
            ax.text(1, 1, r"costs \$5", animated=True)
            ax.text(1, 2, r"$h_t$", animated=True)

        plain, mathematics = read(figure(write)[0].frame())["ops"]
        assert (plain["kind"], plain["text"]) == ("text", "costs $5")
        assert mathematics["kind"] == "path"

    def test_a_scatter_of_one_shape_is_one_operation(self):
        x = np.arange(1, 6)
        live, _ = figure(lambda ax: ax.scatter(x, x, s=10.0 * x, c=x, animated=True))
        (op,) = read(live.frame())["ops"]
        assert op["kind"] == "stamps"
        assert len(op["sizes"]) == 5
        np.testing.assert_allclose(op["sizes"] ** 2 / op["sizes"][0] ** 2, x, rtol=1e-5)
        assert len(set(map(tuple, op["faces"].reshape(5, 4)))) == 5


def inset(ax):
    return ax.inset_axes([0, 0, 0.5, 0.5]).plot([0, 1], [0, 1], animated=True)


class TestRefusals:
    @pytest.mark.parametrize(
        ("draw", "words"),
        [
            (lambda ax: ax.pcolormesh(np.eye(3), animated=True), "must be one of lines.*QuadMesh"),
            (lambda ax: ax.table([["a"]]).set_animated(True), "must be one of lines.*Table"),
            (lambda ax: ax.set_title("a").set_animated(True) or ax.xaxis.set_animated(True), "XAxis"),
            (inset, "must belong to axes or to the figure itself.*Line2D"),
        ],
    )
    def test_artist_the_page_cannot_paint_is_named(self, draw, words):
        with pytest.raises(TypeError, match=f"a live artist {words}" if "must" in words else words):
            figure(draw)

    @pytest.mark.parametrize(
        ("options", "limits", "words"),
        [
            ({}, {"xlim": (1, 10), "xscale": "log"}, "needs linear axes"),
            ({"interpolation": "bilinear"}, {}, "needs interpolation 'nearest', not 'bilinear'"),
            ({"alpha": np.eye(3)}, {}, "needs one alpha for all its cells"),
        ],
    )
    def test_an_image_the_page_would_paint_otherwise(self, options, limits, words):
        options = {"interpolation": "nearest"} | options
        with pytest.raises(TypeError, match=f"a live image {words}.*AxesImage"):
            figure(lambda ax: ax.imshow(np.eye(3), animated=True, **options), **limits)

    def test_a_hatch_is_refused(self):
        live, _ = figure(lambda ax: ax.bar([1], [2], hatch="//", animated=True))
        with pytest.raises(NotImplementedError, match="hatched"):
            live.frame()


def picture(png):
    return np.asarray(Image.open(io.BytesIO(png)))


class TestStillPictures:
    def test_they_hold_what_keeps_still_and_nothing_live(self):
        def crossed(ax):
            ax.plot([0, 10], [0, 10], color=(1, 0, 0), lw=8)
            return ax.plot([0, 10], [10, 0], color=(0, 1, 0), lw=8, animated=True)[0]

        live, _ = figure(crossed)
        beneath = picture(live.still_pictures()["beneath"])
        assert beneath.shape == (600, 800, 4)
        red, green = ((beneath[..., :3] == c).all(axis=2).any() for c in ([255, 0, 0], [0, 255, 0]))
        assert red
        assert not green

    def test_legend_lies_above_and_paper_does_not(self):
        def draw(ax):
            artist = ax.plot([0, 10], [5, 5], animated=True, label="a")[0]
            ax.legend(loc="center")
            return artist

        above = picture(figure(draw)[0].still_pictures()["above"])
        assert above[0, 0, 3] == 0
        assert above[..., 3].any()

    def test_so_it_does_in_a_subfigure(self):
        whole = Figure(figsize=(4, 2), dpi=100)
        ax = whole.subfigures(1, 2)[1].subplots()
        ax.plot([1, 2, 3], animated=True)
        ax.text(0.5, 0.5, "above")
        above = picture(LiveFigure(whole).still_pictures()["above"])
        assert above[0, 0, 3] == 0
        assert above[..., 3].any()

    def test_still_pictures_say_when_they_are_stale(self):
        live, artist = figure(line)
        assert live.stale
        before = live.still_pictures()
        artist.set_ydata([3, 3, 3])
        assert not live.stale
        artist.axes.set_xlim(0, 5)
        assert live.stale
        assert live.still_pictures() != before

    def test_postcard_is_small_and_whole(self):
        """It is the picture for a page without a kernel."""
        live, _ = figure(lambda ax: ax.plot([0, 10], [5, 5], color=(0, 1, 0), lw=8, animated=True))
        live.still_pictures()
        png = postcard(live.picture(), "What is it?", "push: 3", "A line.")
        card = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
        assert card.shape[1] == 400
        assert (np.abs(card - [0, 255, 0]).max(axis=2) < 40).any()
        assert len(png) < 20_000
        assert not live.stale

    def test_postcard_fits_question_settings_and_words(self):
        """It does so however many they are."""
        white = Image.new("RGB", (400, 100), "white")
        dark = [
            (np.asarray(Image.open(io.BytesIO(postcard(white, *words))).convert("L")) < 128)
            for words in (
                ("Why?", "push: 3", "Far."),
                ("Why?", "push: 3", "so very far " * 30),
                ("Why?", "push: " + "w" * 1000, "Far."),  # a word that is wider than the picture
            )
        ]
        for card in dark:
            rows = np.flatnonzero(card.any(axis=1))
            assert rows[0] < 20
            assert len(card) - rows[-1] < 20
            assert not card[:, :5].any()
            assert not card[:, -5:].any()
        assert min(len(dark[1]), len(dark[2])) > len(dark[0]) + 100


def test_figure_is_drawn_within_its_own_settings():
    """matplotlib asks the settings how many ticks have room, and how letters lean, each time it draws."""
    settings = {
        "xtick.labelsize": 24,
        "ytick.labelsize": 24,
        "mathtext.default": "rm",
        "savefig.bbox": "tight",
    }
    own = functools.partial(matplotlib.rc_context, settings)

    def made():
        with own():
            whole = Figure(figsize=(4, 3), dpi=100, layout="constrained")
            whole.subplots().plot([1, 2, 3], animated=True)
            whole.axes[0].text(1, 1, "$h$", animated=True)
            return whole

    def seen(live):
        _text_outline.cache_clear()
        return live.frame(), live.still_pictures(), live.picture()

    outside = seen(LiveFigure(made(), within=own))
    with own():
        assert seen(LiveFigure(made())) == outside


@pytest.mark.slow
def test_memory_does_not_grow_with_the_frames():
    live, artist = figure(line)

    def run(frames):
        for k in range(frames):
            artist.set_ydata([k % 7, k % 5, k % 3])
            live.frame(key=f"k={k}")
        gc.collect()

    run(100)
    tracemalloc.start()
    run(100)
    before = tracemalloc.get_traced_memory()[0]
    run(2000)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 50_000
