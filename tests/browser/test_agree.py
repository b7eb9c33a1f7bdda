"""Two hands and Python move one lab: however their messages pass each other, in the end all agree.

Each page is the real JavaScript, on a plain page with a model of its own; what the kernel says is what the
real panel said in Python when it heard the moves in that order. A page goes through nothing but its own moves
and what comes to it, in some order, and what it sends does not depend on that order. So all interleavings are
played by playing every order in which the kernel can hear the moves, and for each of these every order of a
page's own moves and of what comes to it.
"""

import base64
import itertools
import json
import pathlib

import pytest

from helpers.lab import Lab, Slider
from helpers.page.panel import Panel


class Line(Lab):
    """Where does the line lie?"""

    w = Slider(-2.0, 2.0, step=0.1, default=0.0, label="slope")
    b = Slider(-2.0, 2.0, step=0.1, default=0.0, label="height")

    def compute(self):
        return {"ends": (self.b - self.w, self.b + self.w)}

    def draw(self, result):
        figure = self.new_figure(2, 1)
        ax = figure.subplots()
        ax.set_axis_off()  # it is drawn for every order
        (self.line,) = ax.plot([-1, 1], [0, 0], animated=True)
        return figure

    def update(self, result):
        self.line.set_ydata(result["ends"])

    def readout(self, result):
        return "The line goes from {:.1f} to {:.1f}.".format(*result["ends"])


class Timed(Line):
    """Where does the line lie, if its frames cannot be kept?"""

    keeps_frames = False


# Who moves which control where; "python" is a cell. No two of a story move one control to the same place.
STORIES = [
    [("a", "w", 1.2), ("b", "w", -1.2)],
    [("a", "w", 1.2), ("python", "w", 0.5)],
    [("a", "w", 1.2), ("b", "w", -1.2), ("python", "w", 0.5)],
    [("a", "w", 1.2), ("b", "b", -1.0), ("python", "w", 0.5)],
    [("a", "w", 1.2), ("a", "w", 0.3), ("b", "w", -1.2)],
    [("a", "w", 1.2), ("a", "b", 0.3), ("python", "w", 0.5)],
    [("a", "w", 1.2), ("a", "w", 0.3), ("b", "w", -1.2), ("python", "w", 0.5)],
    [("a", "w", 1.2), ("a", "w", 0.3), ("b", "w", -1.2), ("b", "b", 1.0)],
]

PLAY = pathlib.Path(__file__).with_name("agree.js").read_text(encoding="utf-8")


def text_of(shown):
    return shown | {"frame": base64.b64encode(shown["frame"]).decode()}


def orders(story):
    """All orders in which the kernel can hear the moves of a story: those of one hand stay in line."""
    for order in itertools.permutations(range(len(story))):
        own = [[k for k in order if story[k][0] == who] for who in ("a", "b", "python")]
        if all(numbers == sorted(numbers) for numbers in own):
            yield order


def transcript(kind, story, order):
    """What the kernel's panel shows at the start, and after each move."""
    lab, number = kind(), dict.fromkeys("ab", 0)
    seen = [text_of(lab.view.shown)]
    for k in order:
        who, name, value = story[k]
        if who == "python":
            setattr(lab, name, value)
        else:
            number[who] += 1
            lab.view._handle_custom_msg({"rest": {name: value}, "n": number[who], "view": who}, [])
        seen.append(text_of(lab.view.shown))
    return lab, seen


def histories(story, order, who, sends="lets go"):
    """All orders of a page's own moves and of what comes to it: lists of steps.

    Before a move is sent, nothing can be here but what the kernel has shown before it hears it.
    """
    own = [k for k in order if story[k][0] == who]
    acts = [(what, k) for k in own for what in ("moves", "lets go")]
    later = sends == "moves"
    most = [len(order) if later and what == "lets go" else order.index(k) for what, k in acts]
    for before in itertools.product(*(range(n + 1) for n in most)):
        if list(before) != sorted(before):
            continue
        steps, at = [], 0
        for (what, k), come in zip(acts, before, strict=True):
            steps += [("comes", n) for n in range(at + 1, come + 1)]
            steps.append((what, *story[k][1:]))
            at = come
        yield [*steps, *(("comes", n) for n in range(at + 1, len(order) + 1))]


def played(kind, story, order, who):
    """Those histories, each with whether what the page asks for is answered late.

    Where frames cannot be kept a move is sent at once, unless an answer to the one before is awaited.
    """
    for late in (False, True):
        sends = "lets go" if kind.keeps_frames or late else "moves"
        yield from ((history, late) for history in histories(story, order, who, sends))


def state_of(view):
    names = "question controls size buttons prediction colours code clickable keeps_frames disabled progress"
    return {name: getattr(view, name) for name in names.split()}


@pytest.fixture(scope="module")
def page(browser, address):
    page = browser.new_page()
    page.goto(address)
    yield page
    page.close()


@pytest.mark.parametrize("kind", [Line, Timed], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("story", STORIES, ids=str)
def test_pages_show_what_the_kernel_has(page, kind, story):
    values = [[name, [0.0, *(v for _, n, v in story if n == name)]] for name in ("w", "b")]
    every = [list(pair) for pair in itertools.product(*(v for _, v in values))]
    made = [text_of(snapshot._asdict()) for snapshot in kind().frames.snapshots(every)]
    snapshots = {json.dumps([int(v) if v == int(v) else v for v in pair], separators=(",", ":")): snapshot
                 for pair, snapshot in zip(every, made, strict=True)}  # fmt: skip
    count = 0
    for order in orders(story):
        lab, told = transcript(kind, story, order)
        state = state_of(lab.view) | {"shown": told[0]}
        for who in sorted({who for who, *_ in story} - {"python"}):
            says = [{name: value} for one, name, value in story if one == who]
            steps = list(played(kind, story, order, who))
            options = {"state": state, "told": told, "snapshots": snapshots, "mine": who, "histories": steps}
            for history, seen in zip(steps, page.evaluate(PLAY, options), strict=True):
                assert seen["moves"] == [[move, n] for n, move in enumerate(says, 1)], history
                assert seen["values"] == seen["inside"] == [lab.w, lab.b], history
                assert seen["words"] == lab.readout_text, history
                assert seen["wrong"] == [], history
                count += 1
    assert count >= 8


def test_all_orders_are_played():
    """Counted by hand: of two moves of one hand and one of another, three orders; of the first hand's page in
    the order a, a, b, its four acts stand before all that comes, or its last one or two after the first."""
    story = [("a", "w", 1), ("a", "w", 2), ("b", "w", 3)]
    assert sorted(orders(story)) == [(0, 1, 2), (0, 2, 1), (2, 0, 1)]
    assert len(list(histories(story, (0, 1, 2), "a"))) == 3
    assert len(list(histories(story, (0, 1, 2), "b"))) == 6
    assert isinstance(Line().view, Panel)
