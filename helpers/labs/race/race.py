"""The lab of notebook 06 in which cells learn side by side: up to three lanes, several seeds in each."""

import numpy as np

from helpers.drawing.plots import live_line
from helpers.drawing.style import BLACK, two_digits
from helpers.lab import Prediction
from helpers.lab.controls import Choice, Slider, Toggle
from helpers.lab.running import RunningLab
from helpers.labs.race.lanes import Lane
from helpers.labs.race.setup import LANES, LENGTHS, N_STEPS, TRACKS
from helpers.labs.shared.tally import ROWS, TrainingFigure

NOBODY, TOP, ALL = "nobody", 1.5, 120
OUTCOMES = ("all three", "two of them", "one of them", "none")


class Race(RunningLab):
    """Who learns what, and how soon?

    Each seed gives all lanes the same batches and weights drawn alike; recurrent weights start orthogonal,
    Adam learns. After every tenth update each network is tried on 200 sequences that are held out. What it
    leaves of the way from the line to beat to a perfect answer is drawn: 1 is on the line, 0 is all right.
    Who leaves less than a twentieth has solved it and rests.
    """

    task = Choice(list(TRACKS), default="temporal order", label="task")
    length = Choice(LENGTHS, label="length")
    lane_1 = Choice(list(LANES), default="RNN", label="lane 1")
    lane_2 = Choice([NOBODY, *LANES], default="LSTM, keep long", label="lane 2")
    lane_3 = Choice([NOBODY, *LANES], default="GRU", label="lane 3")
    rate = Choice(["0.001", "0.003", "0.01", "0.03", "0.1"], default="0.01", label="learning rate", more=True)
    k = Slider(5, ALL, step=5, default=ALL, label="send errors back at most k steps", more=True)
    clip = Toggle(default=True, label="clip gradients at norm 1", more=True)
    seeds = Slider(1, 5, step=1, default=3, label="how many seeds", more=True)

    prediction = Prediction(
        "All three solve temporal order at T = 20. At T = 60: how many lanes solve it from every seed?",
        {"length": "middle"},
        OUTCOMES,
        then="press Run",
    )

    anchors = (
        {"length": "middle", "lane_3": "GRU, chrono"},
        {"length": "long"},
        {"length": "middle", "k": 20},
    )

    def __init__(self, **controls):
        self.raced, self.lanes = {}, {}
        super().__init__(**controls)

    # Where it is run -------------------------------------------------------------------------------------

    @property
    def track(self):
        """The chosen `Track`."""
        return TRACKS[self.task]

    @property
    def front(self):
        """The chosen lanes, each once, in order."""
        return list(dict.fromkeys(lane for lane in (self.lane_1, self.lane_2, self.lane_3) if lane != NOBODY))

    @property
    def n_steps(self):
        """How many results `run_steps` yields: one after each update of each lane."""
        return N_STEPS * len(self.front)

    def _course(self):
        """What all lanes share; another course is another race."""
        return self.task, self.length, self.rate, self.k, self.clip

    def _result(self, updates=0):
        task = self.track.task(self.length)
        return {"updates": updates, "baseline": task.baseline, "kept": self.raced.get(self._course(), {})}

    def compute(self):
        """What was raced before under these conditions."""
        return self._result()

    # The race --------------------------------------------------------------------------------------------

    def run_steps(self):
        """All lanes side by side, all seeds of a lane in turn, update by update."""
        how = {"lr": float(self.rate), "clip": 1.0 if self.clip else None}
        how["cut"] = None if self.k == ALL else self.k
        task, seeds = self.track.task(self.length), range(1, self.seeds + 1)
        self.lanes = {name: Lane(self.track, task, name, seeds, N_STEPS, **how) for name in self.front}
        for update in range(1, N_STEPS + 1):
            for name, lane in self.lanes.items():
                lane.advance(update)
                self._keep(name, lane)
                yield self._result(update)
            if all(lane.ended for lane in self.lanes.values()):
                return

    def _keep(self, name, lane):
        kept = self.raced.setdefault(self._course(), {})
        if name not in kept and len(kept) == ROWS:
            del kept[next(other for other in kept if other not in self.front)]
        kept[name] = lane

    # What is shown ---------------------------------------------------------------------------------------

    def draw(self, result):
        """The curves above, the tally below."""
        figure = self.new_figure(8.2, 4.3)
        self._shown = TrainingFigure(figure, N_STEPS, "left to learn", TOP, max(LANES, key=len))
        self._shown.line_of(1, "line to beat")
        self._shown.line_of(0.05, "solved")
        above = figure.axes[0]
        look = {"ls": "none", "marker": "X", "ms": 11, "color": BLACK}
        self._diverged = live_line(above, **look)
        return figure

    def update(self, result):
        """The lanes that are chosen in front, those that ran before pale."""
        runs = {name: lane.runs for name, lane in reversed(result["kept"].items())}
        self._shown.show(runs, self.front)
        ends = [
            (update, runs[name].curves[seed][-1])
            for name, lane in result["kept"].items()
            for seed, update in lane.diverged.items()
        ]
        self._diverged.set_data(*(np.array(ends).T if ends else ([], [])))

    def measured(self, result):
        """How many lanes have solved it from all of their seeds, once all have come to their end."""
        lanes = [result["kept"].get(name) for name in self.front]
        if any(lane is None or not lane.ended for lane in lanes):
            return None
        return OUTCOMES[sum(bool(lane.runs.failed) for lane in lanes)]

    def because(self, result):
        """From how many seeds each has."""
        tally = [(name, result["kept"][name].runs) for name in self.front]
        said = [f"{name} from {len(runs.solved)} of {runs.ended} seeds" for name, runs in tally]
        return f"Solved: {', '.join(said)}."

    def readout(self, result):
        """The line to beat, then each lane: where it is, or how many of its seeds have solved it."""
        T, line = self.track.lengths[LENGTHS.index(self.length)], two_digits(result["baseline"])
        said = [said_of(name, result["kept"][name]) for name in self.front if name in result["kept"]]
        about = f"T = {T}, line to beat {line}"
        return f"{about}. {'; '.join(said)}." if said else f"{about}. Not raced yet: press Run."


def said_of(name, lane):
    """A lane in a few words, such as "GRU: 3 of 3 solved by 210"."""
    runs, total = lane.runs, len(lane.models)
    verb = "solved" if lane.track.rests else "beat it"
    said = [f"{len(runs.solved)} of {total} {verb} by {max(runs.solved.values())}"] if runs.solved else []
    if lane.diverged:
        said.append(f"{len(lane.diverged)} of {total} diverged (update {min(lane.diverged.values())})")
    if said:
        return f"{name}: {', '.join(said)}"
    left = np.median([curve[-1] for curve in runs.curves.values()])
    return f"{name}: {f'0 of {total}' if lane.ended else 'so far none'}, {two_digits(left)} left"
