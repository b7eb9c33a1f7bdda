"""A lab that runs, without a page: to the end, for some steps, stopped, and failing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.lab import Slider
from helpers.lab.running import RunningLab


class Counting(RunningLab):
    """How far can it count?"""

    by = Slider(1, 5, step=1, default=1, label="count by")

    @property
    def n_steps(self):
        return 50 * self.by

    def compute(self):
        return {"count": 0, "by": self.by}

    def run_steps(self):
        for step in range(1, self.n_steps + 1):
            if self.by == 5 and step == 3:
                raise ArithmeticError("five is too much")
            yield {"count": step, "by": self.by}

    def draw(self, result):
        figure = self.new_figure(4, 3)
        (self.line,) = figure.subplots().plot([0], [0], animated=True)
        return figure

    def update(self, result):
        self.line.set_data([0, 1], [0, result["count"]])

    def readout(self, result):
        assert result["by"] == self.by  # a result is shown beside its own controls only
        return f"Counted to {result['count']}."


def press(lab, name):
    """What the page sends when a button is pressed."""
    lab.view._handle_custom_msg({"press": name}, [])


def in_a_loop(coroutine):
    """Run it in an event loop of its own, in a thread: the browser tests keep one in this thread."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(coroutine())).result()


def test_without_a_page_it_runs_to_the_end():
    lab = Counting(by=2)
    assert lab.readout_text == "Counted to 0."
    assert lab.run() == {"count": 100, "by": 2}
    assert lab.readout_text == "Counted to 100."
    assert lab.line.get_ydata()[-1] == 100
    assert lab.run(max_steps=3) == {"count": 3, "by": 2}
    with pytest.raises(ValueError, match="max_steps must be at least 1, not 0"):
        lab.run(max_steps=0)


def test_the_background_needs_a_kernel():
    # In a thread of its own: a browser's test in the same process leaves an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(Counting().start)
    with pytest.raises(RuntimeError, match=r"start\(\) needs a notebook's kernel; run\(\) works without"):
        started.result()


def test_moving_a_control_shows_the_beginning_again():
    lab = Counting()
    lab.run()
    lab.by = 3
    assert lab.readout_text == "Counted to 0."


def test_run_shares_the_kernel_with_other_work():
    async def watch():
        lab = Counting()
        assert lab.view.disabled == ["stop"]
        press(lab, "start")
        assert lab.running
        assert lab.view.disabled == ["start"]
        while lab.running:
            await asyncio.sleep(0)
        return lab

    lab = in_a_loop(watch)
    assert lab.view.words == "Counted to 50."
    assert lab.view.progress == [50, lab.n_steps]
    assert lab.view.disabled == ["stop"]


@pytest.mark.parametrize("how", ["button", "control"])
def test_it_can_be_stopped(how):
    async def watch():
        lab = Counting()
        press(lab, "start")
        for _ in range(5):
            await asyncio.sleep(0)
        if how == "button":
            press(lab, "stop")
        else:
            lab.by = 2
        return lab

    lab = in_a_loop(watch)
    assert not lab.running
    assert 0 < lab.result["count"] < 50 if how == "button" else lab.result["count"] == 0
    assert lab.view.words == f"Counted to {lab.result['count']}."
    assert lab.view.error == ""
    assert lab.view.disabled == ["stop"]


def test_the_last_picture_comes_before_its_buttons():
    """Once Stop is grey, what is shown stays."""

    async def watch():
        lab, shown = Counting(), []
        press(lab, "start")
        lab.view.observe(lambda _: shown.append(lab.view.words), "disabled")
        for _ in range(5):
            await asyncio.sleep(0)
        press(lab, "stop")
        return shown, lab.view.words

    shown, words = in_a_loop(watch)
    assert shown == [words]


def test_it_runs_where_it_is_not_shown_yet():
    async def watch():
        lab = Counting()
        lab.start()
        while lab.running:
            await asyncio.sleep(0)
        return lab

    assert in_a_loop(watch).readout_text == "Counted to 50."


def test_a_second_start_begins_anew():
    async def watch():
        lab = Counting()
        lab.start()
        for _ in range(5):
            await asyncio.sleep(0)
        lab.start()
        await asyncio.sleep(0)
        counted, busy = lab.result["count"], lab.view.disabled
        lab.stop()
        return counted, busy

    counted, busy = in_a_loop(watch)
    assert counted == 1
    assert busy == ["start"]


def test_an_error_on_the_way_is_one_line():
    async def watch():
        lab = Counting(by=5)
        press(lab, "start")
        while lab.running:
            await asyncio.sleep(0)
        return lab

    assert "ArithmeticError: five is too much" in in_a_loop(watch).view.error
    with pytest.raises(ArithmeticError):
        Counting(by=5).run()
