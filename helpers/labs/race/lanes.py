"""A lane of the race: one cell with its start, which learns with several seeds. No lab is here."""

import numpy as np

from helpers.labs.race.setup import held_out, learn, new_model, score
from helpers.labs.shared.training import Runs

__all__ = ["HIGHEST", "Lane"]

HIGHEST = 1.47  # a curve above it is drawn there


class Lane:
    """One cell on one task, learning from several seeds side by side, update by update.

    Parameters
    ----------
    track : Track
    task : Task
    name : str
        Of `LANES`.
    seeds : iterable of int
    n_steps : int
        Updates at the most.
    **how
        The rest of `learn`: lr, clip, cut.

    Attributes
    ----------
    models : dict
        The network of each seed; it is what has been learnt so far.
    scores : dict
        Of each seed what was seen, a list of `Score`, the first before any update.
    diverged : dict
        From the seeds that diverged to the update at which they did.
    """

    def __init__(self, track, task, name, seeds, n_steps, **how):
        self.track, self.task, self.name, self.n_steps = track, task, name, n_steps
        self.models = {seed: new_model(task, name, seed, track.H) for seed in seeds}
        judged = held_out(task)
        self.scores = {seed: [score(model, task, judged)] for seed, model in self.models.items()}
        self._going = {s: learn(m, task, s, B=track.B, **how) for s, m in self.models.items()}
        self._solved, self._failed, self.diverged = {}, [], {}

    @property
    def ended(self):
        """Whether no seed goes on."""
        return not self._going

    def advance(self, update):
        """Make the next update of every seed that goes on."""
        for seed, steps in list(self._going.items()):
            seen = next(steps)
            if seen is not None:
                self._note(seed, seen)
            rests = seed in self._solved and self.track.rests
            if rests or seed in self.diverged or update == self.n_steps:
                del self._going[seed]
                if seed not in self._solved:
                    self._failed.append(seed)

    def _note(self, seed, seen):
        self.scores[seed].append(seen)
        if seen.diverged:
            self.diverged[seed] = seen.update
        elif self.track.is_solved(self.task, seen):
            self._solved.setdefault(seed, seen.update)

    @property
    def runs(self):
        """How far the seeds have come: their curves show what is left to learn, at every update."""
        curves = {}
        for seed, scores in self.scores.items():
            updates = [seen.update for seen in scores]
            left = [self.track.left(self.task, seen) for seen in scores]
            steps = np.arange(1, max(updates[-1], 1) + 1)
            curves[seed] = np.minimum(np.interp(steps, updates, left), HIGHEST)
        return Runs(curves, dict(self._solved), tuple(self._failed))
