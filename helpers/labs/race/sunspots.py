"""A lab of lesson 8: a forecast beside the one that copies, and what happens when the network runs free."""

import functools

import numpy as np

from helpers.drawing.plots import live_line
from helpers.drawing.style import BLACK, BLUE, VERMILLION, two_digits
from helpers.lab import Prediction
from helpers.lab.controls import Choice, Slider
from helpers.lab.running import RunningLab
from helpers.labs.race.learner import Learner
from helpers.tasks import RandomWalk, Sunspots
from helpers.tasks.series import FIRST_HELD, WARM

FIRST, LAST = FIRST_HELD - 1 - WARM, 2008  # the years that are read


class Forecasts(Learner, RunningLab):
    """Does the forecast foresee, or does it copy?

    A network of 16 units learns to forecast the next number of a series. It never learns from the years that
    are drawn. The copy is the naive forecast, which says that next year will be like this year. From the year
    on the slider the network runs free, which means that its own forecast is its next input.
    """

    series = Choice(["sunspots", "random walk"], label="series")
    cell = Choice(["RNN", "LSTM, keep long", "GRU"], default="GRU", label="cell")
    free = Slider(FIRST_HELD, LAST, step=1, default=LAST, label="runs free from year")
    n_steps = 300
    prediction = Prediction(
        "The network learns the random walk. How large will the error of its forecast be, compared with the "
        "copy's?",
        {"series": "random walk"},
        {"smaller": "clearly smaller", "same": "about the same", "larger": "at least twice as large"},
        then="Then press Run.",
    )

    def course(self):
        """The series, in pieces of 40 years."""
        return TASKS[self.series], self.cell, 16, 0.01

    def show_of(self, model, scores):
        """The numbers, the forecasts, and how far off both kinds are on average."""
        x = _series(self.series)
        y = run_free(model, x[:-1], self.free - FIRST)
        fed = slice(WARM, max(self.free - FIRST, WARM + 1))
        free = slice(self.free - FIRST, None)
        return {
            "x": x, "y": y, "updates": scores[-1].update,
            "off": rms(y[fed] - x[1:][fed]), "copy": rms(x[:-1][fed] - x[1:][fed]),
            "from_copy": rms(y[fed] - x[:-1][fed]),
            "free_off": rms(y[free] - x[1:][free]) if self.free < LAST else 0.0,
        }  # fmt: skip

    def draw(self, result):
        """The series, the copy and the forecast, and the year from which the network runs free."""
        figure = self.new_figure(8.2, 4.2)
        ax = figure.subplots()
        self._real = live_line(ax, "o-", ms=4, lw=1, color=BLACK, label="what came")
        self._copy = live_line(ax, ":", color=VERMILLION, lw=2, label="copy")
        self._forecast = live_line(ax, color=BLUE, lw=2.4, label="the network's forecast")
        self._from = live_line(ax, "--", color="0.5", lw=1.5)
        ax.set(xlim=(FIRST_HELD - 1, LAST + 2), ylim=(-1.2, 3.2), xlabel="year", ylabel="number / 100")
        ax.legend(loc="upper center", ncols=3, fontsize=11)
        return figure

    def update(self, result):
        """Put the curves in place: a forecast is drawn at the year that it is about."""
        years = np.arange(FIRST, LAST + 1)
        low, high = -1.2, 3.2
        self._real.set_data(years, np.clip(result["x"], low, high))
        self._copy.set_data(years[1:], np.clip(result["x"][:-1], low, high))
        self._forecast.set_data(years[1:], np.clip(result["y"], low, high))
        self._from.set_data([self.free - 0.5 if self.free < LAST else np.nan] * 2, [low, high])

    def measured(self, result):
        """Its error beside the copy's: clearly smaller is below five sixths of it."""
        if not self.has_learnt:
            return None
        ratio = result["off"] / result["copy"]
        return "smaller" if ratio < 5 / 6 else "same" if ratio < 2 else "larger"

    def because(self, result):
        """Both errors, and how far apart the two are."""
        off, copy = two_digits(result["off"]), two_digits(result["copy"])
        apart = two_digits(result["from_copy"])
        return f"Its error is {off} and the copy's {copy}. The two forecasts are {apart} apart."

    def readout(self, result):
        """How far off the forecasts are, and how far from the copy."""
        return (FREE if self.free < LAST else FED).format(
            updates=result["updates"],
            off=two_digits(result["off"]),
            copy=two_digits(result["copy"]),
            apart=two_digits(result["from_copy"]),
            free=two_digits(result["free_off"]),
        )


FED = (
    "After {updates} updates the error of the forecast is {off} (root mean square), and the copy's {copy}. "
    "The two forecasts are {apart} apart."
)
FREE = (
    "After {updates} updates the error of the forecast is {off} (root mean square), and the copy's {copy}. "
    "The two forecasts are {apart} apart. When the network runs free, its error is {free}."
)


def run_free(model, x, start):
    """Forecasts y (T,) of a series x (T,): y[t] speaks of x[t + 1].

    From step `start` on, counted from 0, each forecast is the next input instead of what really came.
    """
    state, y = None, []
    for t, number in enumerate(x):
        read = number if t < start or not y else y[-1]
        state = model.cell(np.array([[read]], model.cell.dtype), state)
        h = state[0] if isinstance(state, tuple) else state
        y.append(model.readout(h)[0, 0])
    return np.array(y, float)


def rms(off):
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(off))))


TASKS = {"sunspots": Sunspots(40), "random walk": RandomWalk(40)}


@functools.cache
def _series(name):
    """The numbers of the years FIRST to LAST, (99,)."""
    if name == "sunspots":
        batch = Sunspots().held_out()
    else:
        rng = np.random.default_rng(14)  # of a walk that stays in the picture
        batch = RandomWalk(LAST - FIRST).batch(rng, 1)
    return np.concatenate([batch.x[:, 0, 0], batch.target[-1:, 0, 0]])
