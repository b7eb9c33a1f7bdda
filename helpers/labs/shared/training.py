"""A lab that trains a network from several starts and shows beside them what other settings did.

    class HowLong(TrainingLab):
        \"\"\"Does the rate decide whether it learns?\"\"\"

        rate = Slider(0.001, 0.1, step=0.001, default=0.01, label="learning rate")
        chance, solved = 1.39, 0.07

        def setting(self):            # what a row of the tally is called
            return f"rate {self.rate}"

        def train(self, seed):        # one network, learning; `fit` yields its steps
            return fit(...)

One seed proves nothing, so a run trains networks with several seeds at once, update by update. The upper
plot has their curves, each the mean of the last 20 values. The lower plot is a tally with one row per
setting: a mark where a seed solved the task, and a mark in a column of its own for each seed that did not.
Settings that were run before stay on show, in pale colours.
"""

from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from helpers.lab.controls import Slider
from helpers.lab.running import RunningLab
from helpers.labs.shared.tally import ROWS, TrainingFigure
from helpers.training import running_mean

__all__ = ["Runs", "TrainingLab"]

MEAN_OF = 20


@dataclass(frozen=True)
class Runs:
    """How far the seeds of one setting have come.

    Attributes
    ----------
    curves : dict
        From each seed to its curve (N,): after each update, the mean of the last 20 losses or accuracies.
    solved : dict
        From each seed that has solved the task to the number of updates it took.
    failed : tuple of int
        The seeds that diverged, or made all their updates without solving it.
    """

    curves: dict = field(default_factory=dict)
    solved: dict = field(default_factory=dict)
    failed: tuple = ()

    @property
    def ended(self):
        """How many seeds have solved the task or failed."""
        return len(self.solved) + len(self.failed)


class TrainingLab(RunningLab):
    """A `RunningLab` that trains. Its subclass says what is trained: `setting`, `train` and these attributes.

    Attributes
    ----------
    n_steps : int
        The largest number of updates.
    measure : {"loss", "accuracy"}
        What the curves show: the loss of a step, or its metric. A loss solves the task below `solved`, an
        accuracy above it.
    chance, solved : float
        Where the lines of chance and of "solved" are drawn.
    chance_label : str
    top : float
        The upper end of the axis.
    widest : str
        The longest name a setting can have.
    kept : dict
        The `Runs` of each setting, the latest last.
    OUTCOMES : mapping of str to str
        The choices of a prediction of how many of four seeds will solve the task. They are coarse, because
        whether a particular seed does can depend on how a computer rounds.
    """

    OUTCOMES = MappingProxyType({"all": "all four seeds", "some": "two or three", "few": "one or none"})
    seeds = Slider(1, 8, step=1, default=4, label="how many seeds", more=True)
    n_steps = 500
    measure, top, chance_label, widest = "loss", 1.9, "chance", ""
    chance, solved = 1.0, 0.0

    def __init__(self, **controls):
        self.kept = {}
        super().__init__(**controls)

    def setting(self):
        """The controls as they are, in a few words: one row of the tally."""
        raise NotImplementedError

    def train(self, seed):
        """One network that learns.

        Parameters
        ----------
        seed : int
            From 1 on. The same seed gives the same weights and batches in all settings.

        Returns
        -------
        iterable of helpers.training.Step
        """
        raise NotImplementedError

    def measured(self, result):
        """How many have solved the task, once all have ended: a value of `OUTCOMES`."""
        runs = result["runs"]
        if runs.ended < self.seeds:
            return None
        return "all" if not runs.failed else "some" if len(runs.solved) > 1 else "few"

    def because(self, result):
        return said_of(result["runs"])

    def compute(self):
        return {"setting": self.setting(), "updates": 0, "runs": Runs()}

    def run_steps(self):
        """All seeds side by side, update by update; a seed that has solved the task stops."""
        setting, going = self.setting(), {seed: self.train(seed) for seed in range(1, self.seeds + 1)}
        values, solved, failed = {seed: [] for seed in going}, {}, []
        for update in range(1, self.n_steps + 1):
            for seed, steps in list(going.items()):
                step = next(steps)
                values[seed].append(step.loss if self.measure == "loss" else step.metric)
                if self.is_solved(values[seed]):
                    solved[seed] = update
                elif step.diverged or update == self.n_steps:
                    failed.append(seed)
                if seed in solved or seed in failed:
                    del going[seed]
            curves = {seed: running_mean(own, MEAN_OF) for seed, own in values.items()}
            self._keep(setting, Runs(curves, dict(solved), tuple(failed)))
            yield {"setting": setting, "updates": update, "runs": self.kept[setting]}
            if not going:
                return

    def is_solved(self, values):
        """Whether the mean of the last 20 losses or accuracies has passed `solved`."""
        recent = values[-MEAN_OF:]
        if len(recent) < MEAN_OF:
            return False
        beyond = self.solved - np.mean(recent) if self.measure == "loss" else np.mean(recent) - self.solved
        return bool(beyond > 0)

    def _keep(self, setting, runs):
        self.kept.pop(setting, None)
        self.kept[setting] = runs
        while len(self.kept) > ROWS:
            del self.kept[next(iter(self.kept))]

    def draw(self, result):
        figure = self.new_figure(8.2, 4.6)
        self.draw_training(figure)
        return figure

    def draw_training(self, figure):
        """Draw the curves and the tally in a figure or a subfigure."""
        name = f"{self.measure}, mean of {MEAN_OF}"
        self._shown = TrainingFigure(figure, self.n_steps, name, self.top, self.widest)
        self._shown.line_of(self.chance, self.chance_label)
        self._shown.line_of(self.solved, "solved")

    def update(self, result):
        self._shown.show(self.kept, [result["setting"]])

    def readout(self, result):
        """How many seeds have solved the task; before that, how far they are."""
        setting, runs = result["setting"], result["runs"]
        if not runs.curves:
            return (RUN_BEFORE if setting in self.kept else NOT_RUN).format(setting=setting)
        if not runs.ended:
            now = ", ".join(f"{curve[-1]:.2f}" for curve in runs.curves.values())
            return UNDER_WAY[self.measure].format(setting=setting, update=result["updates"], now=now)
        return TALLY.format(setting=setting, tally=said_of(runs))


NOT_RUN = "{setting}: not run yet. Press Run."
RUN_BEFORE = "{setting}: run before; its curves are shown in pale. Press Run to repeat it."
UNDER_WAY = {
    "loss": "{setting}: loss with each seed after update {update}: {now}.",
    "accuracy": "{setting}: accuracy with each seed after update {update}: {now}.",
}
TALLY = "{setting}: {tally}"
UNSOLVED = "Not solved with any of {ended} seeds."
UNSOLVED_ALONE = "Not solved with the one seed."
SOLVED = "Solved with {n} of {ended} seeds, after {first} updates."
SOLVED_BETWEEN = "Solved with {n} of {ended} seeds, after {first} to {last} updates."
SOLVED_ALONE = "Solved with the one seed, after {first} updates."
ONE_IS_LEFT = "One more seed has not finished."
SOME_ARE_LEFT = "{rest} more seeds have not finished."


def said_of(runs):
    """With how many seeds the task was solved, after how many updates: one sentence or two."""
    times, rest = sorted(runs.solved.values()), len(runs.curves) - runs.ended
    first, last = (times[0], times[-1]) if times else (None, None)
    said = _tally(runs.ended, len(times), first == last)
    said = said.format(n=len(times), ended=runs.ended, first=first, last=last)
    left = ONE_IS_LEFT if rest == 1 else SOME_ARE_LEFT.format(rest=rest)
    return f"{said} {left}" if rest else said


def _tally(ended, n, at_one_update):
    if not n:
        return UNSOLVED_ALONE if ended == 1 else UNSOLVED
    if ended == 1:
        return SOLVED_ALONE
    return SOLVED if at_one_update else SOLVED_BETWEEN
