"""Labs that the tests of the page need: one that is slow, one that fails, one that runs."""

import time

from helpers.lab import Choice, Lab, Slider
from helpers.lab.running import RunningLab


class Plain(Lab):
    """What does the line do?"""

    height = Slider(0.0, 1.0, step=0.05, default=0.3, label="height")
    mood = Choice(["fine", "broken"], label="mood")
    pause = 0.0
    runs = 0

    def compute(self):
        type(self).runs += 1
        time.sleep(self.pause)
        if self.mood == "broken":
            raise ValueError("nothing to see")
        return {"height": self.height}

    def draw(self, result):
        figure = self.new_figure(5, 3)
        ax = figure.subplots()
        ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="step t")
        (self.line,) = ax.plot([], [], lw=5, animated=True)
        return figure

    def update(self, result):
        self.line.set_data([0, 1], [0, result["height"]])

    def readout(self, result):
        return f"The height is {result['height']:.2f}."


class Slow(Plain):
    """What if each picture takes a fifth of a second?"""

    pause = 0.2
    runs = 0


class Counting(RunningLab):
    """How far can it count?"""

    by = Slider(1, 5, step=1, default=1, label="count by")
    n_steps = 400

    def compute(self):
        return {"count": 0}

    def run_steps(self):
        for step in range(1, self.n_steps + 1):
            time.sleep(0.005)
            yield {"count": step * self.by}

    def draw(self, result):
        figure = self.new_figure(5, 2)
        ax = figure.subplots()
        ax.set(xlim=(0, 2000), ylim=(0, 1))
        (self.line,) = ax.plot([], [], lw=5, animated=True)
        return figure

    def update(self, result):
        self.line.set_data([0, result["count"]], [0.5, 0.5])

    def readout(self, result):
        return f"Counted to {result['count']}."


CELLS = [
    "from tests.browser import page_labs",
    "plain = page_labs.Plain()\nplain",
    "page_labs.Slow()",
    "page_labs.Counting()",
]

ROBUST = [
    "import ipywidgets\nfrom tests.browser.page_labs import Plain, Slow\nplain = Plain()",
    "mine = ipywidgets.FloatSlider(0.3, min=0, max=1, step=0.01)\n"
    "ipywidgets.link((plain, 'height'), (mine, 'value'))\nipywidgets.HBox([plain.view, mine])",
    "plain",
    "tab = ipywidgets.Tab([ipywidgets.Label('first page'), Slow().view], titles=['first', 'second'])\ntab",
]

# The kernel makes a thread for widgets only once the gate is open.
LATE = [
    """
import threading
from ipykernel.kernelapp import IPKernelApp

gate, handlers = threading.Event(), IPKernelApp.instance().kernel.control_handlers
create = handlers["create_subshell_request"]

async def late(*request):
    gate.wait()
    await create(*request)

handlers["create_subshell_request"] = late
""",
    *ROBUST,
]

# A run that only its kernel's end ends.
RUNNING = [
    "from tests.browser import page_labs\n\npage_labs.Counting.n_steps = 10**6",
    "page_labs.Counting()",
]

# A notebook for each way in which a lesson is opened again, and one that is saved in mid-drag.
WAYS = ("shut_down", "running", "untrusted", "trusted", "mid_drag")
SAVED = ["from tests.browser.page_labs import Plain\nplain = Plain()", "plain"]
