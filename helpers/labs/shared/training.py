"""A lab that trains a network from several starts, and keeps what other settings did beside it.

    class HowLong(TrainingLab):
        \"\"\"Does the rate decide whether it learns?\"\"\"

        rate = Slider(0.001, 0.1, step=0.001, default=0.01, label="learning rate")
        chance, solved = 1.39, 0.07

        def setting(self):            # what a row of the tally is called
            return f"rate {self.rate}"

        def train(self, seed):        # one network, learning; `fit` yields its steps
            return fit(...)

One seed proves nothing, so a run trains several at once, update by update. Above stand their curves, each
a mean of the last 20 values; below, in a row of the tally, a mark where a seed has solved it, and one in a
column of its own where it has not. The settings that were run before stay on show, pale.
"""

from dataclasses import dataclass, field

import numpy as np

from helpers.lab.controls import Slider
from helpers.lab.running import RunningLab
from helpers.labs.shared.tally import ROWS, TrainingFigure
from helpers.training import running_mean

__all__ = ["Runs", "TrainingLab"]

MEAN_OF = 20


@dataclass(frozen=True)
class Runs:
    """What has become of the seeds of one setting.

    Attributes
    ----------
    curves : dict
        From each seed to its curve (N,): after each update, the mean of the last 20 losses or accuracies.
    solved : dict
        From a seed that has solved it to the number of updates it took.
    failed : tuple of int
        The seeds that made all their updates, or diverged, and have not.
    """

    curves: dict = field(default_factory=dict)
    solved: dict = field(default_factory=dict)
    failed: tuple = ()

    @property
    def ended(self):
        """How many seeds there is an answer of."""
        return len(self.solved) + len(self.failed)


class TrainingLab(RunningLab):
    """A `RunningLab` that trains. Its subclass says what, in `setting`, `train` and these attributes.

    Attributes
    ----------
    n_steps : int
        Updates at the most.
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
    OUTCOMES : tuple of str
        The choices of a prediction of how many of four seeds will solve it: coarse, since whether one does
        may hang on how a computer rounds.
    """

    OUTCOMES = ("all four seeds", "two or three", "one or none")
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
        """How many have solved it, once all of them have come to their end: one of `OUTCOMES`."""
        runs = result["runs"]
        if runs.ended < self.seeds:
            return None
        return self.OUTCOMES[0 if not runs.failed else 1 if len(runs.solved) > 1 else 2]

    def because(self, result):
        """The tally."""
        return f"It is {said_of(result['runs'])}"

    def compute(self):
        """Nothing learned yet."""
        return {"setting": self.setting(), "updates": 0, "runs": Runs()}

    def run_steps(self):
        """All seeds side by side, update by update; who has solved it rests."""
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
        """Whether the mean of the last 20 losses or accuracies is on the right side of `solved`."""
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
        """The curves above, the tally below."""
        figure = self.new_figure(8.2, 4.6)
        self.draw_training(figure)
        return figure

    def draw_training(self, figure):
        """Put curves and tally into a figure or a subfigure."""
        name = f"{self.measure}, mean of {MEAN_OF}"
        self._shown = TrainingFigure(figure, self.n_steps, name, self.top, self.widest)
        self._shown.line_of(self.chance, self.chance_label)
        self._shown.line_of(self.solved, "solved")

    def update(self, result):
        """What has been run, the present setting in front."""
        self._shown.show(self.kept, [result["setting"]])

    def readout(self, result):
        """How many seeds have solved it, or where they are."""
        setting, runs = result["setting"], result["runs"]
        if not runs.curves:
            return f"{setting}: {'not run yet' if setting not in self.kept else 'run before'}. Press Run."
        if not runs.ended:
            now = ", ".join(f"{curve[-1]:.2f}" for curve in runs.curves.values())
            return f"{setting}: after {result['updates']} updates, {self.measure} {now}."
        return f"{setting}: {said_of(runs)}"


def said_of(runs):
    """How many of the seeds have solved it, after how many updates, as the end of a sentence."""
    times = sorted(runs.solved.values())
    span = f"{times[0]} to {times[-1]}" if times and times[0] < times[-1] else f"{times[0]}" if times else ""
    after = f", after {span} updates" if times else ""
    rest = len(runs.curves) - runs.ended
    going = f"; {rest} not at its end" if rest == 1 else f"; {rest} not at their end" if rest else ""
    return f"solved by {len(times)} of {runs.ended} seeds{after}{going}."
