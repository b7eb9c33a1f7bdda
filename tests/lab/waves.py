"""A lab to try things with, and the page's end of its panel."""

import numpy as np

from helpers.lab import Choice, Lab, Slider, Toggle


class Waves(Lab):
    """How many waves fit in?"""

    count = Slider(1, 9, step=1, default=3, label="waves")
    height = Slider(-1.0, 2.0, step=0.1, default=1.0, label="height")
    shape = Choice(["sine", "square", "broken"], label="shape")
    shifted = Toggle(label="shift by a quarter")
    runs = 0

    def compute(self):
        self.runs += 1
        if self.shape == "broken":
            raise ValueError("a broken wave\nhas no shape")
        x = np.linspace(0, 2 * np.pi, 50)
        y = np.sin(self.count * x + self.shifted * np.pi / 2)
        return {"x": x, "y": self.height * (np.sign(y) if self.shape == "square" else y)}

    def draw(self, result):
        figure = self.new_figure(4, 3)
        ax = figure.subplots()
        (self.line,) = ax.plot([], [], animated=True)
        ax.set(xlim=(0, 7), ylim=(-2, 2))
        return figure

    def update(self, result):
        self.line.set_data(result["x"], result["y"])

    def readout(self, result):
        return f"{self.count} waves, at most {result['y'].max():.2f}."


def hear(lab, **content):
    """What the page sends."""
    lab.view._handle_custom_msg(content, [])


def move(lab, n=1, view="v", **controls):
    """What the page sends when the hand has moved these controls."""
    hear(lab, rest=controls, n=n, view=view)


def ask(lab, sent, *values):
    """The answers to these lists of control values: pairs of a frame and the rest."""
    hear(lab, ask=[list(v) for v in values], n=7, view="v")
    content, frames = sent.pop()
    assert (content["n"], content["view"]) == (7, "v")
    return list(zip(frames, content["words"], content["errors"], strict=True))
