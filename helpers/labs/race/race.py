"""The lab of lesson 8 in which cells learn side by side: up to three lanes, several seeds in each."""

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
EMPTY_OR_LANE = {NOBODY: "no lane"} | {name: name for name in LANES}
OUTCOMES = {"3": "all three", "2": "two of them", "1": "one of them", "0": "none of them"}


class Race(RunningLab):
    """Who learns what, and how soon?

    A given seed has the same batches in all lanes. After every tenth update each network is tried on 200
    sequences that are held out. The curve shows what is left to learn: 1 is the line to beat, and 0 is a
    perfect answer. A run with less than a twentieth left counts as solved and stops.
    """

    task = Choice(list(TRACKS), default="temporal order", label="task")
    length = Choice(LENGTHS, label="length")
    lane_1 = Choice(list(LANES), default="RNN", label="lane 1")
    lane_2 = Choice(EMPTY_OR_LANE, default="LSTM, keep long", label="lane 2")
    lane_3 = Choice(EMPTY_OR_LANE, default="GRU", label="lane 3")
    rate = Choice(["0.001", "0.003", "0.01", "0.03", "0.1"], default="0.01", label="learning rate", more=True)
    k = Slider(5, ALL, step=5, default=ALL, label="send the error signal back at most k steps", more=True)
    clip = Toggle(default=True, label="clip gradients at norm 1", more=True)
    seeds = Slider(1, 5, step=1, default=3, label="how many seeds", more=True)

    prediction = Prediction(
        "At T = 20 all three lanes solve it with every seed. How many of them do so at T = 60?",
        {"length": "middle"},
        OUTCOMES,
        then="Then press Run.",
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
        style = {"ls": "none", "marker": "X", "ms": 11, "color": BLACK}
        self._diverged = live_line(above, **style)
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
        """How many lanes have solved it with all of their seeds, once all have come to their end."""
        lanes = [result["kept"].get(name) for name in self.front]
        if any(lane is None or not lane.ended for lane in lanes):
            return None
        return str(sum(not lane.runs.failed for lane in lanes))

    def because(self, result):
        """What each lane has reached."""
        return " ".join(said_of(name, result["kept"][name]) for name in self.front)

    def readout(self, result):
        """The line to beat, then each lane: where it is, or how many of its seeds have solved it."""
        T, line = self.track.lengths[LENGTHS.index(self.length)], two_digits(result["baseline"])
        lanes = [said_of(name, result["kept"][name]) for name in self.front if name in result["kept"]]
        return (RACED if lanes else NOT_RACED).format(T=T, line=line, lanes=" ".join(lanes))


RACED = "T = {T}, line to beat {line}. {lanes}"
NOT_RACED = "T = {T}, line to beat {line}. This has not been raced yet: press Run."
SOLVED = "{name}: {solved} of {total} solved by update {last}."
BEATEN = "{name}: {solved} of {total} beat the line by update {last}."
DIVERGED = "{name}: {diverged} of {total} diverged, first at update {first}."
SOLVED_AND_DIVERGED = "{name}: {solved} of {total} solved by update {last}, {diverged} diverged."
NONE_YET = "{name}: {left} left to learn."
NONE = "{name}: 0 of {total} solved, {left} left."


def said_of(name, lane):
    """A lane in one sentence, such as "GRU: 3 of 3 solved by update 210."."""
    runs, total = lane.runs, len(lane.models)
    if lane.diverged:
        sentence = SOLVED_AND_DIVERGED if runs.solved else DIVERGED
    elif runs.solved:
        sentence = SOLVED if lane.track.rests else BEATEN
    else:
        sentence = NONE if lane.ended else NONE_YET
    return sentence.format(
        name=name,
        total=total,
        solved=len(runs.solved),
        last=max(runs.solved.values(), default=0),
        diverged=len(lane.diverged),
        first=min(lane.diverged.values(), default=0),
        left=two_digits(np.median([curve[-1] for curve in runs.curves.values()])),
    )
