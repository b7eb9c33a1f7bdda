"""What the labs share that let one network of the race learn and then be looked into. No lab is here."""

import itertools

from helpers.engine.bptt import unroll
from helpers.labs.race.setup import held_out, learn, new_model, score

SEED = 1


class Learner:
    """A part of a `RunningLab`: it trains one network, and keeps it while the other controls move.

    Its lab has the method `course`, and `show_of(model, scores)`, which makes a result from a network and
    the `Score`s it had so far.

    Attributes
    ----------
    learnt : dict
        From a course to its network and its scores; of one that has not run, the network as it starts.
    n_steps, B : int
        Updates, and sequences of a batch.
    """

    n_steps, B = 600, 32

    def __init__(self, **controls):
        self.learnt = {}
        super().__init__(**controls)

    def course(self):
        """The task, the name of the lane, the hidden units, the learning rate: each makes another network."""
        raise NotImplementedError

    def show_of(self, model, scores):
        """A result, as `compute` returns one."""
        raise NotImplementedError

    def compute(self):
        """What the network on this course has learnt; before its first run, nothing."""
        return self.show_of(*self.network())

    def network(self):
        """The network and its scores: learnt, or as it starts."""
        if self.course() not in self.learnt:
            self.learnt[self.course()] = self._new()
        return self.learnt[self.course()]

    def _new(self):
        task, lane, H, _ = self.course()
        model = new_model(task, lane, SEED, H)
        return model, [score(model, task, held_out(task))]

    @property
    def has_learnt(self):
        """Whether the network on this course has made all its updates."""
        return self.network()[1][-1].update == self.n_steps

    def run_steps(self):
        """Learn; the picture changes with each score."""
        task, _, _, rate = self.course()
        model, scores = self.learnt[self.course()] = self._new()
        result, steps = self.compute(), learn(model, task, SEED, B=self.B, lr=rate)
        for seen in itertools.islice(steps, self.n_steps):
            if seen is not None:
                scores.append(seen)
                result = self.compute()
            yield result


def curve(scores, by="loss"):
    """Updates and losses (or accuracies) of some scores."""
    return [seen.update for seen in scores], [getattr(seen, by) for seen in scores]


def answers_on_the_way(model, x):
    """What the readout would say after each step of x (T, D, B), even if it is asked at the end only."""
    return model.readout(unroll(model.cell, x).h)
