"""The picture of a stacked network."""

from collections import Counter

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch

from helpers.drawing import Stack
from helpers.drawing.sketch import STEPS
from helpers.drawing.stack import LAYERS


def test_layer_uses_its_two_weights_at_every_step():
    (ax,) = Stack().figure().axes
    words = Counter(text.get_text() for text in ax.texts)
    for name, (W, U, _) in LAYERS.items():
        assert (words[name], words[W], words[U]) == (1, STEPS, STEPS - 1)
    assert sum(isinstance(patch, FancyBboxPatch) for patch in ax.patches) == STEPS * len(LAYERS)


def test_all_of_it_lies_in_the_picture():
    figure = Stack().figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1


def test_the_words_come_with_the_picture():
    data, about = Stack()._repr_mimebundle_()
    assert data["text/plain"] == about["image/png"]["alt"] == repr(Stack())
    assert all(name in repr(Stack()) for name in LAYERS)
